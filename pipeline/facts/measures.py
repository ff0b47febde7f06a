"""What a number measures: money, shares, magnitudes, units of measure, spans of time.

Each reader returns a `Measure` or none. Spans of time are facts only where something lasts so long (a sentence, a
ceasefire, a delay); windows ("in the last 24 hours"), ages and "two weeks ago" are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.lexicon_values import Unit
from pipeline.facts.measured import NOTHING, Thing, behind, contested, favoured, measured, owner
from pipeline.facts.mentions import Mention, without_qualifier
from pipeline.facts.numbers import Form, Number
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

_HYPHENS = frozenset("-‑–")
_CHANGE_REACH = 8  # tokens before "from 60 to 63 years" where "age" would stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a mention measures. `stop` is the token behind its unit.

    `spread` tells that it is the time over which a sum is paid: who names the sum does not vouch for it.
    """

    mention: Mention
    kind: FactKind
    unit: str
    stop: int
    thing: Thing
    spread: bool = False


class _UnitPlace(NamedTuple):
    """A unit, the token behind it, and whether a hyphen ties it to its number."""

    unit: Unit
    stop: int
    compound: bool


def read_measure(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon, *, money_before: bool) -> Measure | None:
    """Return what a number measures, or none where it counts or is nothing. `money_before`: a sum stands before it."""
    if mention.number.form is Form.SHARE:
        return _share(tokens, mention, lexicon)
    magnitude = _magnitude(tokens, mention, lexicon)
    if magnitude is not None:
        return magnitude
    money = _money(tokens, mention, lexicon)
    if money is not None:
        return money
    stop, compound = _unit_place(tokens, mention.number, lexicon)
    unit = lexicon.units.at(tokens, stop) or _shared_unit(tokens, mention.number, lexicon)
    if unit is None or _is_name_or_price(tokens, stop, lexicon):
        return None
    place = _UnitPlace(unit[0], unit[1], compound)
    if place.unit.kind is FactKind.DURATION:
        return _duration(tokens, mention, place, lexicon, money_before=money_before)
    return _unit_measure(tokens, mention, place, lexicon)


def _is_name_or_price(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a letter that stands for a unit stands for something else: "3M", "620m/-"."""
    if place >= len(tokens) or tokens[place].lower not in lexicon.narrow_scales:
        return False
    is_priced = place + 1 < len(tokens) and tokens[place + 1].text == "/" and tokens[place + 1].glued
    return is_priced or tokens[place].text != tokens[place].lower


def is_conversion(tokens: Sequence[Token], number: Number) -> bool:
    """Whether a number opens a bracket right behind another quantity: "144 km (89 mi)"."""
    first = number.first
    return first > 1 and tokens[first - 1].text == "(" and tokens[first - 2].text != "("


def _unit_place(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> tuple[int, bool]:
    """Return where a unit would start, and whether a hyphen ties it to the number ("40-acre")."""
    hedge = lexicon.after.at(tokens, number.stop)
    stop = number.stop if hedge is None else hedge[1]
    if stop + 1 < len(tokens) and tokens[stop].text in _HYPHENS and tokens[stop].glued and tokens[stop + 1].glued:
        return stop + 1, True
    return stop, False


def _shared_unit(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> tuple[Unit, int] | None:
    """Return the unit that two numbers share: the first of "12 and 15 years"."""
    stop = number.stop
    if number.form is Form.ARTICLE or stop + 2 >= len(tokens):
        return None
    joint = tokens[stop].lower
    is_change = joint in lexicon.joints["range"] and _comes_from(tokens, number, lexicon)  # "from five to seven years"
    if not is_change and joint not in lexicon.joints["and"] and joint not in lexicon.joints["either"]:
        return None
    following = tokens[stop + 1]
    is_number = following.text.isdigit() or following.lower in lexicon.cardinals
    return lexicon.units.at(tokens, stop + 2) if is_number else None


def _comes_from(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    return number.first > 0 and tokens[number.first - 1].lower in lexicon.joints["from"]


def _share(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Measure | None:
    """Read "half of the votes"; a share of nothing named is none ("in the second half")."""
    of = lexicon.of.at(tokens, mention.number.stop)
    place = mention.number.stop if of is None else of[1]
    if place < len(tokens) and tokens[place].lower in lexicon.articles:
        unit = lexicon.units.at(tokens, place + 1)
        if unit is not None and unit[0].kind is FactKind.PERCENT:
            return _part_of_point(tokens, mention, _UnitPlace(unit[0], unit[1], compound=False), lexicon)
    if of is None or (mention.begin > 0 and tokens[mention.begin - 1].lower in lexicon.duration_words["ordinals"]):
        return None
    if of[1] < len(tokens) and (tokens[of[1]].text.isdigit() or tokens[of[1]].lower in lexicon.context["months"]):
        return None
    thing = owner(tokens, of[1], lexicon)
    if thing.head in lexicon.grammar["no_things"]:
        return None  # "un cuarto de punto"
    return Measure(mention=mention, kind=FactKind.PERCENT, unit="%", stop=mention.number.stop, thing=thing)


def _part_of_point(tokens: Sequence[Token], mention: Mention, unit: _UnitPlace, lexicon: Lexicon) -> Measure | None:
    """Read "a quarter of a percentage point", which is 0.25 of them."""
    number = mention.number
    part = replace(mention, low=number.low / 100, high=None if number.high is None else number.high / 100)
    return _unit_measure(tokens, part, unit, lexicon)


def _magnitude(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Measure | None:
    number = mention.number
    if number.form is not Form.DIGITS or number.low > 10 or number.sign is not None:
        return None
    words = lexicon.magnitudes
    place = number.first - 1
    while place >= 0 and (tokens[place].text in _HYPHENS or tokens[place].lower in lexicon.joints["magnitude_gap"]):
        place -= 1
    before = tokens[place].lower if place >= 0 else ""
    stop = number.stop + 1 if number.stop < len(tokens) and tokens[number.stop].text in _HYPHENS else number.stop
    behind = tokens[stop].lower if stop < len(tokens) else ""
    is_letter = len(before) == 1  # "M 6.1" is one, "I m 6" is not
    if before in words and not (is_letter and not tokens[place].is_capitalised):
        unit, stop = words[before], number.stop
    elif behind in words and len(behind) > 1:
        unit, stop = words[behind], stop + 1
    elif before in lexicon.context["quakes"] and tokens[number.first - 1].lower in lexicon.joints["magnitude_gap"]:
        unit, stop = "M", number.stop
    elif (said := _said_magnitude(tokens, number, lexicon)) is not None:
        unit, stop = said, number.stop
    else:
        return None
    quake = Thing(lexicon.quake, lexicon.quake)
    return Measure(mention=mention, kind=FactKind.MAGNITUDE, unit=unit, stop=stop, thing=quake)


def _said_magnitude(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> str | None:
    """Return the unit of a magnitude told by a verb: "was revised down to 6.8", "the quake, which measured 6.3"."""
    place = number.first - 1
    if place < 0 or lexicon.decimal not in tokens[number.first].text:
        return None
    if tokens[place].lower in lexicon.context["registering"]:
        near = tokens[max(0, place - _CHANGE_REACH) : place]
        is_quakes = any(token.lower in lexicon.context["quakes"] for token in near)
        return "M" if is_quakes and lexicon.units.at(tokens, number.stop) is None else None
    if tokens[place].lower not in lexicon.rise:
        return None
    while place >= max(0, number.first - _CHANGE_REACH) and tokens[place].is_word:
        word = tokens[place].lower
        if word in lexicon.magnitudes and len(word) > 1:
            return lexicon.magnitudes[word]
        place -= 1
    return None


def _money(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Measure | None:
    number = mention.number
    if number.sign is not None:
        thing = _bought(tokens, number.stop, lexicon)
        return Measure(mention=mention, kind=FactKind.MONEY, unit=number.sign, stop=number.stop, thing=thing)
    place, _ = _unit_place(tokens, number, lexicon)
    word = lexicon.money_words.at(tokens, place)
    if word is None and number.scaled:
        word = lexicon.scaled_money_words.at(tokens, place)
    if word is None or number.form is Form.ARTICLE:
        return None
    iso, stop = word
    return Measure(mention=mention, kind=FactKind.MONEY, unit=iso, stop=stop, thing=_bought(tokens, stop, lexicon))


def _bought(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> Thing:
    """Return what a sum is for: "worth of cargo", "debt", "in aid"."""
    place = stop
    while place < len(tokens) and place < stop + 3 and tokens[place].lower in lexicon.context["for_what"]:
        place += 1
    return behind(tokens, stop, lexicon) if place == stop else owner(tokens, place, lexicon)


def _behind_dimension(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> int:
    """Step over "-tall" in "a 23-meter-tall statue", "tall" in "23 meters tall"."""
    place = stop + 1 if stop < len(tokens) and tokens[stop].text in _HYPHENS and tokens[stop].glued else stop
    return place + 1 if place < len(tokens) and tokens[place].lower in lexicon.context["dimensions"] else stop


def _unit_measure(tokens: Sequence[Token], mention: Mention, unit: _UnitPlace, lexicon: Lexicon) -> Measure | None:
    unit = unit._replace(stop=_behind_dimension(tokens, unit.stop, lexicon))
    thing = NOTHING
    if unit.unit.kind is FactKind.PERCENT:
        sides = favoured(tokens, unit.stop, lexicon), contested(tokens, mention.begin, unit.stop, lexicon)
        thing = next((side for side in sides if side.head), NOTHING)
    thing = thing if thing.head else measured(tokens, mention.begin, unit.stop, lexicon)
    if unit.unit.kind is FactKind.MEASURE:
        noun = behind(tokens, unit.stop, lexicon).head
        converted = unit.stop < len(tokens) and tokens[unit.stop].text == "("  # "a 500-pound (225 kg) bomb"
        if noun in lexicon.sports or (unit.compound and not (noun or converted)):
            return None
        thing = thing._replace(head=noun)  # "burned 900 acres" and "grew to 900 acres" are about the same
    return Measure(mention=mention, kind=unit.unit.kind, unit=unit.unit.name, stop=unit.stop, thing=thing)


def _duration(
    tokens: Sequence[Token], mention: Mention, unit: _UnitPlace, lexicon: Lexicon, *, money_before: bool
) -> Measure | None:
    stop = unit.stop
    longer = _second_part(tokens, mention.number, unit.unit, stop, lexicon)
    if longer is not None:
        value, stop = longer
        mention = replace(mention, number=replace(mention.number, stop=stop), low=value, high=value)
    thing = measured(tokens, mention.begin, stop, lexicon)
    spread = money_before and lexicon.duration_spread.before(tokens, mention.number.first) is not None
    if spread:
        mention = without_qualifier(mention)
    elif unit.compound:
        behind = tokens[stop].lower if stop < len(tokens) else ""
        if not thing.head or not lexicon.duration_words["never_compound"].isdisjoint((behind, thing.head)):
            return None
    elif not _lasts(tokens, mention, stop, lexicon, is_sum=longer is not None):
        return None
    return Measure(mention=mention, kind=FactKind.DURATION, unit=unit.unit.name, stop=stop, thing=thing, spread=spread)


def _lasts(tokens: Sequence[Token], mention: Mention, stop: int, lexicon: Lexicon, *, is_sum: bool) -> bool:
    """Whether something lasts as long as a time says; otherwise it tells when, or how old."""
    words = lexicon.duration_words
    behind = tokens[stop].lower if stop < len(tokens) else ""
    before = tokens[mention.begin - 1].lower if mention.begin > 0 else ""
    if _is_changed(tokens, mention, stop, lexicon):
        return True
    previous = lexicon.duration_previous.before(tokens, mention.begin)
    is_made_by_phrase = previous is not None and mention.begin - previous[1] > 1  # "delayed by", not "by" alone
    if behind in words["never_before"] or (before in words["never_after"] and not is_made_by_phrase):
        return False
    return (
        is_sum
        or _is_span_of(tokens, stop, lexicon)
        or mention.qualifier in lexicon.context["deadline"]
        or lexicon.duration_next.at(tokens, stop) is not None
        or previous is not None
        or _is_judged(tokens, mention, lexicon)
    )


def _is_span_of(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> bool:
    """Whether what lasted so long is named: "seven months of occupation"."""
    of = lexicon.of.at(tokens, stop)
    if of is None or of[1] >= len(tokens) or tokens[stop - 1].is_capitalised:
        return False  # "the 24 Hours of Norrvik" is a name
    return (
        tokens[of[1]].is_word
        and tokens[of[1]].lower not in lexicon.duration_words["never_of"] | lexicon.context["months"]
    )


def _is_changed(tokens: Sequence[Token], mention: Mention, stop: int, lexicon: Lexicon) -> bool:
    """Whether a span of time is changed from or to another one: "from 90 days to 30 days", "from five to six years"."""
    number = mention.number
    around = tokens[max(0, number.first - _CHANGE_REACH) : number.first]
    if any(token.lower in lexicon.context["age_words"] for token in around):
        return False
    joints = lexicon.joints["range"]
    if _comes_from(tokens, number, lexicon):
        behind = [token.lower for token in tokens[number.stop : stop + 1] if token.is_word]
        return any(word in joints for word in behind)
    is_target = number.first > 0 and tokens[number.first - 1].is_word and tokens[number.first - 1].lower in joints
    near = tokens[max(0, number.first - 5) : number.first]
    return is_target and any(token.lower in lexicon.joints["from"] for token in near)


def _second_part(
    tokens: Sequence[Token], number: Number, unit: Unit, stop: int, lexicon: Lexicon
) -> tuple[Decimal, int] | None:
    """Read "and eight months" behind "11 years": the value in the first unit, and the place behind."""
    if stop + 2 >= len(tokens) or tokens[stop].lower not in lexicon.joints["and"] | {","}:
        return None
    second = tokens[stop + 1].lower
    value = Decimal(second) if second.isascii() and second.isdigit() else lexicon.cardinals.get(second)
    smaller = lexicon.units.at(tokens, stop + 2)
    if value is None or smaller is None or not 0 < smaller[0].size < unit.size:
        return None
    return round(number.low + value * smaller[0].size / unit.size, 6), smaller[1]


def _is_judged(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a verb of judgement stands before "to N years", or a list of such terms goes on."""
    for place in range(mention.begin - 1, max(-1, mention.begin - 14), -1):
        word = tokens[place].lower
        if word in lexicon.duration_words["judgement"]:
            return True
        if word in ".;":
            return False
    return False
