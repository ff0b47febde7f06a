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
    them = before[0] if len(before) == 1 else None
    for place, draft in enumerate(drafts):
        if draft.part and draft.kind in wholes and draft.parent is None:  # "three of the dead were children"
            told[place] = _member(draft, draft.kind, None, wholes) or draft
        elif draft.measure is None and draft.harm is None and draft.mention.number.form.is_number:
            earlier = told[place - 1] if place else None
            told[place] = _in_group(tokens, draft, them, wholes, lexicon) or _listed(
                tokens, earlier, draft, wholes, lexicon
            )
    return told


def _in_group(
    tokens: Sequence[Token], draft: Draft, them: FactKind | None, wholes: Mapping[FactKind, Whole], lexicon: Lexicon
) -> Draft | None:
    phrase = draft.mention.phrase
    if phrase.certain and phrase.head in lexicon.people:
        kind = _group_before(tokens, draft.mention.begin, lexicon) or _group_at(tokens, phrase.stop, lexicon)
        if kind is None:
            return None
        return _member(draft, kind, them, wholes)
    of = lexicon.of_them.at(tokens, draft.mention.number.stop)
    kind = _THEM if of is not None else _group_before(tokens, draft.mention.begin, lexicon)
    stop = of[1] if of is not None else draft.mention.number.stop
    start = _behind_links(tokens, stop, lexicon)
    some = read_noun_phrase(tokens, start, lexicon, single=False)
    if start == stop or not (some.certain and some.head in lexicon.people):
        return None
    return _member(replace(draft, subject=some.text, head=some.head), kind, them, wholes)


_THEM = "them"


def _group_before(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> FactKind | str | None:
    for end in range(place, max(0, place - _LINKS), -1):
        if (group := lexicon.groups.before(tokens, end)) is not None:
            return group[0]
        if lexicon.of_them.before(tokens, end) is not None:
            return _THEM
        if not _is_link(tokens[end - 1], lexicon):
            return None
    return None


def _group_at(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> FactKind | str | None:
    start = _behind_links(tokens, place, lexicon)
    if start == place:
        return None
    if (group := lexicon.groups.at(tokens, start)) is not None:
        return group[0]
    return None if lexicon.of_them.at(tokens, start) is None else _THEM


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
    if earlier is None or not earlier.member or not (phrase.certain and phrase.head in lexicon.people):
        return draft
    between = tokens[earlier.mention.phrase.stop : draft.mention.begin]
    is_list = between and all(token.text == "," or token.lower in lexicon.joints["and"] for token in between)
    return (_member(draft, earlier.kind, None, wholes) or draft) if is_list else draft


def _member(
    draft: Draft, group: FactKind | str | None, them: FactKind | None, wholes: Mapping[FactKind, Whole]
) -> Draft | None:
    kind = group if isinstance(group, FactKind) else them if group == _THEM else None
    if kind is None:
        return None
    whole = wholes.get(kind)
    if whole is not None and draft.mention.number.low > whole.low:
        whole = None
    if whole is None and group == _THEM:
        return None
    return replace(draft, kind=kind, part=True, member=True, whole=None if whole is None else whole.place)
