"""How soon a change is seen, and at what price, when the schedule is replayed over stories that really changed.

    python -m benchmarks.schedule --data DIR

DIR is `traces`, or a folder that holds it: per file one story a line, with the minutes after its discovery at which it
changed, and for how long it was observed. Looks begin at discovery and end with the window. `*_latency_minutes` is the
time from a change to the look that sees it (to the window's end where none does); `captured_share` is the share of
changes that were seen apart from the next one; `fetches_per_story` is the price. Feed entries, which tell of most
changes at once, play no part here: this is the schedule alone, `pipeline.schedule.next_capture` itself.

The same with the prefix `newsdiffs_` for the tiers of NewsDiffs: every 15 minutes while the last change is less than
three hours ago, then hourly for a day, every three hours for a week, every three days for a month, then monthly.

Stories are halved by a hash of their times. The rhythms were fitted (`benchmarks.fit_schedule`) to one half, and only
the other is scored. What a fetch is worth at first (`fetch_worth_minutes`) is found on the first half too, so that both
need the same number of fetches there. From then on a budget is kept: the scored stories go by on one clock,
and each day the worth follows what was used so far beside what NewsDiffs would have used by then
(`replaying.replay_within_budget`). `fetches_per_story` says what was used in the end. `fixed_worth_*` are the figures
without that, at the first worth throughout.
"""

from pathlib import Path

from benchmarks.command import data_set, main, progress
from benchmarks.fit_schedule import NAMES
from benchmarks.replaying import (
    BUDGET_SHARE,
    newsdiffs_policy,
    our_policy,
    read_traces,
    replay,
    replay_within_budget,
    sample,
    worth_for_budget,
)
from pipeline import schedule

STORIES_TUNED = 20_000


def measure(path: Path, rhythm: schedule.Rhythm) -> dict[str, object]:
    """Return the scores of both policies on the stories of one file that nothing was fitted to."""
    traces = read_traces(path)
    fitting = sample([trace for trace in traces if trace.is_for_fitting], STORIES_TUNED)
    scored = [trace for trace in traces if not trace.is_for_fitting]
    allowed = replay(fitting, newsdiffs_policy).fetches_per_story * BUDGET_SHARE
    worth = worth_for_budget(fitting, rhythm, fetches_per_story=allowed)
    ours = replay_within_budget(scored, rhythm, fetch_worth_minutes=worth)
    fixed = replay(scored, our_policy(schedule.Pace(rhythm=rhythm, fetch_worth_minutes=worth)))
    theirs = replay(scored, newsdiffs_policy)
    progress(f"schedule: {path.name}, {len(scored)} stories scored")
    return {
        **ours.figures(),
        **theirs.figures("newsdiffs_"),
        **fixed.figures("fixed_worth_"),
        "ratio_to_newsdiffs_latency": round(ours.mean_latency_minutes / theirs.mean_latency_minutes, 4),
        "fetch_worth_minutes": round(worth, 4),
        "stories_fitted": len(traces) - len(scored),
        "stories_scored": len(scored),
    }


def run(data: Path) -> dict[str, object]:
    """Replay both policies over every file found."""
    folder = data_set(data, "traces", holding="*.csv.gz")
    return {
        file: measure(path, schedule.rhythms()[name])
        for file, name in NAMES.items()
        if (path := folder / f"{file}.csv.gz").exists()
    }


if __name__ == "__main__":
    main(run, __doc__)
