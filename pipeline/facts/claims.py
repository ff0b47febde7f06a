"""When two mentions are one fact: what a fact claims, and the facts of a version without their repetitions."""

import re
from collections.abc import Hashable, Sequence
from decimal import Decimal

from pipeline.facts.keys import ANYBODY, head_of
from pipeline.model import Fact, FactKind

WORD = re.compile(r"[^\W\d_]{3,}")


def core(fact: Fact) -> tuple[Decimal, ...]:
    """Return the number or numbers a fact states, whichever side its qualifier left open."""
    return tuple(sorted({value for value in (fact.low, fact.high) if value is not None}))


def distinct(found: Sequence[Fact]) -> tuple[list[int], dict[int, int | None]]:
    """Return the facts without repetitions, as places in `found`, and for each kept one the place of its whole.

    Two figures of one sentence are two facts even where they are equal ("three in Kabul and three in Herat"). In
    another sentence the same number of the same key, in the same role, is the same fact.
    """
    home: list[int] = []  # for each found fact, the first mention of the same fact
    mentions: dict[int, list[int]] = {}
    alike: dict[Hashable, list[int]] = {}
    used: dict[int, set[int]] = {}  # by sentence: the facts that it has stated already
    for k, fact in enumerate(found):
        if fact.converts is not None:
            home.append(k)
            continue
        group = alike.setdefault(claim_of(fact), [])
        here = used.setdefault(fact.position, set())
        first = next((j for j in group if j not in here), None)
        if first is None:
            first = k
            group.append(k)
        home.append(first)
        here.add(first)
        mentions.setdefault(first, []).append(k)
    _join_same_one(found, mentions, home)
    place = {k: index for index, k in enumerate(mentions)}
    parents: dict[int, int | None] = {}
    for k in mentions:
        parent = found[k].parent
        whole = home[parent] if parent is not None and 0 <= parent < len(found) else None
        parents[place[k]] = None if whole is None or whole == k else place.get(whole)
    return [_best_mention(found, said) for said in mentions.values()], parents


def other_units(found: Sequence[Fact], mentions: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return, for each kept fact by its place, the units it is converted to."""
    places = {mention: place for place, mention in enumerate(mentions)}
    units: dict[int, frozenset[str]] = {}
    for fact in found:
        place = places.get(fact.converts) if fact.converts is not None else None
        if place is not None and fact.unit:
            units[place] = units.get(place, frozenset()) | {fact.unit}
    return units


def _join_same_one(found: Sequence[Fact], mentions: dict[int, list[int]], home: list[int]) -> None:
    """Take the one person of one sentence and the one woman of another for the same, where nobody else is told of."""
    for kind in {found[k].kind for k in mentions if found[k].kind.is_casualty}:
        plain = [
            k for k in mentions if found[k].kind is kind and found[k].parent is None and not any(stance_of(found[k]))
        ]
        if len(plain) != 2 or any(core(found[k]) != (Decimal(1),) for k in plain):
            continue
        named = [k for k in plain if head_of(found[k]) != ANYBODY]
        if len(named) != 1 or found[plain[0]].position == found[plain[1]].position:
            continue
        first, second = plain
        mentions[first] += mentions.pop(second)
        home[:] = [first if k == second else k for k in home]


def claim_of(fact: Fact) -> Hashable:
    """Return what two mentions of one fact have in common."""
    if fact.kind is FactKind.QUOTE:
        return fact.key, quoted(fact)
    return fact.key, core(fact), stance_of(fact), fact.parent is None


def _best_mention(found: Sequence[Fact], mentions: Sequence[int]) -> int:
    return next((k for k in mentions if found[k].attribution), mentions[0])


def stance_of(fact: Fact) -> tuple[bool, bool, bool, bool]:
    """Return how far a fact is from plain fact: negated, hypothetical, background, increment."""
    return fact.negated, fact.hypothetical, fact.background, fact.increment


def quoted(fact: Fact) -> str:
    """Return the words of a quotation, to compare it with others."""
    return " ".join(WORD.findall(fact.sentence[fact.start : fact.end].casefold()))
