"""What a new version did to an article's facts: confirmed, changed, requalified, added, dropped.

Which held fact goes on as which found one is told by `pairing`. Nothing here takes a maximum: a figure may fall. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from pipeline.facts.claims import claim_of, core, distinct, other_units, stance_of
from pipeline.facts.crowds import told_otherwise
from pipeline.facts.keys import base_key, free_key
from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.pairing import pair
from pipeline.facts.places import with_places
from pipeline.model import Fact, FactChange, FactChangeKind, HeldFact


def reconcile(
    held: Sequence[HeldFact],
    found: Sequence[Fact],
    links: Collection[tuple[int, int]],
    *,
    dropped: Sequence[HeldFact] = (),
) -> tuple[FactChange, ...]:
    """Compare the facts an article holds with those found in its new version.

    `held` are its current facts, `position` counted in the old version; `links` are pairs of (old, new) positions of
    sentences that are the same, edited or not; `dropped` are facts that the article once stated, the oldest first: one
    of them that is said again with its value is restored, and takes its key again.

    A fact said several times in one version is one fact: the first mention counts, or the first that names a source.
    Every held fact is in exactly one change, and so is every kept found one.

    Changes with a fact come first, wholes before their parts, then the dropped ones. `change.fact.key` is final: unique
    among the article's current facts; a paired fact inherits its predecessor's, a second one of the same key gets
    `#2`. `change.fact.parent` is the index, in the tuple returned, of the change whose fact is the whole.
    """
    mentions, parents = distinct(found)
    kept = [found[mention] for mention in mentions]
    before = [one.fact for one in held]
    otherwise = told_otherwise(before, kept, parents, links)
    mates = pair(before, kept, parents, other_units(found, mentions), frozenset(links), otherwise)
    taken = {held[h].fact.key for h in mates.values()}
    order = _wholes_first(len(kept), parents)
    places = {k: place for place, k in enumerate(order)}
    changes: list[FactChange] = []
    for k in order:
        parent = parents[k]
        fact = replace(kept[k], parent=None if parent is None else places[parent])
        mate = held[mates[k]] if k in mates else None
        back = _restored(fact, dropped, taken) if mate is None else None
        origin = mate or back
        inherits = origin is not None and origin.fact.unit == fact.unit  # a key names its unit
        key = origin.fact.key if origin is not None and inherits else free_key(fact.key, taken)
        taken.add(key)
        fact = replace(fact, key=key)
        kind = _verdict(mate, fact) if back is None else FactChangeKind.RESTORED
        changes.append(FactChange(kind=kind, held=origin, fact=fact))
    gone = set(range(len(held))) - set(mates.values())
    changes += [
        FactChange(kind=FactChangeKind.DROPPED, held=held[h], fact=None, retold=h in otherwise) for h in sorted(gone)
    ]
    return with_places(changes)


def _restored(fact: Fact, dropped: Sequence[HeldFact], taken: Collection[str]) -> HeldFact | None:
    """Return the dropped fact that is said again, the last dropped one first."""
    claim = claim_of(fact)
    for gone in reversed(dropped):
        is_same = claim_of(replace(gone.fact, key=base_key(gone.fact.key), parent=fact.parent)) == claim
        if is_same and gone.fact.key not in taken:
            return gone
    return None


def _verdict(held: HeldFact | None, fact: Fact) -> FactChangeKind:
    if held is None:
        return FactChangeKind.ADDED
    before = held.fact
    if core(before) != core(fact) or before.unit != fact.unit:
        return FactChangeKind.CHANGED
    if _meaning(before) != _meaning(fact) or _source(before) != _source(fact) or stance_of(before) != stance_of(fact):
        return FactChangeKind.REQUALIFIED
    return FactChangeKind.CONFIRMED


def _meaning(fact: Fact) -> tuple[Decimal | None, Decimal | None, bool]:
    """Return a fact's bounds and whether it is approximate: "about 70" and "around 70" mean the same."""
    return fact.low, fact.high, fact.qualifier in _approximate()


def _source(fact: Fact) -> str:
    return (fact.attribution or "").casefold()


@cache
def _approximate() -> frozenset[str]:
    return frozenset().union(*(lexicon.approximate for lexicon in all_lexicons()))


def _wholes_first(count: int, parents: dict[int, int | None]) -> list[int]:
    """Return the facts in their order, but every whole before its parts. A circle of wholes is cut."""
    order: list[int] = []
    done: set[int] = set()
    for k in range(count):
        chain: list[int] = []
        current: int | None = k
        while current is not None and current not in done and current not in chain:
            chain.append(current)
            current = parents[current]
        for link in reversed(chain):
            done.add(link)
            order.append(link)
    return order
