"""From sentences to facts: drafts of their figures, with modality, source and what the sentences before told.

The labelling guide behind `benchmarks.facts` defines every field. A figure in brackets that converts the
one before it ("144 km (89 mi)") says which one it converts.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pipeline.facts.attribution import Source, find_sources, source_of
from pipeline.facts.claims import stance_of
from pipeline.facts.drafting import drafts_of
from pipeline.facts.groups import Whole
from pipeline.facts.keys import key_of, quote_key
from pipeline.facts.lexicon import Lexicon, lexicon_for
from pipeline.facts.mentions import Mention
from pipeline.facts.modality import Clauses
from pipeline.facts.numbers import Form
from pipeline.facts.parts import Draft
from pipeline.facts.quotes import Quote, find_passages, find_quotes
from pipeline.facts.tokens import MAX_CHARACTERS, Token, tokenise
from pipeline.model import Fact, FactKind

# More figures than this are no article but a table; the rest of such a text is not read.
MAX_FACTS = 2_000

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
    drafts = drafts_of(tokens, place.wholes, place.position, lexicon, with_articles=has_harm)
    passages = find_passages(tokens) if has_quote else []
    if not drafts and not passages:
        return []
    clauses = Clauses(tokens, lexicon, year)
    sources = find_sources(tokens, clauses.ends, lexicon)
    reading = _Reading(sentence, place, tokens, clauses, sources, lexicon)
    quotes = find_quotes(tokens, passages, sources)
    return [*_finished(reading, drafts), *(_quote_fact(reading, quote) for quote in quotes)]


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
    number, measure, harm = mention.number, draft.measure, draft.harm
    unit = measure.unit if measure is not None else None
    stop = measure.stop if measure is not None and draft.kind is FactKind.PERCENT else number.stop
    modality = reading.clauses.judge(mention.begin, number.stop)
    is_none = number.form is Form.NONE
    is_spread = measure is not None and measure.spread
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
        end=tokens[stop - 1].end,
        negated=is_none
        or modality.negated
        or (harm is not None and harm.negated)
        or (draft.is_casualty and _is_excepted(tokens, mention.begin, lexicon)),
        hypothetical=modality.hypothetical or (harm is not None and harm.doubtful),
        background=modality.background,
        increment=_is_increment(reading, mention, draft.kind, seen_casualty=seen_casualty),
        parent=parent,
    )


def _is_excepted(tokens: Sequence[Token], begin: int, lexicon: Lexicon) -> bool:
    """Whether it befell all the others: "all but two of the 22 crew members were rescued"."""
    is_but = begin > 1 and tokens[begin - 1].lower in lexicon.context["but"]
    return is_but and tokens[begin - 2].lower in lexicon.context["all"]


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
