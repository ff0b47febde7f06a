"""Finding a rhythm in histories: which numbers make the changes that were seen the likeliest.

A publisher's rhythm is found from its own articles, in production as in the benchmark, by this one function. The
likelihood is that of a point process whose rate follows what has happened so far, as `rhythm` has it; the weights of
the parts of the day and of the spans of quiet come from counting changes against those expected without them.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.schedule.rhythm import (
    DAY_MINUTES,
    DAY_PARTS,
    PARTS_PER_HOUR,
    QUIET_SPANS,
    Rhythm,
    part_of_day,
    span_starts,
    to_next_part,
)

#: How many changes in each part or span an even weight counts as: of little that is known, little is made.
_EVEN_CHANGES = 5.0
_STEPS = (2.0, 1.3, 1.1)  #: factors by which each number is tried larger and smaller, coarse to fine
_ROUNDS = 4  #: rounds of searching numbers and counting weights; more move no weight by a hundredth
_FLOORS = {"changes": 1e-3, "onset_minutes": 2.0, "prior_changes": 0.1}
_CEILINGS = {"changes": 50.0, "onset_minutes": 3e4, "prior_changes": 10.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One article: for how many minutes it was watched, and when it changed, in minutes after its discovery."""

    born_minute: float  #: minute of the UTC day at which it was discovered
    window_minutes: float
    changes: tuple[float, ...]


class _Piece(NamedTuple):
    """A part of a history in which no weight changes, in minutes after the discovery."""

    start: float
    end: float
    part: int | None  #: part of the day; none after the first day, when the parts even out
    span: int  #: span of quiet
    seen: int  #: changes before it
    changed_at: int | None  #: part of the day of the change that ends it, if one does


@dataclass(slots=True)
class _Tally:
    """The likelihood of histories under a rhythm, and how many changes were expected, by the weights that apply."""

    log_likelihood: float = 0.0
    day: list[float] = field(default_factory=lambda: [0.0] * DAY_PARTS)
    before: list[float] = field(default_factory=lambda: [0.0] * QUIET_SPANS)
    after: list[float] = field(default_factory=lambda: [0.0] * QUIET_SPANS)


def fit_rhythm(histories: Sequence[History], *, start: Rhythm) -> Rhythm:
    """Return the rhythm under which these histories are the likeliest, searched from `start`.

    What is no matter of likelihood (the promise) stays as it is in `start`.
    """
    walks = [list(_pieces(history)) for history in histories]
    even = (1.0,) * QUIET_SPANS
    fitted = replace(start, day=(1.0,) * DAY_PARTS, before=even, after=even)
    for _ in range(_ROUNDS):
        fitted = _counted(_searched(fitted, walks), walks)
    return fitted


def _searched(rhythm: Rhythm, walks: Sequence[Sequence[_Piece]]) -> Rhythm:
    """Make each number larger and smaller for as long as that helps."""
    best = _tally(rhythm, walks).log_likelihood
    for factor in _STEPS:
        for name, floor in _FLOORS.items():
            for step in (factor, 1 / factor):
                value = min(max(getattr(rhythm, name) * step, floor), _CEILINGS[name])
                tried = replace(rhythm, **{name: value})
                likelihood = _tally(tried, walks).log_likelihood
                if likelihood > best:
                    rhythm, best = tried, likelihood
                    break
    return rhythm


def _counted(rhythm: Rhythm, walks: Sequence[Sequence[_Piece]]) -> Rhythm:
    """Count changes against those expected: first by the spans of quiet, then by the day."""
    seen = _Tally()
    for walk in walks:
        for piece in walk:
            if piece.changed_at is not None:
                seen.day[piece.changed_at] += 1
                (seen.after if piece.seen else seen.before)[piece.span] += 1
    expected = _tally(rhythm, walks)
    rhythm = replace(
        rhythm,
        before=_weights(seen.before, expected.before, rhythm.before),
        after=_weights(seen.after, expected.after, rhythm.after),
    )
    day = _day_weights(
        seen.day, [likely / weight for likely, weight in zip(_tally(rhythm, walks).day, rhythm.day, strict=True)]
    )
    mean = sum(day) / DAY_PARTS
    return replace(rhythm, changes=rhythm.changes * mean, day=tuple(part / mean for part in day))


def _day_weights(seen: Sequence[float], expected: Sequence[float]) -> list[float]:
    """Return the weight of each part of the day: of little that is known of a part, it is that of its hour."""
    weights: list[float] = []
    for first in range(0, DAY_PARTS, PARTS_PER_HOUR):
        hour = slice(first, first + PARTS_PER_HOUR)
        even = (sum(seen[hour]) + _EVEN_CHANGES) / (sum(expected[hour]) + _EVEN_CHANGES)
        weights += [
            (count + _EVEN_CHANGES * even) / (likely + _EVEN_CHANGES)
            for count, likely in zip(seen[hour], expected[hour], strict=True)
        ]
    return weights


def _weights(seen: Sequence[float], expected: Sequence[float], weights: Sequence[float]) -> tuple[float, ...]:
    return tuple(
        (count + _EVEN_CHANGES) / (likely / weight + _EVEN_CHANGES)
        for count, likely, weight in zip(seen, expected, weights, strict=True)
    )


def _tally(rhythm: Rhythm, walks: Sequence[Sequence[_Piece]]) -> _Tally:
    """Return how likely the histories are, but for a constant, and how many changes were to be expected where."""
    tally = _Tally()
    total = later = 0.0
    rate, onset, prior, day = rhythm.changes, rhythm.onset_minutes, rhythm.prior_changes, rhythm.day
    for walk in walks:
        reached = 0.0
        for start, end, part, span, seen, changed_at in walk:
            before = reached
            reached += rate * math.log((end + onset) / (start + onset)) * (1.0 if part is None else day[part])
            weight = (rhythm.after if seen else rhythm.before)[span]
            likely = weight * (prior + seen) * math.log((prior + reached) / (prior + before))
            total -= likely
            (tally.after if seen else tally.before)[span] += likely
            if part is None:
                later += likely
            else:
                tally.day[part] += likely
            if changed_at is not None:
                level = rate * day[changed_at] / (end + onset) * (prior + seen) / (prior + reached)
                total += math.log(level * weight)
    tally.log_likelihood = total
    tally.day = [likely + later * weight / DAY_PARTS for likely, weight in zip(tally.day, day, strict=True)]
    return tally


def _pieces(history: History) -> Iterator[_Piece]:
    """Cut a history where a change, a new part of its first day or a longer span of quiet comes."""
    clock = last = 0.0
    longest = (*span_starts()[1:], math.inf)
    for seen, until in enumerate((*history.changes, history.window_minutes)):
        is_change = seen < len(history.changes)
        for span, quiet in enumerate(longest):
            while clock < min(until, last + quiet):
                minute = history.born_minute + clock
                part = part_of_day(minute) if clock < DAY_MINUTES else None
                end = min(until, last + quiet, math.inf if part is None else clock + to_next_part(minute))
                changed_at = part_of_day(history.born_minute + until) if is_change and end == until else None
                yield _Piece(clock, end, part, span, seen, changed_at)
                clock = end
        last = until
