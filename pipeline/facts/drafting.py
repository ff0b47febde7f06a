"""From the numbers of a sentence to drafts of facts: what is read at all, and what measures, befell or counts.

numbers → context (what is no fact) → mentions (qualifier and noun) → measures, harm or counts → groups and parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.facts.context import is_no_fact
from pipeline.facts.counts import counted_total, is_counted
from pipeline.facts.groups import Whole, with_members
from pipeline.facts.harm import find_harm
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.measures import Measure, is_conversion, read_measure
from pipeline.facts.mentions import Mention, read_mention, without_qualifier
from pipeline.facts.nouns import is_plural, read_noun_phrase
from pipeline.facts.numbers import Form, Number, find_numbers
from pipeline.facts.parts import Draft, resolve_parts
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

_OF_THEM_REACH = 8  # tokens of "in the port of Ard" between the dead and who they were


def drafts_of(
    tokens: Sequence[Token],
    wholes: Mapping[FactKind, Whole],
    position: int,
    lexicon: Lexicon,
    *,
    with_articles: bool,
) -> list[Draft]:
    """Return the figures of the sentence at `position` as drafts, none where no draft has a kind.

    `wholes` are the last plain tolls before it. With `with_articles` an article may count somebody: "a guard died".
    """
    mentions = _mentions(tokens, lexicon, with_articles=with_articles)
    if not mentions:
        return []
    starts = {mention.begin: mention for mention in mentions} | {mention.number.first: mention for mention in mentions}
    drafts: list[Draft] = []
    money_before = False
    main: tuple[int, Measure] | None = None  # what a figure in brackets may convert
    taken = 0  # the token behind the last measure: "six months" of "five years and six months" is a part of it
    for mention in mentions:
        if mention.number.first < taken or _is_inside_unit(tokens, mention.number.first, lexicon):
            continue
        measure = read_measure(tokens, mention, lexicon, money_before=money_before)
        if measure is not None:
            thing, converts = measure.thing, None
            if main is not None and _converts(tokens, main[1], measure):
                thing, converts = main[1].thing, main[0]
            else:
                main = (len(drafts), measure)
            draft = Draft(
                measure.mention,
                measure.kind,
                measure=measure,
                subject=thing.subject,
                head=thing.head,
                converts=converts,
            )
            taken = measure.mention.number.stop
            money_before = money_before or measure.kind is FactKind.MONEY
            drafts.append(draft)
            continue
        drafts.append(_people_or_things(tokens, mention, starts, lexicon))
    drafts = _with_antecedents(drafts, lexicon)
    resolved = resolve_parts(tokens, with_members(tokens, drafts, wholes, position, lexicon), lexicon)
    return resolved if any(draft.kind for draft in resolved) else []


def _is_inside_unit(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a number word is a part of a unit: "por ciento"."""
    unit = lexicon.units.at(tokens, place - 1) if place > 0 else None
    return unit is not None and unit[1] > place


def _with_antecedents(drafts: Sequence[Draft], lexicon: Lexicon) -> list[Draft]:
    """Return the drafts, those whose noun is left out with the one before: "40 homes are damaged and 12 burned"."""
    found: list[Draft] = []
    before: Draft | None = None
    for draft in drafts:
        is_elided = draft.kind is FactKind.COUNT and draft.mention.phrase.elided and draft.head == lexicon.somebody
        if draft.kind is not None and draft.measure is None and draft.mention.phrase.certain:
            before = draft
        is_told = is_elided and before is not None and before.head not in lexicon.generic
        found.append(replace(draft, subject=before.subject, head=before.head) if before and is_told else draft)
    return found


def _mentions(tokens: Sequence[Token], lexicon: Lexicon, *, with_articles: bool) -> list[Mention]:
    mentions: list[Mention] = []
    for number in find_numbers(tokens, lexicon):
        if number.form is Form.ARTICLE and not with_articles:
            continue
        mention = read_mention(tokens, number, lexicon)
        if _is_fact_like(tokens, mention, lexicon):
            mentions.append(mention)
    return mentions


def _is_fact_like(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    number = mention.number
    if number.form is Form.ORDINAL:
        return not _is_apposed(tokens, mention, lexicon)
    if number.form is Form.ARTICLE:
        is_somebody = mention.phrase.certain and mention.phrase.head in lexicon.people
        return is_somebody and not _is_apposed(tokens, mention, lexicon)
    if number.form is Form.NONE:
        head = mention.phrase.head
        return number.scaled or head in lexicon.counted or head in lexicon.context["nobody"] or head in lexicon.people
    before = tokens[number.first - 1].lower if number.first > 0 else ""
    is_magnitude = before == "-" or before in lexicon.magnitudes
    if is_no_fact(tokens, number, lexicon):
        measure = read_measure(tokens, mention, lexicon, money_before=False) if is_magnitude else None
        return measure is not None and measure.kind is FactKind.MAGNITUDE
    return True


def _is_apposed(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether "a" says what somebody named is: "Ann Orr, a former guard, died" tells of her alone."""
    comma, stop = mention.begin - 1, mention.phrase.stop
    if comma < 1 or tokens[comma].text != "," or stop >= len(tokens) or tokens[stop].text != ",":
        return False
    if _says_who_it_is(tokens, comma, stop, lexicon):
        return True
    first = comma
    while first > 0 and tokens[first - 1].is_word and tokens[first - 1].is_capitalised:
        first -= 1
    is_place = first > 0 and tokens[first - 1].lower in lexicon.grammar["prepositions"]
    is_opening = first < comma and tokens[first].lower in lexicon.grammar["prepositions"]
    is_member = tokens[comma - 1].lower in lexicon.people  # "a Pole, a Dane, and a Swede"
    return first < comma and not (is_place or is_opening or is_member)


def _says_who_it_is(tokens: Sequence[Token], comma: int, stop: int, lexicon: Lexicon) -> bool:
    """Whether "a" says who somebody is that was told of right before: "a suspect, a 19-year-old man, is in custody"."""
    somebody = tokens[comma - 1].lower
    is_one = somebody in lexicon.people and not is_plural(somebody, lexicon)
    return is_one and stop + 1 < len(tokens) and tokens[stop + 1].lower in lexicon.grammar["singular_verbs"]


def _converts(tokens: Sequence[Token], one: Measure, other: Measure) -> bool:
    """Whether a measure says another one again in another unit: "144 km (89 mi)"."""
    is_quantity = other.kind in (FactKind.MEASURE, FactKind.MONEY) and one.kind is other.kind
    return is_quantity and one.unit != other.unit and is_conversion(tokens, other.mention.number)


def _people_or_things(tokens: Sequence[Token], mention: Mention, starts: dict[int, Mention], lexicon: Lexicon) -> Draft:
    is_tied = _is_attributive(tokens, mention.number, lexicon)
    is_no_count = mention.number.form is Form.SHARE or is_tied  # "half were hurt"
    harm = None if is_no_count else find_harm(tokens, mention, starts, lexicon)
    phrase = mention.phrase
    subject, head = phrase.text, phrase.head
    if harm is not None:
        in_row = mention.number.form is Form.ORDINAL and phrase.head in lexicon.generic  # "a third person died"
        if phrase.elided or harm.nameless or in_row or (not phrase.certain and phrase.head not in lexicon.people):
            subject, head = lexicon.somebody, lexicon.somebody
        if harm.toll and mention.qualifier in lexicon.context["reached"]:
            mention = without_qualifier(mention)
        if harm.beyond:
            mention = replace(mention, high=None)
        return Draft(mention, harm.kind, harm=harm, subject=subject, head=head)
    if mention.number.form is Form.ORDINAL:
        return Draft(mention, None)
    if (some := _some_of_them(tokens, mention, lexicon)) is not None:
        return some
    if is_tied:
        noun = tokens[mention.number.stop + 1].lower
        counts = noun in lexicon.attributive and mention.number.low > 1 and not mention.number.weak
        kind = FactKind.COUNT if counts else None
        return Draft(mention, kind, subject=noun, head=noun)
    total = counted_total(tokens, mention, lexicon)
    if total is not None:
        return Draft(mention, FactKind.COUNT, subject=total.text, head=total.head)
    kind = FactKind.COUNT if is_counted(tokens, mention, lexicon) else None
    if phrase.elided:
        subject = head = lexicon.somebody
    return Draft(mention, kind, subject=subject, head=head)


def _some_of_them(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Draft | None:
    """Read "twelve of the dead in Ard were children": who some of them were, whose number another figure gives."""
    phrase = mention.phrase
    kind = lexicon.counted.get(phrase.head)
    if not phrase.through_of or kind is None or not mention.number.form.is_number:
        return None
    for place in range(phrase.stop, min(phrase.stop + _OF_THEM_REACH, len(tokens) - 1)):
        token = tokens[place]
        if token.lower in lexicon.grammar["plural_verbs"] and token.lower in lexicon.grammar["be"]:
            some = read_noun_phrase(tokens, place + 1, lexicon, single=False)
            is_people = some.certain and some.head in lexicon.people
            return Draft(mention, kind, subject=some.text, head=some.head, part=True) if is_people else None
        if not token.is_word:
            return None
    return None


def _is_attributive(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a hyphen ties the number to a noun: "a 17-member crew", but not to a hedge ("40-plus")."""
    stop = number.stop
    if lexicon.after.at(tokens, stop) is not None:
        return False
    if stop + 1 >= len(tokens) or tokens[stop].text not in "-‑" or not tokens[stop].glued:
        return False
    return tokens[stop + 1].glued and tokens[stop + 1].is_word
