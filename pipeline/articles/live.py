"""Entries of a live blog, from `liveBlogUpdate` in JSON-LD: each known by its address or id, and its time."""

import hashlib

from pipeline.articles import jsonld, plain
from pipeline.articles.dates import choose_time
from pipeline.articles.structured import Structured
from pipeline.model import LiveEntry

_MAX_ENTRIES = 2000


def live_entries(page: Structured) -> tuple[LiveEntry, ...]:
    """Return the entries in the page's order; one without text and headline is left out."""
    stated = page.article.get("liveBlogUpdate")
    listed = stated if isinstance(stated, list) else [stated]
    entries: dict[str, LiveEntry] = {}
    for node in listed[:_MAX_ENTRIES]:
        entry = _entry(node) if isinstance(node, dict) else None
        if entry is not None:
            entries.setdefault(entry.identity, entry)
    return tuple(entries.values())


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
