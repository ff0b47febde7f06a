"""Feeds that are due, and what a poll found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from psycopg.types.json import Jsonb

from pipeline.model import Alias, AliasKind, Entry, Feed, Follow, Outcome, Validators
from pipeline.store.connections import Connection
from pipeline.store.rows import feed_of, the_row
from pipeline.store.statements import statement
from pipeline.store.texts import indexed, json_text


@dataclass(frozen=True, slots=True, kw_only=True)
class DueHost:
    """A feed or article that is due, and its host."""

    id: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PollIntent:
    """What is to be stored of one poll. `entries` come with the names by which their articles are known."""

    feed_id: int
    polled_at: datetime
    outcome: Outcome
    http_status: int | None
    elapsed_seconds: float
    detail: str | None
    failures: int
    next_poll_at: datetime
    disabled_reason: str | None
    validators: Validators
    body_sha256: str | None
    title: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    last_news_at: datetime | None = None
    news_gap_seconds: float | None = None
    is_whole: bool = False
    moved_to: str | None = None
    moved_since: datetime | None = None
    moved_seen: int = 0
    moves: bool = False
    new_host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleIntent:
    """The article that a new or changed entry leads to. `url` is normalised; `host` is its unit of pacing."""

    url: str
    fetch_url: str
    host: str
    publisher: str
    follow: Follow
    aliases: tuple[Alias, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEntry:
    """An entry that is new or has changed."""

    entry_id: int
    article_id: int | None
    identity: str
    is_new: bool


def due_feeds(connection: Connection, *, now: datetime, soon: datetime, most: int) -> tuple[DueHost, ...]:
    """Return the feeds that are due, the hosts by turns, and of each host the longest waiting first.

    Those that are asked each minute or so are among them where they are due before `soon`.
    """
    rows = connection.execute(statement("due_feeds"), {"now": now, "soon": soon, "most": most})
    return tuple(DueHost(id=row["feed_id"], host=row["host"]) for row in rows)


def feeds_still_due(
    connection: Connection, feed_ids: Sequence[int], *, now: datetime, soon: datetime
) -> tuple[Feed, ...]:
    """Return those of the feeds that nobody has polled since they were planned (`due_feeds`)."""
    values = {"feed_ids": list(feed_ids), "now": now, "soon": soon}
    rows = connection.execute(statement("feeds_by_id"), values)
    return tuple(feed_of(row) for row in rows)


def lock_feed(connection: Connection, feed_id: int) -> tuple[bool, datetime | None]:
    """Take the feed's row lock for this transaction; tell whether it is there, and when it was last polled."""
    row = connection.execute(statement("lock_feed"), {"feed_id": feed_id}).fetchone()
    return (True, row["last_polled_at"]) if row else (False, None)


def forgotten_names(connection: Connection, aliases: Sequence[Alias]) -> frozenset[Alias]:
    """Return those of the names whose article somebody had erased."""
    rows = connection.execute(statement("forgotten_names"), alias_values(aliases))
    found = {(row["scope"], row["value"]) for row in rows}
    return frozenset(alias for alias in aliases if (alias.scope, indexed(alias.value)) in found)


def allow_again(connection: Connection, aliases: Sequence[Alias]) -> None:
    """Let an article that was erased come back, by these names and all others it had: somebody asks for it."""
    connection.execute(statement("allow_again"), alias_values(aliases))


def save_entries(
    connection: Connection, feed_id: int, entries: Sequence[Entry], now: datetime
) -> tuple[MovedEntry, ...]:
    """Store the entries as they are, the first of each identity; return those that are new or have changed.

    An entry whose identity alone is another has changed; it stays the same entry.
    """
    # The key is the identity as it can be stored; the answer names the entry's own.
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key.setdefault(indexed(entry.identity), entry)
    incoming = Jsonb([asdict(replace(entry, identity=key)) for key, entry in by_key.items()], dumps=json_text)
    values = {"feed_id": feed_id, "entries": incoming, "now": now}
    renamed = connection.execute(statement("rename_entries"), values).fetchall()
    written = connection.execute(statement("upsert_entries"), values).fetchall()
    return tuple(
        MovedEntry(
            entry_id=row["entry_id"],
            article_id=row["article_id"],
            identity=by_key[row["identity"]].identity,
            is_new=row.get("is_new", False),
        )
        for row in [*(row for row in renamed if row["is_believed"]), *written]
    )


def lock_publisher(connection: Connection, publisher: str) -> None:
    """Let nobody else name an article of this publisher until the transaction ends."""
    connection.execute(statement("lock_publisher"), {"publisher": publisher})


def name_article(connection: Connection, intent: ArticleIntent, *, now: datetime) -> int:
    """Find the article by any of its names, or make it, and see that it is due; return its number."""
    names = alias_values(intent.aliases)
    values = {
        "publisher": intent.publisher,
        "url": intent.url,
        "fetch_url": intent.fetch_url,
        "host": intent.host,
        "follow": intent.follow,
        "now": now,
    }
    known = connection.execute(statement("article_by_alias"), names).fetchone()
    article_id = int((known or the_row(connection, "insert_article", values))["article_id"])
    added = connection.execute(statement("insert_aliases"), {**names, "article_id": article_id, "now": now}).fetchall()
    if known and any(row["kind"] == AliasKind.LINK for row in added):
        # Known by its guid, and the feed gives it an address that we have not met: it has moved there.
        connection.execute(statement("fetch_elsewhere"), {**values, "article_id": article_id})
    connection.execute(statement("make_due"), {"article_id": article_id, "now": now, "follow": intent.follow})
    return article_id


def alias_values(aliases: Sequence[Alias]) -> dict[str, list[str]]:
    """Return aliases as the parallel arrays that statements take, in the one order in which everybody locks them."""
    ordered = sorted(aliases, key=lambda alias: (alias.scope, alias.value))
    return {
        "kinds": [alias.kind.value for alias in ordered],
        "scopes": [alias.scope for alias in ordered],
        "values": [indexed(alias.value) for alias in ordered],
    }


def link_entry(connection: Connection, *, entry_id: int, article_id: int) -> None:
    """Write down which article an entry leads to."""
    connection.execute(statement("link_entry"), {"entry_id": entry_id, "article_id": article_id})


def save_poll(connection: Connection, intent: PollIntent, *, new_entries: int, changed_entries: int) -> None:
    """Store how the poll ended, in the feed's row and in the log."""
    connection.execute(
        statement("save_feed"),
        {
            "feed_id": intent.feed_id,
            "now": intent.polled_at,
            "is_success": intent.outcome.is_success,
            "outcome": intent.outcome,
            "detail": intent.detail,
            "failures": intent.failures,
            "next_poll_at": intent.next_poll_at,
            "disabled_reason": intent.disabled_reason,
            "etag": intent.validators.etag,
            "last_modified": intent.validators.last_modified,
            "body_sha256": intent.body_sha256,
            "title": intent.title,
            "language": intent.language,
            "last_news_at": intent.last_news_at,
            "news_gap_seconds": intent.news_gap_seconds,
            "is_whole": intent.is_whole,
            "moved_to": intent.moved_to,
            "moved_since": intent.moved_since,
            "moved_seen": intent.moved_seen,
        },
    )
    if intent.moves:
        values = {"feed_id": intent.feed_id, "url": intent.moved_to, "host": intent.new_host}
        connection.execute(statement("move_feed"), values)
    connection.execute(
        statement("insert_poll"),
        {
            "feed_id": intent.feed_id,
            "now": intent.polled_at,
            "outcome": intent.outcome,
            "http_status": intent.http_status,
            "entries": len(intent.entries),
            "new_entries": new_entries,
            "changed_entries": changed_entries,
            "elapsed_seconds": intent.elapsed_seconds,
            "detail": intent.detail,
        },
    )
