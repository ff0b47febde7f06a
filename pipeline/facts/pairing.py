"""Which fact that an article held goes on as which one of its new version.

By aligned sentence, key, place and the words around the figure, the best pair first; then the headline toll of each
kind of harm goes on even where its sentence was rewritten. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.facts.claims import core, stance_of
from pipeline.facts.directions import goes_other_way, is_compared
from pipeline.facts.keys import ANYBODY, base_key, head_of
from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.likeness import Signs, alike, beside, context, jaccard, likeness
from pipeline.facts.places import is_same_place, place_of
from pipeline.model import Fact, FactKind

_LEAD = 40  # characters at a sentence's head, where its subject stands


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """The facts of one version, with what tells them apart from one another."""

    facts: Sequence[Fact]
    wholes: Sequence[bool]
    around: Sequence[frozenset[str]]
    beside: Sequence[tuple[str, ...]]
    ranks: Sequence[tuple[int, int]]
    places: Sequence[str | None]
    compared: Sequence[bool]

    @classmethod
    def of(cls, facts: Sequence[Fact], wholes: Sequence[bool]) -> "_Side":
        """Look at each fact's sentence once."""
        return cls(
            facts=facts,
            wholes=wholes,
            around=[context(fact) for fact in facts],
            beside=[beside(fact) for fact in facts],
            ranks=_ranks(facts),
            places=[place_of(fact) for fact in facts],
            compared=[is_compared(fact) for fact in facts],
        )


def pair(
    held: Sequence[Fact],
    found: Sequence[Fact],
    parents: Mapping[int, int | None],
    units: Mapping[int, frozenset[str]],
    links: Collection[tuple[int, int]],
    otherwise: Mapping[int, frozenset[int]],
) -> dict[int, int]:
    """Return which of the facts `held` each of those `found` continues, as places in both, the best pairs first.

    `parents` are the places of the wholes of those found, `units` what each is converted to; `links` are pairs of
    (old, new) positions of sentences. `otherwise` are those held that no longer stand by
    themselves, with the found ones that tell of them (`crowds`).
    """
    old = _Side.of(held, [fact.parent is None for fact in held])
    new = _Side.of(found, [parents[f] is None for f in range(len(found))])
    mates: dict[int, int] = {}
    used: set[int] = set()
    for _, _, h, f in sorted(_candidates(old, new, links)):
        if f not in mates and h not in used and f not in otherwise.get(h, ()):
            mates[f] = h
            used.add(h)
    _pair_headlines(old, new, mates)
    _pair_leftovers(held, found, units, links, otherwise, mates)
    return mates


def _candidates(old: _Side, new: _Side, links: Collection[tuple[int, int]]) -> Iterator[tuple[float, int, int, int]]:
    """Yield the pairs that can be one fact: how unlikely, how far apart, old and new place, so that they sort."""
    by_place: dict[int, list[int]] = {}
    by_key: dict[str, list[int]] = {}
    for h, fact in enumerate(old.facts):
        by_place.setdefault(fact.position, []).append(h)
        by_key.setdefault(base_key(fact.key), []).append(h)
    linked: dict[int, list[int]] = {}
    for before, now in links:
        linked.setdefault(now, []).append(before)
    for f, fact in enumerate(new.facts):
        near = {h for before in linked.get(fact.position, ()) for h in by_place.get(before, ())}
        for h in near.union(by_key.get(base_key(fact.key), ())):
            score = likeness(old.facts[h], fact, _signs(old, h, new, f, aligned=h in near))
            if score is not None:
                yield -score, abs(h - f), h, f


def _signs(old: _Side, h: int, new: _Side, f: int, *, aligned: bool) -> Signs:
    before, now = old.places[h], new.places[f]
    is_same = None if before is None or now is None else is_same_place(before, now)
    return Signs(
        aligned=aligned,
        shared=jaccard(old.around[h], new.around[f]),
        beside=alike(old.beside[h], new.beside[f]),
        same_role=old.wholes[h] == new.wholes[f],
        same_rank=old.ranks[h] == new.ranks[f],
        same_place=is_same is True,
        other_place=is_same is False,
        one_compared=old.compared[h] != new.compared[f],
    )


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


def _pair_headlines(old: _Side, new: _Side, mates: dict[int, int]) -> None:
    """Pair the first plain toll of each kind on both sides, if both are still alone; else what stands in for one."""
    used = set(mates.values())
    for kind in FactKind:
        if not kind.is_casualty:
            continue
        h, f = _headline(old, kind), _headline(new, kind)
        if h is None and f is not None:
            h = _forerunner(old, new.facts[f])
        elif f is None and h is not None:
            f = _successor(new, old.facts[h])
        if h is not None and f is not None and h not in used and f not in mates:
            mates[f] = h


def _forerunner(old: _Side, toll: Fact) -> int | None:
    """Return what a toll goes on from where there was none: the only figure of its kind, if that was no larger.

    One that nobody is goes on from the first of whomever something befell: "the child who died" is "no deaths".
    """
    if _is_nobody(toll):
        return _headline(old, toll.kind, anybody=True)
    only = _plain(old, toll.kind, anybody=True)
    is_part = len(only) == 1 and toll.low is not None and (old.facts[only[0]].low or 0) <= toll.low
    return only[0] if is_part else None


def _successor(new: _Side, toll: Fact) -> int | None:
    """Return as what a toll goes on where there is none any more: the only figure of its kind, if it is the same.

    One that nobody was goes on as the first of whomever something befell.
    """
    if _is_nobody(toll):
        return _headline(new, toll.kind, anybody=True)
    only = _plain(new, toll.kind, anybody=True)
    return only[0] if len(only) == 1 and core(new.facts[only[0]]) == core(toll) else None


def _headline(side: _Side, kind: FactKind, *, anybody: bool = False) -> int | None:
    """Return the first figure of a kind that is a whole, has happened, and says no more of its subject than "people".

    So does one that nobody is; `anybody` takes one of any subject.
    """
    return next(iter(_plain(side, kind, anybody=anybody)), None)


def _plain(side: _Side, kind: FactKind, *, anybody: bool) -> list[int]:
    """Return all such figures, in the order of the text."""
    plain = [
        (fact.position, fact.start, k)
        for k, (fact, is_whole) in enumerate(zip(side.facts, side.wholes, strict=True))
        if fact.kind is kind
        and is_whole
        and (anybody or head_of(fact) == ANYBODY)
        and (not any(stance_of(fact)) or _is_nobody(fact))
    ]
    return [k for _, _, k in sorted(plain)]


def _pair_leftovers(
    held: Sequence[Fact],
    found: Sequence[Fact],
    units: Mapping[int, frozenset[str]],
    links: Collection[tuple[int, int]],
    otherwise: Mapping[int, frozenset[int]],
    mates: dict[int, int],
) -> None:
    """Pair what is alone on both sides of an aligned sentence: the same sum in another unit, the same crowd reworded.

    "US$8.2 million" is "€7 million (US$8.2 million)"; the one crowd that a sentence counts is the one crowd of the
    sentence it became, whatever it is called.
    """
    used = set(mates.values())
    for old, new in sorted(links):
        here = [h for h, fact in enumerate(held) if h not in used and fact.position == old]
        there = [f for f, fact in enumerate(found) if f not in mates and fact.position == new]
        for f in there:
            free = [h for h in here if h not in used and f not in otherwise.get(h, ())]
            same = [h for h in free if _is_reworded(held[h], found[f], units.get(f, frozenset()))]
            rivals = [g for g in there if g != f and same and _is_reworded(held[same[0]], found[g], frozenset())]
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
    is_tally = [head_of(fact) in _tallied() for fact in (one, other)]
    if one.kind is FactKind.PERCENT and (goes_other_way(one, other) or is_tally[0] != is_tally[1]):
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


def _is_nobody(fact: Fact) -> bool:
    return fact.low == fact.high == 0 and not (fact.hypothetical or fact.background or fact.increment)


@cache
def _people() -> frozenset[str]:
    return frozenset().union(*(lexicon.people for lexicon in all_lexicons()))


@cache
def _tallied() -> frozenset[str]:
    return frozenset().union(*(lexicon.grammar["tallied"] for lexicon in all_lexicons()))


@cache
def _agent_endings() -> tuple[str, ...]:
    return tuple({ending for lexicon in all_lexicons() for ending in lexicon.agent_endings})
