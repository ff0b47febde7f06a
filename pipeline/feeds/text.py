"""Plain text out of what feeds call text: HTML, escaped HTML, HTML escaped twice, and text that only looks like it."""

import html
import re
import unicodedata
from enum import Enum
from typing import Final


class TextKind(Enum):
    """What a feed format says of a piece of text."""

    PLAIN = "plain"  #: declared as text (Atom `type="text"`, JSON Feed): angle brackets mean themselves
    GUESS = "guess"  #: RSS titles: nominally text, often HTML; only tags that HTML knows are taken for tags
    HTML = "html"  #: HTML, by declaration or by custom


#: Tags that stand within a word or a sentence; every other tag separates words.
_INLINE: Final = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike
    strong sub sup time tt u var wbr""".split()  # noqa: SIM905 - a list would fill a screen
)
_OTHER_TAGS: Final = frozenset(
    """address area article aside audio base blockquote body br button canvas caption center col colgroup dd details
    dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hgroup hr html iframe img input legend li link main map menu meta meter nav noscript object ol optgroup option
    output p param picture pre progress script section select source style summary svg table tbody td template textarea
    tfoot th thead title tr track ul video""".split()  # noqa: SIM905 - a list would fill a screen
)
_KNOWN_TAGS: Final = _INLINE | _OTHER_TAGS
#: Elements whose content is no text of the publisher's.
_SILENT: Final = frozenset({"script", "style", "template", "svg", "iframe", "object", "noscript", "textarea", "select"})

# Possessive quantifiers and the stop at the next "<" keep this linear on purpose-made input.
_TAG: Final = re.compile(
    r"""<(?:
        (?P<comment>!--)
      | (?:!\[CDATA\[)
      | [!?][A-Za-z][^<>]*+>
      | (?P<end>/?)(?P<name>[A-Za-z][\w:.-]*+)(?: (?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+> | [^<>]*+> )
    )""",
    re.VERBOSE,
)
_CLOSING_TAG: Final = re.compile(r"</([A-Za-z][A-Za-z0-9]*+)\s*+>")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

#: Characters that Postgres cannot hold or nobody can see: controls (white space is kept for collapsing), lone
#: surrogates, noncharacters, soft hyphen, zero-width space, byte order mark.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Return `text` on one line, in NFC, without NUL, control and invisible characters. Idempotent."""
    visible = _UNWANTED.sub("", text)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def to_text(value: str, kind: TextKind) -> str:
    """Return the plain text of a title, a summary or a name.

    Entities are decoded once more where a publisher encoded twice (`&amp;amp;`), and a document whose tags only show
    after that is stripped of them as well. Runs in time linear in the length of `value`.
    """
    if "<" not in value and "&" not in value:
        return clean(value)
    if kind is TextKind.PLAIN:
        return clean(_unescape(value))
    stripped, tags = _strip_tags(value, keep_unknown=kind is TextKind.GUESS)
    text = _unescape(stripped)
    if not tags and any(name.lower() in _KNOWN_TAGS for name in _CLOSING_TAG.findall(text)):
        text, _ = _strip_tags(text, keep_unknown=True)
    return clean(_unescape(text))


def _unescape(text: str) -> str:
    """Decode entities that end in a semicolon: `&copy=1` in a bare address is none."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _strip_tags(markup: str, *, keep_unknown: bool) -> tuple[str, int]:
    """Return `markup` without tags, comments and silent elements, and how many tags it had."""
    kept: list[str] = []
    lowered = markup.lower() if markup.isascii() else None
    never_closed: set[str] = set()
    position = tags = 0
    while match := _TAG.search(markup, position):
        kept.append(markup[position : match.start()])
        position = match.end()
        if match["comment"]:
            position = _after(markup, "-->", position, never_closed)
            continue
        name = (match["name"] or "").lower()
        if keep_unknown and name and name not in _KNOWN_TAGS:
            kept.append(match[0])
            continue
        tags += 1
        if name not in _INLINE:
            kept.append(" ")
        if name in _SILENT and not match["end"] and not match[0].endswith("/>"):
            # Case folding may change lengths outside ASCII, so only ASCII text is searched without regard to case.
            position = _after(lowered or markup, f"</{name}", position, never_closed)
    kept.append(markup[position:])
    return "".join(kept), tags


def _after(markup: str, sign: str, position: int, never_closed: set[str]) -> int:
    """Return where `sign` ends after `position`, or `position`; a vain search is never repeated."""
    if sign in never_closed:
        return position
    found = markup.find(sign, position)
    if found < 0:
        never_closed.add(sign)
        return position
    # The tag's own ">" is left over for "</script >"; the tag pattern starts at the "<", so start there again.
    return found if sign.startswith("</") else found + len(sign)
