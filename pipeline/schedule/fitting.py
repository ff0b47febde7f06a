"""Finding a rhythm in histories: which numbers make the changes that were seen the likeliest.

A publisher's rhythm is found from its own articles, in production as in the benchmark, by this one function.
The likelihood is that of a point process whose rate follows what has happened so far, as `rhythm` has it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.schedule.rhythm import DAY_MINUTES, Rhythm, to_next_hour

#: How many changes in each hour the even day weighs: a publisher of whom little is known has no hours of its own.
_EVEN_CHANGES = 5.0
_STEPS = (2.0, 1.5, 1.2, 1.08)  #: factors by which each number is tried larger and smaller, coarse to fine
_ROUNDS = 6  #: rounds over all numbers with one factor, at the most
_FLOORS = {"changes": 1e-3, "onset_minutes": 2.0, "prior_changes": 0.1, "echo_per_hour": 1e-3, "echo_minutes": 5.0}
_CEILINGS = {"changes": 50.0, "onset_minutes": 3e4, "prior_changes": 10.0, "echo_per_hour": 6.0, "echo_minutes": 300.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One article: for how many minutes it was watched, and when it changed, in minutes after its discovery."""

    born_minute: float  #: minute of the UTC day at which it was discovered
    window_minutes: float
    changes: tuple[float, ...]


def fit_rhythm(histories: Sequence[History], *, start: Rhythm) -> Rhythm:
    """Return the rhythm under which these histories are the likeliest, searched from `start`.

    Each number is made larger and smaller for as long as that helps. `hours` come from counting. What is no matter of
    likelihood (the promise) stays as it is in `start`.
    """
    fitted = replace(start, hours=hours_of(histories))
    best = log_likelihood(fitted, histories)
    for factor in _STEPS:
        for _ in range(_ROUNDS):
            before = best
            for name, floor in _FLOORS.items():
                for step in (factor, 1 / factor):
                    value = min(max(getattr(fitted, name) * step, floor), _CEILINGS[name])
                    tried = replace(fitted, **{name: value})
                    likelihood = log_likelihood(tried, histories)
                    if likelihood > best:
                        fitted, best = tried, likelihood
                        break
            if best - before < 0.5:
                break
    return fitted


def hours_of(histories: Sequence[History]) -> tuple[float, ...]:
    """Return the weight of each hour of the UTC day: changes in it against time watched in it."""
    seen, watched = [0.0] * 24, [0.0] * 24
    for history in histories:
        for change in history.changes:
            seen[_hour(history.born_minute + change)] += 1
        days, rest = divmod(history.window_minutes, DAY_MINUTES)
        for hour in range(24):
            watched[hour] += days * 60
        clock, end = history.born_minute, history.born_minute + rest
        while clock < end:
            following = min(end, clock + to_next_hour(clock))
            watched[_hour(clock)] += following - clock
            clock = following
    if not sum(watched):
        return (1.0,) * 24
    rate = sum(seen) / sum(watched)
    weights = [(seen[hour] + _EVEN_CHANGES) / (watched[hour] * rate + _EVEN_CHANGES) for hour in range(24)]
    mean = sum(weights) / 24
    return tuple(round(weight / mean, 4) for weight in weights)


def log_likelihood(rhythm: Rhythm, histories: Sequence[History]) -> float:
    """Return the logarithm of the likelihood of the histories under a rhythm, but for a constant."""
    total = 0.0
    fade, echo = rhythm.echo_minutes, rhythm.echo_per_hour / 60
    prior = rhythm.prior_changes
    for history in histories:
        expected, last = 0.0, 0.0
        for seen, at in enumerate((*history.changes, history.window_minutes)):
            reached = rhythm.expected_changes(at, born_minute=history.born_minute)
            total -= (prior + seen) * math.log((prior + reached) / (prior + expected))
            faded = math.exp(-(at - last) / fade) if seen else 0.0
            if seen:
                total -= echo * fade * (1 - faded)
            if seen < len(history.changes):
                weight = rhythm.hours[_hour(history.born_minute + at)]
                rate = rhythm.changes * weight / (at + rhythm.onset_minutes) * (prior + seen) / (prior + reached)
                total += math.log(rate + (echo * faded if seen else 0.0))
            expected, last = reached, at
    return total


def _hour(clock_minute: float) -> int:
    return int(clock_minute // 60) % 24
