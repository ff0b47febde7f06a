"""Entries of a live blog: each known by its address or id, and its time.

From `liveBlogUpdate` in JSON-LD; where a page that calls itself live has none, from its elements that have an id and a
time of their own. A relative time ("5 minutes ago") is none: without its page's clock it names no moment, and an entry
is known by its id anyway.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml.html import HtmlElement

from pipeline.articles import jsonld, plain
from pipeline.articles.containers import Block
from pipeline.articles.dates import choose_time
from pipeline.articles.structured import Structured
from pipeline.model import LiveEntry

_MAX_ENTRIES = 2000
_MIN_ENTRIES = 3  #: elements of one make that are a live blog's entries
_IDS = ("id", "data-id", "data-entry-id", "data-post-id", "data-block-id", "data-update-id")
_PART_OF_ENTRY = 40  #: characters; entries in JSON-LD often glue the paragraphs that the page shows
_TEXTS = ("p", "li", "blockquote")
_TITLES = ("h2", "h3", "h4", "h5")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def shown_entries(tree: HtmlElement) -> tuple[LiveEntry, ...]:
    """Return the entries of a live page's own elements, newest first; none where fewer than three are of one make."""
    rows: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    for moment in tree.iter("time"):
        element = moment.getparent()
        while element is not None and element.tag in {"p", "span", "a", "h2", "h3", "h4", "header", "div"}:
            if _id_of(element) and element.tag == "div":
                break
            element = element.getparent()
        if element is None or element.tag not in {"article", "section", "li", "div"} or not _id_of(element):
            continue
        row = rows[str(element.tag), element.get("class") or ""]
        if element not in row:
            row.append(element)
    best = max(rows.values(), key=len, default=[])
    if len(best) < _MIN_ENTRIES:
        return ()
    entries = [entry for element in best[:_MAX_ENTRIES] if (entry := _shown(element))]
    return newest_first(list({entry.identity: entry for entry in reversed(entries)}.values())[::-1])


def _id_of(element: HtmlElement) -> str | None:
    return next((value for key in _IDS if (value := element.get(key))), None)


def _shown(element: HtmlElement) -> LiveEntry | None:
    title = next((plain.clean(part.text_content()) for part in element.iter(*_TITLES)), "") or None
    texts = [plain.clean(part.text_content()) for part in element.iter(*_TEXTS)]
    text = "\n".join(dict.fromkeys(text for text in texts if text))
    if not text and not title:
        return None
    return LiveEntry(
        identity=_id_of(element) or "",
        headline=title,
        text=text,
        published_at=choose_time([part.get("datetime") for part in element.iter("time")][:1]),
        modified_at=None,
    )


def newest_first(entries: Sequence[LiveEntry]) -> tuple[LiveEntry, ...]:
    """Return entries in the order of their times, whatever the page pins or how it sorts; without times as they are."""
    if any(entry.published_at is None for entry in entries):
        return tuple(entries)
    return tuple(sorted(entries, key=lambda entry: entry.published_at or _EARLIEST, reverse=True))


def told_with_entries(paragraphs: Sequence[str], entries: Sequence[LiveEntry]) -> list[str]:
    """Return a live blog's text: what stands above its first entry, then all its entries.

    What the page shows below its first entry is other entries, their times and the page's furniture.
    """
    told = {plain.key(line) for entry in entries for line in entry.paragraphs}
    lead: list[str] = []
    for line in paragraphs:
        key = plain.key(line)
        if key in told or any(key in known for known in told if len(key) > _PART_OF_ENTRY):
            break
        lead.append(line)
    return [*lead, *(line for entry in entries for line in entry.paragraphs)]


def lead_above(blocks: Sequence[Block], entries: Sequence[LiveEntry]) -> list[str]:
    """Return the paragraphs that a page shows above its first entry, where the extractor took entries alone."""
    told = {plain.key(line) for entry in entries for line in entry.paragraphs}
    lead: list[str] = []
    for block in blocks:
        if block.key in told:
            return lead
        if not block.is_heading and block.link_share < 0.5:
            lead.append(block.text)
    return []


def live_entries(page: Structured) -> tuple[LiveEntry, ...]:
    """Return the entries that the JSON-LD states, newest first; one without text and headline is left out."""
    stated = page.article.get("liveBlogUpdate")
    listed = stated if isinstance(stated, list) else [stated]
    entries: dict[str, LiveEntry] = {}
    for node in listed[:_MAX_ENTRIES]:
        entry = _entry(node) if isinstance(node, dict) else None
        if entry is not None:
            entries.setdefault(entry.identity, entry)
    return newest_first(list(entries.values()))


def _entry(node: jsonld.Node) -> LiveEntry | None:
    headline = plain.from_markup(jsonld.text_of(node.get("headline")) or "") or None
    body = jsonld.text_of(node.get("articleBody")) or jsonld.text_of(node.get("text")) or ""
    text = "\n".join(plain.paragraphs_from_markup(body))
    if not text and not headline:
        return None
    return LiveEntry(
        identity=_identity(node, headline, text),
        headline=headline,
        text=text,
        published_at=choose_time([node.get("datePublished"), node.get("dateCreated")]),
        modified_at=choose_time([node.get("dateModified")]),
    )


def _identity(node: jsonld.Node, headline: str | None, text: str) -> str:
    for key in ("@id", "url", "identifier"):
        if named := jsonld.text_of(node.get(key)):
            return named
    # An entry's time outlives its edits; only one without any time is known by its words.
    moment = jsonld.text_of(node.get("datePublished"))
    told = f"{moment} {headline}" if moment and headline else moment or headline or text
    return hashlib.sha256(told.encode()).hexdigest()[:16]
