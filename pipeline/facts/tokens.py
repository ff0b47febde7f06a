"""Words, numbers and signs of a sentence, with their places.

One regular expression without nested repetition cuts the sentence, so the time is linear in its length. A number keeps
its inner separators ("1,234.5"); a word keeps inner apostrophes and full stops ("U.S", "al-Abadi’s" is three tokens).
"""

import re
from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import NamedTuple

# Prose sentences stay far below this; what lies beyond it is data, a list or an attack, and is not read.
MAX_CHARACTERS = 6_000

# Marks of writing direction and other signs without a width stand for nothing.
_TOKEN = re.compile(
    r"(?P<number>\d[\d.,]*)|(?P<word>[^\W\d_][^\W_]*(?:['’.&][^\W_]+)*[²³]?)|(?P<sign>[^\s\u200b-\u200f\u202a-\u202e\u2060\ufeff])"
)


class Shape(IntEnum):
    """What a token is made of."""

    NUMBER = 1
    WORD = 2
    SIGN = 3


_SHAPES = (Shape.SIGN, Shape.NUMBER, Shape.WORD, Shape.SIGN)  # by the pattern's groups


class Token(NamedTuple):
    """A piece of a sentence. `glued` tells that nothing, not even a space, stands before it."""

    text: str
    lower: str
    start: int
    end: int
    shape: Shape
    glued: bool

    @property
    def is_word(self) -> bool:
        """Whether it begins with a letter."""
        return self.shape is Shape.WORD

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


#: Makes a token of its fields in order: a third of the cost of naming them, where most of the reading's time goes.
_token: Callable[[tuple[str, str, int, int, Shape, bool]], Token] = partial(tuple.__new__, Token)


def tokenise(sentence: str) -> list[Token]:
    """Return the tokens of the first `MAX_CHARACTERS` of a sentence."""
    tokens: list[Token] = []
    previous_end = -1
    for match in _TOKEN.finditer(sentence, 0, MAX_CHARACTERS):
        start, end = match.span()
        text = match.group()
        shape = _SHAPES[match.lastindex or 0]
        glued = start == previous_end
        previous_end = end
        if shape is not Shape.NUMBER:
            tokens.append(_token((text, text.lower(), start, end, shape, glued)))
            continue
        kept = text.rstrip(".,")
        stop = start + len(kept)
        tokens.append(_token((kept, kept, start, stop, shape, glued)))
        tokens.extend(  # a full stop or comma behind a number is a sign
            _token((sentence[place], sentence[place], place, place + 1, Shape.SIGN, True)) for place in range(stop, end)
        )
    return tokens


def is_year(token: Token) -> bool:
    """Whether the token looks like a year of modern times: four digits without a separator."""
    return len(token.text) == 4 and token.text.isdigit() and "1500" <= token.text <= "2100"


def lowers(phrase: str) -> tuple[str, ...]:
    """Return a phrase as the lower-case tokens that `tokenise` would make of it."""
    return tuple(token.lower for token in tokenise(phrase))
