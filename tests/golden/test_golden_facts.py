"""Whole sentences as wires build them, with every fact they tell and all that is known of it. All are made up.

They stand in `facts_in_full.txt`, a blank line apart, each above its facts: kind, words, what they are worth, unit and
subject; then the qualifier, who says so, what the fact is if not plainly so, and of which of them it is a part or a
conversion.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.facts import extract_facts
from pipeline.model import Fact

BLOCKS = (Path(__file__).parent / "facts_in_full.txt").read_text(encoding="utf-8").strip().split("\n\n")
FLAGS = ("negated", "hypothetical", "background", "increment")


def told(fact: Fact) -> str:
    """Return a fact in one line."""
    words = fact.sentence[fact.start : fact.end]
    worth = number(fact.low) if fact.low == fact.high else f"{number(fact.low)}..{number(fact.high)}"
    parts = [fact.kind.value, words] + (["=", worth, fact.unit or "", fact.subject] if worth else [])
    notes = [fact.qualifier, f"says {fact.attribution}" if fact.attribution else None]
    notes += [flag for flag in FLAGS if getattr(fact, flag)]
    notes += [f"of {fact.parent}" if fact.parent is not None else None]
    notes += [f"again {fact.converts}" if fact.converts is not None else None]
    return ", ".join([" ".join(part for part in parts if part), *(note for note in notes if note)])


def number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0][:40])
def test_a_sentence_is_read_in_full(block: str) -> None:
    sentence, *facts = block.split("\n")
    assert ["  " + told(fact) for fact in extract_facts([sentence], "en")] == facts
