"""What a body that is no feed looks like, so that whoever reads the record knows what to do."""

import html
import re
from typing import Final

from pipeline.feeds.links import resolve
from pipeline.feeds.text import TextKind, clean, to_text

_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data, compressed twice perhaps"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
)
_ROOTS: Final = {
    "opml": "OPML, a list of feeds: read it with `writethru feeds import`",
    "urlset": "a sitemap, not a feed",
    "sitemapindex": "an index of sitemaps, not a feed",
    "svg": "an SVG image",
    "error": "an error message in XML",
    "opensearchdescription": "an OpenSearch description, not a feed",
}
_HTML_START: Final = re.compile(
    r"\s*(?:<!--.*?-->\s*)*+<(?:!DOCTYPE\s+html|html|head|body|title|meta|script|div|p|h1|table|center|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_JSON_LIST: Final = re.compile(r"\[\s*[\[{\"\]]")
_TITLE: Final = re.compile(r"<title\b[^<>]*+>([^<]{1,300})", re.IGNORECASE)
_FEED_LINK: Final = re.compile(
    r"<link\b[^<>]*\btype\s*=\s*[\"']?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]*", re.IGNORECASE
)
_HREF: Final = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_LOOK_CHARACTERS: Final = 200_000
_QUOTE_CHARACTERS: Final = 60


def describe(body: bytes, text: str, *, root: str, url: str) -> str:
    """Say what `body`, whose text and XML root element (or "") are given, looks like."""
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            return name
    head = text[:_LOOK_CHARACTERS]
    if root == "html" or _HTML_START.match(head):
        return _describe_page(head, url)
    if root:
        return _ROOTS.get(root, f"XML, but no feed: its root element is <{root[:40]}>")
    if "\0" in head:
        return "binary data"
    if _JSON_LIST.match(head):
        return "JSON, but no JSON Feed: a list"
    return f"plain text that begins “{_quote(head)}”"


def _describe_page(head: str, url: str) -> str:
    words = ["an HTML page"]
    if (title := _TITLE.search(head)) and (name := to_text(title[1], TextKind.GUESS)):
        words.append(f"titled “{_quote(name)}”")
    if feeds := feeds_named_by(head, url):
        words.append(f"that names as its feed: {', '.join(feeds)}")
    return " ".join(words)


def feeds_named_by(page: str, url: str) -> tuple[str, ...]:
    """Return the first three addresses that an HTML page names as its feeds (RSS autodiscovery)."""
    found: dict[str, None] = {}
    for link in _FEED_LINK.finditer(page):
        href = _HREF.search(link[0])
        if href and (address := resolve(url, html.unescape(href[1] or href[2] or href[3] or ""))):
            found[address] = None
    return tuple(found)[:3]


def _quote(text: str) -> str:
    line = clean(text[: 4 * _QUOTE_CHARACTERS])
    return line if len(line) <= _QUOTE_CHARACTERS else f"{line[:_QUOTE_CHARACTERS].rstrip()}…"
