"""The walk over the words behind people, in search of what is said of them.

Between "12 people" and "were killed" may stand other members of a list, an "including ...", a place with all that is
said of it, an aside between commas. A verb in another number than the people's says nothing of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import is_adverb, is_plural
from pipeline.facts.tokens import Shape, Token
from pipeline.model import FactKind

_REACH = 48  # tokens looked at on either side
_SIDE_REMARK = 26  # tokens of an "including ..." between commas
_PLACE_REMARK = 9  # tokens of "in the city of Khan Yunis"
_LONGEST_MEMBER = 6  # tokens of "a retired army colonel"
_ASIDE = 14  # tokens of ", four of them from the same family,"
_ENDS = frozenset('.;:“”"')


@dataclass(frozen=True, slots=True)
class Harm:
    """A kind with its evidence.

    `direct` for a verb that stands beside its people, `listed` where other members of a list stand between,
    `doubtful` for "feared dead", `toll` for a running total, `beyond` for one that has passed the figure,
    `nameless` where the noun counted is a part of the verb ("claimed 34 lives"), `finite` where a verb of the clause
    tells it ("12 were hurt"), not a participle alone ("12 hurt in the fire").
    """

    kind: FactKind
    direct: bool = True
    doubtful: bool = False
    negated: bool = False
    toll: bool = False
    listed: bool = False
    beyond: bool = False
    finite: bool = False
    nameless: bool = False


class Walk:
    """A walk over the tokens behind a noun phrase, in search of what is said of it."""

    def __init__(
        self, tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
    ) -> None:
        self.tokens = tokens
        self.place = mention.phrase.stop
        self.end = min(len(tokens), mention.phrase.stop + _REACH)
        self.starts = starts
        self.lexicon = lexicon
        self.is_many = mention.is_many
        self.is_people = mention.phrase.head in lexicon.people or not mention.phrase.certain
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
                finite = self.has_verb or self.lexicon.passive.at(self.tokens, self.place) is None
                return Harm(kind, self.direct, self.doubtful, self.negated, listed=self.listed, finite=finite)
            if not self._step():
                return None
        return None

    def _harm_here(self) -> FactKind | None:
        passive = self.lexicon.passive.at(self.tokens, self.place)
        if passive is not None:
            kind, stop = passive
            if kind is FactKind.MISSING and self._is_over():
                return None
            if self.needs_verb and not self.has_verb:
                return None
            return None if not self.has_verb and self._has_object(stop) else kind
        did = self.lexicon.did.at(self.tokens, self.place)
        if did is None or (self.is_many and self._is_said_of_one()):
            return None
        return did[0]

    def _is_over(self) -> bool:
        """Whether a state was theirs before: who "had been missing" is not so any more."""
        return any(
            token.lower in self.lexicon.grammar["had"] for token in self.tokens[max(0, self.place - 2) : self.place]
        )

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
        return self._over_small_word(token, word) or self._over_past_state() or self._over_others(token, word)

    def _over_small_word(self, token: Token, word: str) -> bool:
        if self._stands_between(word) or is_adverb(token, self.lexicon):
            self.has_verb = self.has_verb or word in self.lexicon.grammar["auxiliaries"]
            self.doubtful = self.doubtful or word in self.lexicon.modality["doubt"]
            self.negated = self.negated or word in self.lexicon.modality["negated"]
            self.place += 1
            return True
        return False

    def _over_past_state(self) -> bool:
        """Step over "missing" in "who had been missing"."""
        missed = self.lexicon.passive.at(self.tokens, self.place)
        if missed is None or missed[0] is not FactKind.MISSING or not self._is_over():
            return False
        self.place = missed[1]
        self.has_verb = False
        return True

    def _over_others(self, token: Token, word: str) -> bool:
        if not token.is_word:
            return self._comma() if word == "," else word == "(" and self._skip_to(")")
        if word in self.lexicon.joints["and"] or word in self.lexicon.joints["either"]:
            return self._listed(self.place + 1)
        if word in self.lexicon.grammar["relatives"]:
            self.direct = False
            self.place += 1
            has_auxiliary = (
                self.place < self.end and self.tokens[self.place].lower in self.lexicon.grammar["auxiliaries"]
            )
            return has_auxiliary or self._tells_what_they_did()
        return self._ages() or self._remark(word)

    def _tells_what_they_did(self) -> bool:
        """Whether "who" is followed by what happened to them, unless it is over: "who went missing was found"."""
        did = self.lexicon.did.at(self.tokens, self.place)
        if did is None or did[0] is not FactKind.MISSING:
            return did is not None
        return not any(token.lower in self.lexicon.grammar["be"] for token in self.tokens[did[1] : self.end])

    def _ages(self) -> bool:
        """Step over "aged 24 and 31"."""
        age = self.lexicon.age_before.at(self.tokens, self.place)
        stop = place = age[1] if age is not None else self.end
        while place < self.end:
            token = self.tokens[place]
            if token.shape is Shape.NUMBER or token.lower in self.lexicon.cardinals:
                stop = place + 1
            elif token.text != "," and token.lower not in self.lexicon.joints["and"]:
                break
            place += 1
        if age is None or stop == age[1]:
            return False
        self.place = stop
        return True

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
        if word.endswith(self.lexicon.verb_endings) and following == "," and not self.has_verb:
            self.place += 1  # "23 people sheltering, including four children, are killed"
            return True
        if word.endswith(self.lexicon.verb_endings) and following in self.lexicon.grammar["prepositions"]:
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
        if not self.is_many and word in self.lexicon.grammar["singular_verbs"]:
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
        if close is None or (first.is_capitalised and not (is_speech or self._are_names(start, close))):
            return False
        self.place = close + 1
        self.direct = False
        return True

    def _are_names(self, start: int, close: int) -> bool:
        """Whether an aside only names the people: ", Ada Holm and Petar Valin (31),"."""
        words = [token for token in self.tokens[start:close] if token.is_word]
        joints = self.lexicon.joints["and"] | self.lexicon.reporting["inner"]
        capitals = sum(token.is_capitalised for token in words)
        return capitals > 1 and all(token.is_capitalised or token.lower in joints for token in words)

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
            if self._goes_on_listing(stop):
                return True
            if self._opens_clause(word.lower):
                return False
            stop += 1
        if stop >= limit:
            return False
        self.place = stop
        self.needs_verb = True
        self.direct = False
        return True

    def _opens_clause(self, word: str) -> bool:
        """Whether others are told of behind a word: "was charged with murder after three people were shot"."""
        if word in self.lexicon.grammar["conjunctions"] or word in self.lexicon.reporting["verbs"]:
            return True
        return self.has_verb and word in self.lexicon.reporting["circumstances"]

    def _goes_on_listing(self, joint: int) -> bool:
        """Whether "members of the guard" are the first of a list: "and 28 militants are killed"."""
        is_of = self.lexicon.of.at(self.tokens, self.place) is not None
        is_joint = self.tokens[joint].lower in self.lexicon.joints["and"]
        if not (is_of and is_joint and joint + 1 in self.starts):
            return False
        self.place = joint
        self.needs_verb = True
        self.direct = False
        return True

    def _skip_clause(self, start: int) -> bool:
        """Step over "at a firm that was building a tower," where a comma and a verb in the people's number follow.

        "aboard a plane that crashed were killed" needs no comma: "were" is said of many, and nobody else is.
        """
        verbs = self.lexicon.grammar["plural_verbs" if self.is_many else "singular_verbs"]
        needs_comma = not self.is_many
        for place in range(start, self.end - 1):
            token = self.tokens[place]
            if token.text in _ENDS:
                return False
            needs_comma = needs_comma or token.text == "," or token.lower in self.lexicon.reporting["verbs"]
            is_others = needs_comma or is_plural(token.lower, self.lexicon)
            is_own = token.text == "," or (not is_others and self.tokens[place + 1].lower in self.lexicon.grammar["be"])
            if is_own and self.tokens[place + 1].lower in verbs:
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
