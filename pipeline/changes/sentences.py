"""Sentences of an article, as slices of its text.

One rule splitter for every language: find a terminator, look at what stands before and after it, and decide. What is
special to a language is data (`abbreviations.toml`). The rules stand in the place of nupunkt 0.8 because they measure
better: of the English cases in `tests/unit/test_changes_sentences.py` nupunkt gets six wrong ("Lt. Gen.", "U.S.
Secretary", a quotation that opens behind a full stop), the rules none; both find the seed story's fifteen sentences.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.languages import language_code

# A terminator with the quotation marks and brackets that close behind it.
_CLOSERS = "\"'”’“‘»›«‹)\\]}」』】〕）］｣"
_MARKS = ".!?…؟۔।॥։።။។"
_WIDE = "。！？｡．"  # written without a space behind it; "１．５" is one number
_TERMINATOR = re.compile(
    rf"(?P<wide>(?!(?<=\d)．\d)[{_WIDE}]+[{_CLOSERS}]*)"
    rf"|(?P<mark>[{_MARKS}]+)(?P<closer>[{_CLOSERS}]*(?:[ \u00a0\u202f][»”])?)(?=\s|$)"
    rf"|(?P<glued>(?<=[^\W\d_][^\W\d_])[.!?])(?=[A-ZÀ-ÞА-Я][a-zß-ÿа-я]+\s)"  # "…the city.Officials said": a lost space
)
# Where one may begin: to look for that first is nine times as fast as to try the alternatives at every letter.
_ANY_MARK = re.compile(f"[{_MARKS}{_WIDE}]")
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
_NEXT_WORD = re.compile(r"[\"'“‘„«‹»(\[{\s—–\-¿¡•*]*(?P<word>[^\W_]+)?")
_LAST_WORD = re.compile(r"[^\s(\[\"“„«‘'\-–—/]+$")
_ELIDED = re.compile(r"[^\W\d_]{1,4}['’](?=[^\W\d_]{2})")  # "l'on. Bianchi", "dell'avv. Rossi"
# "z. B.", "u. a.", "i. d. R.": an abbreviation of single letters, set with spaces.
_LETTER_FOLLOWS = re.compile(r"\s*([^\W\d_])\.")
_SPACED_LETTERS = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s*)+[^\W\d_]$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_WIDE_OPEN, _WIDE_CLOSE = "「『（【〔［｢", "」』）】〕］｣"
# '"Who did this?" Smith asked.' is one sentence: a name and a verb of speech follow the closed quotation.
_SPEAKER_FOLLOWS = re.compile(
    r"\s*(?:[A-ZÀ-Þ][\w.'’-]*\s+|the\s+|of\s+){1,5}(?:said|says|asked|asks|told|added|wrote|shouted|cried|replied)\b"
)


@dataclass(frozen=True, slots=True)
class _Language:
    title: frozenset[str]
    before_number: frozenset[str]
    other: frozenset[str]
    starters: frozenset[str]
    ordinals: bool


@lru_cache(maxsize=1)
def _languages() -> dict[str, _Language]:
    raw = tomllib.loads(files("pipeline.changes").joinpath("abbreviations.toml").read_text("utf-8"))
    return {
        code: _Language(
            title=frozenset(table["title"]),
            before_number=frozenset(table["before_number"]),
            other=frozenset(table["other"]),
            starters=frozenset(table["starters"]),
            ordinals=table["ordinals"],
        )
        for code, table in raw.items()
    }


def _language(tag: str | None) -> _Language:
    return _languages().get(language_code(tag) or "en", _languages()["any"])


def split_sentences(text: str, language: str | None) -> tuple[str, ...]:
    """Return the sentences of a text in order. A line break ends a sentence; a paragraph is one line.

    `language` is a tag such as `en` or `pt-BR`; None is read as English. Law: the sentences are slices of the text, and
    joining them loses nothing but white space.
    """
    rules = _language(language)
    found: list[str] = []
    for paragraph in _PARAGRAPH.finditer(text):
        line = paragraph[0]
        start = 0
        for end in _ends(line, rules):
            if sentence := line[start:end].strip():
                found.append(sentence)
            start = end
        if sentence := line[start:].strip():
            found.append(sentence)
    return tuple(found)


def _ends(line: str, rules: _Language) -> list[int]:
    """Return the offsets in one paragraph behind which a new sentence starts."""
    ends: list[int] = []
    start = depth = seen = 0
    for match in _terminators(line):
        end = match.end()
        if match["wide"]:
            # A sentence inside 「」 belongs to the one that quotes it.
            depth = max(0, depth + _brackets(line, seen, end))
            seen = end
            if depth == 0 and not line.startswith(("と", "」", "』"), end):
                ends.append(end)
                start = end
        elif match["glued"]:
            if _is_glued_end(line, match.start(), rules):
                ends.append(end)
                start = end
        elif end < len(line) and _is_end(line, start, match, rules):
            ends.append(end)
            start = end
    return ends


def _terminators(line: str) -> Iterator[re.Match[str]]:
    at = 0
    while mark := _ANY_MARK.search(line, at):
        match = _TERMINATOR.match(line, mark.start())
        if match:
            yield match
        at = match.end() if match else mark.end()


def _brackets(line: str, start: int, end: int) -> int:
    opened = sum(line.count(mark, start, end) for mark in _WIDE_OPEN)
    return opened - sum(line.count(mark, start, end) for mark in _WIDE_CLOSE)


def _is_glued_end(line: str, stop: int, rules: _Language) -> bool:
    word = _LAST_WORD.search(line[max(0, stop - 30) : stop])
    # "St.Petersburg" and "bbc.Com"-like addresses are no ends; a dotted or abbreviated word stays whole.
    return word is not None and "." not in word[0] and word[0].lower() not in rules.title | rules.other


def _is_end(line: str, start: int, match: re.Match[str], rules: _Language) -> bool:
    stop, end = match.start(), match.end()
    following = _NEXT_WORD.match(line, end, min(len(line), end + 60))
    word = (following["word"] or "") if following else ""
    if word[:1].islower():  # '…," he said', "U.S. forces", '"Why?" she asked'
        return False
    mark, closer = match["mark"], match["closer"]
    if mark[-1] in "!?" and closer and _SPEAKER_FOLLOWS.match(line, end, min(len(line), end + 80)):
        return False
    if mark != "." or closer:
        return True
    return not _is_abbreviation(line, start, stop, word, rules)


def _is_abbreviation(line: str, start: int, stop: int, following: str, rules: _Language) -> bool:
    """Whether the full stop at `stop` belongs to the word before it and ends no sentence."""
    last = _LAST_WORD.search(line[max(start, stop - 30) : stop])
    if last is None:
        return False
    word = last[0].lower()
    spaced = _SPACED_LETTERS.search(line[max(start, stop - 16) : stop]) if len(word) == 1 else None
    letters = "".join(spaced[0].lower().split()) if spaced else word
    starts_sentence = following.lower() in rules.starters
    if (
        word in rules.title
        or _ELIDED.sub("", word, count=1) in rules.title
        or letters in rules.title
        or (following[:1].isdigit() and word in rules.before_number)
    ):
        return True
    if word.isdecimal():
        at_start = stop - len(word) == start  # "1. Item"
        return len(word) <= 2 and (at_start or (rules.ordinals and not starts_sentence))
    if len(word) == 1 and last[0].isupper():  # an initial; "… than I. The" ends
        return not (word == "i" and starts_sentence)
    if len(word) == 1 and (next_letter := _LETTER_FOLLOWS.match(line, stop + 1)):
        begun = f"{letters}.{next_letter[1].lower()}"
        if any(known.startswith(begun) for known in rules.title | rules.other):
            return True
    dotted = spaced is not None or _DOTTED.fullmatch(word) is not None  # U.S, a.m, z.B
    return (dotted or word in rules.other) and not starts_sentence
