"""What befell the people counted: killed, injured, missing, arrested, displaced, evacuated, rescued, taken hostage.

A verb right before the number ("killing 12"), a participle behind the noun ("12 people were killed", across a list, an
"including ..." or a place), a noun that carries a total ("the death toll rose to 12"), or the counted noun itself
("12 deaths"). The nearest and most direct evidence wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import is_adverb
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

_REACH = 48  # tokens looked at on either side
_SIDE_REMARK = 26  # tokens of an "including ..." between commas
_PLACE_REMARK = 9  # tokens of "in the city of Khan Yunis"
_LONGEST_MEMBER = 6  # tokens of "a retired army colonel"
_ASIDE = 14  # tokens of ", four of them from the same family,"
_ENDS = frozenset('.;:“”"')

# Kinds in which things can be, too.
_OF_THINGS = frozenset({FactKind.EVACUATED})


@dataclass(frozen=True, slots=True)
class Harm:
    """A kind with its evidence.

    `direct` for a verb that stands beside its people, `listed` where other members of a list stand between,
    `doubtful` for "feared dead", `toll` for a running total.
    """

    kind: FactKind
    direct: bool = True
    doubtful: bool = False
    negated: bool = False
    toll: bool = False
    listed: bool = False


def find_harm(
    tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
) -> Harm | None:
    """Return what befell those whom a mention counts, or none. `starts` finds other mentions by their first token."""
    ahead = _said_behind(tokens, mention, starts, lexicon)
    counted = lexicon.counted.get(mention.phrase.head)
    if ahead is not None and ahead.listed and counted is not None:
        ahead = None  # "191 missing, 44,000 displaced" says of itself what befell the first
    if ahead is not None and ahead.direct and _can_be(mention, ahead.kind, lexicon):
        return ahead
    before = _verb_before(tokens, mention, lexicon)
    if before is not None and _can_be(mention, before.kind, lexicon):
        return before
    if ahead is not None and _can_be(mention, ahead.kind, lexicon):
        return ahead
    toll = _toll_before(tokens, mention, lexicon)
    if toll is not None and _can_be(mention, toll.kind, lexicon):
        return toll
    if mention.phrase.state is not None and mention.phrase.head in lexicon.people:
        return Harm(mention.phrase.state)
    is_some_of_them = mention.phrase.through_of and mention.number.form is not Form.VAGUE  # "three of the dead"
    return None if counted is None or is_some_of_them else Harm(counted)


def _can_be(mention: Mention, kind: FactKind, lexicon: Lexicon) -> bool:
    head = mention.phrase.head
    if mention.is_implicit:
        return head in lexicon.people
    if head in lexicon.unit_words or (kind is FactKind.DISPLACED and head in lexicon.fugitives):
        return False
    return head not in lexicon.not_people or kind in _OF_THINGS


class _Walk:
    """A walk over the tokens behind a noun phrase, in search of what is said of it."""

    def __init__(
        self, tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
    ) -> None:
        self.tokens = tokens
        self.place = mention.phrase.stop
        self.end = min(len(tokens), mention.phrase.stop + _REACH)
        self.starts = starts
        self.lexicon = lexicon
        self.is_many = mention.number.low > 1
        self.is_people = mention.phrase.head in lexicon.people or not mention.phrase.certain
        self.verb_endings = tuple(lexicon.grammar["verb_endings"])
        self.has_verb = False
        self.needs_verb = False
        self.direct = True
        self.doubtful = False
        self.negated = False
        self.listed = False

    def run(self) -> Harm | None:
        """Walk until a word of harm, or something that is none of the words that may stand between."""
        while self.place < self.end:
            kind = self._harm_here()
            if kind is not None:
                return Harm(kind, self.direct, self.doubtful, self.negated, listed=self.listed)
            if not self._step():
                return None
        return None

    def _harm_here(self) -> FactKind | None:
        passive = self.lexicon.passive.at(self.tokens, self.place)
        if passive is not None:
            kind, stop = passive
            if self.needs_verb and not self.has_verb:
                return None
            return None if not self.has_verb and self._has_object(stop) else kind
        did = self.lexicon.did.at(self.tokens, self.place)
        if did is None or (self.is_many and self._is_said_of_one()):
            return None
        return did[0]

    def _is_said_of_one(self) -> bool:
        """Whether a verb is in the singular: what is said is said of "a plane with 49 people", not of them."""
        return self.tokens[self.place].lower in self.lexicon.grammar["singular_verbs"]

    def _has_object(self, stop: int) -> bool:
        """Whether a participle is a verb with an object after all: "12 soldiers killed 30 rebels"."""
        if self.lexicon.active.at(self.tokens, self.place) is None or stop >= len(self.tokens):
            return False
        other = self.starts.get(stop)
        if other is not None:
            return other.phrase.head not in self.lexicon.unit_words  # "displaced five weeks into the war"
        return self.tokens[stop].lower in self.lexicon.grammar["determiners"]

    def _step(self) -> bool:
        token = self.tokens[self.place]
        word = token.lower
        if self.is_many and self._is_said_of_one():
            return False
        if self._stands_between(word) or is_adverb(token, self.lexicon):
            self.has_verb = self.has_verb or word in self.lexicon.grammar["auxiliaries"]
            self.doubtful = self.doubtful or word in self.lexicon.modality["doubt"]
            self.negated = self.negated or word in self.lexicon.modality["negated"]
            self.place += 1
            return True
        if not token.is_word:
            return self._comma() if word == "," else word == "(" and self._skip_to(")")
        if word in self.lexicon.joints["and"] or word in self.lexicon.joints["either"]:
            return self._listed(self.place + 1)
        if word in self.lexicon.grammar["relatives"]:
            self.direct = False
            self.place += 1
            return self.place < self.end and self.tokens[self.place].lower in self.lexicon.grammar["auxiliaries"]
        return self._remark(word)

    def _stands_between(self, word: str) -> bool:
        """Whether a word may stand between people and their harm; "at" only in "at least"."""
        if word not in self.lexicon.between:
            return False
        if word not in self.lexicon.grammar["prepositions"]:
            return True
        following = self.tokens[self.place + 1].lower if self.place + 1 < self.end else ""
        return following in self.lexicon.between or following in self.lexicon.casualty_words

    def _remark(self, word: str) -> bool:
        """Step over "in Gaza City", "assigned to the fire"."""
        if word in self.lexicon.grammar["prepositions"]:
            return self._place_remark()
        following = self.tokens[self.place + 1].lower if self.place + 1 < self.end else ""
        if word.endswith(self.verb_endings) and following in self.lexicon.grammar["prepositions"]:
            self.place += 1  # "a firefighter assigned to the fire died"
            return self._place_remark()
        return False

    def _skip_to(self, sign: str) -> bool:
        for place in range(self.place + 1, min(self.place + _SIDE_REMARK, len(self.tokens))):
            if self.tokens[place].text == sign:
                self.place = place + 1
                return True
        return False

    def _skip_to_verb(self) -> bool:
        """Step over an "including ..." that no comma closes."""
        for place in range(self.place + 1, min(self.place + _PLACE_REMARK, len(self.tokens))):
            if self.tokens[place].lower in self.lexicon.grammar["be"]:
                self.place = place
                return True
        return False

    def _comma(self) -> bool:
        if self.lexicon.including.at(self.tokens, self.place + 1) is not None:
            self.place += 1
            return self._skip_names() or self._skip_to(",") or self._skip_to_verb()
        return self._listed(self.place + 1) or self._aside()

    def _skip_names(self) -> bool:
        """Step over the names of an "including A, B, and C," behind which a verb follows."""
        for place in range(self.place + 1, min(self.place + _REACH, len(self.tokens) - 1)):
            token, following = self.tokens[place], self.tokens[place + 1]
            if token.text == ";":
                return False
            if token.text != ",":
                continue
            if self._says_on(place + 1):
                self.place = place + 1
                return True
            is_and = following.lower in self.lexicon.joints["and"] and place + 2 < len(self.tokens)
            member = self.tokens[place + 2] if is_and else following
            if not member.is_capitalised:
                return False
        return False

    def _says_on(self, place: int) -> bool:
        """Whether a verb stands there that can tell what befell the people."""
        word = self.tokens[place].lower
        if word in self.lexicon.grammar["plural_verbs"] or word in self.lexicon.grammar["be"]:
            return True
        return self.lexicon.did.at(self.tokens, place) is not None

    def _aside(self) -> bool:
        """Step over ", mostly refugees," or ", police said," behind which a verb follows."""
        start = self.place + 1
        if start >= self.end or not self.is_people:
            return False
        if self.listed and self._says_on(start):
            self.place = start  # the comma that closes ", a man and a woman, were"
            return True
        first = self.tokens[start]
        if first.lower in self.lexicon.grammar["definite"] or first.lower in self.lexicon.grammar["conjunctions"]:
            return False
        close = self._closing_comma(start)
        is_speech = close is not None and self.tokens[close - 1].lower in self.lexicon.reporting["verbs"]
        if close is None or (first.is_capitalised and not is_speech):
            return False
        self.place = close + 1
        self.direct = False
        return True

    def _closing_comma(self, start: int) -> int | None:
        """Return where a comma closes an aside and a verb follows."""
        for place in range(start, min(start + _ASIDE, self.end - 1)):
            if self.tokens[place].text in _ENDS:
                return None
            if self.tokens[place].text == "," and self._says_on(place + 1):
                return place
        return None

    def _listed(self, place: int) -> bool:
        """Step over another member of a list: ", two soldiers", "and a child"."""
        if place < self.end and self.tokens[place].lower in self.lexicon.joints["and"]:
            if not self.listed:
                return False  # ", and" with no list before it begins a clause of its own
            place += 1
        other = self.starts.get(place)
        if other is None:
            return self._somebody(place)
        if not self.is_people or other.phrase.elided:
            return False
        if other.phrase.certain and other.phrase.head not in self.lexicon.people:
            return False
        self.place = other.phrase.stop
        self.listed = True
        return True

    def _somebody(self, place: int) -> bool:
        """Step over a member of a list that no lexicon knows: "and a vigilante", if a verb follows."""
        if place >= self.end or self.tokens[place].lower not in self.lexicon.articles or not self.is_people:
            return False
        for stop in range(place + 2, min(place + _LONGEST_MEMBER, self.end)):
            if self.tokens[stop].lower in self.lexicon.grammar["be"]:
                self.place = stop
                self.listed = True
                return True
            if not self.tokens[stop].is_word or self.tokens[stop].lower in self.lexicon.stops:
                return False
        return False

    def _place_remark(self) -> bool:
        """Step over "in Gaza City"; then only a participle with a verb before it counts."""
        stop = self.place + 1
        limit = min(stop + _PLACE_REMARK, self.end)
        while stop < limit and self.tokens[stop].lower not in self.lexicon.grammar["auxiliaries"]:
            if self.lexicon.did.at(self.tokens, stop) is not None:
                break
            word = self.tokens[stop]
            if word.text == "," and stop + 1 < limit and self.tokens[stop + 1].is_capitalised:
                stop = self._behind_region(stop)
                continue
            if word.text == "." and word.glued and self.tokens[stop - 1].lower in self.lexicon.grammar["abbreviations"]:
                stop += 1
                continue
            if not word.is_word and word.text not in "-’'" and not word.text.isalnum():
                return False
            if word.lower in self.lexicon.grammar["relatives"] and self._skip_clause(stop):
                return True
            if word.lower in self.lexicon.grammar["conjunctions"] or word.lower in self.lexicon.reporting["verbs"]:
                return False
            stop += 1
        if stop >= limit:
            return False
        self.place = stop
        self.needs_verb = True
        self.direct = False
        return True

    def _skip_clause(self, start: int) -> bool:
        """Step over "at a firm that was building a tower," where a comma and a verb in the people's number follow."""
        verbs = self.lexicon.grammar["plural_verbs" if self.is_many else "singular_verbs"]
        for place in range(start, self.end - 1):
            if self.tokens[place].text in _ENDS:
                return False
            if self.tokens[place].text == "," and self.tokens[place + 1].lower in verbs:
                self.place = place + 1
                self.needs_verb = True
                self.direct = False
                return True
        return False

    def _behind_region(self, comma: int) -> int:
        """Return the place behind ", Ukraine," in "in Kyiv, Ukraine, were killed"."""
        stop = comma + 1
        while stop < self.end and self.tokens[stop].is_capitalised:
            stop += 1
        return stop + 1 if stop < self.end and self.tokens[stop].text == "," else stop


def _said_behind(
    tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
) -> Harm | None:
    return _Walk(tokens, mention, starts, lexicon).run()


def _verb_before(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Harm | None:
    """Read the verb or noun of harm that the mention is the object of: "killing 12", "the arrest of 12"."""
    place = _without_small_words(tokens, mention.begin, lexicon)
    hit = lexicon.active.before(tokens, place)
    if hit is not None:
        kind, start = hit
        earlier = tokens[start - 1].lower if start > 0 else ""
        if earlier in lexicon.grammar["be"] or not _is_done_to(tokens, place, mention, lexicon):
            return None
        if earlier in lexicon.joints["and"] | lexicon.joints["either"]:
            first = lexicon.active.before(tokens, start - 1)
            kind = first[0] if first is not None else kind
        return Harm(kind)
    of = lexicon.of.before(tokens, place)
    if of is not None:
        deed = lexicon.deeds.before(tokens, of[1])
        if deed is None and of[1] > 1 and tokens[of[1] - 2].lower in lexicon.joints["and"]:
            deed = lexicon.deeds.before(tokens, of[1] - 2)  # "the murder and dismemberment of two men"
        if deed is not None and deed[1] > 1 and tokens[deed[1] - 1].lower in lexicon.joints["and"]:
            deed = lexicon.deeds.before(tokens, deed[1] - 1) or deed  # "the deaths and injuries of two men"
        return None if deed is None else Harm(deed[0])
    state = lexicon.passive.before(tokens, place)
    if state is not None and state[1] > 0 and tokens[state[1] - 1].lower in lexicon.grammar["determiners"]:
        return Harm(state[0])  # "the missing four crew members"
    return None


def _is_done_to(tokens: Sequence[Token], place: int, mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a verb that is done to things as often ("captured") has people behind it."""
    phrase = mention.phrase
    if tokens[place - 1].lower not in lexicon.shy_verbs or not phrase.certain:
        return True
    if phrase.head in lexicon.people or phrase.head in lexicon.counted or phrase.head.endswith(lexicon.agent_endings):
        return True
    return tokens[phrase.stop - 1].is_capitalised  # "captured five Belarusians"


def _without_small_words(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    while place > 0:
        word = tokens[place - 1].lower
        is_small = word in lexicon.grammar["definite"] or word in lexicon.grammar["adverbs"]
        if is_small or is_adverb(tokens[place - 1], lexicon):
            place -= 1
        else:
            break
    return place


def _toll_before(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Harm | None:
    """Read a total whose value the mention is: "the death toll from the quake has risen to 12"."""
    place = mention.begin
    is_reached = mention.qualifier in lexicon.context["reached"]
    is_of_things = mention.phrase.certain and mention.phrase.head not in lexicon.people
    if place == 0 or is_of_things or not (is_reached or tokens[place - 1].lower in lexicon.rise):
        return None
    said: FactKind | None = None
    for start in range(place - 1, max(-1, place - _REACH), -1):
        word = tokens[start].lower
        if word == ";" or (word == "." and start + 1 < place and tokens[start + 1].is_capitalised):
            break
        toll = lexicon.toll.at(tokens, start)
        if toll is not None and toll[1] <= place:
            return Harm(toll[0], toll=True)
        said = lexicon.total_of.get(word, said)
        if said is not None and lexicon.totals.at(tokens, start) is not None:
            return Harm(said, toll=True)
        if lexicon.active.at(tokens, start) is not None and word not in lexicon.total_of:
            break
    return None
