"""The feeds that somebody wants polled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.model import FeedSubscription, Follow
from pipeline.store.connections import Connection
from pipeline.store.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A feed as people see it in a list."""

    feed_id: int
    url: str
    title: str | None
    publisher: str
    language: str | None
    follow: Follow
    poll_every: timedelta
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_outcome: str | None
    last_detail: str | None
    failures: int
    disabled_reason: str | None
    entries_24h: int
    success_rate_24h: float | None
    status: str


def at_their_addresses(connection: Connection, feeds: Sequence[FeedSubscription]) -> list[FeedSubscription]:
    """Return the feeds, each that names a known feed by an address it had before it moved at the one it has today."""
    moved = {row["former"]: row["url"] for row in connection.execute(statement("former_addresses"))}
    return [replace(feed, url=moved.get(feed.url, feed.url)) for feed in feeds]


def add_feed(
    connection: Connection,
    feed: FeedSubscription,
    *,
    publisher: str,
    host: str,
    default_poll_every: timedelta,
    now: datetime,
) -> bool:
    """Add a feed, or take over what is said of one that is there (it is polled again if it was disabled).

    Where all of it is to be followed from now on, the articles that its document holds are due at once. Tells whether
    the feed is new.
    """
    row = connection.execute(
        statement("add_feed"),
        {
            "url": feed.url,
            "title": feed.title,
            "publisher": publisher,
            "language": feed.language,
            "host": host,
            "follow": feed.follow,
            "poll_every": feed.poll_every,
            "default_poll_every": default_poll_every,
            "now": now,
        },
    ).fetchone()
    if row and not row["is_new"] and feed.follow is Follow.ALL:
        connection.execute(statement("follow_all_of_feed"), {"feed_id": row["feed_id"], "now": now})
    return bool(row and row["is_new"])


def remove_feed(connection: Connection, url_or_id: str) -> bool:
    """Remove a feed with its entries and poll log; its articles and their record stay. Tells whether there was one."""
    return connection.execute(statement("remove_feed"), {"name": url_or_id}).rowcount > 0


def list_feeds(connection: Connection) -> tuple[FeedRow, ...]:
    """Return all feeds with how they are doing, by publisher."""
    rows = connection.execute(statement("list_feeds"))
    return tuple(FeedRow(**{**row, "follow": Follow(row["follow"])}) for row in rows)


def subscriptions_of(connection: Connection) -> tuple[FeedSubscription, ...]:
    """Return all feeds as subscriptions, for export."""
    return tuple(
        FeedSubscription(
            url=row.url,
            title=row.title,
            publisher=row.publisher,
            language=row.language,
            follow=row.follow,
            poll_every=row.poll_every,
        )
        for row in list_feeds(connection)
    )
