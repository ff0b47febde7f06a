"""What is counted where nothing befell it: "12 targets", "the number of cases rises to 146"."""

from collections.abc import Sequence

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import NounPhrase, read_noun_phrase
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Shape, Token

# "the three men" were counted before; "the 5,000 members" were not.
_LARGEST_ANAPHOR = 10
_TOTAL_REACH = 30  # tokens between "the number of" and its value
_SENTENCE_ENDS = frozenset(";?!")


def is_counted(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a number with a noun counts something worth keeping."""
    number, phrase = mention.number, mention.phrase
    if number.form is Form.NONE:
        return not number.scaled and phrase.head in lexicon.context["nobody"]
    is_whole = number.low == number.low.to_integral_value()
    is_no_count = number.form in (Form.ARTICLE, Form.ORDINAL, Form.SHARE)
    if not is_whole or is_no_count or _is_figure_of_speech(mention, lexicon):
        return False
    if not phrase.certain:
        return _stands_alone(tokens, mention, lexicon)
    if number.weak and not _is_of_event(tokens, mention, lexicon):
        return False
    is_one = number.low == 1 and number.high == 1 and mention.bound is None and number.form is not Form.DIGITS
    if is_one or _is_uncounted(tokens, mention, lexicon):
        return False
    return not _is_known_already(tokens, mention, lexicon)


def counted_total(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> NounPhrase | None:
    """Return what a total counts whose value the mention is: "the number of cases in Orrin rises to 146"."""
    place = mention.begin
    is_reached = mention.qualifier in lexicon.context["reached"] or (
        place > 0 and tokens[place - 1].lower in lexicon.rise
    )
    if mention.phrase.certain or not mention.number.form.is_number or not is_reached:
        return None
    for start in range(place - 1, max(-1, place - _TOTAL_REACH), -1):
        if tokens[start].text in _SENTENCE_ENDS or tokens[start].lower in lexicon.casualty_words:
            return None
        total = lexicon.totals.at(tokens, start)
        if total is not None and total[1] < place:
            phrase = read_noun_phrase(tokens, total[1], lexicon, single=False)
            is_kept = phrase.certain and phrase.head not in lexicon.never_counted | lexicon.counted.keys()
            return phrase if is_kept else None
    return None


def _stands_alone(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the noun is left out before a verb in the plural: "25 are swept away", "of whom 20 were alive"."""
    number, stop = mention.number, mention.phrase.stop
    if not mention.phrase.elided or number.low < 2 or number.weak:
        return False
    verbs = lexicon.grammar["verbs" if number.form is Form.VAGUE else "plural_verbs"]  # "thousands rally"
    is_said_of_many = stop < len(tokens) and tokens[stop].lower in verbs
    is_part = lexicon.including.at(tokens, stop) is not None  # "350 of which"
    before = tokens[mention.begin - 1] if mention.begin > 0 else None
    opens = before is None or not before.is_word or before.lower in lexicon.stops  # not "the main two are"
    return opens and (is_said_of_many or is_part) and not _is_known_already(tokens, mention, lexicon)


def _is_figure_of_speech(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether "zero" only names a goal: "zero emissions"."""
    is_zero = mention.number.form is Form.WORDS and mention.number.high == 0
    return is_zero and mention.phrase.head not in lexicon.people


def _is_of_event(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether "several" counts people or the event's own objects, rather than places: "at several houses"."""
    head = mention.phrase.head
    if head in lexicon.people:
        return True
    before = tokens[mention.begin - 1].lower if mention.begin > 0 else ""
    is_known = head in lexicon.known_nouns and head not in lexicon.places
    return is_known and before not in lexicon.grammar["prepositions"]


def _is_uncounted(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the noun is one that is never counted as a fact: goals, times, hours, "others"."""
    head = mention.phrase.head
    return (
        head in lexicon.never_counted
        or (head in lexicon.context["nameless"] and (mention.number.weak or head not in lexicon.people))
        or head in lexicon.unit_words
        or lexicon.units.at(tokens, mention.number.stop) is not None
        or not lexicon.sports.isdisjoint(mention.phrase.text.split())
    )


def _is_known_already(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether the words before make it a rank, a window or an anaphor: "the first two", "these three men"."""
    if mention.begin == 0:
        return False
    before = tokens[mention.begin - 1].lower
    if before in lexicon.joints["either"] and mention.number.low == 2 and mention.number.form is Form.WORDS:
        return True  # "a storm or two"
    if before in lexicon.context["windows"] and not _is_preposition(tokens, mention.begin - 1, lexicon):
        return before not in lexicon.context["leftover"] or mention.number.low < _LARGEST_ANAPHOR
    of = lexicon.of.before(tokens, mention.begin - 1) if before in lexicon.grammar["determiners_of_whole"] else None
    if of is not None and of[1] > 0:
        part = tokens[of[1] - 1]
        if part.shape is Shape.NUMBER or part.lower in lexicon.cardinals:
            return False  # "four of the five"
    is_small = mention.number.low < _LARGEST_ANAPHOR and mention.bound is None
    return is_small and before in lexicon.context["definite"]


def _is_preposition(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether "following" stands without an article: "a riot following two explosions"."""
    is_both = tokens[place].lower in lexicon.grammar["prepositions"]
    return is_both and (place == 0 or tokens[place - 1].lower not in lexicon.grammar["determiners"])
