"""What befell the people counted: killed, injured, missing, arrested, displaced, evacuated, rescued, taken hostage.

A verb right before the number ("killing 12"), a participle behind the noun ("12 people were killed", across a list, an
"including ..." or a place), a noun that carries a total ("the death toll rose to 12"), or the counted noun itself
("12 deaths"). The nearest and most direct evidence wins.
"""

from collections.abc import Mapping, Sequence

from pipeline.facts.harm_walk import Harm, Walk
from pipeline.facts.lexicon import Lexicon
from pipeline.facts.lexicon_values import Bracket
from pipeline.facts.mentions import Mention
from pipeline.facts.nouns import is_adverb
from pipeline.facts.numbers import Form
from pipeline.facts.tokens import Shape, Token
from pipeline.model import FactKind

_REACH = 48  # tokens looked at on either side
_BRACKET = 12  # tokens between a part of a verb and those whom it tells of
_CLAUSE_ENDS = frozenset('.,;:?!“”"')

# Kinds in which things can be, too.
_OF_THINGS = frozenset({FactKind.EVACUATED})


def find_harm(
    tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
) -> Harm | None:
    """Return what befell those whom a mention counts, or none. `starts` finds other mentions by their first token."""
    ahead = _said_behind(tokens, mention, starts, lexicon)
    counted = lexicon.counted.get(mention.phrase.head)
    in_row = mention.number.form is Form.ORDINAL
    if counted is not None and in_row and mention.phrase.head not in lexicon.people:
        return Harm(counted)  # "a second death in custody", but not "a second hostage died"
    toll = _toll_before(tokens, mention, lexicon)
    if ahead is not None and ahead.listed and (counted is not None or toll is not None):
        ahead = None  # "191 missing, 44,000 displaced", "a toll of 27, 100 were hurt": of the first it is said already
    if ahead is not None and ahead.direct and _can_be(mention, ahead.kind, lexicon):
        return ahead
    before = (
        _verb_before(tokens, mention, lexicon)
        or _verb_with_noun(tokens, mention, lexicon)
        or _verb_around(tokens, mention, lexicon)
    )
    if before is not None and _can_be(mention, before.kind, lexicon):
        return before
    if ahead is not None and _can_be(mention, ahead.kind, lexicon):
        return ahead
    if toll is not None and _can_be(mention, toll.kind, lexicon):
        return toll
    return _said_by_noun(mention, lexicon)


def _said_by_noun(mention: Mention, lexicon: Lexicon) -> Harm | None:
    """Read what the counted noun or its adjective tells: "12 deaths", "eight missing passengers"."""
    if mention.phrase.state is not None and mention.phrase.head in lexicon.people:
        return Harm(mention.phrase.state)
    counted = lexicon.counted.get(mention.phrase.head)
    if mention.number.form is Form.ORDINAL and counted is not FactKind.KILLED:
        return None  # "a second hostage was freed" does not say how many there are
    is_some_of_them = mention.phrase.through_of and mention.number.form is not Form.VAGUE  # "three of the dead"
    return None if counted is None or is_some_of_them else Harm(counted)


def _can_be(mention: Mention, kind: FactKind, lexicon: Lexicon) -> bool:
    head = mention.phrase.head
    if head in lexicon.unit_words or (kind is FactKind.DISPLACED and head in lexicon.fugitives):
        return False
    if kind is FactKind.RESCUED and not _is_alive(mention, lexicon):
        return False
    return head not in lexicon.not_people or kind in _OF_THINGS


def _is_alive(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether somebody is counted who can be rescued: not "12 bodies were pulled from the rubble", nor boxes."""
    phrase = mention.phrase
    if lexicon.counted.get(phrase.head) is FactKind.KILLED:
        return False
    return not phrase.certain or phrase.head in lexicon.people or phrase.head.endswith(lexicon.agent_endings)


def _said_behind(
    tokens: Sequence[Token], mention: Mention, starts: Mapping[int, Mention], lexicon: Lexicon
) -> Harm | None:
    return Walk(tokens, mention, starts, lexicon).run()


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
    if (opening := _opening_state(tokens, place, lexicon)) is not None:
        return Harm(opening)
    state = lexicon.passive.before(tokens, place)
    if state is not None:
        earlier = tokens[state[1] - 1].lower if state[1] > 0 else ""
        is_said_first = lexicon.adjectives_behind and earlier in {"", *lexicon.grammar["auxiliaries"]}
        if earlier in lexicon.grammar["determiners"] or is_said_first:
            return Harm(state[0])  # "the missing four crew members", "fueron rescatadas cuatro personas"
    return None


def _verb_with_noun(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Harm | None:
    """Read a verb whose noun is what is counted: "claimed 34 lives"."""
    verb = tokens[mention.begin - 1].lower if mention.begin > 0 else ""
    closed = (one.kind for one in lexicon.brackets.get(verb, ()) if one.closing == (mention.phrase.head,))
    kind = next(closed, None)
    return None if kind is None else Harm(kind, finite=True, nameless=True)


def _opening_state(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> FactKind | None:
    """Read the state with which a sentence opens: "Verletzt wurden nach Angaben der Polizei drei Menschen"."""
    opening = lexicon.passive.at(tokens, 0)
    if opening is None or opening[1] >= place or tokens[opening[1]].lower not in lexicon.grammar["be"]:
        return None
    between = tokens[opening[1] + 1 : place]
    is_governed = between and between[-1].lower in lexicon.grammar["prepositions"]
    is_far = len(between) > _BRACKET or any(token.text in _CLAUSE_ENDS for token in between)
    return None if is_governed or is_far else opening[0]


def _verb_around(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> Harm | None:
    """Read a verb in two parts: "nahm zwölf Männer fest", "zwölf Männer kamen bei einem Unfall ums Leben".

    One without a second part has its subject somewhere behind it: "starben bei einem Unfall zwölf Männer".
    """
    stop = mention.phrase.stop
    governing = tokens[mention.begin - 1].lower if mention.begin > 0 else ""
    if not lexicon.brackets or stop >= len(tokens) or governing in lexicon.grammar["prepositions"]:
        return None
    behind = tokens[stop].lower
    begun = [bracket for bracket in lexicon.brackets.get(behind, ()) if bracket.did]
    if not begun and behind not in lexicon.grammar["determiners"]:  # not "nahmen zwölf Beamte den Mann fest"
        begun = _begun_before(tokens, mention.begin, lexicon)
    closed = (bracket.kind for bracket in begun if _closes(tokens, stop, bracket.closing))
    kind = next(closed, None)
    return None if kind is None else Harm(kind, finite=True)


def _begun_before(tokens: Sequence[Token], begin: int, lexicon: Lexicon) -> list[Bracket]:
    is_first = True  # what comes behind others may have a verb of its own: "es starben zwölf Menschen und 300 riefen"
    for place in range(begin - 1, max(-1, begin - _BRACKET), -1):
        token = tokens[place]
        if token.text in _CLAUSE_ENDS:
            break
        is_first = is_first and token.shape is not Shape.NUMBER and token.lower not in lexicon.cardinals
        if (begun := lexicon.brackets.get(token.lower)) is not None:
            return [bracket for bracket in begun if bracket.closing or is_first]
    return []


def _closes(tokens: Sequence[Token], place: int, closing: tuple[str, ...]) -> bool:
    """Whether the second part of a verb, if it has one, stands there in the same clause."""
    if not closing:
        return True
    for start in range(place, min(place + _BRACKET, len(tokens))):
        if tokens[start].text in _CLAUSE_ENDS:
            return False
        if tuple(token.lower for token in tokens[start : start + len(closing)]) == closing:
            return True
    return False


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
    while place > 0 and tokens[place - 1].lower in lexicon.grammar["before_total"]:
        place -= 1
    is_reached = mention.qualifier in lexicon.context["reached"]
    is_of_things = mention.phrase.certain and mention.phrase.head not in lexicon.people
    beyond = place > 0 and _is_passed(tokens, place, mention.number.stop, lexicon)
    if place == 0 or is_of_things or not (is_reached or beyond or tokens[place - 1].lower in lexicon.rise):
        return None
    said: FactKind | None = None
    for start in range(place - 1, max(-1, place - _REACH), -1):
        word = tokens[start].lower
        if word == ";" or (word == "." and start + 1 < place and tokens[start + 1].is_capitalised):
            break
        toll = lexicon.toll.at(tokens, start)
        if toll is not None and toll[1] <= place:
            return Harm(toll[0], toll=True, beyond=beyond)
        said = lexicon.total_of.get(word, said)
        if said is not None and lexicon.totals.at(tokens, start) is not None:
            return Harm(said, toll=True, beyond=beyond)
        if lexicon.active.at(tokens, start) is not None and word not in lexicon.total_of:
            break
    return None


def _is_passed(tokens: Sequence[Token], place: int, stop: int, lexicon: Lexicon) -> bool:
    """Whether a figure is one that the total has gone beyond: "has passed 100", "hat 100 überschritten"."""
    behind = tokens[stop].lower if stop < len(tokens) else ""
    return tokens[place - 1].lower in lexicon.beyond or behind in lexicon.beyond
