"""The name of a source, read from the words where it stands: rightwards, leftwards, or from the head of a sentence.

A pronoun names nobody. Only names are kept: "French president Ada Muster" is "Ada Muster".
"""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.facts.lexicon import Lexicon
from pipeline.facts.modality import ends_sentence
from pipeline.facts.nouns import is_adverb, without_possessive
from pipeline.facts.tokens import Shape, Token

LONGEST_NAME = 14  #: tokens
_NEAR = 4  # tokens on either side of an acronym, of which one is in small letters
#: What may stand before a source.
OPENERS = frozenset('“"«„(—–:;,')
QUOTES = frozenset('“”"«»„')


def starts_name(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a source may start behind its verb: with a capital or an article."""
    if place >= len(tokens) or not tokens[place].is_word:
        return False
    return tokens[place].is_capitalised or tokens[place].lower in lexicon.reporting["articles"]


def name_right(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> str:
    """Read a source behind "according to" or "said"."""
    stop = place
    has_noun = False
    while stop < len(tokens) and stop - place < LONGEST_NAME:
        token = tokens[stop]
        word = token.lower
        is_inner = word in lexicon.reporting["inner"] or _joins_capitals(tokens, stop, lexicon)
        if token.text in ",;:()" or token.text in QUOTES or ends_sentence(tokens, stop, lexicon):
            break
        if not is_inner and token.is_word and not token.is_capitalised and word in lexicon.stops:
            break
        if has_noun and not is_inner and _is_no_noun(tokens, stop, lexicon):
            break
        has_noun = has_noun or token.is_capitalised
        is_verb = word in lexicon.reporting["verbs"] and word not in lexicon.reporting["shy_verbs"]
        if word in lexicon.context["weekdays"] or (is_verb and stop > place):
            break
        if stop > place and not token.is_capitalised and (word in lexicon.casualty_words or word in lexicon.cardinals):
            break
        stop += 1
    while stop > place and tokens[stop - 1].lower in lexicon.reporting["inner"]:
        stop -= 1
    return name_of(tokens, place, stop, lexicon)


def _is_no_noun(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a word shows by its small letter that a name is over: "nach Angaben der Stadt verletzt"."""
    is_tied = place + 1 < len(tokens) and tokens[place + 1].text == "-" and tokens[place + 1].glued  # "Omar al-Din"
    return lexicon.capitalised_nouns and tokens[place].is_word and not (tokens[place].is_capitalised or is_tied)


def _joins_capitals(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether a preposition stands inside a name: "the National Commission on Human Rights"."""
    if tokens[place].lower not in lexicon.reporting["within_titles"] or place == 0 or place + 1 >= len(tokens):
        return False
    following = tokens[place + 1]
    is_name = tokens[place - 1].is_capitalised and following.is_capitalised
    return is_name and following.lower not in lexicon.context["weekdays"] | lexicon.context["months"]


def name_left(tokens: Sequence[Token], stop: int, first: int, lexicon: Lexicon) -> str:
    """Read a source that ends right before `stop`."""
    return name_of(tokens, name_start(tokens, stop, first, lexicon), stop, lexicon)


def name_start(tokens: Sequence[Token], stop: int, first: int, lexicon: Lexicon) -> int:
    """Return where a source starts that ends right before `stop`, no further left than `first`."""
    start = stop
    while start > first and stop - start < LONGEST_NAME:
        token = tokens[start - 1]
        word = token.lower
        opening = _opening_bracket(tokens, start - 1) if token.text == ")" else None
        if opening is not None:
            start = opening
            continue
        if token.text in OPENERS | QUOTES or token.shape is Shape.NUMBER or ends_sentence(tokens, start - 1, lexicon):
            break
        is_stop = word in lexicon.reporting["stops"] and not _is_acronym(tokens, start - 1)
        if is_stop and not _is_inside_name(tokens, start - 1, lexicon):
            break
        if word in lexicon.casualty_words or word in lexicon.grammar["auxiliaries"]:
            opens_name = start < stop and start - 1 > first and tokens[start - 2].text == ","
            start -= word in lexicon.casualty_words and opens_name  # ", rescue workers said"
            break
        start -= 1
    return start


def _opening_bracket(tokens: Sequence[Token], closing: int) -> int | None:
    for place in range(closing - 1, max(-1, closing - LONGEST_NAME), -1):
        if tokens[place].text == "(":
            return place
    return None


def _is_inside_name(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether "and" joins two names or groups: "the Health and Welfare Ministry", "police and medics"."""
    if tokens[place].lower not in lexicon.joints["and"] or place == 0 or place + 1 >= len(tokens):
        return False
    one, other = tokens[place - 1], tokens[place + 1]
    both_capitals = one.is_capitalised and other.is_capitalised
    return both_capitals or (one.lower in lexicon.people and other.lower in lexicon.people)


def leading_name(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> str:
    """Read the subject that opens a sentence, as far as capitals show it."""
    stop = first
    last_capital = first
    while stop < len(tokens) and stop - first < LONGEST_NAME:
        token = tokens[stop]
        if token.is_capitalised:
            last_capital = stop + 1
        elif (
            token.text not in "-.’'"
            and token.lower not in lexicon.reporting["inner"]
            and token.lower not in lexicon.speakers
        ):
            break
        stop += 1
    return name_of(tokens, first, last_capital, lexicon) if last_capital > first else ""


def name_of(tokens: Sequence[Token], start: int, stop: int, lexicon: Lexicon) -> str:
    """Return the name in a source's words: without lead-ins, roles and titles; empty where they name nobody."""
    words = lexicon.reporting
    while start < stop and (tokens[start].lower in words["lead_ins"] or not tokens[start].is_word):
        start += 1
    while stop > start and not tokens[stop - 1].is_word and tokens[stop - 1].text != ".":
        stop -= 1
    kept = _without_brackets(tokens[start:stop])
    if not kept or (kept[0].lower in words["pronouns"] and not _is_acronym(tokens, start)):
        return ""
    kept = _without_role(kept, lexicon)
    return _written(kept) if _is_somebody(kept, lexicon) else ""


def _is_acronym(tokens: Sequence[Token], place: int) -> bool:
    """Whether capitals make a name of a small word, in a sentence that is not all in capitals: "WHO said"."""
    token = tokens[place]
    if len(token.text) < 2 or not token.text.isupper():  # "I" is none
        return False
    around = tokens[max(0, place - _NEAR) : place + _NEAR + 1]
    return any(other.is_word and other.text.islower() for other in around)


def _is_somebody(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether words can name a source: a capital behind the first word, or a noun that speaks at their end."""
    if not any(token.is_word for token in tokens) or is_adverb(tokens[0], lexicon):
        return False
    words = [token for token in tokens if token.is_word]
    if all(token.lower in lexicon.reporting["articles"] for token in words):
        return False
    if len(words) == 1 and words[0].lower in lexicon.stops:
        return words[0].text.isupper()  # "US", but not the "At" that opens a sentence
    if len(words) == 1 or any(token.is_capitalised for token in words):
        return True
    return any(without_possessive(token.lower, lexicon) in lexicon.speakers for token in words)


def _without_brackets(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.text == "("
        if depth == 0:
            kept.append(token)
        depth -= token.text == ")" and depth > 0
    return kept


def _without_role(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    words = lexicon.reporting
    for place in range(len(tokens) - 2, -1, -1):
        token = tokens[place]
        if token.lower in words["roles"] and not token.is_capitalised and tokens[place + 1].is_capitalised:
            tokens = tokens[place + 1 :]
            break
    while len(tokens) > 2 and (tokens[0].text in words["titles"] or tokens[0].text == "."):
        tokens = tokens[1:]
    return tokens


def _written(tokens: Sequence[Token]) -> str:
    text = tokens[0].text
    for previous, token in pairwise(tokens):
        text += token.text if token.start == previous.end else " " + token.text
    return text.rstrip(" ,;:")
