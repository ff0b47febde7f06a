"""What is counted where nothing befell it, and the key by which a fact is known."""

from collections.abc import Sequence

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import singular
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

# "the three men" were counted before; "the 5,000 members" were not.
_LARGEST_ANAPHOR = 10


def is_counted(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a number with a noun counts something worth keeping."""
    number, phrase = mention.number, mention.phrase
    if number.low != number.low.to_integral_value():
        return False
    if number.form is Form.NONE:
        return phrase.head in lexicon.context["nobody"]
    if number.form in (Form.ARTICLE, Form.SHARE) or number.weak or not phrase.certain:
        return False
    if phrase.head in lexicon.unit_words or lexicon.units.at(tokens, number.stop) is not None:
        return False
    if (
        phrase.head in lexicon.never_counted
        or phrase.head in lexicon.context["nameless"]
        or any(word in lexicon.sports for word in phrase.text.split())
    ):
        return False
    if number.low == 1 and number.high == 1 and mention.bound is None and number.form is not Form.DIGITS:
        return False
    return not _is_known_already(tokens, mention, lexicon)


def _is_known_already(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the words before make it a rank, a window or an anaphor: "the first two", "these three men"."""
    if mention.begin == 0:
        return False
    before = tokens[mention.begin - 1].lower
    if before in lexicon.context["windows"]:
        return before not in lexicon.context["leftover"] or mention.number.low < _LARGEST_ANAPHOR
    if before in lexicon.grammar["determiners_of_whole"] and lexicon.of.before(tokens, mention.begin - 1) is not None:
        whole_of = lexicon.of.before(tokens, mention.begin - 1)
        place = whole_of[1] - 1 if whole_of is not None else -1
        if place >= 0 and (tokens[place].text[0].isdigit() or tokens[place].lower in lexicon.cardinals):
            return False  # "four of the five"
    is_small = mention.number.low < _LARGEST_ANAPHOR and mention.bound is None
    return is_small and before in lexicon.context["definite"]


def key_of(kind: FactKind, head: str, unit: str | None, lexicon: Lexicon) -> str:
    """Return kind, head of the subject and unit: the same for the same claim worded alike."""
    if kind.is_casualty and head in lexicon.generic:
        stem = "people"
    else:
        stem = singular(head, lexicon)
    return f"{kind.value}|{stem}|{unit or ''}"
