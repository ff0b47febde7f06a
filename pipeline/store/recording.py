"""What the record step reads and writes. The caller holds the article's row lock and the transaction.

One transaction touches every table of the record; its facts are the `ledger`'s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from pipeline.model import (
    Alias,
    Article,
    ArticleStatus,
    Capture,
    Content,
    Event,
    Follow,
    Name,
    NewVersion,
    OpenStory,
    Outcome,
    StoryStatus,
    Update,
    Version,
)
from pipeline.store.connections import Connection
from pipeline.store.polling import alias_values
from pipeline.store.rows import article_of, capture_of, columns_of, live_entry_values, rows_as, the_row, version_of
from pipeline.store.statements import statement
from pipeline.store.texts import indexed, json_text

OPEN_STORIES_MOST = 500
LEADS_MOST = 1000  #: first words that are remembered, of stories in several languages


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCapture:
    """A stored capture that nobody has read yet."""

    capture_id: int
    captured_at: datetime
    article_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row of the record belongs: its story, article and version."""

    story_id: int
    article_id: int
    version_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """How the article stands after the capture of `captured_at` was recorded."""

    article_id: int
    story_id: int | None
    status: ArticleStatus
    url: str
    fetch_url: str
    host: str
    versions: int
    failures: int
    missing: int
    captured_at: datetime
    last_changed_at: datetime | None
    next_capture_at: datetime | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """How the article stands after the capture of `captured_at` turned out not to be it."""

    article_id: int
    outcome: Outcome
    detail: str
    failures: int
    captured_at: datetime
    next_capture_at: datetime | None


def waiting_captures(connection: Connection, article_ids: Sequence[int] | None) -> tuple[WaitingCapture, ...]:
    """Return the captures that are to be read, in the order to read them; `None` asks for those of all articles."""
    ids = list(article_ids) if article_ids is not None else None
    return rows_as(WaitingCapture, connection, "waiting_captures", {"article_ids": ids})


def begin_reading(connection: Connection, waiting: WaitingCapture) -> Capture | None:
    """Return the capture with its body, and count that reading it is begun.

    `None` if it has been recorded in between, or retention has dropped it.
    """
    values = {"capture_id": waiting.capture_id, "captured_at": waiting.captured_at}
    # As bytes: written as hexadecimal text, a body is twice as long and has to be read again.
    row = connection.execute(statement("begin_reading"), values, binary=True).fetchone()
    return capture_of(row) if row else None


def take_back_attempt(connection: Connection, capture: Capture) -> None:
    """Do not hold against a capture that the store failed while it was recorded."""
    values = {"capture_id": capture.capture_id, "captured_at": capture.captured_at}
    connection.execute(statement("take_back_attempt"), values)


def capture_behind(connection: Connection, version: Version) -> Capture | None:
    """Return the capture a version was read from; `None` once retention has dropped it."""
    values = {"capture_id": version.capture_id, "captured_at": version.captured_at}
    row = connection.execute(statement("capture_body"), values, binary=True).fetchone()
    return capture_of(row) if row and row["body"] is not None else None


def claim_capture(connection: Connection, capture: Capture) -> tuple[Article | None, bool]:
    """Lock the capture's article and the capture; return the article, and whether the capture still waits to be read.

    The article is `None` where it was forgotten meanwhile.
    """
    values = {"capture_id": capture.capture_id, "captured_at": capture.captured_at}
    locked = connection.execute(statement("lock_article"), {"article_id": capture.article_id})
    claimed = connection.execute(statement("is_unrecorded"), values)
    article, row = locked.fetchone(), claimed.fetchone()
    return article_of(article) if article else None, bool(row and row["waits"])


def newest_version(connection: Connection, article_id: int) -> Version | None:
    """Return the article's newest version."""
    row = connection.execute(statement("newest_version"), {"article_id": article_id}).fetchone()
    return version_of(row) if row else None


def outcomes_before(connection: Connection, capture: Capture, *, most: int) -> tuple[Outcome, ...]:
    """Return how the captures of its article before this one ended, the last one first."""
    values = {"article_id": capture.article_id, "captured_at": capture.captured_at, "most": most}
    return tuple(Outcome(row["outcome"]) for row in connection.execute(statement("outcomes_before"), values))


def recorded_contents(connection: Connection, article_id: int) -> list[tuple[str, str]]:
    """Return content hash and headline of the article's versions, the oldest first."""
    rows = connection.execute(statement("recorded_contents"), {"article_id": article_id})
    return [(row["content_sha256"], row["headline"]) for row in rows]


def entry_texts(connection: Connection, article_id: int) -> tuple[tuple[str, str], ...]:
    """Return title and summary of the feed entries that lead to the article, the newest first."""
    rows = connection.execute(statement("entry_texts"), {"article_id": article_id})
    return tuple((row["title"], row["summary"]) for row in rows)


def open_stories(
    connection: Connection, leads: dict[int, str], *, since: datetime, language: str | None, publisher: str
) -> tuple[OpenStory, ...]:
    """Return the stories in a language that changed since then and that the publisher does not tell yet.

    `leads` are the first words of versions by their numbers: of those that have been asked for before, and afterwards
    of those asked for now. A version never changes, and most of the time would go into reading the same texts for each
    new article.
    """
    values = {"since": since, "language": language, "publisher": publisher, "most": OPEN_STORIES_MOST}
    rows = connection.execute(statement("open_stories"), {**values, "known": list(leads)}).fetchall()
    asked = {row["version_id"]: leads[row["version_id"]] if row["lead"] is None else row["lead"] for row in rows}
    if len(leads) > LEADS_MOST:
        leads.clear()
    leads.update(asked)
    return tuple(
        OpenStory(
            story_id=row["story_id"],
            headline=row["headline"],
            lead=asked[row["version_id"]],
            language=row["language"],
            publishers=tuple(row["publishers"] or ()),
            last_changed_at=row["last_changed_at"],
        )
        for row in rows
    )


def lock_opening(connection: Connection) -> None:
    """Let nobody else open a story until the transaction ends: two first articles of one event find each other."""
    connection.execute(statement("lock_opening"))


def open_story(
    connection: Connection, *, headline: str, status: StoryStatus, url: str, versions: int, now: datetime
) -> int:
    """Make a story that one article tells, with its counts, which need no refreshing; return its number."""
    values = {"headline": headline, "status": status, "url": url, "versions": versions, "now": now}
    return _number(connection, "insert_story", values, "story_id")


def lock_story(connection: Connection, story_id: int) -> None:
    """Take the story's row lock, so that two of its articles refresh its counts one after the other."""
    connection.execute(statement("lock_story"), {"story_id": story_id})


def refresh_story(
    connection: Connection,
    story_id: int,
    *,
    headline: str | None = None,
    url: str | None = None,
    moved_from: str | None = None,
    changed_at: datetime | None = None,
) -> None:
    """Take the story's counts and status anew from its articles, and its headline and address where they are given.

    With `moved_from` the address is taken over only where the story stands under that one.
    """
    # A statement counts by what it saw at its start: one that had to wait for the row would count by old articles.
    lock_story(connection, story_id)
    values = {
        "story_id": story_id,
        "headline": headline,
        "url": url,
        "moved_from": moved_from,
        "changed_at": changed_at,
    }
    connection.execute(statement("refresh_story"), values)


def save_version(
    connection: Connection, place: Place, *, capture: Capture, content: Content, intent: NewVersion, is_developing: bool
) -> int:
    """Store a version; return its number in the table."""
    values = {
        "article_id": place.article_id,
        "story_id": place.story_id,
        "number": intent.number,
        "kind": intent.kind,
        "observed_at": capture.captured_at,
        "published_at": content.published_at,
        "modified_at": content.modified_at,
        "headline": content.headline,
        "byline": content.byline,
        "text": content.text,
        "language": content.language,
        "words": content.words,
        "is_developing": is_developing,
        "markers": [marker.phrase for marker in content.markers],
        "extractor": content.extractor,
        "content_sha256": intent.content_sha256,
        "capture_id": capture.capture_id,
        "captured_at": capture.captured_at,
        "live_entries": Jsonb([live_entry_values(entry) for entry in content.live_entries], dumps=json_text)
        if content.live_entries
        else None,
    }
    return _number(connection, "insert_version", values, "version_id")


def save_updates(connection: Connection, place: Place, updates: Sequence[Update]) -> None:
    """Store the differences that a version brought."""
    insert_all(connection, "insert_updates", place, [columns_of(update) for update in updates])


def save_names(connection: Connection, place: Place, names: Sequence[Name]) -> None:
    """Store what a version names: one row for each name, with how often and where first."""
    if not names:
        return
    first: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], int] = {}
    for name in names:
        one = (name.kind.value, indexed(name.text))
        first.setdefault(one, name.position)
        times[one] = times.get(one, 0) + 1
    connection.execute(
        statement("insert_mentions"),
        {
            **columns_of(place),
            "kinds": [kind for kind, _ in first],
            "names": [text for _, text in first],
            "times": list(times.values()),
            "positions": list(first.values()),
        },
    )


def save_events(connection: Connection, place: Place, events: Sequence[Event]) -> None:
    """Store events; a trigger sends each with NOTIFY news_events when the transaction commits."""
    rows = [
        {"kind": event.kind, "occurred_at": event.occurred_at, "summary": event.summary, "details": dict(event.details)}
        for event in events
    ]
    insert_all(connection, "insert_events", place, rows)


def save_article_record(connection: Connection, record: ArticleRecord) -> None:
    """Store how the article stands."""
    connection.execute(statement("save_article_record"), columns_of(record))


def finish_capture(
    connection: Connection, capture: Capture, *, outcome: Outcome, detail: str | None, keep_body: bool, now: datetime
) -> None:
    """Mark a capture as read. Its bytes are kept only where they brought a version, or could not be read at all."""
    connection.execute(
        statement("finish_capture"),
        {
            "capture_id": capture.capture_id,
            "captured_at": capture.captured_at,
            "outcome": outcome,
            "detail": detail,
            "keep_body": keep_body,
            "recorded_at": now,
        },
    )


def note_misread(connection: Connection, misread: Misread) -> None:
    """Store that a page was no article; the next request asks unconditionally."""
    connection.execute(statement("note_misread"), columns_of(misread))


def save_aliases(connection: Connection, article_id: int, aliases: Sequence[Alias], *, now: datetime) -> bool:
    """Add names that are not taken; a name once given stays where it is. Tell whether none of them was taken."""
    names = alias_values(aliases)
    added = connection.execute(statement("insert_aliases"), {**names, "article_id": article_id, "now": now}).fetchall()
    return len(added) == len(aliases)


def articles_named(connection: Connection, aliases: Sequence[Alias]) -> tuple[dict[str, int], bool]:
    """Return the article that each of a page's names leads to, the oldest first, and whether one was forgotten."""
    stored = {indexed(alias.value): alias.value for alias in aliases}
    rows = connection.execute(statement("articles_named"), {"values": list(stored)}).fetchall()
    named = {stored[row["value"]]: row["article_id"] for row in rows if row["article_id"] is not None}
    return named, any(row["forgotten"] for row in rows)


def open_article_at_address(
    connection: Connection, article_id: int, *, addresses: Sequence[str], captured_at: datetime
) -> int:
    """Make an article that takes over these addresses of another one; return its number."""
    values = {"article_id": article_id, "captured_at": captured_at}
    opened = _number(connection, "open_article_at_address", values, "article_id")
    hand_over_addresses(connection, article_id, into=opened, addresses=addresses)
    return opened


def hand_over_addresses(connection: Connection, article_id: int, *, into: int, addresses: Sequence[str]) -> None:
    """Let these addresses of one article lead to another."""
    values = {"article_id": article_id, "into": into, "values": [indexed(address) for address in addresses]}
    connection.execute(statement("hand_over_addresses"), values)


def articles_at_address_before(connection: Connection, article_id: int, *, most: int) -> tuple[int, ...]:
    """Return the other articles that have stood at an article's address, the one that changed last first."""
    rows = connection.execute(statement("articles_at_address_before"), {"article_id": article_id, "most": most})
    return tuple(row["article_id"] for row in rows)


def forget_document(connection: Connection, article_id: int) -> None:
    """Let the next answer for an article be read, whatever it is: the last one was another article."""
    connection.execute(statement("forget_document"), {"article_id": article_id})


def merge_article(connection: Connection, article_id: int, *, into: int, follow: Follow, now: datetime) -> None:
    """Hand all names and entries of an article that has no version to the article it turned out to be."""
    values = {"article_id": article_id, "into": into}
    connection.execute(statement("merge_aliases"), values)
    connection.execute(statement("merge_entries"), values)
    connection.execute(statement("retire_article"), {**values, "detail": f"the same as article {into}"})
    connection.execute(statement("make_due"), {"article_id": into, "now": now, "follow": follow})


def settle_article(connection: Connection, article_id: int) -> None:
    """Look at the article no more, unless its feed entry changes."""
    connection.execute(statement("settle_article"), {"article_id": article_id})


def quiet_articles(
    connection: Connection, *, before: datetime, promising_before: datetime, looked_since: datetime, most: int
) -> tuple[int, ...]:
    """Return followed articles that have not changed since then, or since the other if they promise more to come.

    Only those that have been looked at since `looked_since`.
    """
    values = {
        "before": before,
        "promising_before": promising_before,
        "looked_since": looked_since,
        "most": most,
    }
    rows = connection.execute(statement("quiet_articles"), values)
    return tuple(row["article_id"] for row in rows)


def insert_all(
    connection: Connection, name: str, place: Place, rows: Sequence[Mapping[str, object]], **values: object
) -> None:
    """Insert rows, in their order, by one statement that takes them as JSON."""
    if rows:
        connection.execute(statement(name), {**columns_of(place), **values, "rows": Jsonb(rows, dumps=json_text)})


def _number(connection: Connection, name: str, values: Mapping[str, object], column: str) -> int:
    return int(the_row(connection, name, values)[column])
