"""RSS, RDF and Atom through feedparser, which is given well-formed bytes and nothing to fetch, resolve or sanitise.

Sanitising and resolving links inside markup are off because titles and summaries become plain text here anyway, and
because that makes feedparser some twenty times faster (kurtmckee/feedparser#209). It gets no base address either, so
that ids stay as they were written and links are resolved here, against xml:base where the feed has one.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, Final

import feedparser

from pipeline.errors import NotAFeedError
from pipeline.feeds import document
from pipeline.feeds.raw import CUT_SHORT, RawEntry, RawFeed, RawText
from pipeline.feeds.text import TextKind
from pipeline.model import Outcome

#: More tags than 2,000 entries of a full-text feed have; a parser needs some 20 µs for each.
MAX_TAGS: Final = 1_000_000
MAX_ATTRIBUTES: Final = 200  #: of one tag
MAX_CATEGORIES: Final = 20_000  #: feedparser compares each with all others of its entry
_CATEGORY: Final = re.compile(r"<(?:[\w.-]+:)?(?:category|subject|keywords)[\s>/]", re.IGNORECASE)
#: feedparser looks for an address in the name of an author, and its time grows with the square of the longest word.
_LONG_WORD: Final = re.compile(r"(?<![A-Za-z0-9_.+-])([A-Za-z0-9_.+-]{1500})[A-Za-z0-9_.+-]++")

_HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}


def read_xml_feed(opened: document.Document, *, max_entries: int) -> RawFeed | None:
    """Return the feed that a document is, or None where it is XML of another kind.

    Raises `NotAFeedError` for a feed that is broken before its first entry, or that is too large to be read.
    """
    text, left_out = document.limit_items(opened.text, max_entries)
    if excess := _excess(text):
        raise NotAFeedError(Outcome.NOT_A_FEED, f"XML with {excess}: no feed needs that")
    problems = list(opened.problems)
    text = _make_wellformed(_LONG_WORD.sub(r"\1", text), problems)
    parsed = _parse(text)
    if not parsed.get("version"):
        return None
    entries = [_raw_entry(entry, str(parsed["version"])) for entry in parsed["entries"][:max_entries]]
    if parsed["bozo"] and not entries:
        raise NotAFeedError(Outcome.NOT_A_FEED, f"a feed that is broken before its first entry: {'; '.join(problems)}")
    return _raw_feed(parsed["feed"], entries, left_out, problems)


def _excess(text: str) -> str | None:
    """Return what a document has more of than a parser can bear, whose time grows with the square of some numbers."""
    if text.count("<") > MAX_TAGS:
        return f"more than {MAX_TAGS:,} tags"
    if document.has_more_attributes(text, MAX_ATTRIBUTES):
        return f"a tag of more than {MAX_ATTRIBUTES} attributes"
    if len(_CATEGORY.findall(text)) > MAX_CATEGORIES:
        return f"more than {MAX_CATEGORIES:,} categories"
    return None


def _make_wellformed(text: str, problems: list[str]) -> str:
    """Return `text` mended, without its broken items, as far as that goes; add to `problems` what was wrong."""
    fault = document.find_fault(text)
    if fault is None:
        return text
    problems.append(f"not well-formed XML: {fault.reason}")
    text = document.mend(text)
    fault = document.find_fault(text)
    if fault is None:
        return text
    salvaged, broken = document.salvage(text)
    if fault.is_cut_short:
        if salvaged is None:
            raise NotAFeedError(Outcome.NOT_A_FEED, f"a feed cut short before its first whole entry: {fault.reason}")
        problems.append(CUT_SHORT)
    elif salvaged and broken:
        problems.append("1 broken entry was left out" if broken == 1 else f"{broken} broken entries were left out")
    return salvaged or text


def _parse(text: str) -> Any:
    # A stream, never bytes: feedparser takes bytes for a file name first, and would open that file.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        detail = f"XML that the feed parser gives up on ({type(error).__name__})"
        raise NotAFeedError(Outcome.NOT_A_FEED, detail) from error


def _raw_feed(feed: Any, entries: list[RawEntry], left_out: int, problems: list[str]) -> RawFeed:
    return RawFeed(
        title=_raw_text(feed, "title", TextKind.GUESS),
        language=_string(feed, "language"),
        ttl_minutes=_string(feed, "ttl"),
        update_period=_string(feed, "sy_updateperiod"),
        update_frequency=_string(feed, "sy_updatefrequency"),
        entries=entries,
        entries_left_out=left_out,
        problems=problems,
    )


def _raw_entry(entry: Any, version: str) -> RawEntry:
    is_atom = version.startswith("atom")
    published = _string(entry, "published") or _string(entry, "created")
    updated = _string(entry, "updated")
    if not is_atom and published is None:
        # In RSS and RDF a lone dc:date is the date of publication; feedparser files every dc:date under `updated`.
        published, updated = updated, None
    return RawEntry(
        guid=_string(entry, "id"),
        guid_may_be_link=not is_atom and dict.get(entry, "guidislink") is not False,
        links=tuple(_entry_links(entry)),
        title=_raw_text(entry, "title", TextKind.PLAIN if is_atom else TextKind.GUESS),
        summary=_summary(entry, is_atom=is_atom),
        authors=tuple(_author_names(entry)),
        published=published,
        updated=updated,
    )


def _entry_links(entry: Any) -> Iterator[str]:
    """Yield the entry's addresses, the best first: what FeedBurner wrapped, HTML alternates, other alternates."""
    original = _string(entry, "feedburner_origlink")
    if original:
        yield original
    yield from _alternates(entry)


def _alternates(thing: Any) -> Iterator[str]:
    links = [link for link in _parts(thing, "links") if _string(link, "rel") == "alternate" and _string(link, "href")]
    links.sort(key=lambda link: "html" not in (_string(link, "type") or "html"))
    for link in links:
        yield dict.__getitem__(link, "href")


def _raw_text(thing: Any, key: str, plain: TextKind) -> RawText:
    """Return a text with its kind; `plain` is what the format's "text/plain" means."""
    detail = dict.get(thing, f"{key}_detail")
    declared = _string(detail, "type") if isinstance(detail, dict) else None
    kind = plain if declared in {None, "text/plain"} else TextKind.HTML
    return RawText(_string(thing, key) or "", kind)


def _summary(entry: Any, *, is_atom: bool) -> RawText:
    """Return the summary, else the first content; feedparser copies contents to the summary, without their type."""
    if dict.get(entry, "summary_detail") is None and (contents := _parts(entry, "content")):
        kind = TextKind.GUESS if _string(contents[0], "type") == "text/plain" else TextKind.HTML
        return RawText(_string(contents[0], "value") or "", kind)
    return _raw_text(entry, "summary", TextKind.PLAIN if is_atom else TextKind.HTML)


def _author_names(entry: Any) -> Iterator[str]:
    """Yield the names; an address of electronic mail alone is nobody's byline."""
    for author in _parts(entry, "authors"):
        name = _string(author, "name")
        if name and "@" not in name:
            yield name


def _parts(thing: Any, key: str) -> list[Any]:
    """Return the list of dicts under `key`; an element that happens to be called "links" leaves a string there."""
    value = dict.get(thing, key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _string(thing: Any, key: str) -> str | None:
    # dict.get, because feedparser's own lookup answers `updated` with `published` and warns about it.
    value = dict.get(thing, key)
    return value if isinstance(value, str) and value.strip() else None
