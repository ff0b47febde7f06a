"""Which way a share went, as far as the words right beside it say: "rose 0.8%", "down by 3%", "0.2% lower".

The figure is stored without a sign. And which figure only says what another one was before: "73%, up from 71%". Pure,
and of any language that has a lexicon.
"""

import re
from functools import cache

from pipeline.facts.lexicon import all_lexicons
from pipeline.facts.phrases import either
from pipeline.facts.tokens import tokenise
from pipeline.model import Fact

_REACH = 40  # characters on either side of a figure


def goes_other_way(one: Fact, other: Fact) -> bool:
    """Whether one figure tells of a rise and the other one of a fall."""
    ways = {_way_of(one), _way_of(other)}
    return ways == {"up", "down"}


def is_compared(fact: Fact) -> bool:
    """Whether a figure stands there to compare another one with: "up from 71%", "compared with 40"."""
    before = tokenise(fact.sentence[max(0, fact.start - _REACH) : fact.start])
    return bool(before) and any(
        before[-1].lower in lexicon.modality["compared_from"]
        or lexicon.comparisons.before(before, len(before)) is not None
        for lexicon in all_lexicons()
    )


def _way_of(fact: Fact) -> str | None:
    before, behind = _patterns()
    sentence = fact.sentence
    match = before.search(sentence[max(0, fact.start - _REACH) : fact.start]) or behind.match(
        sentence[fact.end : fact.end + _REACH]
    )
    return match.lastgroup if match else None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lexicons = all_lexicons()
    ways = "|".join(
        f"(?P<{way}>{either(word for lexicon in lexicons for word in lexicon.context[way])})" for way in ("up", "down")
    )
    by = either(word for lexicon in lexicons for word in (*lexicon.context["by"], *lexicon.approximate))
    return (
        re.compile(rf"\b(?:{ways})(?: {by})* ?$", re.IGNORECASE),
        re.compile(rf" ?%? (?:{ways})\b", re.IGNORECASE),
    )
