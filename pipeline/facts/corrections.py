"""What a correction note does to facts: which changes it explains, and what it states itself.

A note that newly stands in an article ("An earlier version said 14 people were killed") closes the facts it speaks of:
those whose old or new number it names. A note without a number explains none. What stands in the note is told of the
article, not of what happened.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.facts.claims import core
from pipeline.facts.lexicon import lexicon_for
from pipeline.facts.numbers import Form, find_numbers
from pipeline.facts.tokens import tokenise
from pipeline.model import Fact, FactChange, FactChangeKind, FactKind

_CLOSING = frozenset({FactChangeKind.CHANGED, FactChangeKind.REQUALIFIED, FactChangeKind.DROPPED})


def explained(changes: Sequence[FactChange], notes: Sequence[str], language: str | None) -> dict[int, str]:
    """Return, for each change that a note explains, by its place in `changes`, the first such note."""
    numbers = [(note, _numbers_of(note, language)) for note in notes]
    found: dict[int, str] = {}
    for place, change in enumerate(changes):
        if change.kind not in _CLOSING or change.held is None:
            continue
        values = {*core(change.held.fact), *(core(change.fact) if change.fact is not None else ())}
        note = next((note for note, named in numbers if not values.isdisjoint(named)), None)
        if note is not None:
            found[place] = note
    return found


def without_notes(found: Sequence[Fact], notes: Sequence[str]) -> tuple[Fact, ...]:
    """Return the facts, the figures that stand in one of these correction notes as background."""
    return tuple(
        replace(fact, background=True)
        if fact.kind is not FactKind.QUOTE and any(fact.sentence in note for note in notes)
        else fact
        for fact in found
    )


def _numbers_of(note: str, language: str | None) -> frozenset[Decimal]:
    lexicon = lexicon_for(language)
    if lexicon is None:
        return frozenset()
    numbers = [number for number in find_numbers(tokenise(note), lexicon) if number.form is not Form.ARTICLE]
    return frozenset(value for number in numbers for value in (number.low, number.high) if value is not None)
