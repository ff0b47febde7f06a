"""What is not a fact: dates, times, ages, scores, designations, parts of addresses.

The second stage. It looks only at what stands right beside a number, so each test costs a few comparisons.
"""

import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.nouns import is_plural
from pipeline.facts.numbers import Form, Number
from pipeline.facts.tokens import Shape, Token, is_year

_DASHES = frozenset("-–—−‑")
_GLUE = frozenset("/:@_#")
_HEADLINE = 40  # tokens by which title case is told
_LONGEST_ROW = 12  # tokens of "8, 11 and 14"


def is_no_fact(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a written number is a date, a time, an age, a score, a designation or a part of a longer string."""
    return (
        _is_age(tokens, number, lexicon)
        or (number.sign is None and number.form is Form.DIGITS and _is_name_or_date(tokens, number, lexicon))
        or (number.sign is None and _is_score(tokens, number))
        or (number.form is Form.WORDS and _is_compound_word(tokens, number, lexicon))
        or _is_ratio(tokens, number, lexicon)
    )


def _is_name_or_date(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    return (
        (lexicon.ordinal_dot and _is_dotted(tokens, number))
        or _has_foreign_ending(tokens, number, lexicon)
        or _is_glued(tokens, number)
        or _is_date(tokens, number, lexicon)
        or _is_clock(tokens, number, lexicon)
        or _is_designation(tokens, number, lexicon)
        or _is_list_mark(tokens, number)
    )


def _is_dotted(tokens: Sequence[Token], number: Number) -> bool:
    """Whether a full stop right behind digits makes them an ordinal: "am 12. Mai"."""
    stop = number.stop
    return stop + 1 < len(tokens) and tokens[stop].text == "." and tokens[stop].glued


def is_month(token: Token, lexicon: Lexicon) -> bool:
    """Whether the token names a month; words that are others too ("may") need a capital."""
    return token.lower in lexicon.context["months"] and (
        token.is_capitalised or token.lower not in lexicon.context["shy_months"]
    )


def _is_date(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a number is a year or a day of a month."""
    if number.low <= 31 or is_year(tokens[number.first]):
        after = number.stop
        if after < len(tokens) and is_month(tokens[after], lexicon):
            return True
        before = number.first - 1
        if before > 0 and tokens[before].text in ".," and tokens[before].glued:
            before -= 1
        if before >= 0 and is_month(tokens[before], lexicon):
            return True
    if not is_year(tokens[number.first]) or number.scaled:
        return False
    follower = tokens[number.stop] if number.stop < len(tokens) else None
    is_qualified = lexicon.before.before(tokens, number.first) is not None
    is_counting = follower is not None and (
        follower.lower in lexicon.people
        or lexicon.units.at(tokens, number.stop) is not None
        or lexicon.money_words.at(tokens, number.stop) is not None
    )
    previous = tokens[number.first - 1].lower if number.first > 0 else ""
    tells_when = previous in lexicon.modality["year_noun"] or previous in lexicon.modality["before_year"]
    return tells_when or not (is_qualified or is_counting)


def _is_age(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a number is somebody's age: "aged 17", "17-year-old", "John Smith, 17, of Leeds"."""
    if number.sign is not None:
        return False
    stop = number.stop
    while stop < len(tokens) and tokens[stop].text in _DASHES:
        stop += 1
    unit = lexicon.units.at(tokens, stop)
    if unit is not None:
        following = unit[1] + 1 if unit[1] < len(tokens) and tokens[unit[1]].text in _DASHES else unit[1]
        if following < len(tokens) and tokens[following].lower in lexicon.context["age_old"]:
            return True
    if number.low >= 130:
        return False
    if lexicon.age_after.at(tokens, number.stop) is not None or _is_said_to_be_age(tokens, number, lexicon):
        return True
    return number.form is Form.DIGITS and _is_apposed(tokens, number, lexicon)


def _is_said_to_be_age(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a word of age stands before the number, or before a row that it ends: "aged 8, 11 and 14"."""
    if lexicon.age_before.before(tokens, number.first) is not None:
        return True
    place = number.first
    while place > max(1, number.first - _LONGEST_ROW) and _joins_row(tokens[place - 1], lexicon):
        place -= 1
    is_row = place < number.first and lexicon.age_before.before(tokens, place) is not None
    return is_row and not _counts_something(tokens, number, lexicon)


def _joins_row(token: Token, lexicon: Lexicon) -> bool:
    word, joints = token.lower, lexicon.joints
    is_number = token.shape is Shape.NUMBER or word in lexicon.cardinals
    return is_number or word == "," or word in joints["and"] or word in joints["either"] or word in joints["range"]


def _is_apposed(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a bare number stands between commas behind a name."""
    before, after = number.first - 2, number.stop
    if before < 0 or tokens[number.first - 1].text != "," or after >= len(tokens) or tokens[after].text not in ",.)":
        return False
    is_name = tokens[before].is_capitalised and not is_month(tokens[before], lexicon)
    is_somebody = tokens[before].lower in lexicon.people and not is_plural(tokens[before].lower, lexicon)
    if not tokens[before].is_word or not (is_name or is_somebody):
        return False
    return number.low == number.high and number.low < 120


def _has_foreign_ending(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether letters are glued to the digits that are neither a multiplier nor a unit: "5th", "1990s", "3D"."""
    stop = number.stop
    if stop >= len(tokens) or not tokens[stop].glued or not tokens[stop].is_word:
        return False
    return lexicon.units.at(tokens, stop) is None


def _is_glued(tokens: Sequence[Token], number: Number) -> bool:
    """Whether the number is a part of something longer: "C-130", "M23", "9/11", "3:30", "#5", "v.2"."""
    first, stop = number.first, number.stop
    if tokens[first].glued and first > 0:
        previous = tokens[first - 1]
        if previous.text in _GLUE or previous.shape is Shape.NUMBER:
            return True
        if previous.text in _DASHES and previous.glued and first > 1 and tokens[first - 2].is_word:
            return True
        if previous.is_word or (previous.text == "." and previous.glued):
            return True
        if (previous.text == "(" and previous.glued) or _is_foreign_money(tokens, first - 1):
            return True
    return stop < len(tokens) and tokens[stop].glued and tokens[stop].text in _GLUE


def _is_foreign_money(tokens: Sequence[Token], place: int) -> bool:
    """Whether a currency sign with unknown letters before it stands there: "XYZ$5"."""
    sign = tokens[place]
    return unicodedata.category(sign.text[0]) == "Sc" and sign.glued and place > 0 and tokens[place - 1].is_word


def _is_clock(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    if number.stop >= len(tokens):
        return False
    return number.low <= 24 and tokens[number.stop].lower in lexicon.context["clock"]


def _is_score(tokens: Sequence[Token], number: Number) -> bool:
    """Whether another number is tied to this one by a dash: "3–0", "155-18", telephone numbers."""
    if number.spread:
        return False
    stop, first = number.stop, number.first
    if stop + 1 < len(tokens) and tokens[stop].text in _DASHES and tokens[stop + 1].shape is Shape.NUMBER:
        return True
    return first > 1 and tokens[first - 1].text in _DASHES and tokens[first - 2].shape is Shape.NUMBER


def _is_ratio(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether the number is a part of "one in five", "1 in 10"."""
    first, stop = number.first, number.stop
    is_of_one = first > 1 and tokens[first - 1].lower in lexicon.joints["ratio"]
    if is_of_one and _worth(tokens[first - 2], lexicon) == 1:
        return True
    if number.low != 1 or stop + 1 >= len(tokens) or tokens[stop].lower not in lexicon.joints["ratio"]:
        return False
    return (_worth(tokens[stop + 1], lexicon) or 0) > 1


def _worth(token: Token, lexicon: Lexicon) -> Decimal | None:
    if token.shape is Shape.NUMBER:
        return Decimal(token.text) if token.text.isascii() and token.text.isdigit() else None
    return lexicon.cardinals.get(token.lower)


def _is_designation(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether the number is a name's: "Flight 370", "Zone 7", "Lancair 360"."""
    first = number.first
    if first == 0:
        return False
    previous = tokens[first - 1]
    if (
        previous.text == "."
        and previous.glued
        and first > 1
        and tokens[first - 2].lower in lexicon.context["designators"]
    ):
        return True
    if not previous.is_word or not previous.is_capitalised or lexicon.capitalised_nouns:
        return False
    if previous.lower in lexicon.context["designators"]:
        return not _has_unit(tokens, number, lexicon)
    if (
        previous.lower.endswith(lexicon.possessives)
        or number.scaled
        or lexicon.group in tokens[first].text
        or _is_plain_word(previous, lexicon)
    ):
        return False
    is_craft = number.stop < len(tokens) and tokens[number.stop].lower in lexicon.context["craft"]
    return is_craft or (not _is_title_case(tokens) and not _counts_something(tokens, number, lexicon))


def _is_plain_word(token: Token, lexicon: Lexicon) -> bool:
    """Whether a capitalised word is an ordinary one that merely starts a sentence or stands in a headline."""
    return (
        token.lower in lexicon.stops
        or token.lower in lexicon.casualty_words
        or token.lower in lexicon.reporting["verbs"]
        or token.lower in lexicon.between
        or token.lower in lexicon.rise
        or token.lower in lexicon.people
        or token.lower in lexicon.things
        or lexicon.before.at((token,), 0) is not None
    )


def _is_title_case(tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens[:_HEADLINE] if token.is_word and len(token.text) > 3]
    return len(words) > 3 and sum(token.is_capitalised for token in words) >= 0.7 * len(words)


def _counts_something(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    stop = number.stop
    if stop >= len(tokens):
        return False
    is_noun = tokens[stop].lower in lexicon.people or tokens[stop].lower in lexicon.things
    return is_noun or _has_unit(tokens, number, lexicon)


def _has_unit(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    stop = number.stop
    if stop + 1 < len(tokens) and tokens[stop].text in _DASHES and tokens[stop + 1].glued:
        stop += 1
    return lexicon.units.at(tokens, stop) is not None


def _is_list_mark(tokens: Sequence[Token], number: Number) -> bool:
    """Whether the number opens the sentence as a list's mark: "1. ", "2) "."""
    stop = number.stop
    return number.first == 0 and stop + 1 < len(tokens) and tokens[stop].text in ".)" and tokens[stop].glued


def _is_compound_word(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a number word is a part of a hyphenated word that counts nothing: "three-way", "one-off"."""
    first = number.first
    return first > 1 and tokens[first - 1].text in _DASHES and tokens[first].glued and tokens[first - 2].is_word
