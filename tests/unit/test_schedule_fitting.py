"""A rhythm is found in histories: parts of the day, spans of quiet, and how much an article says about itself."""

import random
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import schedule

START = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
SPANS = schedule.QUIET_SPANS


def watched(*changes: float, born: float = 600.0, window: float = 900.0) -> schedule.History:
    return schedule.History(born_minute=born, window_minutes=window, changes=tuple(changes))


def wait(rhythm: schedule.Rhythm, *, age: float, quiet: float, changes: int, clock: float = 720.0) -> float:
    return rhythm.wait_minutes(
        age_minutes=age,
        clock_minute=clock,
        since_change_minutes=quiet,
        changes=changes,
        fetch_worth_minutes=1.0,
    )


def test_a_desk_that_never_saves_twice_at_once_is_not_looked_at_again_at_once() -> None:
    chance = random.Random(3)
    histories = []
    for _ in range(300):
        first = chance.uniform(0, 300)
        histories.append(watched(first, first + chance.uniform(60, 120)))
    rhythm = schedule.fit_rhythm(histories, start=START)
    assert rhythm.after[0] < rhythm.after[1] < 0.5 * rhythm.after[3]
    assert rhythm.after[5] < 0.5 * rhythm.after[3], "nothing ever came so late after a change"
    assert wait(rhythm, age=200, quiet=5, changes=1) > wait(rhythm, age=200, quiet=60, changes=1)


def test_what_is_quiet_from_the_start_is_told_from_what_has_become_quiet() -> None:
    chance = random.Random(4)
    born = [chance.uniform(0, 1440) for _ in range(400)]
    histories = [watched(*[chance.uniform(0, 15)] * (number < 200), born=minute) for number, minute in enumerate(born)]
    rhythm = schedule.fit_rhythm(histories, start=START)
    assert rhythm.before[0] > 3 * rhythm.before[2]
    assert max(rhythm.after[:6]) < 0.7, "what changed once never did again, for as long as it was watched"


@pytest.mark.parametrize("days", [0.5, 4.0])
def test_the_hours_of_changes_are_found_whether_articles_are_watched_for_hours_or_days(days: float) -> None:
    chance = random.Random(5)
    histories = []
    for _ in range(200):
        born = chance.uniform(0, 1440)
        window = days * 1440
        at = (7 * 60 + chance.uniform(0, 60) - born) % 1440 + 1440 * chance.randrange(max(1, int(days)))
        histories.append(watched(*[at] * (at < window), born=born, window=window))
    rhythm = schedule.fit_rhythm(histories, start=START)
    busiest = sorted(range(schedule.DAY_PARTS), key=rhythm.day.__getitem__)[-2:]
    assert sorted(busiest) == [14, 15], "the two half hours from seven o'clock"
    assert sum(rhythm.day) / schedule.DAY_PARTS == pytest.approx(1)


def test_a_half_hour_of_which_little_is_known_takes_after_its_hour() -> None:
    chance = random.Random(6)
    born = [chance.uniform(0, 1440) for _ in range(200)]
    at = [(8 * 60 + chance.uniform(0, 10) - minute) % 1440 for minute in born]
    histories = [watched(minute, born=start, window=1440.0) for start, minute in zip(born, at, strict=True)]
    day = schedule.fit_rhythm(histories, start=START).day
    assert day[16] > 1.5 * day[17], "reports come in the first half hour only"
    assert day[17] > day[18], "what comes in its hour may come late"


def test_an_hour_in_which_alone_articles_were_watched_is_not_taken_for_a_busy_one() -> None:
    chance = random.Random(7)
    histories = [watched(chance.uniform(0, 30), born=7 * 60.0, window=30.0) for _ in range(200)]
    day = schedule.fit_rhythm(histories, start=START).day
    assert day[14] < 1.5 * day[40], "nobody looked at any other hour"


def test_of_nothing_nothing_is_learnt() -> None:
    rhythm = schedule.fit_rhythm([], start=START)
    assert (set(rhythm.day), set(rhythm.before), set(rhythm.after)) == ({1.0}, {1.0}, {1.0})


@given(
    st.lists(
        st.builds(
            lambda born, window, shares: watched(*sorted(share * window for share in shares), born=born, window=window),
            st.floats(0, 1439.99),
            st.floats(0, 1e5),
            st.lists(st.floats(0, 1), max_size=5),
        ),
        max_size=4,
    )
)
def test_any_histories_give_a_rhythm_that_can_be_kept_and_waited_by(histories: list[schedule.History]) -> None:
    rhythm = schedule.fit_rhythm(histories, start=START)
    weights = (*rhythm.day, *rhythm.before, *rhythm.after)
    assert all(weight > 0 for weight in weights)
    stored = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(rhythm).items()}
    assert schedule.read_rhythm(stored) == rhythm
    assert 0 <= wait(rhythm, age=50, quiet=10, changes=1) <= 24 * 60


def test_a_rhythm_of_another_shape_is_refused() -> None:
    stored = {**asdict(START), "day": list(START.day), "before": list(START.before), "after": list(START.after)}
    assert schedule.read_rhythm(stored) == START
    with pytest.raises(TypeError):
        schedule.read_rhythm({**stored, "echo_minutes": 3.0})
    with pytest.raises(ValueError, match="spans"):
        schedule.read_rhythm({**stored, "after": list(START.after[1:])})
    with pytest.raises(ValueError, match="parts of the day"):
        schedule.read_rhythm({**stored, "day": list(START.day[:24])})


def test_the_longer_an_article_stays_quiet_the_longer_its_span() -> None:
    busy = replace(START, after=(8.0,) + (0.1,) * (SPANS - 1))
    assert wait(busy, age=500, quiet=0, changes=3) < wait(busy, age=500, quiet=400, changes=3)
