"""Replaying a schedule over stories whose changes are known: when it would have looked, and what it would have seen."""

import csv
import gzip
import hashlib
import heapq
import math
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import schedule
from pipeline.config import Settings
from pipeline.model import Article, ArticleStatus, Follow, Outcome, Validators
from pipeline.schedule.rhythm import DAY_MINUTES
from pipeline.steps.paces import capture_bounds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: How the price of a fetch follows a budget: the power of the overdraft, and how many stories' fetches are too few to
#: tell an overdraft by.
BUDGET_POWER = 10.0
FETCHES_FORGIVEN = 10
#: Of the allowed fetches, so many are aimed at: what is used beyond them is not to go over the budget.
BUDGET_SHARE = 0.995


@dataclass(frozen=True, slots=True)
class Trace:
    """One story: when it was discovered, for how long it was watched, when it changed; minutes, from its discovery."""

    discovered: float  #: minutes since 1970, UTC
    window: float
    changes: Sequence[float]

    @property
    def is_for_fitting(self) -> bool:
        """Which half of the stories it belongs to: the one that parameters are fitted on, or the one that is scored."""
        return hashlib.sha256(f"{self.discovered} {self.window}".encode()).digest()[0] % 2 == 0

    @property
    def history(self) -> schedule.History:
        """The same as the schedule knows it."""
        return schedule.History(
            born_minute=self.discovered % DAY_MINUTES, window_minutes=self.window, changes=tuple(self.changes)
        )


@dataclass(slots=True)
class Looker:
    """What a policy may know: the discovery, minutes since it and since the last look that saw a change; such looks."""

    discovered_at: datetime
    age: float = 0.0
    since_change: float = 0.0
    changes_seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a policy comes to over many stories."""

    mean_latency_minutes: float
    p90_latency_minutes: float
    captured_share: float
    fetches_per_story: float

    def figures(self, prefix: str = "") -> dict[str, float]:
        """Return the score as the benchmark prints it."""
        return {
            f"{prefix}mean_latency_minutes": round(self.mean_latency_minutes, 2),
            f"{prefix}p90_latency_minutes": round(self.p90_latency_minutes, 2),
            f"{prefix}captured_share": round(self.captured_share, 4),
            f"{prefix}fetches_per_story": round(self.fetches_per_story, 2),
        }


Policy = Callable[[Looker], float]


def our_policy(pace: schedule.Pace) -> Policy:
    """Return the schedule of the program under its default bounds, as minutes to the next look."""
    bounds = capture_bounds(Settings(_env_file=None))

    def policy(looker: Looker) -> float:
        now = looker.discovered_at + timedelta(minutes=looker.age)
        article = _article(looker, now)
        following = schedule.next_capture(article, Outcome.SAME_CONTENT, now=now, bounds=bounds, pace=pace)
        if following is None:
            raise RuntimeError("a followed article has no next look")
        return (following - now).total_seconds() / 60

    return policy


def _article(looker: Looker, now: datetime) -> Article:
    return Article(
        article_id=1,
        story_id=1,
        publisher="",
        url="",
        fetch_url="",
        status=ArticleStatus.FOLLOWING,
        follow=Follow.ALL,
        first_seen_at=looker.discovered_at,
        last_changed_at=now - timedelta(minutes=looker.since_change),
        last_captured_at=now,
        versions=1 + looker.changes_seen,
        failures=0,
        missing=0,
        validators=Validators(),
        body_sha256=None,
    )


def newsdiffs_policy(looker: Looker) -> float:
    """Return NewsDiffs' interval in minutes, by the time since the last change."""
    hour, day = 60.0, 24 * 60.0
    for below, interval in ((3 * hour, 15.0), (day, hour), (7 * day, 3 * hour), (30 * day, 3 * day)):
        if looker.since_change < below:
            return interval
    return 30 * day


class _Watch:
    """One story while it is looked at."""

    def __init__(self, trace: Trace) -> None:
        self.looks = self.captured = self.seen = 0
        self.latencies: list[float] = []
        self._trace = trace

    def run(self, policy: Policy) -> Iterator[float]:
        """Look whenever the policy says so, to the window's end; yield the minute since 1970 before each look."""
        trace, looker = self._trace, Looker(EPOCH + timedelta(minutes=self._trace.discovered))
        while (at := looker.age + policy(looker)) <= trace.window:
            yield trace.discovered + at
            self.looks += 1
            looker.since_change += at - looker.age
            looker.age = at
            new = bisect_right(trace.changes, at, self.seen)
            if new > self.seen:
                self.latencies += [at - change for change in trace.changes[self.seen : new]]
                self.captured += 1
                self.seen = new
                looker.changes_seen += 1
                looker.since_change = 0.0
        self.latencies += [trace.window - change for change in trace.changes[self.seen :]]


def replay(traces: Sequence[Trace], policy: Policy) -> Score:
    """Return what a policy comes to over all stories."""
    watches = [_Watch(trace) for trace in traces]
    for watch in watches:
        deque(watch.run(policy), maxlen=0)
    return _score(watches)


def replay_within_budget(traces: Sequence[Trace], rhythm: schedule.Rhythm, *, fetch_worth_minutes: float) -> Score:
    """Return what the schedule comes to if it keeps to the fetches that NewsDiffs needs, day by day.

    The stories go by on one clock. Each day a fetch becomes dearer or cheaper by how many more or fewer were used so
    far than NewsDiffs would have used by then: nothing that lies ahead is known.
    """
    allowed = sorted(at for trace in traces for at in _Watch(trace).run(newsdiffs_policy))
    few = FETCHES_FORGIVEN * len(allowed) / max(1, len(traces))
    policy = our_policy(schedule.Pace(rhythm=rhythm, fetch_worth_minutes=fetch_worth_minutes))
    tomorrow = -math.inf

    def todays_policy(looker: Looker) -> float:
        return policy(looker)

    watches = [_Watch(trace) for trace in traces]
    for used, at in enumerate(heapq.merge(*(watch.run(todays_policy) for watch in watches))):
        if at >= tomorrow:
            ratio = (few + used) / (few + BUDGET_SHARE * bisect_right(allowed, at))
            worth = fetch_worth_minutes * ratio**BUDGET_POWER
            policy = our_policy(schedule.Pace(rhythm=rhythm, fetch_worth_minutes=worth))
            tomorrow = at + DAY_MINUTES
    return _score(watches)


def _score(watches: Sequence[_Watch]) -> Score:
    latencies = sorted(latency for watch in watches for latency in watch.latencies)
    changes = max(1, len(latencies))
    return Score(
        mean_latency_minutes=sum(latencies) / changes,
        p90_latency_minutes=latencies[int(0.9 * (len(latencies) - 1))] if latencies else 0.0,
        captured_share=sum(watch.captured for watch in watches) / changes,
        fetches_per_story=sum(watch.looks for watch in watches) / max(1, len(watches)),
    )


def worth_for_budget(traces: Sequence[Trace], rhythm: schedule.Rhythm, *, fetches_per_story: float) -> float:
    """Return what a fetch must be worth, in minutes of latency, for the schedule to need so many fetches a story."""
    worth, power = 1.0, 2.0
    tried: list[tuple[float, float]] = []
    for _ in range(12):
        fetches = replay(traces, our_policy(schedule.Pace(rhythm=rhythm, fetch_worth_minutes=worth))).fetches_per_story
        tried.append((worth, fetches))
        if 0 <= 1 - fetches / fetches_per_story < 0.003:
            return worth
        if len(tried) > 1 and tried[-2][1] != fetches:
            # Intervals grow with the square root of the worth, but for their bounds: go by what was measured.
            power = math.log(worth / tried[-2][0]) / math.log(tried[-2][1] / fetches)
        worth *= (fetches / (0.9985 * fetches_per_story)) ** min(max(power, 0.5), 6.0)
    within = [(fetches, worth) for worth, fetches in tried if fetches <= fetches_per_story]
    return max(within)[1] if within else worth


def sample(traces: Sequence[Trace], most: int) -> Sequence[Trace]:
    """Return at most so many stories, spread evenly over all."""
    return traces[:: -(-len(traces) // most)] if traces else traces


def read_traces(path: Path) -> list[Trace]:
    """Read the stories of one file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [
            Trace(
                float(row["discovered_min"]),
                float(row["window_min"]),
                [float(minute) for minute in row["update_offsets_min"].split()],
            )
            for row in csv.DictReader(lines)
        ]
