"""Bytes of any charset to UTF-8, whatever the label says.

UTF-8 where the bytes decode as it, because hardly any other text does by chance; else the declared charset, as the
WHATWG encoding standard reads its names; else windows-1252. A body that is no text at all is told apart here too.
"""

import codecs
import re

from pipeline.charsets import WIDER

_SNIFFED = 4096  #: bytes in which a page must say its charset; the HTML standard asks for 1,024
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|main|div|p|h1|meta)\b", re.IGNORECASE)
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MAGIC = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x1f\x8b", b"OggS", b"ID3", b"wOFF")
_MEDIA = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/msword")

_CHARSET = re.compile(r"ascii|iso8859|cp\d|koi8|gb|big5|shift_jis|euc_|iso2022_jp|mac|tis|hz|johab|ptcp|kz1048")


def not_html(body: bytes, content_type: str | None) -> str | None:
    """Return what a body is instead of a page ("application/pdf"), or `None` where it may be one.

    The bytes count for more than the label: a page sent as `text/plain` is still read.
    """
    label = (content_type or "").split(";")[0].strip().lower()
    head = body[:_SNIFFED]
    if any(head.startswith(magic) for magic in _MAGIC) or head[4:8] == b"ftyp":
        return label or "binary data"
    if _MARKUP.search(body[: 16 * _SNIFFED]) or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    if label.startswith(_MEDIA) or head.count(b"\0") > len(head) // 20:
        return label or "binary data"
    if b"<rss" in head or b"<feed" in head or b"<rdf:RDF" in head:
        return "a feed"
    if label.endswith("json") and head.lstrip()[:1] in {b"{", b"["}:
        return label
    return None


def in_utf8(body: bytes, content_type: str | None) -> bytes:
    """Return a body in UTF-8; never raises. Bytes that no charset explains become U+FFFD."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _recoded(body, encoding)
    declared = _declared(body, content_type)
    # A stateful encoding is pure ASCII on the outside and so always decodes as UTF-8.
    if declared == "iso2022_jp" and b"\x1b" in body:
        return _recoded(body, declared)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _recoded(body, "utf-8" if _is_damaged_utf8(body) else declared or "cp1252")
    return body


def _recoded(body: bytes, encoding: str) -> bytes:
    return body.decode(encoding, errors="replace").encode("utf-8", errors="replace")


def _declared(body: bytes, content_type: str | None) -> str | None:
    named: list[str] = _HEADER_CHARSET.findall(content_type or "")
    head = body[:_SNIFFED]
    named += [found.decode("ascii") for found in _META_CHARSET.findall(head) + _XML_ENCODING.findall(head)]
    for name in named:
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        # UTF-8 was tried, UTF-16 would have shown itself, and Python knows codecs that are no charsets ("hex").
        if _CHARSET.match(codec):
            return WIDER.get(codec, codec)
    return None


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether a body is UTF-8 with a few broken bytes, rather than another charset."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    wide = sum(1 for sign in text if sign > "\x7f") - broken
    return wide > 2 * broken
