"""What a headline says besides the slugs that tell how it is served: "UPDATE 2-", "LIVE:", "(Video)".

The slugs are data (`headlines.toml`); the labels of corrections are those of notes (`meaning.toml`).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.changes.meaning import begins_note
from pipeline.changes.noise import essence
from pipeline.changes.normal import normalise

_MOST = 4  #: slugs in a row: "CORRECTED-UPDATE 2-BREAKING: …"
_DASH = "[-‐‑–—−]"
_MARKED = r"\s*[:|：｜·•]|\s*[–—]"
#: "UPDATE 2-Dam breaks", but neither "UPDATE 2-0 win" nor "UPDATE 5-year-old found": no figure may be lost with a slug.
_BEHIND_NUMBER = r"""(?=["'“‘„«$€£]|[^\W\d_])(?-i:(?![a-zß-öø-ÿ]))"""
_LABEL_OF_CORRECTION = re.compile(rf"^\W*\w[\w' ]*?(?:\s*\([^)]*\))?\s*(?:{_DASH}|[:|./)\]】])+\s*")
_BRACKETED_TAIL = re.compile(r"\s*[(\[（【](?P<tail>[^()\[\]（）【】]+)[)\]）】]$")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Slugs with a mark behind them, slugs that need capitals, and what ends a headline, behind a mark or alone."""

    marked: re.Pattern[str]
    shouted: re.Pattern[str]
    at_end: re.Pattern[str]
    tail: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Served:
    """A headline without its slugs, and whether one of them was a correction's."""

    headline: str
    corrected: bool


def says_otherwise(old: str, new: str) -> bool:
    """Whether two headlines differ in more than their slugs. One that is nothing but a slug is compared as it is."""
    return essence(_served(old).headline) != essence(_served(new).headline)


def is_now_corrected(old: str, new: str) -> bool:
    """Whether the slug of a correction has come: "CORRECTED-Dam breaks, 42 dead"."""
    return _served(new).corrected and not _served(old).corrected


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    raw = tomllib.loads(files("pipeline.changes").joinpath("headlines.toml").read_text("utf-8"))
    wire, labels, tails = (
        "|".join(re.escape(word) for word in sorted(raw[name], key=len, reverse=True))
        for name in ("wire", "labels", "tails")
    )
    number = r"\s?\d{1,3}"
    return _Patterns(
        marked=re.compile(
            rf"(?:{labels})(?:(?:{number})?(?:{_MARKED})|\s+{_DASH}(?=\s)|{number}\s*{_DASH}\s+{_BEHIND_NUMBER})"
            rf"|[(\[【（*](?:{labels})(?:{number})?[)\]】）*]\s*(?:{_DASH}|:)?"
            rf"|\+{{2,3}}\s*(?:{labels})\s*\+{{2,3}}",
            re.IGNORECASE,
        ),
        shouted=re.compile(
            rf"(?P<wire>{wire})(?:\s?{_DASH}(?=[^\W\d_])|\s*/|{number}\s?{_DASH}{_BEHIND_NUMBER})"
            rf"|(?P<label>{labels})\.?\s+(?=[^\W\d_])",
            re.IGNORECASE,
        ),
        at_end=re.compile(rf"(?:\s*[:|：｜·•–—]|\s+-)\s*(?:{tails})\s*$", re.IGNORECASE),
        tail=re.compile(rf"\s*(?:{tails})\s*", re.IGNORECASE),
    )


@lru_cache(maxsize=64)  # the same headline is asked for several times in a row
def _served(headline: str) -> _Served:
    rest, corrected = headline.strip(), False
    for _ in range(_MOST):
        length = _slug_length(rest)
        if length is None:
            length = _length_of_correction(rest)
            if length is None:
                break
            corrected = True
        if not rest[length:].strip():
            break
        rest = rest[length:].strip()
    return _without_tail(rest, corrected=corrected)


def _slug_length(headline: str) -> int | None:
    """Return how many characters a slug at the beginning of a headline takes, if there is one."""
    marked = _patterns().marked.match(headline)
    if marked is not None:
        return marked.end()
    shouted = _patterns().shouted.match(headline)
    if shouted is None or not (shouted["wire"] or shouted["label"]).isupper() or headline[shouted.end() :].isupper():
        return None
    return shouted.end()


def _length_of_correction(headline: str) -> int | None:
    is_label = begins_note(normalise(headline)) or begins_note(normalise(headline.replace("/", ": ", 1)))
    label = _LABEL_OF_CORRECTION.match(headline) if is_label else None
    return None if label is None else label.end()


def _without_tail(headline: str, *, corrected: bool) -> _Served:
    bracketed = _BRACKETED_TAIL.search(headline)
    if bracketed is not None and bracketed.start() > 0:
        if begins_note(f"({bracketed['tail']})"):
            return _Served(headline[: bracketed.start()], corrected=True)
        if _patterns().tail.fullmatch(bracketed["tail"]):
            headline = headline[: bracketed.start()]
    tail = _patterns().at_end.search(headline)
    return _Served(headline[: tail.start()] if tail and tail.start() > 0 else headline, corrected)
