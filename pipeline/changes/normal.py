"""What does not count as a change: white space, typography, invisible characters, broken encodings.

Texts are compared in this form and shown as they came. A digit is never noise: `normalise` neither drops, adds nor
reorders one (a full-width or Arabic-Indic digit is the same digit), and it leaves the points, commas, signs and spaces
between digits alone, so "1.5" and "15" stay apart.
"""

import re
import unicodedata

# Soft hyphen, zero-width and direction marks, byte order mark, variation selectors: nobody sees them. A tatweel only
# draws an Arabic word out.
_INVISIBLE = re.compile("[\x00\xad\u034f\u061c\u0640\u180e\ufeff\ufe0e\ufe0f\u200b-\u200f\u202a-\u202e\u2060-\u206f]")
_FOLDED = {
    **dict.fromkeys(map(ord, "“”„‟«»″＂❝❞〝〞"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′‹›`´ʼʹ＇❛❜"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－⸺⸻"), "-"),
    ord("…"): "...",
    ord("⁄"): "/",
    # Latin ligatures that PDF exports and some editors leave behind
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    # Full-width forms of ASCII; a full-width digit is the same digit
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code not in (0xFF02, 0xFF07, 0xFF0D)},
    # Arabic-Indic digits, Arabic and Persian, with their separators
    **{first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)},
    ord("٫"): ".",
    ord("٬"): ",",
    ord("٪"): "%",
    ord("،"): ",",
    ord("؛"): ";",
    ord("؟"): "?",
    ord("〜"): "~",
    ord("｢"): "「",
    ord("｣"): "」",
}
# A pattern that names the few signs there are: `str.translate` would look up every letter, at ten times the price.
_SAME_TO_A_READER = {chr(code): sign for code, sign in _FOLDED.items()}
_TO_FOLD = re.compile("[" + "".join(map(re.escape, _SAME_TO_A_READER)) + "]")

# UTF-8 read as Windows-1252: "â€™" for "’", "Ã©" for "é". Only lead bytes whose misreading no language writes.
_CP1252_TAIL = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MOJIBAKE = re.compile(f"[ÂÃ]{_CP1252_TAIL}|[âï]{_CP1252_TAIL}{{2}}|ð{_CP1252_TAIL}{{3}}|â€")
# The last byte of "”" is one that Windows-1252 leaves undefined; most software drops it.
_CUT_SHORT = {"â€": "”"}

_SPACES = re.compile(r"\s+")
_DOUBLED_MARK = re.compile(r"''|``")
_DASHES = re.compile(r"-{2,}")
_SPACED_DASH = re.compile(r"(?<=[^\s\d-]) ?-(?: ?-)* ?(?=[^\s\d-])")
_SPACE_BEFORE_MARK = re.compile(r" +([,;:!?.](?!\d))")
_SPACE_INSIDE_BRACKET = re.compile(r"(?<=[(\[]) | (?=[)\]])")


# The space that French sets inside its quotation marks; "»Ja«" sets none, and the spaces around it are between words.
_SPACE_INSIDE_GUILLEMETS = re.compile(
    r"(?:(?<=^«)|(?<=[\s(\['’—–-]«))\s+(?=\S)|(?<=\S)\s+(?=»(?:[\s,;:!?.…)\]؟،؛—–-]|$))"
)
#: A text is misread once for each system it passes; each repair makes it shorter.
_MISREADINGS = 8


def _reread(match: re.Match[str]) -> str:
    if match[0] in _CUT_SHORT:
        return _CUT_SHORT[match[0]]
    # Bytes that Windows-1252 leaves undefined were kept as Latin-1 controls by most readers.
    raw = b"".join(
        char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252", "replace") for char in match[0]
    )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _folded(match: re.Match[str]) -> str:
    return _SAME_TO_A_READER[match[0]]


def normalise(text: str) -> str:
    """Return the text in the form in which texts are compared; two texts equal in it are equal to a reader.

    Folds white space (to one space), quotation marks, dashes, ellipses, full-width forms, Latin ligatures, Arabic
    digits and marks; drops invisible characters; repairs UTF-8 that was read as Windows-1252; composes (NFC). White
    space around a dash, before a mark and inside a bracket is dropped where no digit stands next to it, and inside
    French quotation marks. Applying it twice changes nothing more.
    """
    if text.isascii():
        if not _NEEDS_WORK.search(text):
            return text.strip()
    else:
        text = _INVISIBLE.sub("", text)
        for _ in range(_MISREADINGS):
            if not _MOJIBAKE.search(text):
                break
            text = _INVISIBLE.sub("", _MOJIBAKE.sub(_reread, text))
        if "«" in text or "»" in text:
            text = _SPACE_INSIDE_GUILLEMETS.sub("", text)
        text = unicodedata.normalize("NFC", _TO_FOLD.sub(_folded, text))
        if not _NEEDS_WORK.search(text):
            return text.strip()
    return _fold_ascii(text)


# A cheap look that spares most ASCII sentences the passes below.
_NEEDS_WORK = re.compile(r" [ \-,;:!?.)\]]|-[-\s]|''|`|[(\[]\s|[^\S ]|\x00")


def _fold_ascii(text: str) -> str:
    text = _SPACES.sub(" ", text.replace("\x00", "").replace("`", "'")).strip()
    text = _DOUBLED_MARK.sub('"', text)
    text = _DASHES.sub("-", text)
    text = _SPACED_DASH.sub("-", text)
    text = _SPACE_BEFORE_MARK.sub(r"\1", text)
    return _SPACE_INSIDE_BRACKET.sub("", text)


# A number with its separators; else one letter of a script written without spaces; else a word.
_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*"
    r"|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
    r"|[^\W\d_]+(?:[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f]+[^\W\d_]*)*"
)


def words_of(normal: str) -> list[str]:
    """Return the comparable words of a normalised sentence: lower case, numbers whole, CJK letter by letter."""
    return _TOKEN.findall(normal.lower())
