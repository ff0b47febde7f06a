"""Where a figure is from, as far as the words right beside it say: "12 people in Ard", "In Orrin, seven were killed".

Two tolls of one sentence or page are told apart by it. Pure, and of any language that has a lexicon.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.phrases import either
from pipeline.model import Fact, FactChange, FactKind

_REACH = 80  # characters on either side of a figure


def with_places(changes: Sequence[FactChange]) -> tuple[FactChange, ...]:
    """Return the changes, those of tolls with their place where tolls of one kind stand beside several places.

    A part of a toll has its place in any case: "two of them in Ard".
    """
    names = [_place_of_toll(change) for change in changes]
    places: dict[FactKind, set[str]] = {}
    for change, name in zip(changes, names, strict=True):
        if name is not None and _fact_of(change).parent is None:
            places.setdefault(_fact_of(change).kind, set()).add(name.casefold())
    return tuple(
        replace(change, place=name) if _tells(change, name, places) else change
        for change, name in zip(changes, names, strict=True)
    )


def _tells(change: FactChange, name: str | None, places: Mapping[FactKind, set[str]]) -> bool:
    fact = _fact_of(change)
    return name is not None and (fact.parent is not None or len(places[fact.kind]) > 1)


def _place_of_toll(change: FactChange) -> str | None:
    fact = _fact_of(change)
    return place_of(fact) if fact.kind.is_casualty and not fact.background else None


def _fact_of(change: FactChange) -> Fact:
    fact = change.fact or (change.held.fact if change.held else None)
    if fact is None:
        raise ValueError("a fact change has a side")
    return fact


def place_of(fact: Fact) -> str | None:
    """Return the name of the place that a figure is from, as it is written."""
    match = _match_beside(fact)
    return match["place"] + match["more"] if match else None


def is_same_place(one: str, other: str) -> bool:
    """Whether two names are of one place, which one of them may tell more of: "Karu", "Karu City"."""
    short, long = sorted((f"{one} ".casefold(), f"{other} ".casefold()), key=len)
    return long.startswith(short)


def _match_beside(fact: Fact) -> re.Match[str] | None:
    """Return the name of the place that stands behind the figure and its noun, else of the one before it."""
    behind, before = _patterns()
    sentence = fact.sentence
    return behind.match(sentence[fact.end : fact.end + _REACH]) or before.search(
        sentence[max(0, fact.start - _REACH) : fact.start]
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lexicons = all_lexicons()
    prepositions = {word for lexicon in lexicons for word in lexicon.grammar["where"]}
    joints = {word for lexicon in lexicons for word in lexicon.joints["and"]}
    where = either(prepositions)
    # Behind an "and" the next figure's place begins: "in Ard four people and in Orrin two".
    word = rf"(?!{either(prepositions | joints)}\b)[^\W\d_][\w'’-]*"
    of = either(word for lexicon in lexicons for word in lexicon.grammar["of"])
    where = rf"{where}(?:(?: {word}){{1,3}}? {of})?"  # "in the southern town of Sel"
    days = either(word for lexicon in lexicons for name in ("weekdays", "months") for word in lexicon.context[name])
    more = rf"(?P<more>(?: (?!{days}\b)(?-i:[A-ZÀ-Þ])[\w'’-]*)*)"  # not "in Ard Monday"
    name = rf"(?P<place>(?!{days}\b)(?-i:[A-ZÀ-Þ])[\w'’-]*){more}"
    return (
        re.compile(rf"(?: {word}){{0,4}}? {where} {name}", re.IGNORECASE),
        re.compile(rf"(?<!\w){where} {name},?(?: {word}){{0,3}} ?$", re.IGNORECASE),
    )
