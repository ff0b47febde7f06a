"""Whether a figure has happened: denied, not yet so, or of another event.

Cues stand before the figure in its own clause; a clause ends at the words of the lexicon's `clause_breaks`, at a
semicolon, or where a new participle clause begins behind a comma (", killing 12").
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts.context import is_month
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.tokens import Shape, Token, is_year

SENTENCE_SIGNS = frozenset("!?;.")
_QUOTES = frozenset('“"«„‘')
_APOSTROPHES = frozenset("'’")
_REACH = 30
_SUBJECT_REACH = 8  # tokens of "at least 12 people in Ard" before their verb
_NEGATION_REACH = 7
_NEAR = 3  # tokens


@dataclass(frozen=True, slots=True)
class Modality:
    """How far a figure is from plain fact."""

    negated: bool = False
    hypothetical: bool = False
    background: bool = False


class Clauses:
    """A sentence's clause breaks and cues, found in one pass and asked for each of its figures."""

    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, year: int | None = None) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._year = year  #: in which the text was published: "in 2025" tells of that very year
        modality = lexicon.modality
        self.ends: list[int] = []  #: places of sentence ends
        self._breaks: list[int] = []
        self._contrasts: list[int] = []
        self._subjects: list[int] = []  #: places of "and" before a subject of its own: the doubt before is not on it
        self._asides: list[int] = []  #: places of "accused of ...", "up from ...": what happened then is another event
        self._hypothetical: list[int] = []
        self._negated: list[int] = []
        self._background: list[int] = []
        self._formerly: list[int] = []
        self._years: list[int] = []
        self._is_correction = False  #: the whole sentence tells what was said before
        for place, token in enumerate(tokens):
            word = token.lower
            # Most words tell nothing of clauses.
            if word not in lexicon.clause_signs and word not in lexicon.cue_starts and token.shape is not Shape.NUMBER:
                continue
            self._read_break(place)
            if word in modality["asides"] or self._gives_reason(place):
                self._asides.append(place)
            if token.shape is Shape.NUMBER and is_year(token) and not self._is_of_now(token.text):
                self._years.append(place)
            if word in modality["negated"] and lexicon.not_negated.at(tokens, place) is None:
                is_quoted = place > 0 and tokens[place - 1].text in _QUOTES  # the "no" camp denies nothing
                if not is_quoted:
                    self._negated.append(place)
            if word in lexicon.cue_starts:
                self._read_cue(place)

    def _read_break(self, place: int) -> None:
        """Note where a clause ends, or begins with a subject of its own."""
        tokens, lexicon, modality = self._tokens, self._lexicon, self._lexicon.modality
        word = tokens[place].lower
        if word in SENTENCE_SIGNS and ends_sentence(tokens, place, lexicon):
            self.ends.append(place)
            self._breaks.append(place)
            self._contrasts.append(place)
        elif word in lexicon.joints["and"]:
            if self._goes_on_with_subject(place):
                self._subjects.append(place)
        elif word in modality["clause_breaks"] or self._opens_participle(place):
            self._breaks.append(place)
            if word not in modality["relatives"]:
                self._contrasts.append(place)
        elif word in modality["comma_breaks"] and place > 0 and tokens[place - 1].text == ",":
            self._breaks.append(place)
            self._contrasts.append(place)

    def _read_cue(self, place: int) -> None:
        """Note a phrase that takes what follows out of what has happened, where one starts."""
        tokens, lexicon = self._tokens, self._lexicon
        self._is_correction = self._is_correction or lexicon.correction.at(tokens, place) is not None
        if lexicon.hypothetical.at(tokens, place) is not None and not self._is_name(place):
            self._hypothetical.append(place)
        if lexicon.comparisons.at(tokens, place) is not None or self._opens_comparison(place):
            self._asides.append(place)
        if lexicon.formerly.at(tokens, place) is not None:
            self._formerly.append(place)
        past = lexicon.background.at(tokens, place)
        if past is not None and lexicon.not_background.before(tokens, past[1]) is None:
            self._background.append(place)

    def _opens_comparison(self, place: int) -> bool:
        """Whether "from $3.5 billion" or "from 3.4 percent" follows: what a sum or a share was before."""
        tokens, lexicon = self._tokens, self._lexicon
        if tokens[place].lower not in lexicon.modality["compared_from"] or place + 2 >= len(tokens):
            return False
        if tokens[place + 1].shape is not Shape.NUMBER:
            return unicodedata.category(tokens[place + 1].text[0]) == "Sc"
        stop = place + 2
        while stop < len(tokens) and tokens[stop].lower in lexicon.scales:
            stop += 1
        return lexicon.units.at(tokens, stop) is not None or lexicon.money_words.at(tokens, stop) is not None

    def judge(self, begin: int, stop: int) -> Modality:
        """Judge the figure at tokens `begin` to `stop`."""
        opening = max(_last_before(self._breaks, begin), _last_before(self._subjects, begin))
        start = max(opening + 1, begin - _REACH)
        contrast = max(_last_before(self._contrasts, begin) + 1, begin - _REACH)
        return Modality(
            negated=self._is_in_reach(self._negated, max(start, begin - _NEGATION_REACH), begin),
            hypothetical=self._is_hypothetical(start, begin),
            background=self._is_background(begin, stop) or self._is_in_reach(self._formerly, contrast, begin),
        )

    def _is_hypothetical(self, start: int, begin: int) -> bool:
        place = _last_before(self._hypothetical, begin)
        while place >= start and self._tokens[place].lower in self._lexicon.modality["near"] and begin - place > _NEAR:
            place = _last_before(self._hypothetical, place)
        return place >= start

    def _opens_participle(self, place: int) -> bool:
        """Whether a comma opens ", killing 12": what was doubted before is not doubted here."""
        if self._tokens[place].text not in ",—–(" or place + 1 >= len(self._tokens):
            return False
        if self._closes_relative(place):
            return True
        following = self._tokens[place + 1].lower
        is_participle = following.endswith(self._lexicon.participle_endings)
        return is_participle and self._lexicon.active.at(self._tokens, place + 1) is not None

    def _goes_on_with_subject(self, joint: int) -> bool:
        """Whether "and 12 people were hurt" follows: what was only feared before it has happened there.

        In the past alone: in "if the dam breaks and 12 people are hurt" the condition holds for both.
        """
        tokens, lexicon = self._tokens, self._lexicon
        following = joint + 1
        if following >= len(tokens):
            return False
        is_number = tokens[following].shape is Shape.NUMBER or tokens[following].lower in lexicon.number_starts
        if not is_number and lexicon.before.at(tokens, following) is None:
            return False
        for token in tokens[following : following + _SUBJECT_REACH]:
            if token.lower in lexicon.modality["past"]:
                return True
            if token.text in SENTENCE_SIGNS or token.text == ",":
                return False
        return False

    def _is_of_now(self, year: str) -> bool:
        return self._year is not None and int(year) >= self._year

    def _gives_reason(self, place: int) -> bool:
        """Whether "for stabbing" follows: what a sentence or a fine is for happened before it."""
        if self._tokens[place].lower not in self._lexicon.modality["reason"]:
            return False
        endings = self._lexicon.participle_endings
        return any(token.lower.endswith(endings) for token in self._tokens[place + 1 : place + 3])

    def _closes_relative(self, place: int) -> bool:
        """Whether a comma ends "who were seeking aid" and the main clause goes on: ", and injure dozens"."""
        tokens = self._tokens
        if tokens[place + 1].lower not in self._lexicon.joints["and"] or not self._breaks:
            return False
        in_relative = tokens[self._breaks[-1]].lower in self._lexicon.grammar["relatives"]
        return in_relative and self._lexicon.active.at(tokens, place + 2) is not None

    def _is_name(self, place: int) -> bool:
        token = self._tokens[place]
        return place > 0 and token.is_capitalised and token.lower in self._lexicon.modality["names"]

    def _is_in_reach(self, cues: list[int], start: int, begin: int) -> bool:
        """Whether the last of these cues stands behind `start`, with no comma between it and the figure."""
        place = _last_before(cues, begin)
        return place >= start and not any(token.text == "," for token in self._tokens[place:begin])

    def _is_background(self, begin: int, stop: int) -> bool:
        if self._is_correction or not (self._background or self._years):
            return self._is_correction
        begin_of_next = _first_from(self._asides, stop, len(self._tokens))
        first = max(_last_before(self._contrasts, begin) + 1, begin - _REACH)
        last = min(_first_from(self._breaks, stop, len(self._tokens)), begin_of_next, stop + _REACH)
        if any(first <= place < last for place in self._background):
            return True
        return any(first <= place < last and self._is_past_year(place, begin) for place in self._years)

    def _is_past_year(self, place: int, begin: int) -> bool:
        """Whether a year says when the figure was true: "in May 2024", "the 1999 quake killed"."""
        tokens, modality = self._tokens, self._lexicon.modality
        before = place - 1
        while before >= 0 and self._belongs_to_date(before):
            before -= 1
        if before < 0:
            return False
        word = tokens[before].lower
        if place < begin and word in modality["running"] and self._tells_of_year(place, begin):
            return True  # "since 2011, when 45 people died"
        if word in modality["past_year"]:
            return not any(token.lower in modality["running"] for token in tokens[max(0, before - 3) : before])
        if place > begin:
            return False
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if following is not None and following.text in _APOSTROPHES and following.glued:
            return True  # "2022's record of 24.1 degrees"
        is_followed = following is not None and following.is_word and following.lower not in self._lexicon.stops
        return is_followed and (word in modality["year_noun"] or word.endswith(self._lexicon.possessives))

    def _tells_of_year(self, year: int, begin: int) -> bool:
        """Whether a figure stands in the clause right behind a year that tells what happened in it."""
        opening = year + 2 if self._tokens[year + 1].text == "," else year + 1
        is_opened = self._tokens[opening].lower in self._lexicon.modality["at_that_time"]
        return is_opened and not any(token.text == "," for token in self._tokens[opening:begin])

    def _belongs_to_date(self, place: int) -> bool:
        token = self._tokens[place]
        return token.text == "," or is_month(token, self._lexicon) or (token.text.isdigit() and len(token.text) <= 2)


def _last_before(places: list[int], limit: int) -> int:
    index = bisect_left(places, limit)
    return places[index - 1] if index else -1


def _first_from(places: list[int], limit: int, otherwise: int) -> int:
    index = bisect_left(places, limit)
    return places[index] if index < len(places) else otherwise


def ends_sentence(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether the token closes a sentence, as far as one can tell: a full stop before a capital, no abbreviation."""
    token = tokens[place]
    if token.text in SENTENCE_SIGNS - {"."}:
        return True
    if token.text != "." or place == 0:
        return False
    if place + 1 >= len(tokens):
        return True
    previous, following = tokens[place - 1], tokens[place + 1]
    if following.glued or previous.lower in lexicon.grammar["abbreviations"] or len(previous.text) == 1:
        return False
    return following.is_capitalised or not following.is_word
