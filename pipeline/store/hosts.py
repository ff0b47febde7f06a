"""Hosts and publishers as the schedule knows them: booked visits, pauses, strained budgets, rhythms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from pipeline.model import Booking, Outcome
from pipeline.store.connections import Connection
from pipeline.store.rows import rows_as, the_row
from pipeline.store.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUse:
    """How many pages a host was asked for within a time, and what a fetch from it is worth."""

    host: str
    fetches: int
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPace:
    """What an article's host and publisher bring to its schedule; `rhythm` as JSON, where there is one."""

    worth: float
    rhythm: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHistory:
    """When an article was first seen, until when it was watched, and when it changed in between."""

    first_seen_at: datetime
    watched_until: datetime
    changed_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherChanges:
    """A publisher, and how many of its articles have changed how often."""

    publisher: str
    articles: int
    changes: int


def book_visit(connection: Connection, host: str, *, gap: timedelta) -> Booking:
    """Write down the next visit of a host that is free, for all processes to see."""
    row = the_row(connection, "book_visit", {"host": host, "gap": gap})
    return Booking(wait_seconds=max(0.0, row["wait_seconds"]), held_until=row["held_until"])


def pause_host(connection: Connection, host: str, *, not_before: datetime, reason: Outcome, now: datetime) -> None:
    """Fetch nothing from the host before that moment."""
    values = {"host": host, "not_before": not_before, "reason": reason, "now": now}
    connection.execute(statement("pause_host"), values)


def host_uses(connection: Connection, *, since: datetime, now: datetime) -> tuple[HostUse, ...]:
    """Return the hosts that were asked for pages lately, and those whose fetches are worth more than usual."""
    return rows_as(HostUse, connection, "strained_hosts", {"since": since, "now": now})


def set_worths(connection: Connection, worths: Mapping[str, float], *, now: datetime) -> None:
    """Store what a fetch from each host is worth."""
    values = {"hosts": list(worths), "worths": list(worths.values()), "now": now}
    connection.execute(statement("set_worths"), values)


def paces_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, StoredPace]:
    """Return what the hosts and publishers of articles bring to their schedule."""
    rows = connection.execute(statement("paces_of_articles"), {"article_ids": list(article_ids)})
    return {row["article_id"]: StoredPace(worth=row["worth"], rhythm=row["rhythm"]) for row in rows}


def publishers_with_changes(connection: Connection, *, since: datetime, changes: int) -> tuple[PublisherChanges, ...]:
    """Return the publishers whose articles have changed at least so often since then."""
    return rows_as(PublisherChanges, connection, "publishers_with_changes", {"since": since, "changes": changes})


def histories_of(connection: Connection, publisher: str, *, since: datetime, most: int) -> tuple[StoredHistory, ...]:
    """Return when the newest articles of a publisher changed."""
    rows = connection.execute(
        statement("histories_of_publisher"), {"publisher": publisher, "since": since, "most": most}
    )
    return tuple(StoredHistory(**{**row, "changed_at": tuple(row["changed_at"] or ())}) for row in rows)


def save_rhythm(
    connection: Connection, known: PublisherChanges, rhythm: Mapping[str, object], *, now: datetime
) -> None:
    """Store a publisher's rhythm in place of the one before."""
    values = {
        "publisher": known.publisher,
        "rhythm": Jsonb(rhythm),
        "articles": known.articles,
        "changes": known.changes,
        "now": now,
    }
    connection.execute(statement("save_rhythm"), values)
