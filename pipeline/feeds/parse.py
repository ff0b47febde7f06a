"""Bytes of a feed to its entries: the one way in."""

import re
from typing import Final

from pipeline.errors import NotAFeedError
from pipeline.feeds.charset import decode
from pipeline.feeds.document import open_document
from pipeline.feeds.entries import Oddities, build_entries
from pipeline.feeds.hints import ttl_seconds
from pipeline.feeds.jsonfeed import read_json_feed
from pipeline.feeds.raw import RawFeed
from pipeline.feeds.sniff import describe
from pipeline.feeds.text import to_text
from pipeline.feeds.xmlfeed import read_xml_feed
from pipeline.model import Outcome, ParsedFeed

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*\Z")
_FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel", "entry"})


def parse_feed(body: bytes, *, url: str, content_type: str | None, max_entries: int) -> ParsedFeed:
    """Return what the RSS, RDF, Atom or JSON Feed document `body` says.

    `url` is where the body came from (after redirects), against which links are resolved; `content_type` is the header
    as it came; of more than `max_entries` entries the first are read. Whatever kind the header names, the body decides.

    Raises `NotAFeedError`, and nothing else on any input: outcome EMPTY for no bytes or only white space, else
    NOT_A_FEED with what the body looks like.
    """
    decoded = decode(body, content_type)
    text = decoded.text.lstrip("\ufeff\0 \t\r\n\v\f")
    if not text.strip():
        detail = "no bytes at all" if not body else f"{len(body)} bytes of white space"
        raise NotAFeedError(Outcome.EMPTY, detail)
    raw = _read(body, text, url=url, max_entries=max_entries)
    problems = [decoded.problem] if decoded.problem else []
    problems += raw.problems
    if raw.entries_left_out:
        problems.append(f"{raw.entries_left_out} entries beyond the first {max_entries} were left out")
    oddities = Oddities()
    entries = build_entries(raw.entries, base=url, oddities=oddities)
    language = (raw.language or "").strip().replace("_", "-")
    return ParsedFeed(
        title=to_text(raw.title.value, raw.title.kind),
        language=language if _LANGUAGE.match(language) else None,
        entries=entries,
        ttl_seconds=ttl_seconds(raw.ttl_minutes, raw.update_period, raw.update_frequency),
        problems=tuple(problems + oddities.in_words()),
    )


def _read(body: bytes, text: str, *, url: str, max_entries: int) -> RawFeed:
    if text[0] == "{":
        return read_json_feed(text, max_entries=max_entries)
    document = open_document(text)
    if document.root in _FEED_ROOTS and (feed := read_xml_feed(document, max_entries=max_entries)):
        return feed
    raise NotAFeedError(Outcome.NOT_A_FEED, describe(body, text, root=document.root, url=url))
