"""Number expressions and their values: digits, words, ranges, vague words, shares, articles that mean one.

The first stage. It says what a number is worth and where it stands, not what it counts. Definition: the labelling
guide's "low, high" and "vague" rules; a phrase covers the number with its multiplier and a currency sign, no qualifier
and no unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pipeline.facts.digits import digits_value, read_digits
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.tokens import Shape, Token, is_year
from pipeline.model import FactKind

# A sentence with more numbers than this is a table.
MAX_NUMBERS = 120
_TO_PERSON = 4  #: words of "shark attack victim" behind an ordinal


class Form(StrEnum):
    """How a number is written."""

    DIGITS = "digits"
    WORDS = "words"
    VAGUE = "vague"
    SHARE = "share"
    ARTICLE = "article"
    ORDINAL = "ordinal"
    NONE = "none"

    @property
    def is_number(self) -> bool:
        """Whether digits or number words, vague or not, are written."""
        return self in _NUMBERS


_NUMBERS = frozenset({Form.DIGITS, Form.WORDS, Form.VAGUE})


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `first` to `stop` (exclusive). `high` is open for vague words.

    `scaled` tells that a multiplier word is part of it (of none: that it means nobody), `sign` is the ISO code of a
    currency sign before it, `vague` the vague words as written, `weak` that they count only people in a state,
    `spread` that it is a range.
    """

    first: int
    stop: int
    low: Decimal
    high: Decimal | None
    form: Form
    scaled: bool = False
    sign: str | None = None
    vague: str | None = None
    weak: bool = False
    spread: bool = False


def find_numbers(tokens: Sequence[Token], lexicon: Lexicon) -> list[Number]:
    """Return the number expressions of a sentence in their order, none inside another."""
    found: list[Number] = []
    starts, stop = lexicon.number_starts, 0
    for place, token in enumerate(tokens):
        if place < stop or (token.shape is not Shape.NUMBER and token.lower not in starts):
            continue
        number = _range_between(tokens, place, lexicon) or _single(tokens, place, lexicon)
        if number is None:
            continue
        number = _widened(tokens, number, lexicon)
        found.append(number)
        stop = number.stop
        if len(found) == MAX_NUMBERS:
            break
    return found


def _single(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read one number, without a range, at `place`."""
    sign = _currency_sign(tokens, place, lexicon)
    if sign is not None:
        iso, start = sign
        number = _plain(tokens, start, lexicon)
        return replace(number, first=place, sign=iso) if number is not None and number.form.is_number else None
    return _plain(tokens, place, lexicon)


def _plain(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.shape is Shape.NUMBER:
        value, stop = read_digits(tokens, place, lexicon)
        half = lexicon.and_a_half.at(tokens, stop)
        if value is not None and half is not None:
            value, stop = value + Decimal("0.5"), half[1]
        return None if value is None else _scaled(tokens, place, stop, value, Form.DIGITS, lexicon)
    return (
        _ordinal(tokens, place, lexicon)
        or _set_phrase(tokens, place, lexicon)
        or _words(tokens, place, lexicon)
        or _stand_in(tokens, place, lexicon)
    )


def _ordinal(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read "a third person", "a 12th victim": with this one they are three, or twelve."""
    if lexicon.articles.get(tokens[place].lower) != 1 or place + 2 >= len(tokens):
        return None
    token, behind = tokens[place + 1], tokens[place + 2]
    stop = place + 2
    value = lexicon.ordinals.get(token.lower)
    if token.shape is Shape.NUMBER and behind.glued and behind.lower in lexicon.ordinal_endings:
        value, stop = digits_value(token.text, lexicon), place + 3
    elif behind.text == "-" and place + 3 < len(tokens) and token.lower in lexicon.cardinals:
        small = lexicon.ordinals.get(tokens[place + 3].lower)
        value, stop = None if small is None else lexicon.cardinals[token.lower] + small, place + 4
    is_name = stop >= len(tokens) or tokens[stop].lower in lexicon.context["numbered"]
    if value is None or value < 2 or is_name or not _is_before_person(tokens, stop, lexicon):
        return None
    return Number(place, stop, value, value, Form.ORDINAL)


def _is_before_person(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether one person or casualty is named there, or left out: not in "a third of the people"."""
    if tokens[place].lower in lexicon.grammar["singular_verbs"]:
        return True  # "two were killed and a third was hurt"
    for token in tokens[place : place + _TO_PERSON]:
        if not token.is_word or token.lower in lexicon.stops:
            return False
        if token.lower in lexicon.people or token.lower in lexicon.counted:
            return True
    return False


def _set_phrase(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read a phrase that the lexicon lists with its worth: "dozens", "half a million", "two-thirds"."""
    fixed = lexicon.set_numbers.at(tokens, place)
    if fixed is None or _is_scale_word(tokens, fixed[1], lexicon):
        return None
    worth, stop = fixed
    text = " ".join(t.lower for t in tokens[place:stop])
    form = Form.SHARE if worth.is_share else Form.VAGUE if worth.is_vague else Form.WORDS
    vague = text if worth.is_vague else None
    return Number(place, stop, worth.low, worth.high, form, scaled=True, vague=vague, weak=worth.weak)


def _stand_in(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read an article that may mean one, or the word that denies any."""
    word = tokens[place].lower
    if word in lexicon.articles:
        value = Decimal(lexicon.articles[word])
        return Number(place, place + 1, value, value, Form.ARTICLE)
    nobody = lexicon.nobody.at(tokens, place)
    if nobody is not None:
        return Number(place, nobody[1], Decimal(0), Decimal(0), Form.NONE, scaled=True)
    nothing = lexicon.nothing.at(tokens, place)
    return None if nothing is None else Number(place, nothing[1], Decimal(0), Decimal(0), Form.NONE)


def _words(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read number words: "twenty-five", "two hundred and six", "one and a half million"."""
    if tokens[place].lower not in lexicon.cardinals:
        return None
    total, group, stop = Decimal(0), Decimal(0), place
    last = Decimal(-1)
    scaled = False
    while stop < len(tokens):
        token = tokens[stop]
        if token.lower in lexicon.cardinals:
            value = lexicon.cardinals[token.lower]
            joined = stop == place or scaled or (last >= 20 and 0 < value < 10)
            if not joined or (scaled and last == value):
                break
            group += value
            last = value
            stop += 1
        elif token.lower in lexicon.scales and stop > place:
            scale = lexicon.scales[token.lower]
            scaled = True
            if scale >= 1000:
                total, group = total + max(group, Decimal(1)) * scale, Decimal(0)
            else:
                group = max(group, Decimal(1)) * scale
            last = Decimal(100)
            stop += 1
        elif _joins(tokens, stop, lexicon):
            stop += 1
        else:
            break
    value = total + group
    stop_half = lexicon.and_a_half.at(tokens, stop)
    if stop_half is not None:
        value, stop = value + Decimal("0.5"), stop_half[1]
        return _scaled(tokens, place, stop, value, Form.WORDS, lexicon)
    return Number(place, stop, value, value, Form.WORDS, scaled=scaled)


def _joins(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether the token ties two parts of one number: the hyphen of "twenty-five", the "and" of "hundred and six"."""
    if place + 1 >= len(tokens):
        return False
    token, following = tokens[place], tokens[place + 1]
    is_part = following.lower in lexicon.cardinals or following.lower in lexicon.scales
    if token.text == "-":
        return is_part and token.glued and following.glued and _is_small(following, lexicon)
    is_and = token.lower in lexicon.joints["within_number"] and following.lower in lexicon.cardinals
    return is_and and lexicon.scales.get(tokens[place - 1].lower) == 100


def _is_small(token: Token, lexicon: Lexicon) -> bool:
    return lexicon.cardinals.get(token.lower, Decimal(0)) < 10 or token.lower in lexicon.scales


def _is_scale_word(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    return place < len(tokens) and tokens[place].lower in lexicon.scales


def _is_shortened(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> bool:
    """Whether a full stop shortens the word before it, as in "1,5 Mio. Euro"; one at the very end ends a sentence."""
    is_within = stop + 1 < len(tokens) and tokens[stop].text == "." and tokens[stop].glued
    return is_within and tokens[stop - 1].lower in lexicon.grammar["abbreviations"]


def _scaled(tokens: Sequence[Token], first: int, stop: int, value: Decimal, form: Form, lexicon: Lexicon) -> Number:
    """Apply multiplier words behind a number: "5.3 million", "20bn", "3-million"."""
    scaled = False
    if stop + 1 < len(tokens) and tokens[stop].text == "-" and tokens[stop + 1].lower in lexicon.scales:
        value, stop, scaled = value * lexicon.scales[tokens[stop + 1].lower], stop + 2, True
    while _is_scale_word(tokens, stop, lexicon):
        value, stop, scaled = value * lexicon.scales[tokens[stop].lower], stop + 1, True
        stop += _is_shortened(tokens, stop, lexicon)
    if not scaled and stop < len(tokens) and tokens[stop].lower in lexicon.narrow_scales:
        follower = tokens[stop + 1].lower if stop + 1 < len(tokens) else ""
        has_sign = _has_currency(tokens, first, lexicon)
        if tokens[stop].glued and (has_sign or follower in lexicon.people):
            value, stop, scaled = value * lexicon.narrow_scales[tokens[stop].lower], stop + 1, True
    return Number(first, stop, value, value, form, scaled=scaled)


def _has_currency(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a currency sign of one or two tokens ("US$") ends right before `place`."""
    for start in range(max(0, place - 2), place):
        sign = _currency_sign(tokens, start, lexicon)
        if sign is not None and sign[1] == place:
            return True
    return False


def _currency_sign(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[str, int] | None:
    """Return the ISO code of a currency sign that starts at `place`, and the place of its number.

    "US$" is a word and a sign; a code in letters ("USD", "Rs") counts only with a capital.
    """
    token = tokens[place]
    if token.is_word and place + 1 < len(tokens) and tokens[place + 1].glued:
        iso = lexicon.signs.get(token.lower + tokens[place + 1].text)
        if iso is not None:
            return iso, place + 2
    iso = lexicon.signs.get(token.lower)
    is_code = token.is_word and not token.is_capitalised
    is_foreign = (
        not token.is_word and token.glued and place > 0 and tokens[place - 1].is_word
    )  # a dollar we do not know
    if iso is None or is_code or is_foreign:
        return None
    stop = place + 1
    if token.is_word and stop < len(tokens) and tokens[stop].text == ".":
        stop += 1
    return iso, stop


def _range_between(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """Read "between A and B". It starts at A: "between" is no part of a number's phrase."""
    if place == 0 or tokens[place - 1].lower not in lexicon.joints["between"]:
        return None
    lower = _single(tokens, place, lexicon)
    if lower is None or not lower.form.is_number:
        return None
    stop = lower.stop
    while stop < len(tokens) and stop < lower.stop + 3 and tokens[stop].lower not in lexicon.joints["and"]:
        stop += 1  # "between 10 and 20", "between 10% and 20%", "between 5 acres and 8 acres"
    upper = _single(tokens, stop + 1, lexicon) if stop + 1 < len(tokens) else None
    return None if upper is None else _joined(lower, upper)


def _widened(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number:
    """Read the upper end of "A to B", "A-B", "A or B" behind A, where there is one."""
    stop = number.stop
    if number.spread or not number.form.is_number or stop + 1 >= len(tokens):
        return number
    is_share = tokens[stop].text == "%" and stop + 2 < len(tokens)
    stop += is_share
    joint = tokens[stop]
    is_dash = not joint.is_word and joint.lower in lexicon.joints["range"]
    if joint.lower not in lexicon.joints["range"] and joint.lower not in lexicon.joints["either"]:
        return number
    came_from = number.first > 0 and tokens[number.first - 1].lower in lexicon.joints["from"]
    ranges = number.first > 1 and tokens[number.first - 2].lower in lexicon.joints["ranging"]
    if came_from and not is_dash and not ranges:
        return number
    upper = _single(tokens, stop + 1, lexicon)
    if upper is None or (joint.lower in lexicon.joints["either"] and upper.low != number.low + 1):
        return number
    is_other = is_share and not _is_share(tokens, upper, lexicon)  # "climbed 2.1% to $81.40"
    is_name = is_dash and (number.form is not upper.form or is_year(tokens[number.first]))
    return number if is_other or is_name else _joined(number, upper) or number


def _is_share(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    unit = lexicon.units.at(tokens, number.stop)
    return unit is not None and unit[0].kind is FactKind.PERCENT


def _joined(lower: Number, upper: Number) -> Number | None:
    """Make a range of two numbers; a multiplier or sign that one has is meant for both ("5 to 10 million")."""
    if not upper.form.is_number or upper.high is None or lower.high is None:
        return None
    low, high = lower.low, upper.high
    if upper.scaled and not lower.scaled and lower.low < 1000:
        scale = _scale_of(upper.high)
        low = low * scale if low * scale < high else low
    if low >= high:
        return None
    return replace(lower, stop=upper.stop, low=low, high=high, sign=lower.sign or upper.sign, spread=True)


def _scale_of(value: Decimal) -> Decimal:
    scale = Decimal(1)
    while value / (scale * 1000) >= 1:
        scale *= 1000
    return scale
