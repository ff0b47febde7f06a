"""Whether a figure has happened: denied, not yet so, or of another event.

Cues stand before the figure in its own clause; a clause ends at the words of the lexicon's `clause_breaks`, at a
semicolon, or where a new participle clause begins behind a comma (", killing 12").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts.context import is_month, is_year
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.tokens import Token

_REACH = 30
_NEGATION_REACH = 7


@dataclass(frozen=True, slots=True)
class Modality:
    """How far a figure is from plain fact."""

    negated: bool = False
    hypothetical: bool = False
    background: bool = False


def read_modality(tokens: Sequence[Token], begin: int, stop: int, lexicon: Lexicon) -> Modality:
    """Judge the figure at tokens `begin` to `stop`."""
    start = clause_start(tokens, begin, lexicon)
    return Modality(
        negated=_is_negated(tokens, start, begin, lexicon),
        hypothetical=_is_hypothetical(tokens, start, begin, lexicon),
        background=_is_background(tokens, begin, stop, lexicon),
    )


def ends_sentence(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether the token closes a sentence, as far as one can tell: a full stop before a capital, no abbreviation."""
    token = tokens[place]
    if token.text in "!?;":
        return True
    if token.text != "." or place + 1 >= len(tokens) or place == 0:
        return token.text == "." and place > 0
    previous, following = tokens[place - 1], tokens[place + 1]
    if following.glued or previous.lower in lexicon.grammar["abbreviations"] or len(previous.text) == 1:
        return False
    return following.is_capitalised or not following.is_word


def clause_start(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    """Return the first token of the clause in which `place` stands."""
    for before in range(place - 1, max(-1, place - _REACH), -1):
        token = tokens[before]
        if token.lower in lexicon.modality["clause_breaks"] or ends_sentence(tokens, before, lexicon):
            return before + 1
        if token.text in ",—–(" and before + 1 < len(tokens):
            following = tokens[before + 1].lower
            if lexicon.active.at(tokens, before + 1) is not None and following.endswith(
                tuple(lexicon.grammar["verb_endings"])
            ):
                return before + 1
    return max(0, place - _REACH)


def _is_hypothetical(tokens: Sequence[Token], start: int, begin: int, lexicon: Lexicon) -> bool:
    place = start
    while place < begin:
        hit = lexicon.hypothetical.at(tokens, place)
        if hit is not None and hit[1] <= begin:
            token = tokens[place]
            if not (token.lower in lexicon.modality["names"] and token.is_capitalised and place > 0):
                return True
        place += 1
    return False


def _is_negated(tokens: Sequence[Token], start: int, begin: int, lexicon: Lexicon) -> bool:
    for place in range(max(start, begin - _NEGATION_REACH), begin):
        if tokens[place].text == ",":
            return any(_negates(tokens, later, lexicon) for later in range(place + 1, begin))
    return any(_negates(tokens, place, lexicon) for place in range(max(start, begin - _NEGATION_REACH), begin))


def _negates(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    return tokens[place].lower in lexicon.modality["negated"] and lexicon.not_negated.at(tokens, place) is None


def _is_background(tokens: Sequence[Token], begin: int, stop: int, lexicon: Lexicon) -> bool:
    first = max(0, begin - _REACH)
    for place in range(begin - 1, first - 1, -1):
        if ends_sentence(tokens, place, lexicon) or tokens[place].lower in lexicon.context["contrast"]:
            first = place + 1
            break
    last = min(len(tokens), stop + _REACH)
    for place in range(stop, last):
        if ends_sentence(tokens, place, lexicon) or tokens[place].lower in lexicon.modality["clause_breaks"]:
            last = place
            break
    for place in range(first, last):
        if lexicon.background.at(tokens, place) is not None:
            return True
        if is_year(tokens, place) and _is_past_year(tokens, place, begin, lexicon):
            return True
    return False


def _is_past_year(tokens: Sequence[Token], place: int, begin: int, lexicon: Lexicon) -> bool:
    """Whether a year says when the figure was true: "in May 2024", "the 1999 quake killed"."""
    before = place - 1
    while before >= 0 and (
        is_month(tokens[before], lexicon) or tokens[before].text == "," or len(tokens[before].text) <= 2 and tokens[before].text.isdigit()
    ):
        before -= 1
    if before < 0:
        return False
    word = tokens[before].lower
    if word in lexicon.modality["past_year"]:
        return not any(tokens[k].lower in lexicon.modality["running"] for k in range(max(0, before - 3), before))
    if place > begin:
        return False
    followed = place + 1 < len(tokens) and tokens[place + 1].is_word and tokens[place + 1].lower not in lexicon.stops
    return followed and (word in lexicon.modality["year_noun"] or word.endswith(("'s", "’s")))
