"""Where the facts that an article still states stand in its newest version.

A fact's row is written once, with the place it had then. Later versions may have moved or reworded its sentence
without changing its value; the ledger needs the place it has now.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Fact, HeldFact


def locate(held: Sequence[HeldFact], stated: Sequence[Fact]) -> tuple[HeldFact, ...]:
    """Return the held facts with sentence and place taken from `stated`, the facts read from the newest version anew.

    A held fact is found among those of its kind, bounds and unit: where it stands as it did, else one of its subject,
    else any of them, the nearest place first; one that is not found keeps what its row says.
    """
    return tuple(replace(one, fact=_located(one.fact, stated)) for one in held)


def _located(fact: Fact, stated: Sequence[Fact]) -> Fact:
    same = [other for other in stated if other.converts is None and _same_value(fact, other)]
    if not same:
        return fact
    exact = [other for other in same if other.sentence == fact.sentence and other.start == fact.start]
    subject = [other for other in same if other.subject == fact.subject]
    found = min(exact or subject or same, key=lambda other: abs(other.position - fact.position))
    return replace(fact, sentence=found.sentence, position=found.position, start=found.start, end=found.end)


def _same_value(one: Fact, other: Fact) -> bool:
    return (one.kind, one.low, one.high, one.unit) == (other.kind, other.low, other.high, other.unit)
