"""The noun phrase behind a number: what is counted.

English nouns are told by how they look (a plural ending, or a list of people and things), because a tagger would cost
more than all other stages together. The phrase ends at the first small word, verb of the lexicon or sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.tokens import Shape, Token
from pipeline.model import FactKind

MAX_WORDS = 11


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """What is counted, at tokens `first` to `stop`. `head` is empty where the noun is left out ("13 and").

    `state` is the kind of harm an adjective inside names ("eight missing passengers"). `certain` tells that the head
    is a known noun or looks like a plural; otherwise it is a guess that only a verb of harm can confirm.
    """

    first: int
    stop: int
    text: str
    head: str
    certain: bool
    state: FactKind | None = None
    through_of: bool = False

    @property
    def elided(self) -> bool:
        """Whether no noun stands there."""
        return not self.head


def is_plural(word: str, lexicon: Lexicon) -> bool:
    """Whether a lower-case word looks like a plural noun."""
    if word in lexicon.irregular_plurals:
        return True
    if len(word) < 4 or word in lexicon.not_plural or word in lexicon.stops or word.endswith(lexicon.possessives):
        return False
    return word.endswith(lexicon.plural_endings) and not word.endswith(lexicon.not_plural_endings)


def is_adverb(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word looks like an adverb ("critically")."""
    word = token.lower
    endings = lexicon.adverb_endings
    return token.is_word and len(word) > 4 and word.endswith(endings) and word not in lexicon.grammar["not_adverbs"]


def without_possessive(word: str, lexicon: Lexicon) -> str:
    """Return a lower-case word without the ending of a possessive."""
    for ending in lexicon.possessives:
        if word.endswith(ending):
            return word[: -len(ending)]
    return word


def singular(word: str, lexicon: Lexicon) -> str:
    """Return the singular of a noun, for keys: close enough to be the same for the same noun."""
    if word in lexicon.singulars:
        return lexicon.singulars[word]
    word = without_possessive(word, lexicon)
    if not is_plural(word, lexicon) or word in lexicon.irregular_plurals:
        return word
    for plural, ending in lexicon.singular_endings:
        if word.endswith(plural) and len(word) > len(plural) + 2:
            return word[: -len(plural)] + ending
    return word


def read_noun_phrase(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, single: bool) -> NounPhrase:
    """Read the noun phrase that starts at `place`; `single` tells that the number before it is one.

    "of the", "of its" between number and noun are skipped ("dozens of people", "three of the men").
    """
    start, through_of = _skip_of(tokens, place, lexicon)
    start = aged = _skip_age(tokens, start, lexicon)
    if _is_aged(tokens, start, lexicon):
        start += 2
    stop, state = _run(tokens, start, lexicon)
    words = [token.lower for token in tokens[start:stop]]
    head = _head_place(tokens, start, stop, lexicon, single=single and not through_of)
    if head is None:
        if not words:
            return NounPhrase(place, place, "", "", certain=False, state=state)
        guess = without_possessive(words[-1], lexicon)
        return NounPhrase(
            place, stop, _written(tokens[start:stop]), guess, certain=False, state=state, through_of=through_of
        )
    stop = stop if lexicon.adjectives_behind else _pair(tokens, head + 1, lexicon)
    text = _written(tokens[aged:stop])
    return NounPhrase(place, stop, text, tokens[head].lower, certain=True, state=state, through_of=through_of)


def _written(tokens: Sequence[Token]) -> str:
    """Return tokens in lower case, spaced as they stand in the sentence."""
    return "".join(("" if token.glued or k == 0 else " ") + token.lower for k, token in enumerate(tokens))


def _skip_of(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[int, bool]:
    of = lexicon.of.at(tokens, place)
    if of is None:
        return place, False
    stop = of[1]
    while stop < len(tokens) and tokens[stop].lower in lexicon.grammar["determiners_of_whole"]:
        stop += 1
    return stop, True


def _skip_age(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    """Step over "17-year-old" before a noun."""
    is_tied = place + 4 < len(tokens) and tokens[place + 1].text == "-" and tokens[place + 3].text == "-"
    return place + 5 if is_tied and tokens[place + 4].lower in lexicon.context["age_old"] else place


def _is_aged(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether "34-Jähriger" or "34-jährige Frau" stands there."""
    is_tied = place + 2 < len(tokens) and tokens[place].shape is Shape.NUMBER and tokens[place + 1].text in "-‑"
    return is_tied and tokens[place + 2].glued and tokens[place + 2].lower in lexicon.context["aged"]


def _run(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> tuple[int, FactKind | None]:
    """Return where the run of words that can belong to a noun phrase ends, and a state named inside it."""
    state: FactKind | None = None
    place = start
    seen_noun = seen_many = False
    while place < len(tokens) and place - start < MAX_WORDS:
        token = tokens[place]
        if not token.is_word:
            if _is_inside_word(tokens, place, start, lexicon):
                place += 1
                continue
            break
        passive = lexicon.passive.at(tokens, place)
        if passive is not None and token.lower not in lexicon.counted:
            if seen_noun or not _noun_follows(tokens, passive[1], lexicon):
                break
            state = passive[0]
        elif passive is not None and not seen_noun and _noun_follows(tokens, passive[1], lexicon):
            state = passive[0]
        elif token.lower in lexicon.joints["and"] and place > start and not seen_many:
            if not _adjective_follows(tokens, place + 1, lexicon):
                break
        elif _ends_run(tokens, place, lexicon, seen_noun=seen_noun, is_first=place == start):
            break
        is_noun = token.is_capitalised or not lexicon.capitalised_nouns
        looks_noun = _is_plural_at(tokens, place, lexicon) or token.lower in lexicon.known_nouns
        seen_noun = seen_noun or (is_noun and looks_noun)
        seen_many = seen_many or _is_plural_at(tokens, place, lexicon)
        place += 1
    return place, state


def _is_inside_word(tokens: Sequence[Token], place: int, start: int, lexicon: Lexicon) -> bool:
    """Whether a sign or number is a part of a compound or a name: "F-35 jets", "U.S. jets", "Type 26 frigates"."""
    token = tokens[place]
    if place + 1 >= len(tokens) or place == start:
        return False
    previous, following = tokens[place - 1], tokens[place + 1]
    if token.text in "'’":
        is_plain = following.is_word and not _is_small_or_harm(following, lexicon)
        return token.glued and previous.text.endswith("s") and is_plain  # "the hostages' names"
    if token.text in "-‑" and token.glued:
        return following.glued and (following.is_word or following.shape is Shape.NUMBER)
    if token.text == ".":
        return token.glued and previous.lower in lexicon.grammar["abbreviations"] and previous.text.isupper()
    if token.shape is not Shape.NUMBER or not following.is_word:
        return False
    is_named = previous.is_capitalised and not lexicon.capitalised_nouns and previous.lower not in lexicon.known_nouns
    is_name = token.glued or is_named
    return is_name and lexicon.units.at(tokens, place + 1) is None


def _is_small_or_harm(token: Token, lexicon: Lexicon) -> bool:
    return token.lower in lexicon.stops or token.lower in lexicon.casualty_words


def _ends_run(tokens: Sequence[Token], place: int, lexicon: Lexicon, *, seen_noun: bool, is_first: bool) -> bool:
    token = tokens[place]
    word = token.lower
    if word in lexicon.grammar["stand_ins"] and is_first:
        return False
    if lexicon.capitalised_nouns and seen_noun and not token.is_capitalised:
        return True
    if place > 0 and tokens[place - 1].text in "-‑" and token.glued:
        return False  # "surface-to-surface missiles"
    is_head = not seen_noun and (word in lexicon.counted or (is_first and word in lexicon.things))
    is_speech = word in lexicon.reporting["verbs"] and word not in lexicon.reporting["shy_verbs"]
    is_said = is_first and is_speech  # "the mother of three says"
    if is_said or word in lexicon.stops or (word in lexicon.casualty_words and not is_head):
        return True
    is_ending = is_adverb(token, lexicon) and not token.is_capitalised and not is_first
    if is_ending or word in lexicon.cardinals or not seen_noun:
        return is_ending or word in lexicon.cardinals
    is_verb = word in lexicon.grammar["verbs"] or is_speech
    looks_verbal = word.endswith(lexicon.verb_endings) and not token.is_capitalised
    return is_verb or looks_verbal


def _adjective_follows(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a second adjective and the noun of both follow an "and": "ballistic and cruise missiles"."""
    if place >= len(tokens) or _is_plural_at(tokens, place, lexicon):
        return False
    for token in (tokens[place - 2], *tokens[place : place + 3]):
        if token.lower in lexicon.casualty_words or token.lower in lexicon.number_starts:
            return False
    return _noun_follows(tokens, place, lexicon)


def _is_plural_at(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a word looks like a plural and closes no name ("United States")."""
    is_name = place > 0 and tokens[place - 1].lower in lexicon.grammar["opens_names"]
    return is_plural(tokens[place].lower, lexicon) and not is_name


def _noun_follows(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a noun stands within the next words: then a participle before it is an adjective ("two dead boars")."""
    for ahead in range(place, min(place + 4, len(tokens))):
        token = tokens[ahead]
        if not token.is_word or token.lower in lexicon.stops:
            return False
        if _is_plural_at(tokens, ahead, lexicon) or token.lower in lexicon.people:
            return True
    return False


def _head_place(tokens: Sequence[Token], start: int, stop: int, lexicon: Lexicon, *, single: bool) -> int | None:
    """Return where the head is: the first plural that no other noun follows, or for one thing the last known noun."""
    known: int | None = None
    for place in range(start, stop):
        token = tokens[place]
        if not token.is_word:
            continue
        word = token.lower
        if place + 1 < stop and not tokens[place + 1].is_word:
            continue  # a part of a hyphenated word
        if single:
            is_last = place + 1 >= stop
            if is_last and (
                word in lexicon.grammar["stand_ins"] or (word in lexicon.known_nouns and not _looks_many(word, lexicon))
            ):
                return place
            continue
        if not _is_plural_at(tokens, place, lexicon) or (lexicon.capitalised_nouns and not token.is_capitalised):
            continue
        if place + 1 >= stop or not _goes_on(tokens, place, stop, lexicon):
            return place
        known = place
    return known


def _looks_many(word: str, lexicon: Lexicon) -> bool:
    return is_plural(word, lexicon) and lexicon.singulars.get(word) != word


def _goes_on(tokens: Sequence[Token], place: int, stop: int, lexicon: Lexicon) -> bool:
    """Whether the noun at `place` only describes the next one ("police officers", "Emergencies Unit members")."""
    following = tokens[place + 1]
    is_also_adjective = tokens[place].lower in lexicon.also_adjectives
    if tokens[place].lower in lexicon.people and following.lower not in lexicon.people and not is_also_adjective:
        return False  # "a boat with ten people capsizes": people describe no other noun
    if _is_plural_at(tokens, place + 1, lexicon) or following.lower in lexicon.people:
        return True
    if not is_also_adjective and not (tokens[place].is_capitalised and following.is_capitalised):
        return False
    return any(_is_plural_at(tokens, later, lexicon) for later in range(place + 1, stop))


def _pair(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> int:
    """Take in the second noun of "women and children", "rockets and drones"."""
    if stop + 1 >= len(tokens) or tokens[stop].lower not in lexicon.joints["and"]:
        return stop
    word = tokens[stop + 1].lower
    if not is_plural(word, lexicon) or word in lexicon.casualty_words or word in lexicon.counted:
        return stop
    if tokens[stop - 1].lower in lexicon.known_nouns and word not in lexicon.known_nouns:
        return stop  # "kills eight people and infects others"
    behind = tokens[stop + 2] if stop + 2 < len(tokens) else None
    ends = behind is None or not behind.is_word or _is_small_or_harm(behind, lexicon)
    return stop + 2 if ends else stop
