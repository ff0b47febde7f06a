"""Who some of those were that another sentence counted.

"12 people died in Ard. Among them were three children": the three were killed, too, and are a part of the twelve. Whom
a sentence speaks of is told by its words ("among the dead"), or by the sentence before where that counts people to whom
one thing happened ("among them").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.nouns import read_noun_phrase
from pipeline.facts.parts import Draft
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

_LINKS = 4  # words of ", at the time, were" between a group and those named


@dataclass(frozen=True, slots=True)
class Whole:
    """A plain toll of an earlier sentence: its place among a version's facts, its sentence's, and its figure."""

    place: int
    position: int
    low: Decimal


@dataclass(frozen=True, slots=True)
class _Group:
    """Those whom `kind` befell. `named` tells that the sentence says so ("the dead"); "them" only points back."""

    kind: FactKind
    named: bool


def with_members(
    tokens: Sequence[Token],
    drafts: Sequence[Draft],
    wholes: Mapping[FactKind, Whole],
    position: int,
    lexicon: Lexicon,
) -> list[Draft]:
    """Return the drafts, those of a group with its kind and whole. `wholes` are the last of each kind before."""
    told = list(drafts)
    before = [kind for kind, whole in wholes.items() if whole.position == position - 1]
    them = _Group(before[0], named=False) if len(before) == 1 else None
    for place, draft in enumerate(drafts):
        if place and told[place - 1].is_casualty:
            them = None  # "them" are those of the same sentence
        if draft.kind is not None and draft.kind in wholes and draft.part:  # "three of the dead were children"
            told[place] = _as_member(draft, draft.kind, wholes)
        elif them is not None and draft.kind is them.kind and _is_of_them(tokens, draft, lexicon):
            told[place] = _as_member(draft, them.kind, wholes)  # "nine of them died in Ard"
        elif draft.measure is None and draft.harm is None and draft.mention.number.form.is_number:
            earlier = told[place - 1] if place else None
            told[place] = _in_group(tokens, draft, them, wholes, lexicon) or _listed(
                tokens, earlier, draft, wholes, lexicon
            )
    return told


def _is_of_them(tokens: Sequence[Token], draft: Draft, lexicon: Lexicon) -> bool:
    return lexicon.of_them.at(tokens, draft.mention.number.stop) is not None


def _in_group(
    tokens: Sequence[Token], draft: Draft, them: _Group | None, wholes: Mapping[FactKind, Whole], lexicon: Lexicon
) -> Draft | None:
    phrase, begin, stop = draft.mention.phrase, draft.mention.begin, draft.mention.number.stop
    if phrase.certain and phrase.head in lexicon.people:
        group = _group_before(tokens, begin, them, lexicon) or _group_at(tokens, phrase.stop, them, lexicon)
    else:
        of = lexicon.of_them.at(tokens, stop)
        group = them if of is not None else _group_before(tokens, begin, them, lexicon)
        stop = of[1] if of is not None else stop
        start = _behind_links(tokens, stop, lexicon)
        some = read_noun_phrase(tokens, start, lexicon, single=False)
        if start == stop or not (some.certain and some.head in lexicon.people):
            return None
        draft = replace(draft, subject=some.text, head=some.head)
    if group is None:
        return None
    member = _as_member(draft, group.kind, wholes)
    return member if group.named or member.whole is not None else None


def _group_before(tokens: Sequence[Token], place: int, them: _Group | None, lexicon: Lexicon) -> _Group | None:
    for end in range(place, max(0, place - _LINKS), -1):
        if (group := lexicon.groups.before(tokens, end)) is not None:
            return _Group(group[0], named=True)
        if lexicon.of_them.before(tokens, end) is not None:
            return them
        if not _is_link(tokens[end - 1], lexicon):
            return None
    return None


def _group_at(tokens: Sequence[Token], place: int, them: _Group | None, lexicon: Lexicon) -> _Group | None:
    start = _behind_links(tokens, place, lexicon)
    if start == place:
        return None
    if (group := lexicon.groups.at(tokens, start)) is not None:
        return _Group(group[0], named=True)
    return None if lexicon.of_them.at(tokens, start) is None else them


def _behind_links(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> int:
    stop = place
    while stop < min(len(tokens), place + _LINKS) and _is_link(tokens[stop], lexicon):
        stop += 1
    return stop


def _is_link(token: Token, lexicon: Lexicon) -> bool:
    word = token.lower
    grammar = lexicon.grammar
    return word == "," or word in grammar["be"] or word in grammar["adverbs"] or word in grammar["names"]


def _listed(
    tokens: Sequence[Token], earlier: Draft | None, draft: Draft, wholes: Mapping[FactKind, Whole], lexicon: Lexicon
) -> Draft:
    """Read on in a list: "among them were three children and two guards"."""
    phrase = draft.mention.phrase
    is_person = phrase.certain and phrase.head in lexicon.people
    if earlier is None or earlier.kind is None or not earlier.member or not is_person:
        return draft
    between = tokens[earlier.mention.phrase.stop : draft.mention.begin]
    is_list = between and all(token.text == "," or token.lower in lexicon.joints["and"] for token in between)
    return _as_member(draft, earlier.kind, wholes) if is_list else draft


def _as_member(draft: Draft, kind: FactKind, wholes: Mapping[FactKind, Whole]) -> Draft:
    """Return the draft as some of those whom `kind` befell: a part of the toll before, unless that is smaller."""
    whole = wholes.get(kind)
    if whole is not None and draft.mention.number.low > whole.low:
        whole = None
    return replace(draft, kind=kind, part=True, member=True, whole=None if whole is None else whole.place)
