"""Clean strings: NFC, one space where there was white space, nothing invisible, no markup."""

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Soft hyphen, zero-width space, word joiner, byte order mark, direction marks and the like. The zero-width joiner and
# non-joiner stay: Persian, Hindi and emoji are spelt with them.
_INVISIBLE = re.compile(
    r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TAG = re.compile(r"<[/!]?[a-zA-Z-][^<>]{0,2000}>")
_BREAK = re.compile(r"<\s*(?:/p|/div|/li|/h[1-6]|br|/blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+(?:['’][^\W{_IDEOGRAPH}]+)*")
_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPH}]")
_KEY = re.compile(r"\w+")
_LINE = 1000  #: characters; keys of longer texts are not remembered
_PUNCTUATION = {sign: " " for sign in range(128) if not _KEY.match(chr(sign))}


def clean(text: str) -> str:
    """Return one line of text as it is stored."""
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join(_CONTROLS.sub("", _INVISIBLE.sub("", text)).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def length(text: str) -> int:
    """Return how many characters a text has, white space counted as one space however a template sets it."""
    return len(" ".join(text.split()))


def weight(text: str) -> int:
    """Return how much a text can say, in letters: an ideograph or kana says as much as two."""
    return len(text) if text.isascii() else len(text) + len(_IDEOGRAPHS.findall(text))


def from_markup(text: str) -> str:
    """Return the text of a property that may hold escaped HTML, in one line."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return clean(_TAG.sub(" ", text) if "<" in text else text)


def paragraphs_from_markup(text: str) -> list[str]:
    """Return the paragraphs of a property that may hold escaped HTML."""
    if "&lt;" in text:
        text = html.unescape(text)
    lines = _BREAK.sub("\n", text).splitlines()
    return [line for raw in lines if (line := from_markup(raw))]


def key(text: str) -> str:
    """Return a text's words alone, in lower case: equal for lines that differ in punctuation only."""
    return _line_key(text) if len(text) <= _LINE else _key(text)


def _key(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().translate(_PUNCTUATION).split())
    return " ".join(_KEY.findall(text.lower()))


# Each line of a page is compared half a dozen times.
_line_key = lru_cache(maxsize=2048)(_key)


def keys(lines: Iterable[str]) -> str:
    """Return the key of a whole text."""
    return " ".join([words for line in lines if (words := key(line))])


def lines_not_in(told: Iterable[str], lines: Iterable[str]) -> list[str]:
    """Return those lines, each once, whose words a text does not have in a row."""
    words = keys(told)
    return [line for line in dict.fromkeys(lines) if key(line) not in words]


def count_words(text: str) -> int:
    """Count words; where a script writes no spaces between them, each ideograph or kana counts as one."""
    return len(_WORD.findall(text))
