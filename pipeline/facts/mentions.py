"""A number with the words around it that say how it is meant and what it counts: the unit later stages work on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.lexicon_values import Bound
from pipeline.facts.nouns import NounPhrase, read_noun_phrase
from pipeline.facts.numbers import Form, Number
from pipeline.facts.tokens import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A number, the qualifier before or behind it, and the noun phrase that follows.

    `begin` is the first token of qualifier and number together. `low`/`high` have the qualifier applied. `adding` tells
    that the words say "another", "additional".
    """

    number: Number
    begin: int
    low: Decimal | None
    high: Decimal | None
    qualifier: str | None
    bound: Bound | None
    adding: bool
    phrase: NounPhrase

    @property
    def is_implicit(self) -> bool:
        """Whether an article stands for the number."""
        return self.number.form is Form.ARTICLE

    @property
    def is_many(self) -> bool:
        """Whether what is said of them stands in the plural."""
        return self.number.low > 1 and self.number.form is not Form.ORDINAL


def read_mention(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Mention:
    """Read what stands around a number."""
    single = (number.low == 1 and number.high == 1) or number.form is Form.ORDINAL
    begin, bounds = _qualifiers_before(tokens, number, lexicon)
    behind, after = _qualifier_behind(tokens, number, lexicon)
    phrase = read_noun_phrase(tokens, after, lexicon, single=single)
    if behind is None and not phrase.elided:
        behind, stop = _qualifier_behind_noun(tokens, phrase.stop, lexicon)
        phrase = replace(phrase, stop=stop)
    if behind is not None:
        bounds = [*bounds, behind]
    adding = any(bound is Bound.INCREMENT for bound, _ in bounds) or _is_one_more(tokens, number, lexicon)
    said: list[tuple[Bound, str]] = [(bound, text) for bound, text in bounds if bound is not Bound.INCREMENT]
    mention = Mention(
        number=number,
        begin=begin,
        low=number.low,
        high=number.high,
        qualifier=_written(said, number, lexicon),
        bound=None,
        adding=adding,
        phrase=phrase,
    )
    return _bounded(mention, said)


def _is_one_more(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether those counted before are left out: "another person", "ein weiterer Mensch", "no one else"."""
    is_one = number.form is Form.ARTICLE and number.low == 1
    if not is_one and number.form is not Form.NONE:
        return False
    return any(token.lower in lexicon.context["another"] for token in tokens[number.first : number.stop + 1])


def without_qualifier(mention: Mention) -> Mention:
    """Return the mention as it would be read without the words before it ("over ten years" as a span of time)."""
    number = mention.number
    return replace(
        mention, begin=number.first, low=number.low, high=number.high, qualifier=number.vague, bound=None, adding=False
    )


def _qualifiers_before(
    tokens: Sequence[Token], number: Number, lexicon: Lexicon
) -> tuple[int, list[tuple[Bound, str]]]:
    """Return where the qualifiers start, and each with its bound, the outermost first."""
    begin = number.first
    if begin > 0 and tokens[begin - 1].lower in lexicon.joints["between"]:
        begin -= 1
    bounds: list[tuple[Bound, str]] = []
    if number.form in (Form.ARTICLE, Form.ORDINAL, Form.NONE):
        return begin, bounds
    for _ in range(3):
        hit = lexicon.before.before(tokens, begin)
        if hit is None:
            break
        bound, start = hit
        bounds.insert(0, (bound, " ".join(token.lower for token in tokens[start:begin])))
        begin = start
    return begin, bounds


def _qualifier_behind(
    tokens: Sequence[Token], number: Number, lexicon: Lexicon
) -> tuple[tuple[Bound, str] | None, int]:
    hit = lexicon.after.at(tokens, number.stop)
    if hit is None or not (tokens[number.stop].is_word or tokens[number.stop].glued):
        return None, number.stop
    bound, stop = hit
    if not tokens[number.stop].is_word:
        return (bound, lexicon.hedges[bound]), _behind_comma(tokens, number.stop, stop)  # "40+", "40-plus"
    return (bound, " ".join(token.lower for token in tokens[number.stop : stop])), stop


def _qualifier_behind_noun(
    tokens: Sequence[Token], place: int, lexicon: Lexicon
) -> tuple[tuple[Bound, str] | None, int]:
    """Read "40 people or more", "40 people, if not more,": the hedge in the words that stand before a number."""
    if place >= len(tokens) or (tokens[place].text != "," and tokens[place].lower not in lexicon.joints["either"]):
        return None, place
    hit = lexicon.after.at(tokens, place)
    if hit is None or (hit[1] < len(tokens) and tokens[hit[1]].lower in lexicon.never_after):
        return None, place
    return (hit[0], lexicon.hedges[hit[0]]), _behind_comma(tokens, place, hit[1])


def _behind_comma(tokens: Sequence[Token], first: int, stop: int) -> int:
    """Return the place behind the comma that closes what one at `first` opens."""
    closes = tokens[first].text == "," and stop < len(tokens) and tokens[stop].text == ","
    return stop + 1 if closes else stop


def _written(bounds: list[tuple[Bound, str]], number: Number, lexicon: Lexicon) -> str | None:
    """Return the qualifier as written, without the article before "estimated"; a vague word is its own."""
    if not bounds:
        return number.vague
    open_ended = [text for bound, text in bounds if bound in (Bound.AT_LEAST, Bound.AT_MOST)]
    words = [*open_ended, bounds[0][1]][0].split()  # "some 40 or more" are at least 40
    while len(words) > 1 and words[0] in lexicon.dropped and words[1] in lexicon.dropped_before:
        words = words[1:]
    while len(words) > 1 and words[-1] in lexicon.dropped and words[-2] in lexicon.dropped_before:
        words = words[:-1]
    return " ".join(words)


def _bounded(mention: Mention, bounds: list[tuple[Bound, str]]) -> Mention:
    for bound, _ in bounds:
        if bound is Bound.AT_LEAST:
            return replace(mention, high=None, bound=bound)
        if bound is Bound.AT_MOST:
            top = mention.high if mention.high is not None else mention.low
            return replace(mention, low=None, high=top, bound=bound)
    return replace(mention, bound=bounds[0][0]) if bounds else mention
