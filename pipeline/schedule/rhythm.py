"""How often an article is likely to change, and how long to wait before looking again.

For a source that changes at rate λ, looking each √(2c/λ) minutes costs least, where c is the latency in minutes that
one fetch is worth. λ is not constant, so the rule is put in its general form: look again once the latency that has
piled up unseen since the last look, ∫ λ(s) · (now - s) ds, is expected to be worth one fetch. λ is a product::

    λ = k / (age + τ) · day(clock) · (a + n) / (a + expected) · quiet(since)

- a hazard that thins out with age (`news` is busiest when it is young);
- the publisher's day: what share of its changes fall into each half hour of it, in UTC;
- what the article has shown so far: n changes seen against those expected (Gamma frailty: how little or how much
  one article says about itself is weighed by `a`);
- how long it has been quiet: a desk that has just saved an article does not save it again at once, then often does,
  and one that has been left alone for a day mostly stays so.

Cho & Garcia-Molina, "Estimating frequency of change" (TODS 2003), for why n/age alone is biased; Azar et al.,
"Tractable near-optimal policies for crawling" (PNAS 2018), for the form of the optimum. `fitting` finds the numbers.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

DAY_MINUTES = 24 * 60.0
PART_MINUTES = 30.0  #: parts of the day that have a weight of their own: reports come on the hour and the half hour
PARTS_PER_HOUR = int(60 / PART_MINUTES)
DAY_PARTS = 24 * PARTS_PER_HOUR
DEFAULT_RHYTHM = "site"
#: Spans of quiet: up to a quarter of an hour, half an hour, an hour, and so on, each twice the one before.
QUIET_SPANS = 9
_FIRST_SPAN_MINUTES = 15.0
#: Pieces of a day in which the rate is taken as constant: never longer than this and half the time it has been quiet.
_PIECE_MINUTES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How the articles of one publisher, or kind of publisher, change."""

    changes: float  #: k: changes per unit of ln(age)
    onset_minutes: float  #: τ: age at which changes begin to thin out
    prior_changes: float  #: a: how many changes the prior weighs
    day: tuple[float, ...]  #: weight of each part of the day (`PART_MINUTES`), from midnight UTC; their mean is 1
    before: tuple[float, ...]  #: weight of each span of quiet while nothing has changed yet
    after: tuple[float, ...]  #: weight of each span of quiet since the last change (`span_of`)
    promise_minutes: float = 14.0  #: a change should be seen within this
    promise_worth: float = 1.0  #: waits up to this many times the promise are cut to it; longer ones pay for that

    def expected_changes(self, age_minutes: float, *, born_minute: float) -> float:
        """Return how many changes an article is expected to have had at this age; `born_minute` is of the UTC day."""
        total = age = 0.0
        # The parts of the day even out after the first day.
        while age < min(age_minutes, DAY_MINUTES):
            clock = born_minute + age
            end = min(age_minutes, age + to_next_part(clock), DAY_MINUTES)
            total += self._weight(clock) * math.log((end + self.onset_minutes) / (age + self.onset_minutes))
            age = end
        return self.changes * (total + math.log((age_minutes + self.onset_minutes) / (age + self.onset_minutes)))

    def wait_minutes(
        self,
        *,
        age_minutes: float,
        clock_minute: float,
        since_change_minutes: float,
        changes: int,
        fetch_worth_minutes: float,
    ) -> float:
        """Return how long to wait before the next look: at most a day.

        `clock_minute` counts from midnight UTC; `since_change_minutes` from the last change that was seen, or else
        from the discovery.
        """
        expected = self.expected_changes(age_minutes, born_minute=clock_minute - age_minutes)
        level = self.changes * (self.prior_changes + changes) / (self.prior_changes + expected)
        quiet = self.after if changes else self.before
        unseen = latency = waited = 0.0
        while waited < DAY_MINUTES:
            clock = clock_minute + waited
            piece = min(to_next_part(clock), _PIECE_MINUTES + (since_change_minutes + waited) / 2)
            middle = waited + piece / 2
            rate = level * self._weight(clock) / (age_minutes + middle + self.onset_minutes)
            rate *= quiet[span_of(since_change_minutes + middle)]
            more = latency + unseen * piece + rate * piece * piece / 2
            if more >= fetch_worth_minutes:
                return min(self._kept(waited + _root(rate, unseen, latency - fetch_worth_minutes)), DAY_MINUTES)
            latency, unseen, waited = more, unseen + rate * piece, waited + piece
        return DAY_MINUTES

    def _kept(self, wait: float) -> float:
        """Cut a wait that is a little too long for the promise; pay with those that would break it anyway.

        This is the optimum where a change seen later than promised costs a fixed amount on top.
        """
        if wait <= self.promise_minutes:
            return wait
        if wait <= self.promise_minutes * self.promise_worth:
            return self.promise_minutes
        return math.sqrt(wait * wait - (self.promise_worth**2 - 1) * self.promise_minutes**2)

    def _weight(self, clock_minute: float) -> float:
        return self.day[part_of_day(clock_minute)]


def minute_of_day(moment: datetime) -> float:
    """Return the minutes since midnight of a UTC moment."""
    return moment.hour * 60 + moment.minute + moment.second / 60


def part_of_day(clock_minute: float) -> int:
    """Return which part of the day this is: 0 from midnight UTC."""
    return int(clock_minute // PART_MINUTES) % DAY_PARTS


def to_next_part(clock_minute: float) -> float:
    """Return the minutes to the next part of the day; never so few that adding them leaves the clock where it is."""
    rest = PART_MINUTES - clock_minute % PART_MINUTES
    return rest if rest > 1e-6 else PART_MINUTES


def span_of(quiet_minutes: float) -> int:
    """Return which span of quiet this is: 0 below a quarter of an hour, and one more each time it has doubled."""
    return min(int(quiet_minutes / _FIRST_SPAN_MINUTES).bit_length(), QUIET_SPANS - 1)


def span_starts() -> tuple[float, ...]:
    """Return the minutes at which each span of quiet begins."""
    return (0.0, *(_FIRST_SPAN_MINUTES * 2**span for span in range(QUIET_SPANS - 1)))


def read_rhythm(stored: Mapping[str, Any]) -> Rhythm:
    """Read a rhythm as JSON holds it; raises `TypeError` or `ValueError` where it has another shape."""
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in stored.items()}
    rhythm = Rhythm(**values)
    if (len(rhythm.day), len(rhythm.before), len(rhythm.after)) != (DAY_PARTS, QUIET_SPANS, QUIET_SPANS):
        raise ValueError(f"a rhythm has {DAY_PARTS} parts of the day and {QUIET_SPANS} spans of quiet")
    return rhythm


@cache
def rhythms() -> dict[str, Rhythm]:
    """Return the rhythms that travel with the program, by name (`rhythms.json`, made by `benchmarks.fit_schedule`)."""
    stored = json.loads(resources.files("pipeline.schedule").joinpath("rhythms.json").read_text(encoding="utf-8"))
    return {name: read_rhythm(one) for name, one in stored["rhythms"].items()}


def _root(rate: float, unseen: float, missing: float) -> float:
    """Solve rate/2 · x² + unseen · x + missing = 0, where `missing` is negative, for its positive root.

    By the form that a rate of next to nothing does no harm to.
    """
    return -2 * missing / (unseen + math.sqrt(unseen * unseen - 2 * rate * missing))
