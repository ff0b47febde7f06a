"""Who says so: the source a sentence names for a figure.

Every verb of speech gets its subject, read leftwards ("the ministry said"), rightwards ("said the ministry") or from
the head of the sentence (", saying"), and a scope: what follows it up to a contrast, or, where it ends the sentence,
what stands before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.nouns import is_adverb
from pipeline.facts.source_names import (
    LONGEST_NAME,
    OPENERS,
    QUOTES,
    leading_name,
    name_left,
    name_of,
    name_right,
    name_start,
    starts_name,
)
from pipeline.facts.tokens import Shape, Token

_LONGEST_SCOPE = 150  # tokens, so that a page of "he said" costs no more than its length
_LONGEST_TRAIL = 10  # tokens of "told AFP in a statement on Monday."


@dataclass(frozen=True, slots=True)
class Source:
    """A named source with the tokens it vouches for, `first` to `stop`. `verb` is where it speaks."""

    name: str
    verb: int
    first: int
    stop: int


def find_sources(tokens: Sequence[Token], ends: Sequence[int], lexicon: Lexicon) -> list[Source]:
    """Return the sources a sentence names, in their order. `ends` are the places where sentences end inside it."""
    sources: list[Source] = []
    bounds = _sentence_bounds(len(tokens), ends)
    for place, token in enumerate(tokens):
        if token.lower not in lexicon.source_starts:
            continue
        phrase = lexicon.by_phrase.at(tokens, place)
        if phrase is not None:
            name = name_right(tokens, phrase[1], lexicon)
            if name and (phrase[0] not in lexicon.reporting["shy_phrases"] or _names_someone(name, lexicon)):
                first, stop = bounds[place]
                sources.append(Source(name, place, first, stop))
        elif _gives_figure(tokens, place, lexicon) or _is_speech(tokens, place, lexicon):
            told = sources[-1].name if sources and sources[-1].verb >= bounds[place][0] else ""
            source = _speaker(tokens, place, bounds[place], told, lexicon)
            if source is not None:
                sources.append(source)
    return sources


def source_of(sources: Sequence[Source], place: int) -> str | None:
    """Return who vouches for the token at `place`: the last one who spoke before it, else the next one behind."""
    before = [source for source in sources if source.first <= place < source.stop and source.verb < place]
    if before:
        return before[-1].name
    behind = [source for source in sources if source.first <= place < source.stop]
    return behind[0].name if behind else None


def _names_someone(name: str, lexicon: Lexicon) -> bool:
    """Whether a name has a capital or tells of people: "citing security concerns" does neither."""
    words = name.split()
    return words[-1].lower() in lexicon.people or any(word[0].isupper() for word in words)


def _sentence_bounds(count: int, ends: Sequence[int]) -> list[tuple[int, int]]:
    """Return, for each token, where its sentence starts and ends."""
    cuts = [0, *(place + 1 for place in ends)]
    if cuts[-1] != count:
        cuts.append(count)
    bounds: list[tuple[int, int]] = []
    for first, stop in pairwise(cuts):
        bounds.extend([(first, stop)] * (stop - first))
    return bounds


def _is_speech(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a word that looks like a verb of speech is one here."""
    words = lexicon.reporting
    token = tokens[place]
    before = tokens[place - 1].lower if place > 0 else ""
    if token.lower not in words["verbs"] or (token.is_capitalised and place > 0):
        return False
    is_glued = token.glued and before in "-‑"
    if before in lexicon.grammar["be"] or before == "to" or is_glued or _takes_number(tokens, place, lexicon):
        return False
    if token.lower not in words["shy_verbs"]:
        return before not in lexicon.grammar["determiners"]
    if before in lexicon.grammar["determiners"] or before in lexicon.grammar["prepositions"]:
        return False
    return place + 1 < len(tokens) and _opens_speech(tokens, place, lexicon)


def _gives_figure(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a figure is given by "puts the toll at 14"."""
    words = lexicon.reporting
    if tokens[place].lower not in words["putting"]:
        return False
    for at in range(place + 1, min(place + _LONGEST_TRAIL, len(tokens) - 1)):
        if tokens[at].text in ".,;":
            return False
        if tokens[at].lower in words["putting_at"]:
            return _is_figure(tokens, at + 1, lexicon)
    return False


def _is_figure(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    token = tokens[place]
    is_number = token.shape is Shape.NUMBER or token.lower in lexicon.number_starts
    return is_number or lexicon.before.at(tokens, place) is not None


def _takes_number(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a verb is one of harm with a figure and its noun behind it: "the heat has claimed 34 lives"."""
    brackets = lexicon.brackets.get(tokens[place].lower, ())
    if not brackets or place + 1 >= len(tokens) or not _is_figure(tokens, place + 1, lexicon):
        return False
    nouns = {bracket.closing for bracket in brackets}
    behind = [token.lower for token in tokens[place + 2 : place + _LONGEST_TRAIL]]
    return any((word,) in nouns for word in takewhile(lambda word: word not in lexicon.casualty_words, behind))


def _opens_speech(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether what follows a verb that is a noun as often is something said."""
    words = lexicon.reporting
    token, following = tokens[place], tokens[place + 1]
    if following.text in QUOTES:
        return True
    if following.lower in words["infinitive"]:
        has_perfect = place + 2 < len(tokens) and tokens[place + 2].lower in lexicon.grammar["auxiliaries"]
        return has_perfect or token.lower in words["presenting"]  # "claims to have", not "refugees admitted to"
    return (
        following.lower in words["complements"]
        or following.lower in lexicon.grammar["determiners"]
        or following.lower in lexicon.grammar["pronouns"]
        or following.lower in lexicon.cardinals
        or following.shape is Shape.NUMBER
        or (following.is_capitalised and token.lower not in words["adjectives"])
        or lexicon.before.at(tokens, place + 1) is not None
    )


def _speaker(tokens: Sequence[Token], verb: int, bounds: tuple[int, int], told: str, lexicon: Lexicon) -> Source | None:
    """Read who speaks by a verb. `told` is who spoke before in the same sentence: ", police said, adding that ..."."""
    first, stop = bounds
    end = verb - 1
    while end >= first and (tokens[end].lower in lexicon.reporting["between"] or is_adverb(tokens[end], lexicon)):
        end -= 1
    after_mark = end < first or tokens[end].text in OPENERS | QUOTES
    if after_mark and _is_followed_by_name(tokens, verb, lexicon) and not _is_apposed(tokens, end, first, lexicon):
        name = name_right(tokens, verb + 1, lexicon)
        return Source(name, verb, first, stop) if name else None
    if after_mark and end >= first and tokens[end].text == ",":
        is_participle = tokens[verb].lower.endswith(lexicon.participle_endings)
        name = (
            (told or leading_name(tokens, first, lexicon)) if is_participle else _apposed(tokens, end, first, lexicon)
        )
    elif _ends_clause(tokens, verb, end + 1, first, lexicon):
        return None
    else:
        name = _subject(tokens, verb, end + 1, first, lexicon)
    if not name:
        return None
    if _is_trailing(tokens, verb, stop, lexicon) or _is_inserted(tokens, end + 1, verb, bounds, lexicon):
        return Source(name, verb, first, stop)
    return Source(name, verb, verb, _scope_end(tokens, verb, stop, lexicon))


def _is_followed_by_name(tokens: Sequence[Token], verb: int, lexicon: Lexicon) -> bool:
    """Whether the speaker may stand behind the verb: "said the ministry", but not ", saying the ministry is wrong"."""
    word, words = tokens[verb].lower, lexicon.reporting
    if word in words["shy_verbs"] or word in words["telling"] or word.endswith(lexicon.participle_endings):
        return False
    return starts_name(tokens, verb + 1, lexicon)


def _is_apposed(tokens: Sequence[Token], comma: int, first: int, lexicon: Lexicon) -> bool:
    """Whether a comma closes what the subject is: "Ann Orr, head of a clinic, said the toll ..."."""
    if comma < first or tokens[comma].text != ",":
        return False
    for earlier in range(comma - 1, max(first, comma - LONGEST_NAME) - 1, -1):
        if tokens[earlier].text in QUOTES:
            return False
        if tokens[earlier].text == ",":
            what = tokens[earlier + 1].lower
            is_what = what in lexicon.reporting["articles"] or what in lexicon.reporting["roles"]
            name = tokens[first:earlier]
            return is_what and 0 < len(name) <= LONGEST_NAME and all(_is_of_name(token, lexicon) for token in name)
    return False


def _is_of_name(token: Token, lexicon: Lexicon) -> bool:
    return token.is_capitalised or token.text in "-.’'" or token.lower in lexicon.reporting["inner"]


def _ends_clause(tokens: Sequence[Token], verb: int, stop: int, first: int, lexicon: Lexicon) -> bool:
    """Whether a participle only describes the object of another verb: "passes an amendment stating that".

    It has a subject of its own behind "with" or a comma: "with officials reporting thousands".
    """
    if not tokens[verb].lower.endswith(lexicon.participle_endings):
        return False
    start = name_start(tokens, stop, first, lexicon)
    is_whole = tokens[stop - 1].lower not in lexicon.grammar["auxiliaries"]
    return is_whole and (start <= first or tokens[start - 1].lower not in lexicon.reporting["stops"] | OPENERS)


def _apposed(tokens: Sequence[Token], comma: int, first: int, lexicon: Lexicon) -> str:
    """Return whose apposition a comma closes before the verb: "Ann Orr, who runs the clinic, said"."""
    for earlier in range(comma - 1, max(first, comma - LONGEST_NAME) - 1, -1):
        if tokens[earlier].text == ",":
            return name_left(tokens, earlier, first, lexicon)
        if tokens[earlier].text in QUOTES:
            break
    return ""


def _is_trailing(tokens: Sequence[Token], verb: int, stop: int, lexicon: Lexicon) -> bool:
    """Whether the speech stands before its verb: ", police said.", ", the ministry told AFP on Monday."."""
    if verb + 1 >= stop or tokens[verb + 1].text in ".,;":
        return True
    if stop - verb > _LONGEST_TRAIL:
        return False
    is_small = all(_trails(token, lexicon) for token in tokens[verb + 1 : stop] if token.is_word)
    return is_small and not any(token.shape is Shape.NUMBER for token in tokens[verb + 1 : stop])


def _is_inserted(tokens: Sequence[Token], end: int, verb: int, bounds: tuple[int, int], lexicon: Lexicon) -> bool:
    """Whether commas close off a speech behind what was said: ", the ministry said on Monday, as the flood rose".

    The speaker's name ends right before `end`.
    """
    first, stop = bounds
    place = verb + 1
    while place < min(stop, verb + _LONGEST_TRAIL) and _trails(tokens[place], lexicon):
        place += 1
    if place >= stop or tokens[place].text != ",":
        return False
    start = name_start(tokens, end, first, lexicon)
    return start > first and tokens[start - 1].text == ","


def _trails(token: Token, lexicon: Lexicon) -> bool:
    return token.is_word and (token.is_capitalised or token.lower in lexicon.reporting["trailers"])


def _scope_end(tokens: Sequence[Token], verb: int, stop: int, lexicon: Lexicon) -> int:
    """Return where a speech ends that starts at `verb`: at a contrast, or where its teller goes on by himself.

    What somebody announces is a speech up to its own "after" ("announces an inquiry after two people died"), unless
    it is a clause with a verb; a participle behind a closed quotation is the writer's again ("listing four of five").
    """
    has_object = (
        tokens[verb].lower in lexicon.reporting["presenting"]
        and tokens[verb + 1].lower not in lexicon.reporting["clause_openers"]
    )
    quoted = False
    for place in range(verb + 1, min(stop, verb + _LONGEST_SCOPE)):
        token = tokens[place]
        word = token.lower
        if token.text == ";" or (word in lexicon.context["contrast"] and tokens[place - 1].text == ","):
            return place
        if token.text in QUOTES:
            if quoted and _goes_on_writing(tokens, place + 1, lexicon):
                return place
            quoted = not quoted
        has_object = has_object and word not in lexicon.grammar["auxiliaries"]
        if has_object and word in lexicon.reporting["circumstances"]:
            return place
    return stop


def _goes_on_writing(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a participle clause follows a closed quotation."""
    if place < len(tokens) and tokens[place].text == ",":
        place += 1
    has_comma = place > 1 and "," in (tokens[place - 1].text, tokens[place - 2].text)
    return has_comma and place < len(tokens) and tokens[place].lower.endswith(lexicon.participle_endings)


def _subject(tokens: Sequence[Token], verb: int, stop: int, first: int, lexicon: Lexicon) -> str:
    """Read who speaks left of a verb; right of it where its object stands in front: "Den Schaden schätzt die Bahn"."""
    start = name_start(tokens, stop, first, lexicon)
    if tokens[start].lower not in lexicon.reporting["object_articles"]:
        return name_of(tokens, start, stop, lexicon)
    return name_right(tokens, verb + 1, lexicon) if _is_followed_by_name(tokens, verb, lexicon) else ""
