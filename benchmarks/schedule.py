"""How soon a change is seen, and at what price, when the schedule is replayed over stories that really changed.

    python -m benchmarks.schedule --data DIR

DIR is `traces`, or a folder that holds it: per file one story a line, with the minutes after its discovery at which it
changed, and for how long it was observed. Looks begin at discovery and end with the window. `*_latency_minutes` is the
time from a change to the look that sees it (to the window's end where none does); `captured_share` is the share of
changes that were seen apart from the next one; `fetches_per_story` is the price. Feed entries, which tell of most
changes at once, play no part here: this is the schedule alone.

The same with the prefix `newsdiffs_` for the tiers of NewsDiffs: every 15 minutes while the last change is less than
three hours ago, then hourly for a day, every three hours for a week, every three days for a month, then monthly.
"""

import csv
import gzip
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.command import data_set, main, progress
from pipeline import schedule
from pipeline.config import Settings
from pipeline.model import Article, ArticleStatus, Follow, Outcome, Validators

FILES = ("nu", "bbc", "fire")
DISCOVERED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Trace:
    """One story: for how many minutes it was observed, and when it changed, in minutes after its discovery."""

    window: float
    changes: Sequence[float]


@dataclass(slots=True)
class Looker:
    """What a policy may know: minutes since discovery, and since the last look that saw a change; looks that did."""

    age: float = 0.0
    since_change: float = 0.0
    changes_seen: int = 0


Policy = Callable[[Looker], float]


def our_policy() -> Policy:
    """Return the schedule of the program under its default settings, as minutes to the next look."""
    settings = Settings(_env_file=None)
    bounds = schedule.Bounds(min_seconds=settings.capture_min_seconds, max_seconds=settings.capture_max_seconds)
    article = Article(
        article_id=1,
        story_id=1,
        publisher="",
        url="",
        fetch_url="",
        status=ArticleStatus.FOLLOWING,
        follow=Follow.ALL,
        first_seen_at=DISCOVERED,
        last_changed_at=DISCOVERED,
        last_captured_at=DISCOVERED,
        versions=1,
        failures=0,
        missing=0,
        validators=Validators(),
        body_sha256=None,
    )

    def policy(looker: Looker) -> float:
        now = DISCOVERED + timedelta(minutes=looker.age)
        current = replace(article, versions=1 + looker.changes_seen, last_captured_at=now)
        following = schedule.next_capture(current, Outcome.SAME_CONTENT, now=now, bounds=bounds)
        if following is None:
            raise RuntimeError("a followed article has no next look")
        return (following - now).total_seconds() / 60

    return policy


def newsdiffs_policy(looker: Looker) -> float:
    """Return NewsDiffs' interval in minutes."""
    hour, day = 60.0, 24 * 60.0
    for below, interval in ((3 * hour, 15.0), (day, hour), (7 * day, 3 * hour), (30 * day, 3 * day)):
        if looker.since_change < below:
            return interval
    return 30 * day


def replay(traces: Sequence[Trace], policy: Policy) -> dict[str, float]:
    """Return what a policy comes to over all stories."""
    latencies: list[float] = []
    looks = captured = 0
    for trace in traces:
        looker = Looker()
        seen = 0
        while (at := looker.age + policy(looker)) <= trace.window:
            looks += 1
            looker.since_change += at - looker.age
            looker.age = at
            new = bisect_right(trace.changes, at, seen)
            if new > seen:
                latencies += [at - change for change in trace.changes[seen:new]]
                captured += 1
                seen = new
                looker.changes_seen += 1
                looker.since_change = 0.0
        latencies += [trace.window - change for change in trace.changes[seen:]]
    latencies.sort()
    return {
        "mean_latency_minutes": round(sum(latencies) / len(latencies), 2),
        "p90_latency_minutes": round(latencies[int(0.9 * (len(latencies) - 1))], 2),
        "captured_share": round(captured / len(latencies), 4),
        "fetches_per_story": round(looks / len(traces), 2),
    }


def read_traces(path: Path) -> list[Trace]:
    """Read the stories of one file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [
            Trace(float(row["window_min"]), [float(minute) for minute in row["update_offsets_min"].split()])
            for row in csv.DictReader(lines)
        ]


def run(data: Path) -> dict[str, object]:
    """Replay both policies over every file found."""
    folder = data_set(data, "traces", holding="*.csv.gz")
    result: dict[str, object] = {}
    for name in FILES:
        if (path := folder / f"{name}.csv.gz").exists():
            traces = read_traces(path)
            theirs = replay(traces, newsdiffs_policy)
            result[name] = replay(traces, our_policy()) | {f"newsdiffs_{key}": one for key, one in theirs.items()}
            progress(f"schedule: {name}, {len(traces)} stories")
    return result


if __name__ == "__main__":
    main(run, __doc__)
