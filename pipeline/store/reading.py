"""What people ask for: stories, their timelines and facts, versions of an article. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pipeline.errors import UnknownStoryError
from pipeline.model import Version
from pipeline.store.connections import Connection
from pipeline.store.rows import rows_as, the_row, version_of
from pipeline.store.statements import statement
from pipeline.store.texts import indexed

_DIGITS_MOST = 18  #: of a number that Postgres can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story, as a list shows it."""

    story_id: int
    headline: str
    status: str
    started_at: datetime
    last_changed_at: datetime
    articles: int
    publishers: int
    versions: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article of a story."""

    article_id: int
    publisher: str
    status: str
    versions: int
    first_seen_at: datetime
    last_changed_at: datetime | None
    next_capture_at: datetime | None
    last_outcome: str | None
    url: str
    headline: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """An event of a story."""

    event_id: int
    occurred_at: datetime
    kind: str
    publisher: str | None
    headline: str | None
    summary: str
    url: str | None
    story_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A row of `latest_facts` or `facts_as_of`."""

    key: str
    kind: str
    subject: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    qualifier: str | None
    attribution: str | None
    publisher: str
    as_of: datetime
    previous_low: Decimal | None
    previous_high: Decimal | None
    previous_qualifier: str | None
    changes: int
    sources: int
    rivals: list[dict[str, Any]]
    sentence: str
    url: str
    fact_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRow:
    """A column of the schema with its comment."""

    relation: str
    relation_comment: str | None
    relkind: str
    column: str
    type: str
    not_null: bool
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsRow:
    """How much there is, since when a feed that is due has not been polled, and whether captures can be stored."""

    feeds: int
    following: int
    waiting: int
    overdue_since: datetime | None
    has_partition: bool


def list_stories(connection: Connection, *, status: str | None, most: int) -> tuple[StoryRow, ...]:
    """Return stories, developing ones first, the last changed first."""
    return rows_as(StoryRow, connection, "list_stories", {"status": status, "most": most})


def find_story(connection: Connection, name: str, *, address: str | None) -> StoryRow:
    """Return a story by its number, or by an address (normalised) of one of its articles.

    Raises `UnknownStoryError` if there is none.
    """
    rows = rows_as(StoryRow, connection, "story_by_name", _named(name, address))
    if not rows:
        raise UnknownStoryError(f"no story goes by {name!r}: `writethru stories` lists them with their numbers")
    return rows[0]


def find_article(connection: Connection, name: str, *, address: str | None) -> ArticleRow:
    """Return an article by its number, or by any of its addresses (normalised).

    Raises `UnknownStoryError` if there is none.
    """
    rows = rows_as(ArticleRow, connection, "article_by_name", _named(name, address))
    if not rows:
        raise UnknownStoryError(f"no article goes by {name!r}: `writethru show STORY` lists a story's articles")
    return rows[0]


def _named(name: str, address: str | None) -> dict[str, Any]:
    number = int(name) if name.isascii() and name.isdecimal() and len(name) <= _DIGITS_MOST else None
    return {"number": number, "address": None if address is None else indexed(address)}


def articles_of(connection: Connection, story_id: int) -> tuple[ArticleRow, ...]:
    """Return the articles that tell a story, the first seen first."""
    return rows_as(ArticleRow, connection, "articles_of_story", {"story_id": story_id})


def timeline_of(connection: Connection, story_id: int) -> tuple[TimelineRow, ...]:
    """Return the events of a story, the oldest first."""
    return rows_as(TimelineRow, connection, "timeline_of_story", {"story_id": story_id})


def events_after(
    connection: Connection, event_id: int, *, story_id: int | None = None, most: int = 1000
) -> tuple[TimelineRow, ...]:
    """Return the events numbered above `event_id`, of one story or of all."""
    values = {"event_id": event_id, "story_id": story_id, "most": most}
    return rows_as(TimelineRow, connection, "events_after", values)


def last_event_id(connection: Connection) -> int:
    """Return the number of the newest event; 0 where there is none."""
    return int(the_row(connection, "last_event_id")["event_id"])


def last_events(connection: Connection, *, story_id: int | None, most: int) -> tuple[TimelineRow, ...]:
    """Return the newest events, of one story or of all, the oldest of them first."""
    return rows_as(TimelineRow, connection, "last_events", {"story_id": story_id, "most": most})


def facts_of(connection: Connection, story_id: int, *, at: datetime | None = None) -> tuple[FactRow, ...]:
    """Return a story's latest facts, or those that were known at a moment."""
    if at is None:
        return rows_as(FactRow, connection, "facts_of_story", {"story_id": story_id})
    return rows_as(FactRow, connection, "facts_of_story_as_of", {"story_id": story_id, "at": at})


def version(connection: Connection, article_id: int, number: int) -> Version:
    """Return one version of an article. Raises `UnknownStoryError` if there is none of that number."""
    values = {"article_id": article_id, "number": number}
    row = connection.execute(statement("version_by_number"), values).fetchone()
    if row is None:
        raise UnknownStoryError(f"article {article_id} has no version {number}")
    return version_of(row)


def column_comments(connection: Connection) -> tuple[ColumnRow, ...]:
    """Return every column of the schema `news` with its comment."""
    return rows_as(ColumnRow, connection, "column_comments")


def counts(connection: Connection) -> CountsRow:
    """Return how much there is."""
    return CountsRow(**the_row(connection, "table_counts"))
