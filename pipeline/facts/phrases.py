"""Finding phrases of a lexicon at, or right before, a place among tokens.

A phrase is a run of lower-case tokens; "at least" is two, "u.s. dollars" is what the tokeniser makes of it. Looking one
up costs one dictionary access and a comparison for each phrase that starts (or ends) with the word at hand.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from pipeline.facts.tokens import Token, lowers

V = TypeVar("V")


class Phrases(Generic[V]):
    """A table from phrases to values. The longest phrase wins."""

    def __init__(self, table: Mapping[str, V]) -> None:
        forward: dict[str, list[tuple[tuple[str, ...], V]]] = {}
        backward: dict[str, list[tuple[tuple[str, ...], V]]] = {}
        for phrase, value in table.items():
            words = lowers(phrase)
            forward.setdefault(words[0], []).append((words, value))
            backward.setdefault(words[-1], []).append((words, value))
        for index in (forward, backward):
            for entries in index.values():
                entries.sort(key=lambda entry: -len(entry[0]))
        self._forward = forward
        self._backward = backward

    def at(self, tokens: Sequence[Token], place: int) -> tuple[V, int] | None:
        """Return the value of the phrase that starts at `place`, and the place behind it."""
        if place >= len(tokens):
            return None
        entries = self._forward.get(tokens[place].lower)
        if not entries:
            return None
        following = tokens[place + 1].lower if place + 1 < len(tokens) else None
        for words, value in entries:
            # Many phrases begin alike ("the ..."): their second word tells most of them apart.
            if (len(words) == 1 or words[1] == following) and _stand_at(words, tokens, place):
                return value, place + len(words)
        return None

    def before(self, tokens: Sequence[Token], place: int) -> tuple[V, int] | None:
        """Return the value of the phrase that ends right before `place`, and the place where it starts."""
        if not 0 < place <= len(tokens):
            return None
        for words, value in self._backward.get(tokens[place - 1].lower, ()):
            start = place - len(words)
            if start >= 0 and _stand_at(words, tokens, start):
                return value, start
        return None


def _stand_at(words: tuple[str, ...], tokens: Sequence[Token], place: int) -> bool:
    if place + len(words) > len(tokens):
        return False
    for k, word in enumerate(words):  # noqa: SIM110 - a plain loop: `all` over a generator costs three times as much here
        if tokens[place + k].lower != word:
            return False
    return True


def phrase_set(phrases: Iterable[str]) -> Phrases[str]:
    """Return a table in which each phrase stands for itself."""
    return Phrases({phrase: phrase for phrase in phrases})


def either(phrases: Iterable[str]) -> str:
    """Return a regular expression of phrases, the longest first, for text that is not cut into tokens."""
    return f"(?:{'|'.join(map(re.escape, sorted(set(phrases), key=len, reverse=True)))})"
