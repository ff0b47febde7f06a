"""Lines that change without a journalist's doing: update stamps, relative times, counters, bylines, wire advisories.

The rules are data (`noise.toml`), each for one whole line. A number inside a sentence is never touched: "3 hours ago"
alone on its line is a stamp, "The bridge fell 3 hours ago." is journalism.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from pipeline.changes.normal import normalise

#: A longer line is prose.
_LONGEST = 120
#: What is longer and has no digit is neither stamp nor counter: "last updated a minute ago" is short.
_LONGEST_WITHOUT_DIGIT = 48
_DIGIT = re.compile(r"\d")
_AT_START, _AT_END = frozenset("-,;:!?.)]"), frozenset("-([")
_BRACKETS = str.maketrans("", "", "()[]")
_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+-\s+")
_NUMBER = r"(?>\d[\d.,'’ ]*(?<! ))(?: ?[km]\b)?"
_LAST_PLACEHOLDER = re.compile(r"\{\w+\}$")
_PIECE = re.compile(r"\{(\w+)\}|([\[\]()|])|([^\[\]()|{}]+)")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What `noise.toml` says: for each rule its lines, and what a bare date or time looks like."""

    rules: tuple[tuple[str, re.Pattern[str]], ...]
    when: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    raw = tomllib.loads(files("pipeline.changes").joinpath("noise.toml").read_text("utf-8"))
    placeholders = _placeholders(raw)
    return _Patterns(
        rules=tuple(
            (rule, re.compile(_any_of(lines, placeholders), re.IGNORECASE)) for rule, lines in raw["lines"].items()
        ),
        when=re.compile(placeholders["when"], re.IGNORECASE),
    )


def _any_of(lines: Sequence[str], placeholders: dict[str, str]) -> str:
    """Return the pattern of a rule's lines; those that end in one placeholder share it, for it is long to compile."""
    begun: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        end = _LAST_PLACEHOLDER.search(line)
        begun[end[0] if end else ""].append(_pattern(line[: end.start()] if end else line, placeholders))
    return "|".join(f"(?:{'|'.join(starts)}){_pattern(end, placeholders)}" for end, starts in begun.items())


def _either(words: list[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _placeholders(raw: dict[str, Any]) -> dict[str, str]:
    unit = _either([word for words in raw["units"].values() for word in words])
    simple = {
        "n": _NUMBER,
        "word": r"[^\W\d_]+",
        "rest": r"(?:\s[^\d]{1,110})?",
        "x": rf"(?:\d+|an?|one|eine[rm]?|une?|una?|een) ?{unit}\b",
    }
    ago = "|".join(_pattern(form, simple) for form in raw["times"]["ago"])
    # A date or a time: numbers with their separators and the words that stand between them, with at least one digit.
    # Each piece is atomic, so that no line can make the match try every way of cutting a run of digits.
    words = _either([*raw["times"]["months"], *raw["times"]["weekdays"], *raw["times"]["joiners"]])
    piece = rf"(?>\d+(?:[:.h/\-年月日時分]\d*)*(?:st|nd|rd|th|am|pm|er)?|{words}\b\.?|[,+\-/])"
    when = rf"(?=\D*\d){piece}(?:\s*+{piece}){{0,16}}"
    moment = rf"(?=.*(?<!\d)\d{{4}}(?!\d))(?=.*\d ?(?:[:.h時]\d\d|[ap]m\b)){when}"
    part = r"[^\W\d_][\w.'’\-]*"
    one_name = rf"(?:{part}(?: {part}){{1,3}})"
    name = rf"{one_name}(?:(?:,| and| und| et| y| e| en|, and) {one_name}){{0,3}}"
    return {**simple, "ago": f"(?:{ago})", "when": when, "moment": moment, "name": name}


def _pattern(line: str, placeholders: dict[str, str]) -> str:
    """Translate one rule of `noise.toml`: placeholders, `[optional]`, `(one|of|these)`, all else literal."""
    brackets = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|"}
    return (
        "(?:"
        + "".join(
            f"(?:{placeholders[name]})" if name else brackets[bracket] if bracket else re.escape(literal)
            for name, bracket, literal in _PIECE.findall(line)
        )
        + ")"
    )


def noise_of(line: str) -> str | None:
    """Return which rule says that a whole line is noise (`stamp`, `counter`, `byline`, `advisory`), or None.

    The line may join several such parts by a bar, a dot or a dash: "Updated 3 hours ago | 12 comments".
    """
    line = normalise(line)
    if not line or len(line) > _LONGEST:
        return None
    return _noise_of_normal(line)


def _noise_of_normal(line: str) -> str | None:
    whole = _match(line)
    if whole is not None:
        return whole
    parts = [part for part in _SEPARATOR.split(line) if part]
    if len(parts) < 2:
        return None
    kinds = [_match(part) for part in parts]
    known = [kind for kind in kinds if kind is not None]
    # Beside a stamp a bare time is one too: "27 May, 13:05 | Update: 13:40".
    times = [
        _patterns().when.fullmatch(part.translate(_BRACKETS).strip(" ."))
        for part, kind in zip(parts, kinds, strict=True)
        if kind is None
    ]
    return known[0] if known and all(times) and (not times or "stamp" in known) else None


def _match(line: str) -> str | None:
    is_bracketed = line.startswith("(") and line.endswith(")")
    line = line.translate(_BRACKETS).strip(" .")
    has_moment = len(line) <= _LONGEST_WITHOUT_DIGIT or _DIGIT.search(line) is not None
    may_be = {"byline": True, "advisory": is_bracketed}
    for rule, pattern in _patterns().rules:
        if may_be.get(rule, has_moment) and pattern.fullmatch(line) and (rule != "byline" or _is_name_case(line)):
            return rule
    return None


def _is_name_case(line: str) -> bool:
    """Whether all words but the joining ones are capitalised, as in names: "by hundreds of people" is none."""
    words = re.findall(r"[^\W\d_]\S*", line)[1:]
    capital = [word[0].isupper() or word in {"and", "und", "et", "y", "e", "en", "de", "van", "von"} for word in words]
    return bool(words) and all(capital)


def essence(sentence: str) -> str:
    """Return what of a sentence counts when versions are compared: its normal form, or the rule that calls it noise.

    Two stamps are equal in it whatever they say; a stamp never equals a sentence.
    """
    normal = normalise(sentence)
    if len(normal) <= _LONGEST and (rule := _noise_of_normal(normal)):
        return f"\x00{rule}"
    return normal


def without_noise(text: str) -> str:
    """Return the normalised text without its noise lines, paragraphs joined by one space."""
    lines = [normal for line in text.splitlines() if (normal := essence(line)) and not normal.startswith("\x00")]
    joined = " ".join(lines)
    # Normal lines joined by a space are normal, unless a mark stands at a joint.
    at_joint = any(line[0] in _AT_START or line[-1] in _AT_END for line in lines)
    return normalise(joined) if at_joint or "--" in joined else joined
