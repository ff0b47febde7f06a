"""What the pages ask of the record, as rows. Reads only; the statements stand in `sql/queries/web.sql`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from pipeline.errors import UnknownStoryError
from pipeline.store.connections import Connection
from pipeline.store.reading import StoryRow
from pipeline.store.rows import RowT, rows_as
from pipeline.store.statements import statement

HISTORY_MOST = 5000
FEEDS_MOST = 2000
VERSIONS_MOST = 1000
FOUND_MOST = 1000  #: versions that a search looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGlance:
    """A fact as a list of stories shows it."""

    kind: str
    subject: str
    low: float | None
    high: float | None
    unit: str | None
    qualifier: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a search found in a version: the `text` has the words between U+0002 and U+0003."""

    publisher: str
    article_id: int
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine(StoryRow):
    """A story in a list: with who tells it, how often it changed over its life (24 parts), and its first facts."""

    names: list[str]
    spark: list[int]
    facts: tuple[FactGlance, ...]
    passage: Passage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValue:
    """A value that a fact has had, from `since` to `until` (null: it stands)."""

    fact_id: int
    key: str
    kind: str
    subject: str
    unit: str | None
    article_id: int
    publisher: str
    low: Decimal | None
    high: Decimal | None
    qualifier: str | None
    attribution: str | None
    since: datetime
    until: datetime | None
    status: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPlace:
    """Where a fact stands in the version that brought it."""

    fact_id: int
    article_id: int
    sentence: str
    position: int
    start: int
    end: int
    number: int
    kind: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """An article, as its page shows it."""

    article_id: int
    story_id: int | None
    publisher: str
    url: str
    status: str
    first_seen_at: datetime
    last_changed_at: datetime | None
    next_capture_at: datetime | None
    last_captured_at: datetime | None
    last_outcome: str | None
    versions: int
    story: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version without its text."""

    version_id: int
    number: int
    kind: str
    observed_at: datetime
    published_at: datetime | None
    modified_at: datetime | None
    headline: str
    byline: str | None
    words: int
    is_developing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    """The capture that brought a version; its fields are null where retention has dropped it."""

    capture_id: int | None
    captured_at: datetime | None
    outcome: str | None
    http_status: int | None
    final_url: str | None
    content_type: str | None
    body_sha256: str | None
    body_bytes: int | None
    kept: bool
    elapsed_seconds: float | None
    extractor: str
    content_sha256: str
    published_at: datetime | None
    modified_at: datetime | None
    byline: str | None
    words: int
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersAt:
    """Of an article: the version that stood at a moment (null: none yet), and the newest."""

    article_id: int
    publisher: str
    url: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """A feed with its health and its last outcomes, the oldest first."""

    feed_id: int
    url: str
    title: str | None
    publisher: str
    language: str | None
    follow: str
    poll_every: timedelta
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_outcome: str | None
    last_detail: str | None
    failures: int
    disabled_reason: str | None
    entries_24h: int
    success_rate_24h: Decimal | None
    lag_seconds: float | None
    status: str
    outcomes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """Which stories a list shows."""

    words: str | None = None
    status: str | None = None
    publisher: str | None = None
    since: datetime | None = None  #: changed after this moment


def stories(connection: Connection, wanted: StoryFilter, *, most: int, skip: int = 0) -> tuple[StoryLine, ...]:
    """Return stories, the developing ones first, the last changed first."""
    values = {
        "words": wanted.words,
        "most_versions": FOUND_MOST,
        "status": wanted.status,
        "publisher": wanted.publisher,
        "since": wanted.since,
        "most": most,
        "skip": skip,
    }
    return tuple(
        StoryLine(
            **{
                **row,
                "facts": tuple(FactGlance(**one) for one in row["facts"]),
                "passage": Passage(**row["passage"]) if row["passage"] else None,
            }
        )
        for row in connection.execute(statement("web_stories"), values)
    )


def story(connection: Connection, story_id: int) -> StoryRow:
    """Return a story. Raises `UnknownStoryError`."""
    return _one(StoryRow, connection, "web_story", {"story_id": story_id}, f"There is no story {story_id}.")


def publishers(connection: Connection) -> tuple[str, ...]:
    """Return who has published something that was recorded."""
    return tuple(row["publisher"] for row in connection.execute(statement("web_publishers")))


def fact_history(
    connection: Connection, story_id: int, *, keys: Sequence[str], at: datetime | None = None
) -> tuple[FactValue, ...]:
    """Return every value that the facts of these keys have had, key by key, the oldest first.

    Of the story's other facts there is the value that stood at a moment (default: the one that stands).
    """
    values = {"story_id": story_id, "keys": list(keys), "at": at, "most": HISTORY_MOST}
    return rows_as(FactValue, connection, "web_fact_history", values)


def fact(connection: Connection, fact_id: int) -> FactPlace:
    """Return where a fact stands. Raises `UnknownStoryError`."""
    return _one(FactPlace, connection, "web_fact", {"fact_id": fact_id}, f"There is no fact {fact_id}.")


def article(connection: Connection, article_id: int) -> ArticlePage:
    """Return an article. Raises `UnknownStoryError`."""
    unknown = f"There is no article {article_id}."
    return _one(ArticlePage, connection, "web_article", {"article_id": article_id}, unknown)


def versions(connection: Connection, article_id: int) -> tuple[VersionRow, ...]:
    """Return the versions of an article, the newest first."""
    return rows_as(VersionRow, connection, "web_versions", {"article_id": article_id, "most": VERSIONS_MOST})


def capture_of(connection: Connection, article_id: int, number: int) -> CaptureRow:
    """Return the capture that brought a version. Raises `UnknownStoryError` if there is no such version."""
    values = {"article_id": article_id, "number": number}
    unknown = f"Article {article_id} has no version {number}."
    return _one(CaptureRow, connection, "web_capture_of_version", values, unknown)


def numbers_at(connection: Connection, story_id: int, at: datetime) -> tuple[NumbersAt, ...]:
    """Return, for each article of a story, which version stood at a moment and which is the newest."""
    return rows_as(NumbersAt, connection, "web_numbers_at", {"story_id": story_id, "at": at})


def moments_around(
    connection: Connection, story_id: int, at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Return when a story had its versions before and after the one that stood at a moment (default: the newest)."""
    row = connection.execute(statement("web_moments_around"), {"story_id": story_id, "at": at}).fetchone() or {}
    return row.get("earlier"), row.get("later")


def feeds(connection: Connection) -> tuple[FeedLine, ...]:
    """Return the feeds, those in trouble first."""
    return rows_as(FeedLine, connection, "web_feeds", {"most": FEEDS_MOST})


def _one(kind: type[RowT], connection: Connection, name: str, values: Mapping[str, object], unknown: str) -> RowT:
    rows = rows_as(kind, connection, name, values)
    if not rows:
        raise UnknownStoryError(unknown)
    return rows[0]
