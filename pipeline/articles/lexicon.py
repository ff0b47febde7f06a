"""Phrase files: what publishers write around and about their stories, as data that needs no Python.

Each file in `lexicons/` holds the phrases of one language (`any.txt`: of all), one a line, under `[section]` headings;
`lexicons/README.md` explains the sections and the few signs a phrase may use:

    [word]   may be there or not            (one|two)   either of them
    …        up to forty characters of the same sentence
    ~        at the front: anywhere, not only where the section expects it
    $        at the end: the clause ends here, with the line, a dash or a punctuation mark

A space stands for any white space, an apostrophe or a hyphen for each of its typographic kin; case never counts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Not behind a quotation mark: an official's "this is a developing situation" is no promise of the publisher's.
SENTENCE_START = r"(?:^[^\w\"“”„«»‘’']*|[.!?…。！？:|(\[]\s*|\s[-–—*•]+\s*)"
_APOSTROPHES = "'’‘ʼ`´"
_HYPHENS = "-‐‑‒–—"
_GAP = r"[^.!?…。！？\n]{0,40}?"
_SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "…": _GAP}
_CLAUSE_END = r"(?=\s*(?:$|[.,:;!?…。！|)\]*]|\s[-–—]|[–—]))"
_MANY = 100  #: rules; up to so many are sooner looked for one by one than by the words of a line
_LITERAL = re.compile(r"\w{2,}")
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"\[([a-z ]+)\]")
# Scripts that write no spaces between words: a word boundary there would never match.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its source line, its language, and a pattern without anchors.

    `needle` is a lower-case string that every match contains; looking for it first is far cheaper than the pattern.
    Where it `is_word`, every match contains it as a whole word, which is cheaper still to look for in a long text.
    """

    source: str
    language: str
    pattern: str
    needle: str
    is_word: bool
    anywhere: bool


def compile_phrase(line: str, language: str) -> Phrase:
    """Turn one line of a phrase file into a pattern; raises `ValueError` where brackets do not match."""
    anywhere = line.startswith("~")
    closed = line.endswith("$")
    source = line.removeprefix("~").removesuffix("$").strip()
    if source.count("[") != source.count("]") or source.count("(") != source.count(")"):
        msg = f"brackets do not match in the phrase {line!r} of language {language!r}"
        raise ValueError(msg)
    body = "".join(_translate(source))
    needle = _needle(source)
    if not needle and re.fullmatch(body, ""):
        msg = f"every part of the phrase {line!r} of language {language!r} may be missing"
        raise ValueError(msg)
    head = r"(?<!\w)" if _bounded(source.lstrip("[(")[:1]) else ""
    tail = r"(?!\w)" if _bounded(source.rstrip("])")[-1:]) else ""
    if closed:
        tail += _CLAUSE_END
    is_word = bool(needle) and not _UNSPACED.search(needle) and f" {needle} " in f" {source.lower()} "
    return Phrase(source, language, f"{head}{body}{tail}", needle, is_word, anywhere)


def _bounded(edge: str) -> bool:
    return edge.isalnum() and not _UNSPACED.match(edge)


def _translate(source: str) -> Iterator[str]:
    for before, sign, after in zip(" " + source, source, source[1:] + " ", strict=False):
        if sign.isspace():
            # Beside a part that may be missing there may be one space or two to match.
            yield r"\s*" if before == "]" or after == "[" else r"\s+"
        elif sign in _SIGNS:
            yield _SIGNS[sign]
        elif sign in _APOSTROPHES:
            yield f"[{_APOSTROPHES}]"
        elif sign in _HYPHENS:
            yield r"[-‐‑‒–—\s]"
        else:
            yield re.escape(sign)


def _needle(source: str) -> str:
    """Return the longest word that stands outside every bracket, or an empty string."""
    bare, depth = [], 0
    for sign in source:
        depth -= sign in ")]"
        bare.append(sign if depth == 0 and sign not in ")]" else " ")
        depth += sign in "(["
    text = "".join(bare).replace("(", " ").replace("[", " ").lower()
    return max(_LITERAL.findall(text), key=len, default="")


def _read_sections(text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if heading := _HEADING.fullmatch(line):
            section = heading[1]
        else:
            yield section, line


@cache
def _sections() -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}
    folder = resources.files(__package__) / "lexicons"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".txt"):
            language = file.name.removesuffix(".txt")
            for section, line in _read_sections(file.read_text(encoding="utf-8")):
                found.setdefault(section, []).append(compile_phrase(line, language))
    return {section: tuple(phrases) for section, phrases in found.items()}


def phrases(section: str, language: str | None = None) -> tuple[Phrase, ...]:
    """Return a section's phrases: of every language, or of `language`, English and `any` where we have that language.

    Raises `KeyError` for a section that no file has.
    """
    everything = _sections()[section]
    if language is None or language not in languages():
        return everything
    return tuple(phrase for phrase in everything if phrase.language in {language, "en", "any"})


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a phrase file."""
    return frozenset(phrase.language for group in _sections().values() for phrase in group) - {"any"}


@dataclass(frozen=True, slots=True)
class Sought:
    """A long text in which the phrases of several sections will be looked for."""

    lowered: str
    words: frozenset[str]


def sought(text: str) -> Sought:
    """Return a text as `Finder.narrowed` asks for it."""
    lowered = text.lower()
    return Sought(lowered, frozenset(_WORD.findall(lowered)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase as a finder has it: its needle, and its pattern in its place."""

    needle: str
    pattern: str
    is_word: bool


@dataclass(frozen=True, slots=True)
class Finder:
    """The phrases of one section, ready to be looked for; the first of them that occurs in a line is its match."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, Sequence[int]]  #: places of the rules that need a whole word, by that word
    others: Sequence[int]  #: places of all other rules

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Finder":
        """Return the finder of these rules, which come in order of precedence."""
        ordered = tuple(rules)
        by_word: dict[str, list[int]] = {}
        for place, rule in enumerate(ordered):
            if rule.is_word:
                by_word.setdefault(rule.needle, []).append(place)
        return cls(ordered, by_word, [place for place, rule in enumerate(ordered) if not rule.is_word])

    def narrowed(self, sought: "Sought") -> "Finder":
        """Return a finder of only the phrases that can occur in a text."""
        return Finder.of(self._possible(sought))

    def search(self, text: str) -> re.Match[str] | None:
        """Return a match in one line, or `None`."""
        if not self.rules:
            return None
        if len(self.rules) > _MANY:
            possible: Iterable[Rule] = self._possible(sought(text))
        else:
            lowered = text.lower()
            possible = [rule for rule in self.rules if rule.needle in lowered]
        for rule in possible:
            if match := _compiled(rule.pattern).search(text):
                return match
        return None

    def _possible(self, sought: "Sought") -> list[Rule]:
        places = [place for word in self.by_word.keys() & sought.words for place in self.by_word[word]]
        places += [place for place in self.others if self.rules[place].needle in sought.lowered]
        return [self.rules[place] for place in sorted(places)]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Of some 3,500 patterns a run needs a few dozen; compiling all of them takes longer than reading 30 pages.
    return re.compile(pattern, re.IGNORECASE)


def finder(section: str, *, before: str = "", after: str = "", language: str | None = None) -> Finder:
    """Return the finder of a section whose phrases stand between two patterns; a phrase with `~` may stand anywhere."""
    # A page may claim any language; only known ones may fill the cache.
    return _finder(section, before, after, language if language in languages() else None)


@cache
def _finder(section: str, before: str, after: str, language: str | None) -> Finder:
    found = phrases(section, language)
    return Finder.of(Rule(phrase.needle, _anchored(phrase, before, after), phrase.is_word) for phrase in found)


def _anchored(phrase: Phrase, before: str, after: str) -> str:
    return f"(?P<phrase>{phrase.pattern})" if phrase.anywhere else f"{before}(?P<phrase>{phrase.pattern}){after}"
