"""From bytes to text: which character encoding a feed document really has.

The order of trust is: byte order mark; bytes that decode as UTF-8 are UTF-8, whatever anybody declares; the charset
of the Content-Type header (RFC 7303, section 3); the XML declaration; windows-1252. The second rule is Miniflux's and
the WHATWG's experience: text in another encoding that happens to be valid UTF-8 hardly exists, wrong labels abound.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from pipeline.charsets import WIDER

_MARKS: Final = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: The first characters of a document (`<?`, `<r`) in encodings that have no ASCII bytes (XML 1.0, appendix F).
_PATTERNS: Final = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"[<{]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
#: A declared encoding is used only if it is one that documents on the web are written in, and then as its superset. The
#: list also keeps out Python's codecs that are no character encodings or are slow on purpose-made input (punycode).
_KNOWN: Final = frozenset(
    [*WIDER.values(), "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", "cp437", "cp850", "cp852"]
    + [f"cp125{digit}" for digit in range(9)]
    + [f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
    + ["cp855", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "euc_jp", "gb18030", "johab"]
    + ["iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "hz"]
)
#: Encodings whose bytes are all ASCII and so decode as UTF-8, into gibberish; the second value betrays them.
_SEVEN_BIT: Final = {"iso2022": b"\x1b", "hz": b"~{"}

_HTTP_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE)
_PROLOG_CHARSET: Final = re.compile(rb"<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]+)[\"']", re.IGNORECASE)
_PROLOG_REACH_BYTES: Final = 2048
#: Of a text that a declaration calls right, so many characters may be undecodable before we call the declaration wrong.
_TOLERATED_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a document, the encoding it was read in, and what was odd about it, in words."""

    text: str
    encoding: str
    problem: str | None = None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Return the text of `body`, whatever it is; undecodable bytes become U+FFFD."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decode_as(body[len(mark) :], encoding)
    for pattern, encoding in _PATTERNS:
        if pattern.match(body):
            return _decode_as(body, encoding)

    declared = _declared(body, content_type)
    seven_bit = next((encoding for encoding in declared if _is_seven_bit(encoding, body)), None)
    if seven_bit:
        return _decode_as(body, seven_bit)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(body, declared)
    mislabelled = declared and declared[0] != "utf-8" and not body.isascii()
    return Decoded(text, "utf-8", f"declared as {declared[0]}, but is UTF-8" if mislabelled else None)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return what the header and the XML declaration say, in the order of trust, as Python's codec names."""
    names = []
    if content_type and (match := _HTTP_CHARSET.search(content_type)):
        names.append(match[1])
    if prolog := _PROLOG_CHARSET.search(body[:_PROLOG_REACH_BYTES]):
        names.append(prolog[1].decode("ascii"))
    return [encoding for name in names if (encoding := _codec(name))]


def _codec(name: str) -> str | None:
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        return None
    encoding = WIDER.get(encoding, encoding)
    return encoding if encoding in _KNOWN else None


def _is_seven_bit(encoding: str, body: bytes) -> bool:
    return any(encoding.startswith(prefix) and sign in body for prefix, sign in _SEVEN_BIT.items())


def _decode_as(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, "replace")
    spoilt = text.count("\N{REPLACEMENT CHARACTER}")
    return Decoded(text, encoding, f"{spoilt} characters are not valid {encoding}" if spoilt else None)


def _decode_legacy(body: bytes, declared: list[str]) -> Decoded:
    """Decode what is not UTF-8: as declared, as UTF-8 with a few foreign bytes, or as windows-1252."""
    legacy = [encoding for encoding in declared if not encoding.startswith("utf-")]
    for encoding in legacy:
        try:
            return Decoded(body.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    if (mixed := _decode_mixed(body)) is not None:
        return mixed
    for encoding in legacy:
        reading = _decode_as(body, encoding)
        if reading.text.count("\N{REPLACEMENT CHARACTER}") <= len(reading.text) * _TOLERATED_SHARE:
            return reading
    label = declared[0] if declared else "nothing"
    return Decoded(body.decode("cp1252", "replace"), "cp1252", f"declared as {label}, read as windows-1252")


def _decode_mixed(body: bytes) -> Decoded | None:
    """Read bytes that are UTF-8 but for single foreign ones: one item pasted in windows-1252, a document cut short.

    Return None where the foreign bytes are not few beside the well-formed characters.
    """
    text = body.decode("utf-8", "surrogateescape")
    foreign = _FOREIGN_BYTE.findall(text)
    wellformed = len(text) - len(text.encode("ascii", "ignore")) - len(foreign)
    if len(foreign) > wellformed:
        return None
    problem = f"{len(foreign)} bytes are not valid UTF-8"
    cut = _CUT_CHARACTER.sub("", text)
    return Decoded(_FOREIGN_BYTE.sub(_as_windows_1252, cut), "utf-8", problem)


#: How `surrogateescape` shows a byte that is not UTF-8: U+DC80 to U+DCFF.
_FOREIGN_BYTE: Final = re.compile("[\udc80-\udcff]")
#: The beginning of a character of several bytes at the very end: the document was cut there.
_CUT_CHARACTER: Final = re.compile("[\udcc2-\udcf4][\udc80-\udcbf]{0,2}\\Z")


def _as_windows_1252(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")
