"""Live blogs: entries known by their identity, so that one that has scrolled off the page is no removal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.changes.normal import normalise
from pipeline.model import Content, LiveEntry, Version

_EARLIEST = datetime.min.replace(tzinfo=UTC)


def with_kept_entries(previous: Version | None, content: Content) -> Content:
    """Return a live blog's content with the entries that its page no longer shows, as it would read in full.

    An entry is gone for good where the page shows older ones and not it: that one was taken down. What is older than
    everything shown has scrolled off. So the text of a version holds every entry that stands, and comparing two of them
    tells entries that came, changed or were taken down, whatever part of them a capture saw. A page whose entries could
    not be read this time keeps them all. Any other content is returned as it is.
    """
    if previous is None or not previous.live_entries:
        return content
    shown = {entry.identity for entry in content.live_entries}
    kept = [e for e in previous.live_entries if e.identity not in shown and _scrolled_off(e, content.live_entries)]
    if not kept:
        return content
    entries = _newest_first([*content.live_entries, *kept])
    known = {normalise(line) for entry in (*content.live_entries, *kept) for line in entry.paragraphs}
    lead = [line for line in content.text.split("\n") if normalise(line) not in known]
    return replace(
        content,
        text="\n".join([*lead, *(line for entry in entries for line in entry.paragraphs)]),
        live_entries=entries,
    )


def _scrolled_off(entry: LiveEntry, shown: Sequence[LiveEntry]) -> bool:
    moments = [other.published_at for other in shown if other.published_at is not None]
    return entry.published_at is None or not moments or entry.published_at <= min(moments)


def _newest_first(entries: Sequence[LiveEntry]) -> tuple[LiveEntry, ...]:
    if any(entry.published_at is None for entry in entries):
        return tuple(entries)
    return tuple(sorted(entries, key=lambda entry: entry.published_at or _EARLIEST, reverse=True))
