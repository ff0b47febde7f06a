"""How a hedge stands to its number, for those who write a fact's value without its sentence."""

from collections.abc import Callable
from decimal import Decimal

from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.tokens import tokenise


def hedged(
    low: Decimal | None, high: Decimal | None, qualifier: str | None, *, written: Callable[[Decimal], str]
) -> str | None:
    """Return the one number that a value has with its hedge, as its sentence gave it: "more than 90", "40 or more".

    `None` for a range, and where the qualifier is none of a lexicon's: "hundreds" is the number itself. `written` gives
    a number its digits.
    """
    if not qualifier or (low is not None and high is not None and low != high):
        return None
    number = low if low is not None else high
    if number is None:
        return None
    words = tokenise(qualifier)
    for lexicon in all_lexicons():
        if lexicon.after.at(words, 0):
            return f"{written(number)} {qualifier}"
        if lexicon.before.before(words, len(words)) or qualifier in lexicon.approximate:
            return f"{qualifier} {written(number)}"
    return None
