"""How often an article is likely to change, and how long to wait before looking again.

For a source that changes at rate λ, looking each √(2c/λ) minutes costs least, where c is the latency in minutes that
one fetch is worth. λ is not constant, so the rule is put in its general form: look again once the latency that has
piled up unseen since the last look, ∫ λ(s) · (now - s) ds, is expected to be worth one fetch. λ is made of four parts::

    λ(age) = k / (age + τ) · hour(clock) · (a + n) / (a + expected)  +  echo · exp(-since / σ)

- a hazard that thins out with age (`news` is busiest when it is young);
- the publisher's day: what share of its changes fall into each hour of it, in UTC;
- what the article has shown so far: n changes seen against those expected (Gamma frailty: how little or how much
  one article says about itself is weighed by `a`);
- an echo: a change is often followed by another soon.

Cho & Garcia-Molina, "Estimating frequency of change" (TODS 2003), for why n/age alone is biased; Azar et al.,
"Tractable near-optimal policies for crawling" (PNAS 2018), for the form of the optimum. `fitting` finds the numbers.
"""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

DAY_MINUTES = 24 * 60.0
DEFAULT_RHYTHM = "site"
#: Pieces of a day in which the rate is taken as constant: never longer than this, nor than half the article's age.
_PIECE_MINUTES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How the articles of one publisher, or kind of publisher, change."""

    changes: float  #: k: changes per unit of ln(age)
    onset_minutes: float  #: τ: age at which changes begin to thin out
    prior_changes: float  #: a: how many changes the prior weighs
    echo_per_hour: float  #: changes an hour right after a change, on top of the rest
    echo_minutes: float  #: σ: how fast that fades
    hours: tuple[float, ...]  #: weight of each hour of the day, UTC; their mean is 1
    promise_minutes: float = 14.0  #: a change should be seen within this
    promise_worth: float = 1.0  #: waits up to this many times the promise are cut to it; longer ones pay for that
    sharpness: float = 1.0  #: above 1: short waits shorter, long ones longer than the formula says

    def expected_changes(self, age_minutes: float, *, born_minute: float) -> float:
        """Return how many changes an article is expected to have had at this age; `born_minute` is of the UTC day."""
        total = age = 0.0
        # The hours of the day even out after the first day.
        while age < min(age_minutes, DAY_MINUTES):
            clock = born_minute + age
            end = min(age_minutes, age + to_next_hour(clock), DAY_MINUTES)
            total += self._weight(clock) * math.log((end + self.onset_minutes) / (age + self.onset_minutes))
            age = end
        if age_minutes > age:
            total += math.log((age_minutes + self.onset_minutes) / (age + self.onset_minutes))
        return self.changes * total

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

        `clock_minute` counts from midnight UTC; `since_change_minutes` from the last change that was seen.
        """
        expected = self.expected_changes(age_minutes, born_minute=clock_minute - age_minutes)
        level = self.changes * (self.prior_changes + changes) / (self.prior_changes + expected)
        echo = self.echo_per_hour / 60 * math.exp(-since_change_minutes / self.echo_minutes) if changes else 0.0
        unseen = latency = waited = 0.0
        while waited < DAY_MINUTES:
            clock = clock_minute + waited
            piece = min(to_next_hour(clock), _PIECE_MINUTES + (age_minutes + waited) / 2)
            middle = waited + piece / 2
            rate = level * self._weight(clock) / (age_minutes + middle + self.onset_minutes)
            rate += echo * math.exp(-middle / self.echo_minutes)
            more = latency + unseen * piece + rate * piece * piece / 2
            if more >= fetch_worth_minutes:
                return min(self._kept(waited + _root(rate, unseen, latency - fetch_worth_minutes)), DAY_MINUTES)
            latency, unseen, waited = more, unseen + rate * piece, waited + piece
        return DAY_MINUTES

    def _kept(self, wait: float) -> float:
        """Cut a wait that is a little too long for the promise; pay with those that would break it anyway.

        This is the optimum where a change seen later than promised costs a fixed amount on top.
        """
        wait *= (wait / self.promise_minutes) ** (self.sharpness - 1)
        if wait <= self.promise_minutes:
            return wait
        if wait <= self.promise_minutes * self.promise_worth:
            return self.promise_minutes
        return math.sqrt(wait * wait - (self.promise_worth**2 - 1) * self.promise_minutes**2)

    def _weight(self, clock_minute: float) -> float:
        return self.hours[int(clock_minute // 60) % 24]


def minute_of_day(moment: datetime) -> float:
    """Return the minutes since midnight of a UTC moment."""
    return moment.hour * 60 + moment.minute + moment.second / 60


def to_next_hour(clock_minute: float) -> float:
    """Return the minutes to the next full hour; never so few that adding them leaves the clock where it is."""
    rest = 60.0 - clock_minute % 60.0
    return rest if rest > 1e-6 else 60.0


@cache
def rhythms() -> dict[str, Rhythm]:
    """Return the rhythms that travel with the program, by name (`rhythms.json`, made by `benchmarks.fit_schedule`)."""
    stored = json.loads(resources.files("pipeline.schedule").joinpath("rhythms.json").read_text(encoding="utf-8"))
    return {name: Rhythm(**{**one, "hours": tuple(one["hours"])}) for name, one in stored["rhythms"].items()}


def _root(rate: float, unseen: float, missing: float) -> float:
    """Solve rate/2 · x² + unseen · x + missing = 0 for its positive root."""
    if rate <= 1e-12:
        return -missing / unseen if unseen > 0 else 0.0
    return (math.sqrt(max(unseen * unseen - 2 * rate * missing, 0.0)) - unseen) / rate
