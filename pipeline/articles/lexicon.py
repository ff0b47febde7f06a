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
# A word that may be missing takes the space beside it along.
_OPTIONAL = re.compile(r"(?<![^\s(|\[])\[([^\[\]]+)\]\s")
_OPTIONAL_LAST = re.compile(r"\s\[([^\[\]]+)\](?=$|[)|\]])")
_WHOLE_WORD = re.compile(r"(?<!\S)\w{2,}(?!\S)")
_MAY_BE_MISSING = re.compile(r"\[[^\[\]]*\]")
_PART, _CHOICE = "\0", "\1"  #: stand for a part in brackets
_HEADING = re.compile(r"\[([a-z ]+)\]")
# Scripts that write no spaces between words: a word boundary there would never match.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its source line, its language, and a pattern without anchors.

    Looking for what every match contains is far cheaper than looking for the pattern: for `needle`, folded, and for one
    whole word at least of each set in `words`.
    """

    source: str
    language: str
    pattern: str
    needle: str
    words: tuple[frozenset[str], ...]
    anywhere: bool


def compile_phrase(line: str, language: str) -> Phrase:
    """Turn one line of a phrase file into a pattern; raises `ValueError` where brackets do not match."""
    anywhere = line.startswith("~")
    closed = line.endswith("$")
    source = line.removeprefix("~").removesuffix("$").strip()
    if source.count("[") != source.count("]") or source.count("(") != source.count(")"):
        msg = f"brackets do not match in the phrase {line!r} of language {language!r}"
        raise ValueError(msg)
    body = "".join(map(_translated, _OPTIONAL_LAST.sub(r"[ (\1)]", _OPTIONAL.sub(r"[(\1) ]", source))))
    outside, choices = _parts(_folded(source))
    needle = max(_LITERAL.findall(outside), key=len, default="")
    if not needle and re.fullmatch(body, ""):
        msg = f"every part of the phrase {line!r} of language {language!r} may be missing"
        raise ValueError(msg)
    head = r"(?<!\w)" if _bounded(source.lstrip("[(")[:1]) else ""
    tail = r"(?!\w)" if _bounded(source.rstrip("])")[-1:]) else ""
    if closed:
        tail += _CLAUSE_END
    words = [frozenset({word}) for word in _whole_words(outside)]
    words += [frozenset(choice) for choice in choices if all(choice)]
    return Phrase(source, language, f"{head}{body}{tail}", needle, tuple(sorted(words, key=len)), anywhere)


def _bounded(edge: str) -> bool:
    return edge.isalnum() and not _UNSPACED.match(edge)


def _folded(text: str) -> str:
    """Return a text in lower case, in which dotted and dotless i are one letter, as they are to a pattern."""
    return text.lower().replace("ı", "i").replace("\u0307", "")


def _translated(sign: str) -> str:
    if sign.isspace():
        return r"\s+"
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign in _APOSTROPHES:
        return f"[{_APOSTROPHES}]"
    return r"[-‐‑‒–—\s]" if sign in _HYPHENS else re.escape(sign)


def _parts(source: str) -> tuple[str, list[list[str]]]:
    """Return what of a phrase stands outside every bracket, and of each choice one whole word of each alternative.

    Where an alternative has no whole word, its word is an empty string; a choice that touches a word is left out.
    """
    while _MAY_BE_MISSING.search(source):
        source = _MAY_BE_MISSING.sub(_PART, source)
    outside, choices, depth = "", [], 0
    for piece in re.split(r"([()])", source):
        if piece == "(":
            if depth == 0:
                outside += _CHOICE
                choices.append("")
            elif depth == 1:
                choices[-1] += _PART
            depth += 1
        elif piece == ")":
            depth -= 1
        elif depth == 0:
            outside += piece
        elif depth == 1:
            choices[-1] += piece
    places = [match.start() for match in re.finditer(_CHOICE, outside)]
    alone = {match.start() for match in re.finditer(rf"(?<!\S){_CHOICE}(?!\S)", outside)}
    return outside, [
        [max(_whole_words(text), key=len, default="") for text in choice.split("|")]
        for place, choice in zip(places, choices, strict=True)
        if place in alone
    ]


def _whole_words(text: str) -> list[str]:
    return [word for word in _WHOLE_WORD.findall(text) if not _UNSPACED.search(word)]


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

    folded: str
    words: frozenset[str]


def sought(text: str) -> Sought:
    """Return a text as `Finder.narrowed` asks for it."""
    folded = _folded(text)
    return Sought(folded, frozenset(_WORD.findall(folded)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One phrase as a finder has it: what every match contains, and its pattern in its place."""

    needle: str
    words: tuple[frozenset[str], ...]
    pattern: str

    def may_match(self, words: frozenset[str]) -> bool:
        """Whether a text of these words may hold the phrase."""
        return not any(map(words.isdisjoint, self.words))


@dataclass(frozen=True, slots=True)
class Finder:
    """The phrases of one section, ready to be looked for; the first of them that occurs in a line is its match."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, Sequence[int]]  #: places of the rules that need a word of a few, by each of these
    others: Sequence[int]  #: places of all other rules

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Finder":
        """Return the finder of these rules, which come in order of precedence."""
        ordered = tuple(rules)
        by_word: dict[str, list[int]] = {}
        for place, rule in enumerate(ordered):
            for word in min(rule.words, key=_commonness, default=()):
                by_word.setdefault(word, []).append(place)
        return cls(ordered, by_word, [place for place, rule in enumerate(ordered) if not rule.words])

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
            folded = _folded(text)
            possible = [rule for rule in self.rules if rule.needle in folded]
            if possible:
                words = frozenset(_WORD.findall(folded))
                possible = [rule for rule in possible if rule.may_match(words)]
        for rule in possible:
            if match := _compiled(rule.pattern).search(text):
                return match
        return None

    def _possible(self, sought: "Sought") -> list[Rule]:
        places = {place for word in self.by_word.keys() & sought.words for place in self.by_word[word]}
        found = [place for place in places if self.rules[place].may_match(sought.words)]
        found += [place for place in self.others if self.rules[place].needle in sought.folded]
        return [self.rules[place] for place in sorted(found)]


def _commonness(words: frozenset[str]) -> tuple[int, int]:
    """Order the sets of words by how many texts may have one of them, by a rule of thumb."""
    return len(words), -max(map(len, words))


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
    return Finder.of(Rule(phrase.needle, phrase.words, _anchored(phrase, before, after)) for phrase in found)


def _anchored(phrase: Phrase, before: str, after: str) -> str:
    return f"(?P<phrase>{phrase.pattern})" if phrase.anywhere else f"{before}(?P<phrase>{phrase.pattern}){after}"
