"""Where a figure is from, as far as the words right beside it say: "12 people in Ard", "In Orrin, seven were killed".

Two tolls of one sentence or page are told apart by it. Pure, and of any language that has a lexicon.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from pipeline.facts.lexicon import languages, load
from pipeline.model import Fact

_REACH = 80  # characters on either side of a figure


def place_of(fact: Fact) -> str | None:
    """Return the name of the place that stands behind the figure and its noun, else of the one before it."""
    behind, before = _patterns()
    sentence = fact.sentence
    match = behind.match(sentence[fact.end : fact.end + _REACH]) or before.search(
        sentence[max(0, fact.start - _REACH) : fact.start]
    )
    return match["place"].casefold() if match else None


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    lexicons = [load(code) for code in languages()]
    prepositions = {word for lexicon in lexicons for word in lexicon.grammar["where"]}
    joints = {word for lexicon in lexicons for word in lexicon.joints["and"]}
    where = _either(prepositions)
    # Behind an "and" the next figure's place begins: "in Ard four people and in Orrin two".
    word = rf"(?!{_either(prepositions | joints)}\b)[^\W\d_][\w'’-]*"
    of = _either(word for lexicon in lexicons for word in lexicon.grammar["of"])
    where = rf"{where}(?:(?: {word}){{1,3}}? {of})?"  # "in the southern town of Sel"
    name = r"(?P<place>(?-i:[A-ZÀ-Þ])[\w'’-]*)"
    return (
        re.compile(rf"(?: {word}){{0,4}}? {where} {name}", re.IGNORECASE),
        re.compile(rf"(?<!\w){where} {name}(?: (?-i:[A-ZÀ-Þ])[\w'’-]*)*,?(?: {word}){{0,3}} ?$", re.IGNORECASE),
    )


def _either(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(set(words), key=len, reverse=True)))})"
