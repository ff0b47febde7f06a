"""What the pages ask of the record about what happened: events, updates and the entries of feeds.

Reads only; the statements stand in `sql/queries/web.sql`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.model import EventKind
from pipeline.store import reading
from pipeline.store.connections import Connection
from pipeline.store.rows import rows_as
from pipeline.store.statements import statement
from pipeline.web.cursor import MOST_MISSING, WINDOW, Cursor

_NO_STORY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event with what it is about."""

    event_id: int
    story_id: int
    article_id: int | None
    version_id: int | None
    kind: str
    occurred_at: datetime
    summary: str
    details: dict[str, Any]
    publisher: str | None
    url: str | None
    number: int | None
    headline: str | None
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry of a feed, and the article it leads to."""

    entry_id: int
    title: str
    link: str | None
    first_seen_at: datetime
    publisher: str | None
    feed_id: int
    article_id: int | None
    status: str | None
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRow:
    """One of the updates of a version; `total` is how many the version has."""

    version_id: int
    kind: str
    significance: str
    old_text: str | None
    new_text: str | None
    total: int
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events of a span of time are told."""

    begin: datetime
    end: datetime
    story_id: int | None = None
    without: Sequence[EventKind] = ()
    before: int | None = None  #: number of the event below which to go on


def events(
    connection: Connection,
    *,
    story_id: int | None = None,
    publisher: str | None = None,
    before: int | None = None,
    most: int,
) -> tuple[EventRow, ...]:
    """Return the newest events below the number `before`, the newest first."""
    values = {"story_id": story_id, "publisher": publisher, "before": before, "most": most}
    return rows_as(EventRow, connection, "web_events", values)


def events_between(connection: Connection, wanted: EventFilter, *, most: int) -> tuple[EventRow, ...]:
    """Return the newest events of a span of time, the newest first."""
    values = {
        "begin": wanted.begin,
        "end": wanted.end,
        "story_id": wanted.story_id,
        "without": list(wanted.without),
        "before": wanted.before,
        "most": most,
    }
    return rows_as(EventRow, connection, "web_events_between", values)


def entries_between(connection: Connection, begin: datetime, end: datetime, *, most: int) -> tuple[EntryRow, ...]:
    """Return the feed entries that were new in a span of time, the newest first."""
    return rows_as(EntryRow, connection, "web_entries_between", {"begin": begin, "end": end, "most": most})


def events_beyond(
    connection: Connection, cursor: Cursor, *, story_id: int | None = None, most: int
) -> tuple[tuple[EventRow, ...], Cursor]:
    """Return the events that a reader has not been told of, the oldest first, and where he stands after them."""
    values = {
        "after": cursor.after,
        "missing": list(cursor.missing),
        "story_id": story_id,
        "most": most,
        "window": WINDOW,
        "most_missing": MOST_MISSING,
    }
    rows = connection.execute(statement("web_events_beyond"), values).fetchall()
    # Popped from every row: what is left of one is an event.
    reached = [(row.pop("until"), row.pop("missing")) for row in rows]
    until, missing = reached[0]
    found = tuple(EventRow(**row) for row in rows if row["event_id"] is not None)
    return found, Cursor(until, frozenset(missing))


def place_now(connection: Connection) -> Cursor:
    """Return the place behind every event that is there, with the numbers that are still missing."""
    newest = reading.last_event_id(connection)
    # Nothing is asked for but where one stands: what came since is told, and what is missing is waited for.
    return events_beyond(connection, Cursor(newest), most=1, story_id=_NO_STORY)[1]


def updates_of(connection: Connection, version_ids: Sequence[int], *, most: int) -> dict[int, list[UpdateRow]]:
    """Return the first few updates of each of these versions."""
    found: dict[int, list[UpdateRow]] = {}
    for row in rows_as(UpdateRow, connection, "web_updates", {"version_ids": list(version_ids), "most": most}):
        found.setdefault(row.version_id, []).append(row)
    return found
