"""The capture step: fetch the due articles, judge the outcome, store the raw bytes before anything looks at them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from pipeline import schedule
from pipeline.config import Settings
from pipeline.fetching import host_of
from pipeline.model import Article, ArticleStatus, FetchRequest, FetchResult, Outcome, ResourceKind, Shard
from pipeline.steps.batches import fetch_each
from pipeline.steps.shards import pack
from pipeline.steps.tally import Outcomes, outcome_words
from pipeline.store import capturing, polling
from pipeline.store.capturing import CaptureIntent
from pipeline.store.connections import Connection, connection_to

log = structlog.get_logger(__name__)
Progress = Callable[[int], None]
_MISSING = frozenset({Outcome.NOT_FOUND, Outcome.GONE})


@dataclass(slots=True, kw_only=True)
class CaptureSummary:
    """What a capture run came to. `left` articles were not begun within the budget; they stay due."""

    captured: int = 0
    new_bodies: int = 0
    left: int = 0
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self) -> str:
        """Return the summary as one line for a log."""
        rest = f", {self.left} left to the next run" if self.left else ""
        words = outcome_words(self.outcomes)
        return f"captured {self.captured} articles, {self.new_bodies} with new bytes{rest} ({words})"


def plan_captures(database_url: str, settings: Settings) -> tuple[Shard, ...]:
    """Return the due articles, and those whose captures still wait to be read, packed into shards by host."""
    now = datetime.now(UTC)
    most = settings.shards * settings.shard_size
    with connection_to(database_url, application="writethru plan captures") as connection:
        capturing.make_partitions(connection, now=now)
        due = {one.id: one for one in capturing.due_articles(connection, now=now, most=most)}
        for one in capturing.waiting_articles(connection, most=most):
            due.setdefault(one.id, one)
    return pack(due.values(), shards=settings.shards, shard_size=settings.shard_size)


def capture_articles(
    database_url: str,
    settings: Settings,
    article_ids: Sequence[int],
    *,
    budget_seconds: float | None = None,
    on_progress: Progress | None = None,
) -> CaptureSummary:
    """Fetch those of the articles that are still due, for `budget_seconds` at the most (default: the setting).

    Each capture is stored in one transaction of its own. Raises `StoreError` if Postgres fails; articles not stored
    by then stay due.
    """
    summary = CaptureSummary()
    budget = settings.capture_budget_seconds if budget_seconds is None else budget_seconds
    with connection_to(database_url, application="writethru capture") as connection:
        now = datetime.now(UTC)
        due = {
            article.article_id: article for article in capturing.articles_still_due(connection, article_ids, now=now)
        }
        requests = [(article.article_id, _request(article)) for article in due.values()]

        def handle(article_id: int, result: FetchResult) -> None:
            store_capture(connection, settings, due[article_id], result, summary)
            if on_progress:
                on_progress(1)

        summary.left = fetch_each(requests, handle, settings, budget_seconds=budget)
    log.info("capture", summary=summary.line())
    return summary


def _request(article: Article) -> FetchRequest:
    return FetchRequest(
        url=article.fetch_url,
        kind=ResourceKind.ARTICLE,
        validators=article.validators,
        known_sha256=article.body_sha256,
    )


def store_capture(
    connection: Connection, settings: Settings, article: Article, result: FetchResult, summary: CaptureSummary
) -> None:
    """Store one capture and the article's next due time, unless somebody else captured it in between."""
    with connection.transaction():
        current = capturing.lock_article(connection, article.article_id)
        if current is None or current.last_captured_at != article.last_captured_at:
            return
        capturing.save_capture(connection, _decide(current, result, settings))
        if result.not_before:
            polling.pause_host(
                connection,
                host_of(article.fetch_url),
                not_before=result.not_before,
                reason=result.outcome,
                now=result.fetched_at,
            )
    summary.captured += 1
    summary.outcomes[result.outcome] += 1
    summary.new_bodies += result.outcome is Outcome.NEW_BODY


def _decide(article: Article, result: FetchResult, settings: Settings) -> CaptureIntent:
    outcome = result.outcome
    missing = article.missing + 1 if outcome in _MISSING else 0 if outcome.is_success else article.missing
    withdrawn = article.status is ArticleStatus.WITHDRAWN
    vanishes = missing >= schedule.MISSING_BEFORE_WITHDRAWN and article.versions > 0 and not withdrawn
    bounds = schedule.Bounds(min_seconds=settings.capture_min_seconds, max_seconds=settings.capture_max_seconds)
    return CaptureIntent(
        article_id=article.article_id,
        result=result,
        # Read by the record step: new bytes; an article that has vanished; one that is back.
        awaits_record=outcome is Outcome.NEW_BODY
        or (outcome in _MISSING and vanishes)
        or (withdrawn and outcome.is_success),
        failures=0 if outcome.is_success else article.failures + 1,
        missing=missing,
        next_capture_at=schedule.next_capture(
            article, outcome, now=result.fetched_at, bounds=bounds, not_before=result.not_before
        ),
        validators=result.validators if outcome.is_success else article.validators,
        body_sha256=(result.body_sha256 or article.body_sha256) if outcome.is_success else article.body_sha256,
    )
