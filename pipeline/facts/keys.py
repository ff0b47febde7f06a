"""The key by which a fact is known: its kind, the head of its subject and its unit, "killed|people|".

The same for the same claim worded alike. Where an article tells of two such facts, the second has "#2" behind its key.
"""

from collections.abc import Collection

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.nouns import singular
from pipeline.model import Fact, FactKind

#: The head in the key of every figure of harm whose subject says no more than "people", "others", "deaths".
ANYBODY = "people"


def key_of(kind: FactKind, head: str, unit: str | None, lexicon: Lexicon) -> str:
    """Return the key of what a figure with this unit says of a noun, `head`, in whatever number it stands."""
    stem = ANYBODY if kind.is_casualty and head in lexicon.generic else singular(head, lexicon)
    return f"{kind.value}|{stem}|{unit or ''}"


def quote_key(speaker: str | None) -> str:
    """Return the key of what somebody said, or nobody who is named."""
    return f"{FactKind.QUOTE.value}|{(speaker or '').casefold()}|"


def base_key(key: str) -> str:
    """Return a key without the number that tells it from others of an article."""
    stem, mark, number = key.rpartition("#")
    return stem if mark and number.isdigit() else key


def head_of(fact: Fact) -> str:
    """Return the head of a fact's subject as its key has it."""
    return base_key(fact.key).split("|")[1]


def free_key(key: str, taken: Collection[str]) -> str:
    """Return a key, or where it is taken the first free one with a number behind it."""
    if key not in taken:
        return key
    number = 2
    while f"{key}#{number}" in taken:
        number += 1
    return f"{key}#{number}"
