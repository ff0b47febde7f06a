"""What is counted where nothing befell it, and the key by which a fact is known."""

from collections.abc import Sequence

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import singular
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Shape, Token
from pipeline.model import FactKind

# "the three men" were counted before; "the 5,000 members" were not.
_LARGEST_ANAPHOR = 10

# The head in the key of every figure of harm whose subject says no more than "people", "others", "deaths".
_ANYBODY = "people"


def is_counted(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a number with a noun counts something worth keeping."""
    number, phrase = mention.number, mention.phrase
    if number.form is Form.NONE:
        return not number.scaled and phrase.head in lexicon.context["nobody"]
    is_whole = number.low == number.low.to_integral_value()
    if not is_whole or number.form in (Form.ARTICLE, Form.SHARE) or number.weak or not phrase.certain:
        return False
    is_one = number.low == 1 and number.high == 1 and mention.bound is None and number.form is not Form.DIGITS
    if is_one or _is_uncounted(tokens, mention, lexicon):
        return False
    return not _is_known_already(tokens, mention, lexicon)


def _is_uncounted(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the noun is one that is never counted as a fact: goals, times, hours, "others"."""
    head = mention.phrase.head
    return (
        head in lexicon.never_counted
        or head in lexicon.context["nameless"]
        or head in lexicon.unit_words
        or lexicon.units.at(tokens, mention.number.stop) is not None
        or not lexicon.sports.isdisjoint(mention.phrase.text.split())
    )


def _is_known_already(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the words before make it a rank, a window or an anaphor: "the first two", "these three men"."""
    if mention.begin == 0:
        return False
    before = tokens[mention.begin - 1].lower
    if before in lexicon.context["windows"]:
        return before not in lexicon.context["leftover"] or mention.number.low < _LARGEST_ANAPHOR
    of = lexicon.of.before(tokens, mention.begin - 1) if before in lexicon.grammar["determiners_of_whole"] else None
    if of is not None and of[1] > 0:
        part = tokens[of[1] - 1]
        if part.shape is Shape.NUMBER or part.lower in lexicon.cardinals:
            return False  # "four of the five"
    is_small = mention.number.low < _LARGEST_ANAPHOR and mention.bound is None
    return is_small and before in lexicon.context["definite"]


def key_of(kind: FactKind, head: str, unit: str | None, lexicon: Lexicon) -> str:
    """Return kind, head of the subject and unit: the same for the same claim worded alike."""
    stem = _ANYBODY if kind.is_casualty and head in lexicon.generic else singular(head, lexicon)
    return f"{kind.value}|{stem}|{unit or ''}"
