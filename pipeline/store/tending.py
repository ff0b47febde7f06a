"""Upkeep: retention of captures and polls, feeds in trouble, captures to be read again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import errors, sql

from pipeline.model import Alias, Version
from pipeline.store.connections import Connection
from pipeline.store.polling import alias_values
from pipeline.store.rows import rows_as, the_row, version_of
from pipeline.store.statements import statement

#: So long a month that is to go waits for its readers. Whoever wants any captures meanwhile waits behind it.
LOCK_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedMonths:
    """The months of captures that were dropped, and those that are past their age and somebody still reads."""

    dropped: tuple[str, ...]
    in_use: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTrouble:
    """A feed that has failed for long, or has gone silent."""

    feed_id: int
    url: str
    status: str
    last_success_at: datetime | None
    last_outcome: str | None
    last_detail: str | None


def drop_captures(connection: Connection, *, before: datetime) -> DroppedMonths:
    """Drop the months of captures that ended before then. The record stands without them.

    Where somebody holds a transaction open on captures, the rest is left to another time: else everybody would wait.
    """
    rows = connection.execute(statement("old_capture_partitions"), {"before": before})
    names = tuple(row["name"] for row in rows)
    for place, name in enumerate(names):
        try:
            with connection.transaction():
                connection.execute(sql.SQL("set local lock_timeout = {}").format(f"{LOCK_SECONDS}s"))
                connection.execute(sql.SQL("drop table {}").format(sql.Identifier("news", name)))
        except errors.LockNotAvailable:
            return DroppedMonths(dropped=names[:place], in_use=names[place:])
    return DroppedMonths(dropped=names, in_use=())


def was_at_work(connection: Connection, *, since: datetime, until: datetime) -> bool:
    """Tell whether anything was polled or captured between the two moments, or nothing before them either."""
    return bool(the_row(connection, "was_at_work", {"since": since, "until": until})["was"])


def delete_polls(connection: Connection, *, before: datetime) -> int:
    """Delete the log of polls older than that; return how many rows went."""
    return connection.execute(statement("delete_old_polls"), {"before": before}).rowcount


def delete_pauses(connection: Connection, *, now: datetime) -> int:
    """Delete the pauses of hosts that are over; return how many rows went."""
    return connection.execute(statement("delete_old_pauses"), {"now": now}).rowcount


def feeds_in_trouble(connection: Connection) -> tuple[FeedTrouble, ...]:
    """Return the feeds that fail for long or have gone silent."""
    return rows_as(FeedTrouble, connection, "feeds_in_trouble")


def let_failed_wait_again(connection: Connection, *, since: datetime, until: datetime) -> int:
    """Hand captures that could not be read back to the record step; return how many.

    A capture whose article has a later version stays as it is: the order of an article's versions is kept.
    """
    rows = connection.execute(statement("failed_captures"), {"since": since, "until": until}).fetchall()
    return sum(connection.execute(statement("wait_again"), row).rowcount for row in rows)


def versions_read_otherwise(
    connection: Connection, *, extractor: str, since: datetime, until: datetime
) -> tuple[Version, ...]:
    """Return the versions of a time window that another extractor read."""
    values = {"extractor": extractor, "since": since, "until": until}
    return tuple(version_of(row) for row in connection.execute(statement("versions_read_otherwise"), values))


def forget_article(connection: Connection, article_id: int, *, one_with: Sequence[Alias] = ()) -> None:
    """Erase an article and all that was recorded of it; its story too, if it was the only one.

    Its names are kept as hashes, so that the next poll does not bring it back. Where it has turned out to be an article
    that was forgotten (`one_with`: the names that tell so), they may come back when the names of that one may.
    The one exception to the rule that the record is never deleted: for a person who must.
    """
    values = {"article_id": article_id, **alias_values(one_with)}
    row = connection.execute(statement("forget_article"), values).fetchone()
    if row and row["story_id"] is not None:
        connection.execute(statement("forget_empty_story"), {"story_id": row["story_id"]})


def is_asked_for(connection: Connection, article_id: int) -> bool:
    """Tell whether a person asked for the article by its address."""
    row = connection.execute(statement("is_asked_for"), {"article_id": article_id}).fetchone()
    return bool(row and row["is_asked_for"])
