"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Iterator
from typing import Any

from pipeline.errors import NotAFeedError
from pipeline.feeds.raw import RawEntry, RawFeed, RawText
from pipeline.feeds.text import TextKind
from pipeline.model import Outcome


def read_json_feed(text: str, *, max_entries: int) -> RawFeed:
    """Return the feed in `text`; members of a wrong type are read as absent, items that are no objects left out.

    Raises `NotAFeedError` for JSON that is broken or of another kind.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeedError(
            Outcome.NOT_A_FEED, f"JSON, or the beginning of it, that is broken: {error}"[:200]
        ) from error
    version = _string(feed, "version") if isinstance(feed, dict) else None
    if not version or "jsonfeed.org/version/" not in version:
        raise NotAFeedError(Outcome.NOT_A_FEED, "JSON, but no JSON Feed: it names no jsonfeed.org version")
    items = feed.get("items")
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    problems = [] if isinstance(items, list) else ["the list of items is missing"]
    return RawFeed(
        title=RawText(_string(feed, "title") or "", TextKind.PLAIN),
        language=_string(feed, "language"),
        entries=[_raw_entry(item) for item in entries[:max_entries]],
        entries_left_out=max(0, len(entries) - max_entries),
        problems=problems,
    )


def _raw_entry(item: dict[str, Any]) -> RawEntry:
    identity = item.get("id")
    if isinstance(identity, int | float) and not isinstance(identity, bool):
        identity = str(identity)  # "if an id is presented as a number, a reader should coerce it to a string"
    return RawEntry(
        guid=identity if isinstance(identity, str) else None,
        guid_may_be_link=True,
        links=tuple(link for key in ("url", "external_url") if (link := _string(item, key))),
        title=RawText(_string(item, "title") or "", TextKind.PLAIN),
        summary=_summary(item),
        authors=tuple(_author_names(item)),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
    )


def _summary(item: dict[str, Any]) -> RawText:
    for key, kind in (("summary", TextKind.PLAIN), ("content_text", TextKind.PLAIN), ("content_html", TextKind.HTML)):
        if value := _string(item, key):
            return RawText(value, kind)
    return RawText()


def _author_names(item: dict[str, Any]) -> Iterator[str]:
    """Yield names from `authors` (1.1), else from `author` (1.0)."""
    authors = item.get("authors")
    for author in authors if isinstance(authors, list) and authors else [item.get("author")]:
        if isinstance(author, dict) and (name := _string(author, "name")):
            yield name


def _string(thing: dict[str, Any], key: str) -> str | None:
    value = thing.get(key)
    return value if isinstance(value, str) and value.strip() else None
