"""What a number measures: the noun that owns it, behind its unit or before the number.

Before the number stand verbs as often ("the epicentre lay 8 km north"). Behind one the nearest noun may belong to
something else ("the fire near Ard covers 40 acres"), so there the subject of its clause is looked for.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import NamedTuple

from pipeline.facts.context import is_month
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.nouns import is_adverb, is_plural
from pipeline.facts.tokens import Shape, Token

_LONGEST = 5  #: words of what a sum is for
_REACH = 12  #: tokens before a number within which its noun stands
_CLAUSE_REACH = 20  #: the same, where a verb stands between
_SIDES_REACH = 6  #: tokens of "by 51.2 percent to", before the second of two shares
_PHRASE_REACH = 5  #: words of "of the long northern", between a preposition and its noun
_SENTENCE_ENDS = frozenset(";.")
_HYPHENS = frozenset("-‑–")


class Thing(NamedTuple):
    """What is measured: its words, and the noun among them. Both are empty where nothing is named."""

    subject: str
    head: str


NOTHING = Thing("", "")


def owner(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Thing:
    """Return the few words that start at `place` up to a small word, and the noun among them."""
    while place < len(tokens) and tokens[place].lower in lexicon.grammar["determiners"]:
        place += 1
    words: list[str] = []
    while place < len(tokens) and len(words) < _LONGEST and tokens[place].is_word:
        word = tokens[place].lower
        if word in lexicon.stops:
            break
        words.append(word)
        place += 1
        if is_plural(word, lexicon) and _may_be_noun(tokens[place - 1], lexicon):
            if place < len(tokens) and tokens[place].lower in lexicon.grammar["tallied"]:
                return Thing(" ".join([*words, tokens[place].lower]), tokens[place].lower)
            break
    while words and not _may_be_noun(tokens[place - 1], lexicon):
        words.pop()  # "auf 1,2 Millionen Euro geschätzt"
        place -= 1
    return Thing(" ".join(words), words[-1] if words else "")


def behind(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> Thing:
    """Return what stands behind a unit, or behind its "of": not where to ("8 km north"), nor what it did."""
    of = lexicon.of.at(tokens, stop)
    if of is not None:
        return owner(tokens, of[1], lexicon)
    word = tokens[stop].lower if stop < len(tokens) else ""
    is_tied = stop > 1 and tokens[stop - 2].text in _HYPHENS and tokens[stop - 1].glued  # "a 10-inch lower deck"
    is_verb = word in lexicon.grammar["measuring"] and not is_plural(word, lexicon)
    is_none = not is_tied and (word in lexicon.grammar["directions"] or is_verb)
    return NOTHING if is_none else owner(tokens, stop, lexicon)


def favoured(tokens: Sequence[Token], stop: int, lexicon: Lexicon) -> Thing:
    """Return whose a share is that stands right before its name: "43.8% for Petar Valin"."""
    if stop + 1 >= len(tokens) or tokens[stop].lower not in lexicon.grammar["for_whom"]:
        return NOTHING
    name = tokens[stop + 1]
    is_name = name.is_capitalised and not is_month(name, lexicon) and name.lower not in lexicon.context["weekdays"]
    return owner(tokens, stop + 1, lexicon) if is_name else NOTHING


def contested(tokens: Sequence[Token], begin: int, stop: int, lexicon: Lexicon) -> Thing:
    """Return whose a share is of the two in "Valin leads Orr by 51% to 48%": the first is the leader's."""
    by, to = lexicon.context["by"], lexicon.joints["range"]
    before = tokens[begin - 1].lower if begin > 0 else ""
    is_second = before in to
    if not (is_second or (before in by and stop < len(tokens) and tokens[stop].lower in to)):
        return NOTHING
    place = begin - 1
    while place > 0 and place > begin - _SIDES_REACH and tokens[place].lower not in by:
        place -= 1
    if is_second and tokens[place].lower not in by:
        return NOTHING
    for verb in range(place - 1, max(0, place - _REACH), -1):
        if tokens[verb].lower in lexicon.grammar["leading"]:
            return owner(tokens, verb + 1, lexicon) if is_second else _subject(tokens, verb, lexicon)
        if not tokens[verb].is_word:
            break
    return NOTHING


def _subject(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> Thing:
    """Return what stands right before a verb, or before an aside that ends there."""
    place = _before_aside(tokens, verb) - 1
    while place >= 0 and (is_adverb(tokens[place], lexicon) or tokens[place].lower in lexicon.grammar["auxiliaries"]):
        place -= 1
    return _named(tokens, place, lexicon)[0] if place >= 0 and _names_thing(tokens[place], lexicon) else NOTHING


def measured(tokens: Sequence[Token], begin: int, stop: int, lexicon: Lexicon) -> Thing:
    """Return what is measured by a mention from `begin` with its unit up to `stop`.

    The noun behind the unit or behind "of"; else the nearest one before the number, or, where a verb stands between,
    the nearest that no preposition governs ("shares of Orlo" are Orlo's all the same). A verb's pronoun names nothing.
    """
    named = behind(tokens, stop, lexicon)
    if named.head:
        return named
    place, has_verb, is_clause = begin - 1, False, False
    governed: Thing | None = None
    while place >= max(0, begin - (_CLAUSE_REACH if has_verb else _REACH)):
        token = tokens[place]
        if token.text in _SENTENCE_ENDS or _is_speech(token, lexicon):
            break
        if has_verb and token.lower in lexicon.grammar["subjects"]:
            return NOTHING
        verb = _verb(tokens, place, begin, lexicon)
        if verb is not None:
            has_verb = True
            is_clause = is_clause or (verb is _Verb.FINITE and _has_own_subject(tokens, place, lexicon))
            place = _before_aside(tokens, place) if verb is _Verb.FINITE else place
        elif _names_thing(token, lexicon):
            thing, first = _named(tokens, place, lexicon)
            if not is_clause or not _is_governed(tokens, first, lexicon):
                return governed if governed and thing.head in lexicon.grammar["of_others"] else thing
            governed = governed or thing
        place -= 1
    return governed or NOTHING


def _is_speech(token: Token, lexicon: Lexicon) -> bool:
    """Whether it ends the clause of what is said, going left: "the ministry said 40 acres"."""
    return token.lower in lexicon.reporting["verbs"] and token.lower not in lexicon.reporting["shy_verbs"]


def _has_own_subject(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> bool:
    """Whether a clause's subject stands before its verb, not the noun that a "that" or "which" repeats.

    Of "have been burned" the first word tells.
    """
    place = verb - 1
    while place >= 0 and is_adverb(tokens[place], lexicon):
        place -= 1
    before = tokens[place].lower if place >= 0 else ""
    return before not in lexicon.grammar["relatives"] and before not in lexicon.grammar["auxiliaries"]


def _before_aside(tokens: Sequence[Token], verb: int) -> int:
    """Return the comma that opens an aside which one before a verb closes: "the lake, drained in May, covers"."""
    if verb > 0 and tokens[verb - 1].text == ",":
        for place in range(verb - 2, max(-1, verb - _CLAUSE_REACH), -1):
            if tokens[place].text in _SENTENCE_ENDS:
                break
            if tokens[place].text == ",":
                return place
    return verb


def _named(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[Thing, int]:
    """Return the noun that ends at `place`, with the capitals before it ("The Fly Fire"), and where it starts."""
    first = place
    if lexicon.adjectives_behind and not tokens[place].is_capitalised:
        while first > 0 and _names_thing(tokens[first - 1], lexicon) and not tokens[first - 1].is_capitalised:
            first -= 1  # "parque nacional": the noun stands first
        return Thing(" ".join(token.lower for token in tokens[first : place + 1]), tokens[first].lower), first
    if tokens[place].is_capitalised:
        while first > 0 and tokens[first - 1].is_word and tokens[first - 1].is_capitalised:
            first -= 1
    while tokens[first].lower in lexicon.stops:
        first += 1
    return Thing(" ".join(token.lower for token in tokens[first : place + 1]), tokens[place].lower), first


def _is_governed(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> bool:
    """Whether a preposition stands before a noun and what belongs to it: "near Ard", "of the long northern lake"."""
    for place in range(first - 1, max(-1, first - 1 - _PHRASE_REACH), -1):
        token = tokens[place]
        if place > 0 and tokens[place - 1].text in _HYPHENS:
            continue
        if token.lower in lexicon.grammar["determiners"]:
            is_genitive = lexicon.capitalised_nouns and lexicon.of.at(tokens, place) is not None  # "der Pegel der Lohe"
            before = tokens[place - 1] if place > 0 else None
            return before is not None and (_governs(before, lexicon) or (is_genitive and before.is_capitalised))
        if _governs(token, lexicon):
            return True
        if (
            token.lower in lexicon.joints["and"]
            and tokens[place - 1].is_capitalised
            and tokens[place + 1].is_capitalised
        ):
            continue  # "between Orrin and Karu"
        if token.text not in _HYPHENS and (token.shape is Shape.SIGN or token.lower in lexicon.stops):
            return False
    return False


def _governs(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word is a preposition, and none that opens a clause as often: "after the lake rose"."""
    return token.lower in lexicon.grammar["prepositions"] and token.lower not in lexicon.reporting["circumstances"]


class _Verb(Enum):
    """A verb of a clause with a subject, or what only describes the noun before it: "ash rising", "the euro up"."""

    FINITE = auto()
    LOOSE = auto()


def _verb(tokens: Sequence[Token], place: int, begin: int, lexicon: Lexicon) -> _Verb | None:
    """Return which verb a word is, if it says what was done or is, not what is measured: "covers", "is", "rose"."""
    token, word = tokens[place], tokens[place].lower
    if not token.is_word or (token.is_capitalised and place > 0):
        return None
    if word in lexicon.grammar["auxiliaries"]:
        return _Verb.FINITE
    before = tokens[place - 1] if place > 0 and tokens[place - 1].is_word else None
    if any(word in lexicon.context[way] for way in ("up", "down")):
        is_noun = before is not None and before.lower in lexicon.grammar["determiners"]  # "a rise of 3%"
        is_particle = word in lexicon.stops or word in lexicon.grammar["no_things"]
        return None if is_noun else _Verb.LOOSE if is_particle else _Verb.FINITE
    if word in lexicon.grammar["measuring"] or word in lexicon.grammar["also_measuring"]:
        is_noun = before is not None and _opens_noun(before, lexicon)
        # "the lake measures 40 acres", not "a hunger strike for 40 days"
        is_rather_noun = word in lexicon.grammar["also_measuring"] and (before is None or place < begin - 1)
        return None if is_noun or is_rather_noun else _Verb.FINITE
    if not _looks_verbal(token, lexicon):
        return None
    is_loose = word.endswith(lexicon.participle_endings) and (place == 0 or tokens[place - 1].text != ",")
    return _Verb.LOOSE if is_loose else _Verb.FINITE


def _opens_noun(token: Token, lexicon: Lexicon) -> bool:
    """Whether a noun must follow: behind "the", "of", "its"; behind "to" or "that" a verb may."""
    word = token.lower
    if word in lexicon.reporting["infinitive"] or word in lexicon.grammar["relatives"]:
        return False
    return word in lexicon.grammar["determiners"] or word in lexicon.grammar["prepositions"]


def _looks_verbal(token: Token, lexicon: Lexicon) -> bool:
    word = token.lower
    if not word.endswith(lexicon.verb_endings) or word in lexicon.singulars or word in lexicon.known_nouns:
        return False
    return not token.is_capitalised


def _names_thing(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word can be what is measured, rather than what it did: "containment increased to 40%"."""
    word = token.lower
    if not (token.is_word and _may_be_noun(token, lexicon)) or is_month(token, lexicon):
        return False
    if word in lexicon.stops or word in lexicon.rise:
        return False
    if word in lexicon.scales or word in lexicon.number_words or word in lexicon.unit_words:
        return False
    if is_adverb(token, lexicon) or word in lexicon.grammar["verbs"] or word in lexicon.grammar["no_things"]:
        return False
    return not _looks_verbal(token, lexicon)


def _may_be_noun(token: Token, lexicon: Lexicon) -> bool:
    return token.is_capitalised or not lexicon.capitalised_nouns
