"""Crowds whose members one version tells of one by one: "two people were killed", "a girl and a guard were killed".

The toll has not fallen to one, nor did another one die; nor has the girl's death become that of the three. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from pipeline.facts.claims import stance_of
from pipeline.facts.keys import ANYBODY, head_of
from pipeline.model import Fact, FactKind


def told_otherwise(
    held: Sequence[Fact], found: Sequence[Fact], parents: Mapping[int, int | None], links: Collection[tuple[int, int]]
) -> dict[int, frozenset[int]]:
    """Return which of the facts `held` are told of as others now, and as which of those found, as places in both.

    A crowd is its members, a member the crowd. `parents` are the places of the wholes of those found, `links` pairs of
    (old, new) positions of sentences.
    """
    now: dict[int, frozenset[int]] = {}
    for h, crowd in enumerate(held):
        if _is_crowd(crowd) and crowd.low == crowd.high:
            members = _members(crowd, found, (new for old, new in links if old == crowd.position))
            members = [f for f in members if parents[f] is None]
            if len(members) > 1 and _sum(found, members) == crowd.low:
                now[h] = frozenset(members)
    for f, crowd in enumerate(found):
        if _is_crowd(crowd) and parents[f] is None:
            members = _members(crowd, held, (old for old, new in links if new == crowd.position))
            members = [h for h in members if held[h].parent is None]
            if len(members) > 1 and _sum(held, members) <= (crowd.low or 0):
                now |= dict.fromkeys(members, frozenset({f}))
    return now


def _is_crowd(fact: Fact) -> bool:
    is_of_people = fact.kind.is_casualty or fact.kind is FactKind.COUNT
    is_anybody = is_of_people and head_of(fact) == ANYBODY and fact.parent is None
    return is_anybody and not any(stance_of(fact)) and (fact.low or 0) > Decimal(1)


def _members(crowd: Fact, facts: Sequence[Fact], positions: Iterable[int]) -> list[int]:
    """Return who of a sentence may be members of a crowd, as places among the facts."""
    where = frozenset(positions)
    return [
        place
        for place, fact in enumerate(facts)
        if fact.position in where
        and fact.kind is crowd.kind
        and stance_of(fact) == stance_of(crowd)
        and fact.low == fact.high
        and head_of(fact) != ANYBODY
    ]


def _sum(facts: Sequence[Fact], places: Iterable[int]) -> Decimal:
    return sum((facts[place].low or Decimal(0) for place in places), Decimal(0))
