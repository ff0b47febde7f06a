"""What a new version did to an article's facts: confirmed, changed, requalified, added, dropped.

Held and found facts are paired by aligned sentence, key, place and the words around the figure, the best pair first;
then the headline toll of each kind of harm keeps its key even where its sentence was rewritten. Nothing here takes a
maximum: a figure may fall. Pure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pipeline.facts.claims import WORD, base_key, claim_of, core, distinct, head_of, quoted, stance_of
from pipeline.facts.lexicon import languages, load
from pipeline.facts.places import place_of, with_places
from pipeline.model import Fact, FactChange, FactChangeKind, FactKind, HeldFact

_WINDOW = 90  # characters of context on either side of a figure

# Weights of a pair's score, and what it must reach. Chosen so that an aligned sentence alone pairs equal keys, and a
# rewritten sentence needs a shared context. Ties fall to the order in which the facts stand.
_ALIGNED, _CONTEXT, _KEY, _RANK, _VALUE, _ROLE = 0.40, 0.25, 0.20, 0.15, 0.10, 0.05
_PLACE = 0.25  # more than the rank: two tolls may change places in a sentence
_CONTEXT_FLOOR = 0.2
_LEAD = 40  # characters at a sentence's head, where its subject stands
_CONTEXT_FLOOR_HARM = 0.08


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
        key = origin.fact.key if origin is not None and inherits else _free_key(fact.key, taken)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """What speaks for two facts being one. `shared` is the share of the words around them that both have (0 to 1)."""

    aligned: bool
    shared: float
    same_role: bool
    same_rank: bool
    same_place: bool
    other_place: bool


def _pairs(
    held: Sequence[HeldFact],
    found: Sequence[Fact],
    parents: dict[int, int | None],
    links: frozenset[tuple[int, int]],
) -> dict[int, int]:
    """Return which held fact each found one continues, best pairs first."""
    words_held = [_context(h.fact) for h in held]
    words_found = [_context(f) for f in found]
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
            signs = _Signs(
                aligned=h in near,
                shared=_jaccard(words_held[h], words_found[f]),
                same_role=(held[h].fact.parent is None) == (parents[f] is None),
                same_rank=ranks_held[h] == ranks_found[f],
                same_place=places_held[h] is not None and places_held[h] == places_found[f],
                other_place=None not in (places_held[h], places_found[f]) and places_held[h] != places_found[f],
            )
            score = _score(held[h].fact, fact, signs)
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


def _score(one: Fact, other: Fact, signs: _Signs) -> float | None:
    """Return how likely two facts are the same, or none where they cannot be."""
    same_value = core(one) == core(other)
    is_elsewhere = signs.other_place and not same_value  # eight in Sel are not the 35 in Karu
    is_added = one.increment != other.increment and not same_value  # two dead are not the one who died since
    if one.kind is not other.kind or (one.unit or "") != (other.unit or "") or is_elsewhere or is_added:
        return None
    if (
        stance_of(one) != stance_of(other)
        and one.kind is not FactKind.QUOTE
        and not (signs.aligned and signs.same_role)
    ):
        return None
    if one.kind is FactKind.QUOTE:
        return 1.0 if quoted(one) == quoted(other) else None
    same_key = base_key(one.key) == base_key(other.key)
    is_whole = signs.same_role and one.parent is None
    is_vaguer = one.kind is FactKind.MEASURE and "" in (head_of(one), head_of(other))
    likeness = 1.0 if same_key else 0.5 if is_whole and (one.kind.is_casualty or is_vaguer) else 0.0
    if not same_key and not (signs.aligned and likeness) and not (signs.aligned and same_value):
        return None
    floor = _CONTEXT_FLOOR_HARM if one.kind.is_casualty else _CONTEXT_FLOOR
    if not signs.aligned and not (same_key and (same_value or signs.shared >= floor)):
        return None
    score = (
        _ALIGNED * signs.aligned
        + _CONTEXT * signs.shared
        + _KEY * likeness
        + _VALUE * same_value
        + _ROLE * signs.same_role
    )
    score += _RANK * (signs.aligned and signs.same_rank) + _PLACE * signs.same_place
    return score + (1.0 if signs.aligned and same_key and same_value and one.sentence == other.sentence else 0.0)


def _pair_headlines(
    held: Sequence[HeldFact], found: Sequence[Fact], parents: dict[int, int | None], mates: dict[int, int]
) -> None:
    """Pair the first plain toll of each kind on both sides, if both are still alone."""
    used = set(mates.values())
    for kind in FactKind:
        if not kind.is_casualty:
            continue
        old = _headline(
            (h, holding.fact, holding.fact.parent is None)
            for h, holding in enumerate(held)
            if holding.fact.kind is kind
        )
        new = _headline((f, fact, parents[f] is None) for f, fact in enumerate(found) if fact.kind is kind)
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


def _headline(facts: Iterable[tuple[int, Fact, bool]]) -> int | None:
    """Return the first figure that is a whole, has happened, and says no more of its subject than "people"."""
    plain = [
        (fact.position, fact.start, k)
        for k, fact, is_whole in facts
        if is_whole and head_of(fact) == "people" and not any(stance_of(fact))
    ]
    return min(plain)[2] if plain else None


def _context(fact: Fact) -> frozenset[str]:
    around = (
        fact.sentence[max(0, fact.start - _WINDOW) : fact.start] + " " + fact.sentence[fact.end : fact.end + _WINDOW]
    )
    return frozenset(WORD.findall(around.casefold()))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


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


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    return frozenset().union(*(load(code).people for code in languages()))


@lru_cache(maxsize=1)
def _agent_endings() -> tuple[str, ...]:
    return tuple(sorted({ending for code in languages() for ending in load(code).agent_endings}))


@lru_cache(maxsize=1)
def _approximate() -> frozenset[str]:
    return frozenset().union(*(load(code).approximate for code in languages()))


def _free_key(key: str, taken: Collection[str]) -> str:
    if key not in taken:
        return key
    number = 2
    while f"{key}#{number}" in taken:
        number += 1
    return f"{key}#{number}"


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
