"""Articles that are due, and what a capture brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import Article, FetchResult, Outcome, Validators
from pipeline.store.connections import Connection
from pipeline.store.polling import DueHost
from pipeline.store.rows import article_of, compress, the_row
from pipeline.store.statements import statement

PARTITION_MONTHS_AHEAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureIntent:
    """What is to be stored of one capture. With `awaits_record` the record step is to read it."""

    article_id: int
    result: FetchResult
    awaits_record: bool
    failures: int
    missing: int
    next_capture_at: datetime | None
    validators: Validators
    body_sha256: str | None


def due_articles(connection: Connection, *, now: datetime, most: int) -> tuple[DueHost, ...]:
    """Return the articles that are due, the hosts by turns, and of each host the longest waiting first."""
    rows = connection.execute(statement("due_articles"), {"now": now, "most": most})
    return tuple(DueHost(id=row["article_id"], host=row["host"]) for row in rows)


def waiting_articles(connection: Connection, *, most: int) -> tuple[DueHost, ...]:
    """Return the articles with captures that nobody has read yet, the longest waiting first."""
    rows = connection.execute(statement("waiting_articles"), {"most": most})
    return tuple(DueHost(id=row["article_id"], host=row["host"]) for row in rows)


def articles_still_due(connection: Connection, article_ids: Sequence[int], *, now: datetime) -> tuple[Article, ...]:
    """Return those of the articles that nobody has captured since they were planned."""
    rows = connection.execute(statement("articles_by_id"), {"article_ids": list(article_ids), "now": now})
    return tuple(article_of(row) for row in rows)


def lock_article(connection: Connection, article_id: int) -> Article | None:
    """Take the article's row lock for this transaction; return the article as it is now."""
    row = connection.execute(statement("lock_article"), {"article_id": article_id}).fetchone()
    return article_of(row) if row else None


def save_capture(connection: Connection, intent: CaptureIntent) -> None:
    """Store the attempt, its raw bytes where they are new, and when the article is due next."""
    result = intent.result
    body = result.body if result.outcome is Outcome.NEW_BODY else None
    connection.execute(
        statement("insert_capture"),
        {
            "article_id": intent.article_id,
            "captured_at": result.fetched_at,
            "outcome": result.outcome,
            "http_status": result.http_status,
            "final_url": result.final_url,
            "permanent_url": result.permanent_url,
            "content_type": result.content_type,
            "body_sha256": result.body_sha256,
            "body_bytes": len(result.body) if result.body is not None else None,
            "body": compress(body) if body is not None else None,
            "elapsed_seconds": result.elapsed_seconds,
            "detail": result.detail,
            "recorded_at": None if intent.awaits_record else result.fetched_at,
        },
    )
    connection.execute(
        statement("save_article_capture"),
        {
            "article_id": intent.article_id,
            "captured_at": result.fetched_at,
            "asked_at": result.fetched_at - timedelta(seconds=result.elapsed_seconds),
            "outcome": result.outcome,
            "detail": result.detail,
            "failures": intent.failures,
            "missing": intent.missing,
            "next_capture_at": intent.next_capture_at,
            "etag": intent.validators.etag,
            "last_modified": intent.validators.last_modified,
            "body_sha256": intent.body_sha256,
        },
    )


def make_partitions(connection: Connection, *, now: datetime) -> int:
    """See that there are partitions for the captures of this month and the next; return how many were made."""
    values = {"now": now, "months_ahead": PARTITION_MONTHS_AHEAD}
    return int(the_row(connection, "make_capture_partitions", values)["make_capture_partitions"])
