"""The capture step: fetch the due articles, judge the outcome, store the raw bytes before anything looks at them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from pipeline import schedule
from pipeline.config import Settings
from pipeline.model import Article, ArticleStatus, FetchRequest, FetchResult, Outcome, ResourceKind, Shard, Validators
from pipeline.steps.batches import fetch_each
from pipeline.steps.defects import stored_or_failed
from pipeline.steps.host_book import host_book
from pipeline.steps.paces import capture_bounds, heed_pause, paces_of_articles, spare_strained_hosts
from pipeline.steps.shards import pack
from pipeline.steps.tally import Outcomes, count, outcome_words
from pipeline.store import capturing
from pipeline.store.capturing import CaptureIntent
from pipeline.store.claims import claimed
from pipeline.store.connections import Connection, connection_to

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
        allowance = spare_strained_hosts(connection, settings, now=now)
        # What has been fetched is read before more is: a host with too much to do would else never come to it.
        due = {one.id: one for one in capturing.waiting_articles(connection, most=most)}
        for one in capturing.due_articles(connection, now=now, most=most):
            if allowance.take(one.host):
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
    """Fetch those of the articles that are still due and that nobody else fetches, for `budget_seconds` at the most.

    By default the budget is that of the settings. Each capture is stored in one transaction of its own. Raises
    `StoreError` if Postgres fails; articles not stored by then stay due.
    """
    summary = CaptureSummary()
    budget = settings.capture_budget_seconds if budget_seconds is None else budget_seconds
    with connection_to(database_url, application="writethru capture") as connection, host_book(database_url) as book:

        def handle(article_id: int, result: FetchResult) -> None:
            store_capture(connection, settings, due[article_id], result, summary, pace=paces.get(article_id))
            if on_progress:
                on_progress(1)

        with claimed(connection, "article", article_ids) as mine:
            now = datetime.now(UTC)
            capturing.make_partitions(connection, now=now)
            due = {article.article_id: article for article in capturing.articles_still_due(connection, mine, now=now)}
            requests = [(article.article_id, _request(article, now)) for article in due.values()]
            paces = paces_of_articles(connection, list(due))
            summary.left = fetch_each(requests, handle, settings, budget_seconds=budget, book=book)
    return summary


def _request(article: Article, now: datetime) -> FetchRequest:
    # The first look of each day takes no server's word for it: some say 304 to whatever has changed.
    last = article.last_captured_at
    takes_304 = last is not None and last.date() == now.date()
    return FetchRequest(
        url=article.fetch_url,
        kind=ResourceKind.ARTICLE,
        validators=article.validators if takes_304 else Validators(),
        known_sha256=article.body_sha256,
    )


def store_capture(
    connection: Connection,
    settings: Settings,
    article: Article,
    result: FetchResult,
    summary: CaptureSummary,
    *,
    pace: schedule.Pace | None = None,
) -> None:
    """Store one capture and the article's next due time, unless somebody else captured it in between."""
    stored = stored_or_failed(
        connection,
        result,
        partial(_store, connection, settings, article, pace),
        partial(_failed, article, result),
        url=article.fetch_url,
    )
    if stored is None:
        return
    summary.captured += 1
    count(summary.outcomes, stored.outcome, url=article.fetch_url, detail=stored.detail)
    summary.new_bodies += stored.outcome is Outcome.NEW_BODY


def _failed(article: Article, result: FetchResult, why: str) -> FetchResult:
    """Return the result without anything that came from the other side."""
    return replace(
        result,
        final_url=article.fetch_url,
        outcome=Outcome.FAILED,
        body=None,
        content_type=None,
        permanent_url=None,
        validators=article.validators,
        detail=why,
    )


def _store(
    connection: Connection, settings: Settings, article: Article, pace: schedule.Pace | None, result: FetchResult
) -> FetchResult | None:
    """Store one capture; `None` where somebody else captured the article in between."""
    current = capturing.lock_article(connection, article.article_id)
    if current is None or current.last_captured_at != article.last_captured_at:
        return None
    capturing.save_capture(connection, _decide(current, _in_order(current, result), settings, pace))
    heed_pause(connection, article.fetch_url, result, result.outcome, failures=article.failures)
    return result


def _in_order(article: Article, result: FetchResult) -> FetchResult:
    """Keep an article's captures in the order of their times, also where the clock was set back in between."""
    last = article.last_captured_at
    if last is None or result.fetched_at > last:
        return result
    return replace(result, fetched_at=last + timedelta(microseconds=1))


def _decide(article: Article, result: FetchResult, settings: Settings, pace: schedule.Pace | None) -> CaptureIntent:
    outcome = result.outcome
    missing = article.missing + 1 if outcome in _MISSING else 0 if outcome.is_success else article.missing
    return CaptureIntent(
        article_id=article.article_id,
        result=result,
        awaits_record=_awaits_record(article, result, missing=missing),
        failures=_failures(article, outcome),
        missing=missing,
        next_capture_at=schedule.next_capture(
            article,
            outcome,
            now=result.fetched_at,
            bounds=capture_bounds(settings),
            not_before=result.not_before,
            pace=pace,
        ),
        validators=result.validators if outcome.is_success else article.validators,
        body_sha256=(result.body_sha256 or article.body_sha256) if outcome.is_success else article.body_sha256,
    )


def _awaits_record(article: Article, result: FetchResult, *, missing: int) -> bool:
    """Tell whether the record step is to judge it: new bytes; an article that has vanished; one that may come back.

    A page that is as it was brings a withdrawn article back, and a skipped one whose feed entry has changed; and it may
    have moved.
    """
    outcome = result.outcome
    if outcome is Outcome.NEW_BODY:
        return True
    if outcome in _MISSING:
        vanishes = missing >= schedule.MISSING_BEFORE_WITHDRAWN and article.versions > 0
        return vanishes and article.status is not ArticleStatus.WITHDRAWN
    has_moved = result.permanent_url not in {None, article.fetch_url}
    return outcome.is_success and (has_moved or article.status in {ArticleStatus.WITHDRAWN, ArticleStatus.SKIPPED})


def _failures(article: Article, outcome: Outcome) -> int:
    """Count failures in a row. Whether new bytes end the row is for the record step to say: they may be a wall's."""
    if outcome is Outcome.NEW_BODY:
        return article.failures
    return 0 if outcome.is_success else article.failures + 1
