"""The text of an XML feed before any parser sees it: prolog cut off, small faults mended, size limited.

Mending matters twice: feedparser's tolerant parser, which takes over at the first fault, is slower than its strict one,
and makes `AT&T; now` out of `AT&T now`. After this module a body that only had bare ampersands, HTML entities or
control characters, or that was cut short, or in which some items are broken, is well-formed XML.

No parser ever sees a DOCTYPE: what stands before the root element is cut off here, so no entity can be declared
(billion laughs, external entities), and a document that tries to is refused.
"""

import html
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from xml.parsers import expat

from pipeline.errors import NotAFeedError
from pipeline.model import Outcome

#: How far into a document its root element may begin: behind stray output, comments, a licence.
_PROLOG_REACH_CHARACTERS: Final = 100_000

_MISC: Final = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE: Final = re.compile(
    r"<!DOCTYPE (?:[^<>\[\]\"']++ | \"[^\"]*+\" | '[^']*+')*+ (?P<subset>\[.*?\]\s*+)? >",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_START_TAG: Final = re.compile(r"<(?:(?P<prefix>[\w.-]+):)?(?P<name>[A-Za-z_][\w.-]*)")
_FEED_ROOT: Final = re.compile(r"<\?xml\s|<(?:rss|rdf:RDF)[\s>]|<(?:\w+:)?feed\s[^<>]*xmlns", re.IGNORECASE)

#: What XML 1.0 section 2.2 leaves out, and lone surrogates.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OPAQUE_OR_AMPERSAND: Final = re.compile(
    r"""(?P<opaque><!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))
      | &(?:
          (?P<xml>(?:amp|lt|gt|quot|apos);)
        | \#(?P<decimal>[0-9]{1,9});
        | \#[xX](?P<hex>[0-9a-fA-F]{1,8});
        | (?P<named>[A-Za-z][A-Za-z0-9]{1,31};)
      )?""",
    re.VERBOSE | re.DOTALL,
)
#: A start tag without its end; possessive, so that no text makes it try twice.
_TAG: Final = re.compile(r"""<[A-Za-z_](?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+""")
_ITEM_START: Final = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ITEM_END: Final = re.compile(
    r"</(?:[\w.-]+:)?(?:item|entry)\s*>|<(?:[\w.-]+:)?(?:item|entry)(?:\s[^<>]*)?/>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Document:
    """An XML document from its root element on. `root` is its local name in lower case, "" where there is none."""

    text: str
    root: str
    problems: tuple[str, ...] = ()


def open_document(text: str) -> Document:
    """Return `text` from its root element on.

    Raises `NotAFeedError` for a document that declares entities.
    """
    head_end = _skip_prolog(text)
    start = _START_TAG.match(text, head_end)
    problems: tuple[str, ...] = ()
    if (start is None or not _may_be_feed(start["name"])) and (stray := _feed_behind_noise(text, head_end)):
        problems = ("text stands before the feed and was left out",)
        head_end = _skip_prolog(text, stray)
        start = _START_TAG.match(text, head_end)
    if "<!ENTITY" in text[:head_end].upper():
        detail = (
            "XML that declares entities of its own (<!ENTITY …>); no feed needs that, and it can be an attack: refused"
        )
        raise NotAFeedError(Outcome.NOT_A_FEED, detail)
    return Document(text[head_end:], start["name"].lower() if start else "", problems)


def _may_be_feed(root: str) -> bool:
    return root.lower() in {"rss", "feed", "rdf", "channel", "html"}


def _skip_prolog(text: str, position: int = 0) -> int:
    """Return where the XML declaration, comments, instructions and DOCTYPE that begin at `position` end."""
    while match := _MISC.match(text, position) or _DOCTYPE.match(text, position):
        position = match.end()
    return position


def _feed_behind_noise(text: str, position: int) -> int | None:
    """Find a feed behind a server's warnings or a stray character."""
    match = _FEED_ROOT.search(text, position, position + _PROLOG_REACH_CHARACTERS)
    return match.start() if match else None


def mend(text: str) -> str:
    """Return `text` without the faults that can be mended without knowing its structure.

    Characters that XML forbids go, also as references; HTML's named entities become their characters; an ampersand that
    begins nothing becomes `&amp;`. CDATA sections and comments keep theirs.
    """
    text = _ILLEGAL.sub("", text)
    return _OPAQUE_OR_AMPERSAND.sub(_mend_ampersand, text) if "&" in text else text


def _mend_ampersand(match: re.Match[str]) -> str:
    if match["opaque"] or match["xml"]:
        return match[0]
    if match["decimal"] or match["hex"]:
        number = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
        return match[0] if _is_character(number) else ""
    if match["named"]:
        meaning = html.unescape(match[0])
        if meaning != match[0] and meaning[0] != "&":
            return meaning.replace("<", "&lt;")
    return f"&amp;{match[0][1:]}"


def _is_character(number: int) -> bool:
    return number in {9, 10, 13} or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000


def has_more_attributes(text: str, most: int) -> bool:
    """Tell whether a tag has more attributes than `most`: feedparser's time grows with the square of their number."""
    return any(len(tag := match[0]) > 4 * most and tag.count("=") > most for match in _TAG.finditer(text))


def limit_items(text: str, max_entries: int) -> tuple[str, int]:
    """Return `text` with at most `max_entries` items, still well-formed, and how many were cut out.

    Done on the text because 10 MB may hold a million empty items, which would keep a parser busy for a minute.
    """
    starts = [match.start() for match in _ITEM_START.finditer(text)]
    surplus = len(starts) - max_entries
    if surplus <= 0:
        return text, 0
    end = _last_item_end(text, starts[-1])
    return text[: starts[max_entries]] + (text[end:] if end else ""), surplus


def _last_item_end(text: str, position: int = 0) -> int | None:
    ends = [match.end() for match in _ITEM_END.finditer(text, position)]
    return ends[-1] if ends else None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why expat gave up, in its words, and whether that is because the document ends too early."""

    reason: str
    is_cut_short: bool


#: What expat says where a document ends before its root element does.
_CUT_SHORT: Final = frozenset(
    {
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    }
)


def find_fault(text: str) -> Fault | None:
    """Return the first fault of `text` as XML with namespaces, or None where it is well-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - positional in pyexpat
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code) or "not well-formed"
        return Fault(f"{reason} in line {error.lineno}", reason in _CUT_SHORT)
    return None


def salvage(text: str) -> tuple[str | None, int]:
    """Return a broken document with its well-formed items alone, well-nested, and how many items were left out.

    Returns None for the text where no item is whole, or what stands before the items is broken too. An item at a cut
    is left out: half a title, or a title without the guid that follows it, would be an entry that nobody wrote.
    """
    starts = [match.start() for match in _ITEM_START.finditer(text)]
    whole = []
    for start, limit in pairwise([*starts, len(text)]):
        end = _ITEM_END.search(text, start, limit)
        if end and _is_nested_well(text[start : end.end()]):
            whole.append(text[start : end.end()])
    if not whole:
        return None, len(starts)
    head = text[: starts[0]]
    open_tags: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _attributes: open_tags.append(name)
    parser.EndElementHandler = lambda _name: open_tags.pop()
    try:
        parser.Parse(head.encode("utf-8", "replace"))
    except expat.ExpatError:
        return None, len(starts)
    closing = "".join(f"</{name}>" for name in reversed(open_tags))
    return f"{head}{''.join(whole)}{closing}", len(starts) - len(whole)


def _is_nested_well(item: str) -> bool:
    # Without namespaces: an undeclared prefix is no reason to leave an item out, the tolerant parser reads it well.
    try:
        expat.ParserCreate().Parse(item.encode("utf-8", "replace"), True)  # noqa: FBT003 - positional in pyexpat
    except expat.ExpatError:
        return False
    return True
