"""A replay keeps to the budget it is given, and sees what a policy would have seen."""

import random

import pytest

from benchmarks.replaying import Trace, newsdiffs_policy, our_policy, replay, replay_within_budget
from pipeline import schedule

RHYTHM = schedule.rhythms()[schedule.DEFAULT_RHYTHM]


def stories(count: int) -> list[Trace]:
    chance = random.Random(7)
    return [
        Trace(600.0 * number, 1440.0, sorted(chance.uniform(0, 1440) for _ in range(chance.randrange(4))))
        for number in range(count)
    ]


def test_a_change_is_seen_at_the_next_look_and_two_between_looks_count_as_one() -> None:
    score = replay([Trace(0.0, 60.0, [5.0, 10.0, 40.0])], lambda looker: 15.0)
    assert score.fetches_per_story == 4
    assert score.captured_share == pytest.approx(2 / 3)
    assert score.mean_latency_minutes == pytest.approx((10 + 5 + 5) / 3)


@pytest.mark.parametrize("worth", [0.2, 2.5])
def test_whatever_a_fetch_is_worth_at_first_the_budget_is_nearly_kept(worth: float) -> None:
    traces = stories(300)
    allowed = replay(traces, newsdiffs_policy).fetches_per_story
    fixed = replay(traces, our_policy(schedule.Pace(rhythm=RHYTHM, fetch_worth_minutes=worth))).fetches_per_story
    kept = replay_within_budget(traces, RHYTHM, fetch_worth_minutes=worth).fetches_per_story
    assert abs(fixed / allowed - 1) > 0.2, "the first worth is far off"
    assert abs(kept / allowed - 1) < abs(fixed / allowed - 1) / 3
