"""The newsroom's clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.local.newsroom import FastClock, ManualClock


def test_a_fast_clock_waits_until_it_is_told_to_begin():
    clock = FastClock(speed=60, first_minute=6000)
    assert clock.minutes() == clock.minutes() == 6000


def test_a_fast_clock_runs_at_its_speed():
    begun = datetime.now(UTC) - timedelta(seconds=30)
    clock = FastClock(speed=10, made_at=begun, begun_at=begun)
    least, told, most = datetime.now(UTC), clock.minutes(), datetime.now(UTC)
    assert (least - begun).total_seconds() * 10 <= told <= (most - begun).total_seconds() * 10


def test_beginning_twice_does_not_set_a_fast_clock_back():
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    clock = FastClock(begun_at=begun)
    clock.begin()
    assert clock.begun_at == begun


def test_what_was_there_at_the_start_keeps_its_date_when_a_fast_clock_begins():
    clock = FastClock(speed=10, made_at=datetime(2026, 1, 1, tzinfo=UTC))
    before = clock.when(0), clock.when(-300)
    clock.begin()
    assert (clock.when(0), clock.when(-300)) == before
    assert before[0] - before[1] == timedelta(seconds=30)


def test_no_minute_that_has_come_lies_in_the_future():
    clock = FastClock(speed=60)
    clock.begin()
    assert clock.when(clock.minutes()) <= clock.now()


def test_a_manual_clock_stands_still_until_advanced():
    clock = ManualClock()
    clock.begin()
    assert clock.minutes() == 0
    clock.advance(90)
    assert clock.minutes() == 90
    assert clock.when(90) - clock.when(0) == timedelta(minutes=90)


def test_a_manual_clock_never_runs_backwards():
    with pytest.raises(ValueError, match="backwards"):
        ManualClock().advance(-1)
