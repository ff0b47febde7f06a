"""Fit the schedule's rhythms: `python -m benchmarks.fit_schedule --data DIR` writes pipeline/schedule/rhythms.json.

Only the half of the stories that `benchmarks.schedule` does not score is looked at. The rate comes from
`pipeline.schedule.fit_rhythm`, by likelihood, as it does each night for a publisher of whom enough has been seen. How
hard the promise is kept is no matter of likelihood, and is chosen by replay: so that changes are seen soonest at
NewsDiffs' budget without seeing nine of ten changes later, nor fewer of them apart, than NewsDiffs does on the same
stories. Nothing is begun from what is committed, so the same stories always give the same file.
"""

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
STORIES_REPLAYED = 5000
PROMISE_WORTHS = (1.0, 1.5, 2.0, 2.5)
#: Room that is left below NewsDiffs' figures: the scored stories are others.
MARGIN = 0.97
CAPTURED_MARGIN = 0.006
#: Where the search for a rate begins.
START = schedule.Rhythm(
    changes=0.5,
    onset_minutes=60.0,
    prior_changes=1.0,
    day=(1.0,) * schedule.DAY_PARTS,
    before=(1.0,) * schedule.QUIET_SPANS,
    after=(1.0,) * schedule.QUIET_SPANS,
)
RHYTHMS = Path(schedule.__file__).parent / "rhythms.json"


def loss(ours: Score, theirs: Score) -> float:
    """Return how bad a score is beside NewsDiffs' at the same budget: latency, and dearly what falls behind it."""
    late = max(0.0, ours.p90_latency_minutes / theirs.p90_latency_minutes - MARGIN)
    lost = max(0.0, theirs.captured_share + CAPTURED_MARGIN - ours.captured_share)
    return ours.mean_latency_minutes / theirs.mean_latency_minutes + 5 * late + 20 * lost


def fit(traces: Sequence[Trace]) -> schedule.Rhythm:
    """Return the rhythm of these stories."""
    rhythm = schedule.fit_rhythm([trace.history for trace in traces], start=START)
    few = sample(traces, STORIES_REPLAYED)
    theirs = replay(few, newsdiffs_policy)
    found: list[tuple[float, schedule.Rhythm]] = []
    for worth in PROMISE_WORTHS:
        tried = replace(rhythm, promise_worth=worth)
        price = worth_for_budget(few, tried, fetches_per_story=theirs.fetches_per_story)
        score = replay(few, our_policy(schedule.Pace(rhythm=tried, fetch_worth_minutes=price)))
        progress(f"  promise worth {worth}: loss {loss(score, theirs):.4f}, {score.figures()}")
        found.append((loss(score, theirs), tried))
    return min(found, key=lambda one: one[0])[1]


def as_json(rhythm: schedule.Rhythm) -> dict[str, object]:
    """Return a rhythm as the file holds it."""
    return {
        key: [round(one, 3) for one in value] if isinstance(value, tuple) else round(value, 4)
        for key, value in asdict(rhythm).items()
    }


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
        rhythm = fit(traces)
        fitted[name] = as_json(rhythm)
    made: dict[str, object] = {"made_by": "python -m benchmarks.fit_schedule, all of it", "rhythms": fitted}
    RHYTHMS.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    return made


if __name__ == "__main__":
    main(run, __doc__)
