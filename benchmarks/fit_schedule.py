"""Fit the schedule's rhythms: `python -m benchmarks.fit_schedule --data DIR` writes pipeline/schedule/rhythms.json.

Only the half of the stories that `benchmarks.schedule` does not score is looked at. The numbers of the rate come from
`pipeline.schedule.fit_rhythm`, by likelihood, as they do each night for a publisher of whom enough has been seen. What
is no matter of likelihood, how hard the promise is kept and how sharply waits differ, is chosen by replay: that
combination which sees changes soonest at NewsDiffs' budget without seeing nine of ten changes later, nor fewer of them
apart, than NewsDiffs does on the same stories. Where there are stories enough, replay then refines all numbers; the
rhythm that is committed is one of those it begins with, so that running it again never makes things worse.
"""

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.command import data_set, main, progress
from benchmarks.replaying import (
    Score,
    Trace,
    newsdiffs_policy,
    our_policy,
    read_traces,
    replay,
    sample,
    worth_for_budget,
)
from pipeline import schedule

#: What the stories of each file are like; the first is what a publisher counts as of whom nothing is known yet.
NAMES = {"nu": "site", "bbc": "homepage", "fire": "incidents"}
STORIES_FITTED = 6000
STORIES_REPLAYED = 3500
PROMISE_WORTHS = (1.0, 2.0, 2.5, 3.0)
SHARPNESSES = (1.0, 1.2)
#: With fewer stories than this, replay would learn them by heart.
STORIES_REFINED = 1000
REFINED = ("changes", "onset_minutes", "prior_changes", "echo_per_hour", "echo_minutes", "sharpness", "promise_worth")
REFINING_STEPS = (1.3, 1.12)
#: Room that is left below NewsDiffs' figures: the scored stories are others.
MARGIN = 0.97
CAPTURED_MARGIN = 0.006
RHYTHMS = Path(schedule.__file__).parent / "rhythms.json"


def loss(ours: Score, theirs: Score) -> float:
    """Return how bad a score is beside NewsDiffs': latency at the same price, and dearly what falls behind it.

    Intervals twice as long halve the fetches and double the latency, so their product tells of a policy whatever it
    was allowed to spend.
    """
    price = ours.fetches_per_story / theirs.fetches_per_story
    late = max(0.0, price * ours.p90_latency_minutes / theirs.p90_latency_minutes - MARGIN)
    lost = max(0.0, theirs.captured_share + CAPTURED_MARGIN - ours.captured_share)
    return price * ours.mean_latency_minutes / theirs.mean_latency_minutes + 5 * late + 20 * lost


def fit(
    traces: Sequence[Trace], *, start: schedule.Rhythm, committed: schedule.Rhythm | None = None
) -> schedule.Rhythm:
    """Return the rhythm of these stories."""
    histories = [trace.history for trace in sample(traces, STORIES_FITTED)]
    rhythm = schedule.fit_rhythm(histories, start=start)
    few = sample(traces, STORIES_REPLAYED)
    theirs = replay(few, newsdiffs_policy)
    found: list[tuple[float, schedule.Rhythm]] = []
    candidates = [
        replace(rhythm, promise_worth=worth, sharpness=sharpness)
        for worth, sharpness in itertools.product(PROMISE_WORTHS, SHARPNESSES)
    ]
    for tried in [*candidates, committed] if committed else candidates:
        price = worth_for_budget(few, tried, fetches_per_story=theirs.fetches_per_story)
        score = replay(few, our_policy(schedule.Pace(rhythm=tried, fetch_worth_minutes=price)))
        progress(f"  promise worth {tried.promise_worth}, sharpness {tried.sharpness}: {score.figures()}")
        found.append((loss(score, theirs), tried))
    best = min(found, key=lambda one: one[0])[1]
    return refine(few, best) if len(traces) >= STORIES_REFINED else best


def refine(traces: Sequence[Trace], rhythm: schedule.Rhythm) -> schedule.Rhythm:
    """Make each number larger and smaller for as long as a replay at NewsDiffs' budget becomes better."""
    theirs = replay(traces, newsdiffs_policy)
    for step in REFINING_STEPS:
        price = worth_for_budget(traces, rhythm, fetches_per_story=theirs.fetches_per_story)
        best = loss(replay(traces, our_policy(schedule.Pace(rhythm=rhythm, fetch_worth_minutes=price))), theirs)
        for name in REFINED:
            for factor in (step, 1 / step):
                value = getattr(rhythm, name) * (factor if name != "sharpness" else factor**0.3)
                tried = replace(rhythm, **{name: max(value, 1.0) if name == "promise_worth" else value})
                # Another rate asks for another price: at half the rate a fetch is worth half the latency.
                for worth in (price, price / factor, price * factor):
                    score = replay(traces, our_policy(schedule.Pace(rhythm=tried, fetch_worth_minutes=worth)))
                    if (
                        abs(score.fetches_per_story / theirs.fetches_per_story - 1) < 0.08
                        and loss(score, theirs) < best
                    ):
                        best, rhythm, price = loss(score, theirs), tried, worth
                        progress(f"  {name} {value:.3g}: {best:.4f} {score.figures()}")
    return rhythm


def run(data: Path) -> dict[str, object]:
    """Fit a rhythm to each file and write them all."""
    folder = data_set(data, "traces", holding="*.csv.gz")
    fitted: dict[str, dict[str, object]] = {}
    for file, name in NAMES.items():
        if not (folder / f"{file}.csv.gz").exists():
            fitted[name] = json.loads(RHYTHMS.read_text(encoding="utf-8"))["rhythms"][name]
            continue
        progress(f"fitting {name} to {file}")
        traces = [trace for trace in read_traces(folder / f"{file}.csv.gz") if trace.is_for_fitting]
        committed = schedule.rhythms()
        rhythm = fit(traces, start=committed[schedule.DEFAULT_RHYTHM], committed=committed.get(name))
        fitted[name] = {
            key: [round(one, 3) for one in value] if isinstance(value, tuple) else round(value, 4)
            for key, value in asdict(rhythm).items()
        }
    made: dict[str, object] = {"made_by": "python -m benchmarks.fit_schedule", "rhythms": fitted}
    RHYTHMS.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    return made


if __name__ == "__main__":
    main(run, __doc__)
