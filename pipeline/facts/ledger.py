"""What a new version did to an article's facts: confirmed, changed, requalified, added, dropped.

Held and found facts are paired by aligned sentence, key, place and the words around the figure, the best pair first;
then the headline toll of each kind of harm keeps its key even where its sentence was rewritten. Nothing here takes a
maximum: a figure may fall. Pure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from pipeline.facts.claims import claim_of, core, distinct, stance_of
from pipeline.facts.directions import goes_other_way
from pipeline.facts.keys import ANYBODY, base_key, free_key, head_of
from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.likeness import Signs, alike, beside, context, jaccard, likeness
from pipeline.facts.places import place_of, with_places
from pipeline.model import Fact, FactChange, FactChangeKind, FactKind, HeldFact

_LEAD = 40  # characters at a sentence's head, where its subject stands


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
    mates = _pairs(held, kept, parents, frozenset(links))
    _pair_leftovers(held, kept, _said_in_other_units(found, mentions), frozenset(links), mates)
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
    changes += [FactChange(kind=FactChangeKind.DROPPED, held=held[h], fact=None) for h in sorted(gone)]
    return with_places(changes)


def _restored(fact: Fact, dropped: Sequence[HeldFact], taken: Collection[str]) -> HeldFact | None:
    """Return the dropped fact that is said again, the last dropped one first."""
    claim = claim_of(fact)
    for gone in reversed(dropped):
        is_same = claim_of(replace(gone.fact, key=base_key(gone.fact.key), parent=fact.parent)) == claim
        if is_same and gone.fact.key not in taken:
            return gone
    return None


# ── pairing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    held: int
    found: int


def _pairs(
    held: Sequence[HeldFact],
    found: Sequence[Fact],
    parents: dict[int, int | None],
    links: frozenset[tuple[int, int]],
) -> dict[int, int]:
    """Return which held fact each found one continues, best pairs first."""
    words_held = [context(h.fact) for h in held]
    words_found = [context(f) for f in found]
    beside_held = [beside(h.fact) for h in held]
    beside_found = [beside(f) for f in found]
    ranks_held = _ranks([h.fact for h in held])
    ranks_found = _ranks(found)
    places_held = [place_of(h.fact) for h in held]
    places_found = [place_of(f) for f in found]
    candidates: list[_Candidate] = []
    by_place: dict[int, list[int]] = {}
    by_key: dict[str, list[int]] = {}
    for h, holding in enumerate(held):
        by_place.setdefault(holding.fact.position, []).append(h)
        by_key.setdefault(base_key(holding.fact.key), []).append(h)
    old_places: dict[int, list[int]] = {}
    for old, new in links:
        old_places.setdefault(new, []).append(old)
    for f, fact in enumerate(found):
        near = {h for old in old_places.get(fact.position, ()) for h in by_place.get(old, ())}
        for h in near.union(by_key.get(base_key(fact.key), ())):
            signs = Signs(
                aligned=h in near,
                shared=jaccard(words_held[h], words_found[f]),
                beside=alike(beside_held[h], beside_found[f]),
                same_role=(held[h].fact.parent is None) == (parents[f] is None),
                same_rank=ranks_held[h] == ranks_found[f],
                same_place=places_held[h] is not None and places_held[h] == places_found[f],
                other_place=None not in (places_held[h], places_found[f]) and places_held[h] != places_found[f],
            )
            score = likeness(held[h].fact, fact, signs)
            if score is not None:
                candidates.append(_Candidate(score, h, f))
    candidates.sort(key=lambda c: (-c.score, abs(c.held - c.found), c.held, c.found))
    mates: dict[int, int] = {}
    used: set[int] = set()
    for candidate in candidates:
        if candidate.found not in mates and candidate.held not in used:
            mates[candidate.found] = candidate.held
            used.add(candidate.held)
    _pair_headlines(held, found, parents, mates)
    return mates


def _ranks(facts: Sequence[Fact]) -> list[tuple[int, int]]:
    """Return, for each fact, its place among those of its key in its sentence, and how many those are."""
    order = sorted(range(len(facts)), key=lambda k: facts[k].start)
    groups: dict[tuple[int, str], list[int]] = {}
    for k in order:
        groups.setdefault((facts[k].position, base_key(facts[k].key)), []).append(k)
    ranks = [(0, 0)] * len(facts)
    for group in groups.values():
        for place, k in enumerate(group):
            ranks[k] = (place, len(group))
    return ranks


def _pair_headlines(
    held: Sequence[HeldFact], found: Sequence[Fact], parents: dict[int, int | None], mates: dict[int, int]
) -> None:
    """Pair the first plain toll of each kind on both sides, if both are still alone.

    One that nobody is goes on as the first of whomever something befell: "no deaths" as the child who died.
    """
    used = set(mates.values())
    for kind in FactKind:
        if not kind.is_casualty:
            continue
        before = [
            (h, holding.fact, holding.fact.parent is None)
            for h, holding in enumerate(held)
            if holding.fact.kind is kind
        ]
        now = [(f, fact, parents[f] is None) for f, fact in enumerate(found) if fact.kind is kind]
        old, new = _headline(before), _headline(now)
        if old is None and new is not None and _is_nobody(found[new]):
            old = _headline(before, anybody=True)
        if new is None and old is not None and _is_nobody(held[old].fact):
            new = _headline(now, anybody=True)
        if old is not None and new is not None and old not in used and new not in mates:
            mates[new] = old


def _pair_leftovers(
    held: Sequence[HeldFact],
    found: Sequence[Fact],
    units: dict[int, frozenset[str]],
    links: frozenset[tuple[int, int]],
    mates: dict[int, int],
) -> None:
    """Pair what is alone on both sides of an aligned sentence: the same sum in another unit, the same crowd reworded.

    "US$8.2 million" is "€7 million (US$8.2 million)"; the one crowd that a sentence counts is the one crowd of the
    sentence it became, whatever it is called.
    """
    used = set(mates.values())
    for old, new in sorted(links):
        here = [h for h, holding in enumerate(held) if h not in used and holding.fact.position == old]
        there = [f for f, fact in enumerate(found) if f not in mates and fact.position == new]
        for f in there:
            same = [
                h for h in here if h not in used and _is_reworded(held[h].fact, found[f], units.get(f, frozenset()))
            ]
            rivals = [g for g in there if g != f and same and _is_reworded(held[same[0]].fact, found[g], frozenset())]
            if len(same) == 1 and not rivals:
                mates[f] = same[0]
                used.add(same[0])


def _is_reworded(one: Fact, other: Fact, units: frozenset[str]) -> bool:
    """Whether two facts of an aligned sentence can be the same in other words or in another unit."""
    if (
        one.kind is not other.kind
        or stance_of(one) != stance_of(other)
        or one.parent is not None
        or other.parent is not None
    ):
        return False
    if one.unit != other.unit:
        return one.unit in units
    if one.kind is FactKind.PERCENT and goes_other_way(one, other):
        return False
    if one.kind is not FactKind.COUNT:
        # "5% of the port" is "8% of the offer": of what is worded anew. Where both are named on both sides, it is not.
        return one.unit is not None and not (_names(one.sentence, other) and _names(other.sentence, one))
    is_crowd = _tells_of_people(one) and _tells_of_people(other)
    return is_crowd and (one.start < _LEAD) == (other.start < _LEAD)


def _names(sentence: str, fact: Fact) -> bool:
    head = head_of(fact)
    return bool(head) and head in sentence.casefold()


def _tells_of_people(fact: Fact) -> bool:
    head = head_of(fact)
    return head in _people() or f"{head}s".endswith(_agent_endings())


def _said_in_other_units(found: Sequence[Fact], mentions: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return, for each kept fact by its place, the units it is converted to."""
    places = {mention: place for place, mention in enumerate(mentions)}
    units: dict[int, frozenset[str]] = {}
    for fact in found:
        place = places.get(fact.converts) if fact.converts is not None else None
        if place is not None and fact.unit:
            units[place] = units.get(place, frozenset()) | {fact.unit}
    return units


def _headline(facts: Iterable[tuple[int, Fact, bool]], *, anybody: bool = False) -> int | None:
    """Return the first figure that is a whole, has happened, and says no more of its subject than "people".

    So does one that nobody is; `anybody` takes one of any subject.
    """
    plain = [
        (fact.position, fact.start, k)
        for k, fact, is_whole in facts
        if is_whole and (anybody or head_of(fact) == ANYBODY) and (not any(stance_of(fact)) or _is_nobody(fact))
    ]
    return min(plain)[2] if plain else None


def _is_nobody(fact: Fact) -> bool:
    return fact.low == fact.high == 0 and not (fact.hypothetical or fact.background or fact.increment)


# ── verdicts and keys ───────────────────────────────────────────────────────────────────────────────────────────────


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
def _people() -> frozenset[str]:
    return frozenset().union(*(lexicon.people for lexicon in all_lexicons()))


@cache
def _agent_endings() -> tuple[str, ...]:
    return tuple({ending for lexicon in all_lexicons() for ending in lexicon.agent_endings})


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
