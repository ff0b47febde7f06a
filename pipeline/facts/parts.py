"""Figures that lean on others: parts of a whole, members of a list, numbers whose noun is left out.

"12 were killed, including three children": the three are killed too, and a part of the twelve. "kills two women and a
guard": the guard is killed too. "one critically": one of those injured. "56 of the 120 seats": seats, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from pipeline.facts.harm_walk import Harm
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.measures import Measure
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import is_adverb, read_noun_phrase
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Token
from pipeline.model import FactKind

_INCLUDING_REACH = 14
_FATE_REACH = 24
_RELATIVE_REACH = 5
_ENDING = frozenset({FactKind.ARRESTED, FactKind.MISSING, FactKind.INJURED, FactKind.EVACUATED, FactKind.DISPLACED})
_BREAKS = frozenset('.;:(“”"')


@dataclass(frozen=True, slots=True)
class Draft:
    """A mention on its way to a fact. `parent` is the place of its whole among the drafts.

    `whole` is the place of its whole among the version's facts, where an earlier sentence tells it; `member` that it is
    of such a group. `converts` is the place of the draft that it says again in another unit. `kind` is none until
    something tells it; `part` that it is some of a whole.
    """

    mention: Mention
    kind: FactKind | None
    harm: Harm | None = None
    measure: Measure | None = None
    parent: int | None = None
    part: bool = False
    member: bool = False
    whole: int | None = None
    converts: int | None = None
    subject: str = ""
    head: str = ""

    @property
    def is_casualty(self) -> bool:
        """Whether it tells of people in a state."""
        return self.kind is not None and self.kind.is_casualty


def resolve_parts(tokens: Sequence[Token], drafts: Sequence[Draft], lexicon: Lexicon) -> list[Draft]:
    """Return the drafts with kinds, subjects and parents filled in where another draft tells them."""
    resolved = list(drafts)
    for place, draft in enumerate(drafts):
        if draft.measure is None and not draft.member and draft.mention.number.form is not Form.ORDINAL:
            resolved[place] = _resolve(tokens, resolved, place, lexicon)
    for place in range(len(resolved)):
        if (some := _of_whole(tokens, resolved, place, lexicon)) is not resolved[place]:
            resolved[place] = some
            if some.parent is not None:
                resolved[place], resolved[some.parent] = _said_of_some(tokens, some, resolved[some.parent], lexicon)
    _lead_to_toll(tokens, resolved, lexicon)
    for place, draft in enumerate(resolved):
        if draft.parent is not None and _is_over(tokens, draft, resolved[draft.parent], lexicon):
            many = FactKind.COUNT if draft.mention.number.low > 1 else None
            resolved[place] = replace(draft, kind=many, harm=None)
    return resolved


def _lead_to_toll(tokens: Sequence[Token], drafts: list[Draft], lexicon: Lexicon) -> None:
    """Take whom a toll was raised by for some of it: "the toll rose to six when two bodies were found"."""
    tolls = {draft.kind: place for place, draft in enumerate(drafts) if draft.harm is not None and draft.harm.toll}
    for place, draft in enumerate(drafts if tolls else ()):
        toll = tolls.get(draft.kind, place)
        is_told = draft.parent is None and draft.whole is None and not draft.mention.adding
        if toll >= place or not is_told or draft.mention.number.low > drafts[toll].mention.number.low:
            continue
        between = tokens[drafts[toll].mention.number.stop : draft.mention.begin]
        if any(token.lower in lexicon.reporting["circumstances"] for token in between):
            drafts[place] = replace(draft, parent=toll)


def _is_over(tokens: Sequence[Token], some: Draft, whole: Draft, lexicon: Lexicon) -> bool:
    """Whether what befell all is over for some of them: "freed one of three men arrested", "three have been freed"."""
    if some.kind is not whole.kind or some.kind not in _ENDING:
        return False
    ended = lexicon.context["ended"]
    before = tokens[some.mention.begin - 1].lower if some.mention.begin > 0 else ""
    if before in ended:
        return True
    is_first = whole.mention.begin > some.mention.begin  # "three of the twelve"
    start = whole.mention.phrase.stop if is_first else some.mention.phrase.stop
    of_them = lexicon.including.at(tokens, start)
    has_verb = False
    for token in tokens[of_them[1] if of_them is not None else start :][:_FATE_REACH]:
        is_apart = not has_verb and token.lower in lexicon.reporting["circumstances"]  # "have since been freed"
        if token.text in _BREAKS or token.text == "," or is_apart or token.lower in lexicon.grammar["conjunctions"]:
            return False
        if has_verb and token.lower in ended:
            return True
        has_verb = has_verb or token.lower in lexicon.grammar["auxiliaries"]
    return False


def _said_of_some(tokens: Sequence[Token], some: Draft, whole: Draft, lexicon: Lexicon) -> tuple[Draft, Draft]:
    """Take the verb behind a whole for that of the some: of "two of the nine injured have died" two are dead."""
    harm, phrase = whole.harm, whole.mention.phrase
    behind = tokens[phrase.stop : phrase.stop + _RELATIVE_REACH]
    is_of_all = any(token.lower in lexicon.grammar["relatives"] for token in behind)  # "of two guards who were shot"
    if harm is None or not harm.finite or harm.listed or is_of_all or not some.mention.number.form.is_number:
        return some, whole
    kind = lexicon.counted.get(phrase.head) or phrase.state or FactKind.COUNT
    if kind is whole.kind:
        return some, whole
    kept = replace(whole, kind=kind, harm=None, subject=phrase.text or whole.subject, head=phrase.head or whole.head)
    return replace(some, kind=whole.kind, harm=harm), kept


def _resolve(tokens: Sequence[Token], drafts: list[Draft], place: int, lexicon: Lexicon) -> Draft:
    draft = drafts[place]
    whole = _whole(drafts, place, draft)
    introduced = lexicon.including.before(tokens, draft.mention.begin) is not None
    is_part = introduced or (draft.harm is None and _is_in_part_list(tokens, draft.mention, lexicon))
    if whole is not None and (is_part or _shares_out(tokens, drafts, whole, place, lexicon)):
        return _as_part(drafts, whole, draft, lexicon)
    if draft.harm is not None:
        return draft
    if draft.mention.phrase.elided or not draft.mention.phrase.certain:
        severe = lexicon.severity.at(tokens, draft.mention.number.stop)
        injured = _last(drafts, place, FactKind.INJURED)
        if severe is not None and injured is not None:
            return replace(_as_part(drafts, injured, draft, lexicon), kind=severe[0])
        of_them = lexicon.including.at(tokens, draft.mention.number.stop)
        if of_them is not None and whole is not None:
            part = _as_part(drafts, whole, draft, lexicon)
            is_one_thing = drafts[whole].kind is FactKind.COUNT and draft.mention.number.low == 1
            return replace(draft, kind=None) if is_one_thing else _as_named(tokens, of_them[1], part, lexicon)
    return _as_listed(tokens, drafts, place, lexicon)


def _shares_out(tokens: Sequence[Token], drafts: list[Draft], whole: int, place: int, lexicon: Lexicon) -> bool:
    """Whether elided figures with places behind them add up to the whole: "five, four from Ost and one from Ard"."""
    if not drafts[whole].is_casualty:
        return False
    first = place
    while first - 1 > whole and drafts[first - 1].part:
        first -= 1
    if tokens[drafts[first].mention.begin - 1].text != ",":
        return False
    shares = list(takewhile(lambda draft: _is_elided_place(tokens, draft, lexicon), drafts[first:]))
    total = sum((draft.mention.number.low for draft in shares), Decimal(0))
    return place < first + len(shares) and total == drafts[whole].mention.number.low


def _is_elided_place(tokens: Sequence[Token], draft: Draft, lexicon: Lexicon) -> bool:
    stop = draft.mention.phrase.stop
    is_place = stop < len(tokens) and tokens[stop].lower in lexicon.grammar["places"]
    return draft.mention.phrase.elided and draft.measure is None and is_place


def _whole(drafts: list[Draft], place: int, draft: Draft) -> int | None:
    """Return the nearest figure before that is no part itself, of people if this one is an article."""
    for earlier in range(place - 1, -1, -1):
        other = drafts[earlier]
        if other.kind is None or other.part or other.measure is not None:
            continue
        if draft.mention.is_implicit and not other.is_casualty:
            continue
        return earlier
    return None


def _last(drafts: list[Draft], place: int, kind: FactKind) -> int | None:
    for earlier in range(place - 1, -1, -1):
        if drafts[earlier].kind is kind and not drafts[earlier].part:
            return earlier
    return None


def _as_part(drafts: list[Draft], whole: int, draft: Draft, lexicon: Lexicon) -> Draft:
    owner = drafts[whole]
    phrase = draft.mention.phrase
    if owner.kind is FactKind.COUNT and phrase.certain and phrase.head not in lexicon.people:
        same = phrase.head == owner.head
        return replace(draft, parent=whole if same else None, part=True)
    own = draft.harm is not None and draft.harm.direct and not draft.harm.listed
    kind = draft.kind if own else owner.kind
    if owner.is_casualty and phrase.certain and phrase.head in lexicon.things:
        return draft
    if phrase.certain:
        subject, head = draft.subject, draft.head
    else:
        subject, head = owner.subject, owner.head
    return replace(draft, kind=kind, parent=whole, part=True, subject=subject, head=head)


def _as_named(tokens: Sequence[Token], place: int, part: Draft, lexicon: Lexicon) -> Draft:
    """Take the subject of "five of them children" from what stands behind."""
    some = read_noun_phrase(tokens, place, lexicon, single=False)
    is_people = some.certain and some.head in lexicon.people
    return replace(part, subject=some.text, head=some.head) if is_people else part


def _is_in_part_list(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether "including" stands before the mention with only other members of its list between."""
    for place in range(mention.begin, max(0, mention.begin - _INCLUDING_REACH), -1):
        if lexicon.including.before(tokens, place) is not None:
            return True
        token = tokens[place - 1]
        word = token.lower
        is_joint = _is_list_word(token, lexicon) or word in lexicon.grammar["determiners"]
        if token.text in ".;:()" or word in lexicon.casualty_words or (word in lexicon.stops and not is_joint):
            return False
        if place == mention.begin and not is_joint:
            return False  # "and a train carrying 100 people is stuck"
    return False


def _as_listed(tokens: Sequence[Token], drafts: list[Draft], place: int, lexicon: Lexicon) -> Draft:
    """Give a member of a list the kind of the member before it: "kills two women and a guard"."""
    draft = drafts[place]
    if place == 0:
        return draft
    previous = drafts[place - 1]
    phrase = draft.mention.phrase
    if not previous.is_casualty or not _is_next_in_list(tokens, previous.mention, draft.mention, lexicon):
        return draft
    if phrase.certain and phrase.head not in lexicon.people:
        return draft
    if phrase.elided and not draft.mention.number.form.is_number:
        return draft
    if phrase.certain and lexicon.counted.get(previous.head) is previous.kind:
        return draft  # "25 hostages and 400 prisoners": only what befell the first is said by its noun
    subject, head = (draft.subject, draft.head) if phrase.certain else (previous.subject, previous.head)
    return replace(draft, kind=previous.kind, parent=previous.parent, part=previous.part, subject=subject, head=head)


def _is_next_in_list(tokens: Sequence[Token], one: Mention, other: Mention, lexicon: Lexicon) -> bool:
    """Whether two mentions are neighbours in a list, or say alike "eleven in Gilgit and ten in Karachi"."""
    gap = tokens[one.phrase.stop : other.begin]
    if gap and len(gap) <= 3 and all(_is_list_word(token, lexicon) for token in gap):
        return not _says_more(tokens, other, lexicon) and not (len(gap) > 1 and gap[0].text == ",")
    joint = tokens[other.begin - 1]
    behind = tokens[other.number.stop].lower if other.number.stop < len(tokens) else ""
    if _is_elsewhere(tokens, one, other, lexicon):
        return True
    if not _is_list_word(joint, lexicon) or len(gap) > _INCLUDING_REACH:
        return False
    if behind in lexicon.grammar["stand_ins"] and other.phrase.stop < len(tokens):
        return tokens[other.phrase.stop].lower in lexicon.grammar["places"]
    before = tokens[one.number.stop].lower
    return other.phrase.elided and one.phrase.elided and behind == before and behind in lexicon.grammar["places"]


def _is_elsewhere(tokens: Sequence[Token], one: Mention, other: Mention, lexicon: Lexicon) -> bool:
    """Whether the same is told of another place: "seven people died in Arlo and three in Orrin"."""
    stop = other.number.stop
    gap = tokens[one.phrase.stop : max(one.phrase.stop, other.begin - 1)]
    if not other.phrase.elided or stop >= len(tokens) or not gap or len(gap) > _INCLUDING_REACH:
        return False
    places = lexicon.grammar["places"]
    if tokens[stop].lower not in places or lexicon.of.at(tokens, stop) is not None:
        return False
    if not _is_list_word(tokens[other.begin - 1], lexicon):
        return False
    is_plain = not any(token.text in _BREAKS or token.lower in lexicon.grammar["conjunctions"] for token in gap)
    return is_plain and any(token.lower in places for token in gap)


def _says_more(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a verb of its own seems to follow a member of a list: "and 23 crew members stay on board"."""
    stop = mention.phrase.stop
    if stop >= len(tokens) or not tokens[stop].is_word or tokens[stop].is_capitalised:
        return False
    word = tokens[stop].lower
    is_small = word in lexicon.stops and word not in lexicon.grammar["auxiliaries"]
    return not (is_small or is_adverb(tokens[stop], lexicon) or word.endswith(lexicon.verb_endings))


def _is_list_word(token: Token, lexicon: Lexicon) -> bool:
    return token.text == "," or token.lower in lexicon.joints["and"] or token.lower in lexicon.grammar["list_words"]


def _of_whole(tokens: Sequence[Token], drafts: list[Draft], place: int, lexicon: Lexicon) -> Draft:
    """Read "56 of the 120 seats": both count seats, and the first is a part of the second."""
    draft = drafts[place]
    if place + 1 >= len(drafts) or draft.measure is not None:
        return draft
    whole = drafts[place + 1]
    of = lexicon.of.at(tokens, draft.mention.number.stop)
    if of is None or whole.kind is None or whole.measure is not None or whole.mention.begin - of[1] > 2:
        return draft
    between = tokens[of[1] : whole.mention.begin]
    if not all(_is_owner(token, lexicon) for token in between):
        return draft
    kind = draft.kind or _fate(tokens, draft, whole, lexicon)
    if kind is None:
        kind = whole.kind
    if kind is FactKind.COUNT and draft.mention.number.low == 1:
        return replace(draft, kind=None)  # "one of the country's two" tells of one thing, not how many
    return replace(draft, kind=kind, parent=place + 1, part=True, subject=whole.subject, head=whole.head)


def _fate(tokens: Sequence[Token], some: Draft, whole: Draft, lexicon: Lexicon) -> FactKind | None:
    """Return what befell some of a whole behind what is said of the whole.

    "one of two guards who were shot on Friday dies", "two of the three skiers missing since Friday were found dead".
    """
    is_one = some.mention.number.low == 1
    stop = whole.mention.phrase.stop
    is_said = stop < len(tokens) and tokens[stop].lower in lexicon.grammar["relatives"]
    if not (is_said or (whole.is_casualty and whole.kind is not FactKind.KILLED)):
        return None if is_one else whole.kind
    verbs = lexicon.grammar["singular_verbs" if is_one else "plural_verbs"]
    for place in range(stop, min(stop + _FATE_REACH, len(tokens))):
        word = tokens[place].lower
        if word not in verbs or tokens[place - 1].lower in lexicon.grammar["relatives"]:
            continue
        did = lexicon.did.at(tokens, place) or lexicon.did.at(tokens, place + 1)
        suffered = lexicon.passive.at(tokens, place + 1) if word in lexicon.grammar["be"] else None
        if (told := did or suffered) is not None and told[0] is not whole.kind:
            return told[0]
    return None if is_one else whole.kind


def _is_owner(token: Token, lexicon: Lexicon) -> bool:
    return token.lower in lexicon.grammar["determiners_of_whole"] or token.lower.endswith(lexicon.possessives)
