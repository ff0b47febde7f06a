"""From sentences to facts: the stages in their order.

numbers → context (what is no fact) → mentions (qualifier and noun) → measures, harm or counts → parts → modality →
attribution. The labelling guide behind `benchmarks.facts` defines every field. A figure in brackets that converts the
one before it ("144 km (89 mi)") says which one it converts.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipeline.facts.attribution import Source, find_sources, source_of
from pipeline.facts.claims import stance_of
from pipeline.facts.context import is_no_fact
from pipeline.facts.counts import counted_total, is_counted
from pipeline.facts.groups import Whole, with_members
from pipeline.facts.harm import find_harm
from pipeline.facts.keys import key_of, quote_key
from pipeline.facts.lexicon import Lexicon, lexicon_for
from pipeline.facts.measures import is_conversion, read_measure
from pipeline.facts.mentions import Mention, read_mention, without_qualifier
from pipeline.facts.modality import Clauses
from pipeline.facts.nouns import is_plural, read_noun_phrase
from pipeline.facts.numbers import Form, Number, find_numbers
from pipeline.facts.parts import Draft, resolve_parts
from pipeline.facts.quotes import Quote, find_passages, find_quotes
from pipeline.facts.tokens import MAX_CHARACTERS, Token, tokenise
from pipeline.model import Fact, FactKind

# More figures than this are no article but a table; the rest of such a text is not read.
MAX_FACTS = 2_000

_OF_THEM_REACH = 8  # tokens of "in the port of Ard" between the dead and who they were
_QUOTATION_MARKS = frozenset('"“«„')
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


def reads(language: str | None) -> bool:
    """Return whether facts are read in a language: whether it has a lexicon."""
    return lexicon_for(language) is not None


def extract_facts(sentences: Sequence[str], language: str | None, *, published: date | None = None) -> tuple[Fact, ...]:
    """Return the facts of a version's sentences, in their order.

    `published` is when the text came out: what it dates to that year is no background. `converts` of a fact is the
    place, in the tuple returned, of the one that it says again in another unit.

    `language` is an ISO 639-1 code or a longer tag; for a language without a lexicon nothing is found. `position` of a
    fact is the place of its sentence, `parent` the place of its whole in the tuple returned. Pure, and linear in the
    length of each sentence; of a sentence longer than `tokens.MAX_CHARACTERS` only the beginning is read, and reading
    ends after `MAX_FACTS`.
    """
    lexicon = lexicon_for(language)
    if lexicon is None:
        return ()
    facts: list[Fact] = []
    told: dict[FactKind, Decimal] = {}
    wholes: dict[FactKind, Whole] = {}
    for position, sentence in enumerate(sentences):
        if len(facts) >= MAX_FACTS:
            break
        place = _Place(position, len(facts), told, wholes)
        read = _facts_of(sentence, place, lexicon, published.year if published else None)
        facts.extend(_without_false_increments(read, told))
        for number, fact in enumerate(facts[place.offset :], place.offset):
            if fact.kind.is_casualty and fact.low is not None and fact.parent is None:
                told.setdefault(fact.kind, fact.low)
                if not any(stance_of(fact)):
                    wholes[fact.kind] = Whole(number, position, fact.low)
    return tuple(facts)


def _without_false_increments(facts: Sequence[Fact], told: Collection[FactKind]) -> list[Fact]:
    """Take "another 14 are missing" for a total where only other kinds of harm were told of before: six killed."""
    return [
        replace(fact, increment=False)
        if fact.increment and fact.kind.is_casualty and told and fact.kind not in told
        else fact
        for fact in facts
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence stands: `offset` facts came before it, of each kind of harm the first was `told` so.

    `wholes` are the last plain tolls before it.
    """

    position: int
    offset: int
    told: Mapping[FactKind, Decimal]
    wholes: Mapping[FactKind, Whole]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One sentence while it is read."""

    sentence: str
    place: _Place
    tokens: Sequence[Token]
    clauses: Clauses
    sources: Sequence[Source]
    lexicon: Lexicon


def _facts_of(sentence: str, place: _Place, lexicon: Lexicon, year: int | None) -> list[Fact]:
    has_quote = not _QUOTATION_MARKS.isdisjoint(sentence)
    words = frozenset(_WORD.findall(sentence[:MAX_CHARACTERS].lower()))
    has_harm = not lexicon.harm_cues.isdisjoint(words)
    if not (has_quote or has_harm or _DIGIT.search(sentence) or not lexicon.number_words.isdisjoint(words)):
        return []
    tokens = tokenise(sentence)
    mentions = _mentions(tokens, lexicon, with_articles=has_harm)
    drafts = _drafts(tokens, mentions, place, lexicon) if mentions else []
    passages = find_passages(tokens) if has_quote else []
    if not drafts and not passages:
        return []
    clauses = Clauses(tokens, lexicon, year)
    sources = find_sources(tokens, clauses.ends, lexicon)
    reading = _Reading(sentence, place, tokens, clauses, sources, lexicon)
    quotes = find_quotes(tokens, passages, sources)
    return [*_finished(reading, drafts), *(_quote_fact(reading, quote) for quote in quotes)]


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


def _drafts(tokens: Sequence[Token], mentions: Sequence[Mention], place: _Place, lexicon: Lexicon) -> list[Draft]:
    starts = {mention.begin: mention for mention in mentions} | {mention.number.first: mention for mention in mentions}
    drafts: list[Draft] = []
    money_before = False
    main: int | None = None  # the measure that a figure in brackets may convert
    taken = 0  # the token behind the last measure: "six months" of "five years and six months" is a part of it
    for mention in mentions:
        if mention.number.first < taken:
            continue
        measure = read_measure(tokens, mention, lexicon, money_before=money_before)
        if measure is not None:
            draft = Draft(measure.mention, measure.kind, measure=measure, subject=measure.subject, head=measure.head)
            again = _converted(tokens, drafts, main, draft)
            if again is None:
                main = len(drafts)
            else:
                draft = replace(draft, converts=again, subject=drafts[again].subject, head=drafts[again].head)
            taken = measure.mention.number.stop
            money_before = money_before or measure.kind is FactKind.MONEY
            drafts.append(draft)
            continue
        drafts.append(_people_or_things(tokens, mention, starts, lexicon))
    resolved = resolve_parts(tokens, with_members(tokens, drafts, place.wholes, place.position, lexicon), lexicon)
    return resolved if any(draft.kind for draft in resolved) else []


def _converted(tokens: Sequence[Token], drafts: Sequence[Draft], main: int | None, draft: Draft) -> int | None:
    """Return the place of the measure that a figure in brackets says again in another unit."""
    if main is None or draft.kind not in (FactKind.MEASURE, FactKind.MONEY) or draft.measure is None:
        return None
    one = drafts[main].measure
    if one is None or one.kind is not draft.kind or one.unit == draft.measure.unit:
        return None
    return main if is_conversion(tokens, draft.mention.number) else None


def _people_or_things(tokens: Sequence[Token], mention: Mention, starts: dict[int, Mention], lexicon: Lexicon) -> Draft:
    is_no_count = mention.number.form is Form.SHARE or _is_attributive(tokens, mention.number)  # "half were hurt"
    harm = None if is_no_count else find_harm(tokens, mention, starts, lexicon)
    phrase = mention.phrase
    subject, head = phrase.text, phrase.head
    if harm is not None:
        if phrase.elided or (not phrase.certain and phrase.head not in lexicon.people):
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
    if _is_attributive(tokens, mention.number):
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


def _is_attributive(tokens: Sequence[Token], number: Number) -> bool:
    """Whether a hyphen ties the number to a noun: "a 17-member crew"."""
    stop = number.stop
    if stop + 1 >= len(tokens) or tokens[stop].text not in "-‑" or not tokens[stop].glued:
        return False
    return tokens[stop + 1].glued and tokens[stop + 1].is_word


def _finished(reading: _Reading, drafts: Sequence[Draft]) -> list[Fact]:
    """Turn drafts that have a kind into facts, parents renumbered to the tuple they will stand in."""
    kept = [place for place, draft in enumerate(drafts) if draft.kind is not None and not _is_told_again(draft, drafts)]
    index = {place: reading.place.offset + k for k, place in enumerate(kept)}
    facts: list[Fact] = []
    seen = dict(reading.place.told)
    seen_casualty = False
    for place in kept:
        draft = drafts[place]
        parent = index.get(draft.parent) if draft.parent is not None else draft.whole
        fact = _fact(reading, draft, parent, seen_casualty=seen_casualty)
        if draft.mention.number.form is Form.ORDINAL:
            fact = _counted_on(fact, seen)
        facts.append(replace(fact, converts=index.get(draft.converts)) if draft.converts is not None else fact)
        seen_casualty = seen_casualty or draft.is_casualty
        if draft.is_casualty and fact.low is not None:
            seen.setdefault(fact.kind, fact.low)
    return _with_inherited_doubt(facts, reading.place.offset)


def _is_told_again(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether a toll says what a place in a row does: "a fourth person has died, bringing the toll to four"."""
    if draft.mention.number.form is not Form.ORDINAL:
        return False
    return any(
        other.kind is draft.kind
        and other.harm is not None
        and other.harm.toll
        and other.mention.low == draft.mention.low
        for other in drafts
    )


def _counted_on(fact: Fact, seen: Mapping[FactKind, Decimal]) -> Fact:
    """Take the second of "one died and a second was hurt" for one: the row counts all whom something befell."""
    if fact.kind in seen or fact.low != sum(seen.values()) + 1:
        return fact
    return replace(fact, low=Decimal(1), high=Decimal(1))


def _fact(reading: _Reading, draft: Draft, parent: int | None, *, seen_casualty: bool) -> Fact:
    tokens, lexicon, mention = reading.tokens, reading.lexicon, draft.mention
    assert draft.kind is not None  # noqa: S101 - `_finished` keeps only drafts with a kind
    number = mention.number
    unit = draft.measure.unit if draft.measure is not None else None
    last = number.stop - 1
    if draft.kind is FactKind.PERCENT and draft.measure is not None:
        last = max(last, draft.measure.stop - 1) if number.form is not Form.SHARE else last
    modality = reading.clauses.judge(mention.begin, number.stop)
    is_none = number.form is Form.NONE
    harm = draft.harm
    is_spread = draft.measure is not None and draft.measure.spread
    return Fact(
        key=key_of(draft.kind, draft.head, unit, lexicon),
        kind=draft.kind,
        subject=draft.subject,
        low=mention.low,
        high=mention.high,
        unit=unit,
        qualifier=mention.qualifier,
        attribution=None if is_spread else source_of(reading.sources, number.first),
        sentence=reading.sentence,
        position=reading.place.position,
        start=tokens[number.first].start,
        end=tokens[last].end,
        negated=is_none or modality.negated or (harm is not None and harm.negated),
        hypothetical=modality.hypothetical or (harm is not None and harm.doubtful),
        background=modality.background,
        increment=_is_increment(reading, mention, draft.kind, seen_casualty=seen_casualty),
        parent=parent,
    )


def _is_increment(reading: _Reading, mention: Mention, kind: FactKind, *, seen_casualty: bool) -> bool:
    """Whether the number adds to an earlier total: "another 12", "one more body", unless others were just counted."""
    phrase = mention.phrase
    were = reading.lexicon.counted.get(phrase.head) if phrase.through_of else None
    if kind is FactKind.KILLED and were in (FactKind.INJURED, FactKind.MISSING):
        return True  # "one of the injured died": one more than those counted as dead before
    if seen_casualty:
        return False
    first = mention.number.stop
    says_more = first < len(reading.tokens) and reading.tokens[first].lower in reading.lexicon.context["more"]
    return mention.adding or (says_more and mention.number.form is not Form.ARTICLE)


def _with_inherited_doubt(facts: list[Fact], offset: int) -> list[Fact]:
    """Make parts as doubtful as their wholes."""
    return [
        replace(
            fact,
            hypothetical=fact.hypothetical or facts[fact.parent - offset].hypothetical,
            background=fact.background or facts[fact.parent - offset].background,
        )
        if fact.parent is not None and fact.parent >= offset
        else fact
        for fact in facts
    ]


def _quote_fact(reading: _Reading, quote: Quote) -> Fact:
    return Fact(
        key=quote_key(quote.speaker),
        kind=FactKind.QUOTE,
        subject="",
        low=None,
        high=None,
        unit=None,
        qualifier=None,
        attribution=quote.speaker,
        sentence=reading.sentence,
        position=reading.place.position,
        start=quote.start,
        end=quote.end,
    )
