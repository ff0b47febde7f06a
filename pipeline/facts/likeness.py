"""How likely two facts of two versions are one: by their sentences, keys, places and the words around the figures."""

import re
from dataclasses import dataclass

from pipeline.facts.claims import WORD, core, quoted, stance_of
from pipeline.facts.directions import goes_other_way
from pipeline.facts.keys import base_key, head_of
from pipeline.model import Fact, FactKind

_WINDOW = 90  # characters of context on either side of a figure

# Weights of a pair's score, and what it must reach. Chosen so that an aligned sentence alone pairs equal keys, and a
# rewritten sentence needs a shared context. Ties fall to the order in which the facts stand.
_ALIGNED, _CONTEXT, _KEY, _RANK, _VALUE, _ROLE = 0.40, 0.25, 0.20, 0.15, 0.10, 0.05
_PLACE = 0.25  # more than the rank: two tolls may change places in a sentence
_BESIDE = 0.10  # among several figures of a sentence, the words right beside one tell it from the rest
_COMPARED = 0.3  # more than the value: in "73%, up from 71%" the old figure stands again, and the new one goes on
_CONTEXT_FLOOR = 0.2
_CONTEXT_FLOOR_HARM = 0.08
_BESIDE_REACH = 30  # characters for the words right beside a figure
_ANY_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for two facts being one.

    `shared` is the share of the words around them that both have, `beside` that of the three words right beside them
    that are equal (0 to 1). `one_compared` tells that only one of them is there to compare another figure with.
    """

    aligned: bool
    shared: float
    beside: float
    same_role: bool
    same_rank: bool
    same_place: bool
    other_place: bool
    one_compared: bool


def likeness(one: Fact, other: Fact, signs: Signs) -> float | None:
    """Return how likely two facts are the same, or none where they cannot be."""
    if _are_two(one, other, signs):
        return None
    same_value = core(one) == core(other)
    if one.kind is FactKind.QUOTE:
        return 1.0 if quoted(one) == quoted(other) else None
    same_key = base_key(one.key) == base_key(other.key)
    is_whole = signs.same_role and one.parent is None
    is_vaguer = one.kind is FactKind.MEASURE and "" in (head_of(one), head_of(other))
    keys = 1.0 if same_key else 0.5 if is_whole and (one.kind.is_casualty or is_vaguer) else 0.0
    if not same_key and not (signs.aligned and (keys or same_value)):
        return None
    floor = _CONTEXT_FLOOR_HARM if one.kind.is_casualty else _CONTEXT_FLOOR
    if not (signs.aligned or same_value or signs.shared >= floor):
        return None
    likely = (
        _ALIGNED * signs.aligned + _CONTEXT * signs.shared + _KEY * keys + _VALUE * same_value + _ROLE * signs.same_role
    )
    likely += _RANK * (signs.aligned and signs.same_rank) + _PLACE * signs.same_place
    likely -= _COMPARED * signs.one_compared
    if signs.aligned and not (signs.same_place or signs.other_place):
        likely += _BESIDE * signs.beside
    return likely + (1.0 if signs.aligned and same_key and same_value and one.sentence == other.sentence else 0.0)


def _are_two(one: Fact, other: Fact, signs: Signs) -> bool:
    """Whether something tells two facts apart, whatever else they share."""
    if one.kind is not other.kind or (one.unit or "") != (other.unit or ""):
        return True
    if one.kind is FactKind.QUOTE:
        return False
    # Eight in Sel are not the 35 in Karu; two dead are not the one who died since.
    is_elsewhere, is_added = signs.other_place, one.increment != other.increment
    if (is_elsewhere or is_added) and core(one) != core(other):
        return True
    if one.kind is FactKind.PERCENT and goes_other_way(one, other):
        return True
    return stance_of(one) != stance_of(other) and not (signs.aligned and signs.same_role)


def context(fact: Fact) -> frozenset[str]:
    """Return the words around a figure."""
    around = (
        fact.sentence[max(0, fact.start - _WINDOW) : fact.start] + " " + fact.sentence[fact.end : fact.end + _WINDOW]
    )
    return frozenset(WORD.findall(around.casefold()))


def beside(fact: Fact) -> tuple[str, ...]:
    """Return the word before a figure and the two behind it, empty where there are none."""
    before = _ANY_WORD.findall(fact.sentence[max(0, fact.start - _BESIDE_REACH) : fact.start].casefold())
    behind = _ANY_WORD.findall(fact.sentence[fact.end : fact.end + _BESIDE_REACH].casefold())
    return (before[-1] if before else "", *[*behind, "", ""][:2])


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return the share of two rows of words that is equal, place by place."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of all words of two sets that both have."""
    return len(one & other) / len(one | other) if one or other else 0.0
