"""The poll step: fetch the due feeds, parse them, store entries, and make their articles due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from pipeline import articles, feeds, schedule
from pipeline.config import Settings
from pipeline.errors import NotAFeedError
from pipeline.fetching import host_of
from pipeline.model import Entry, Feed, FetchRequest, FetchResult, Outcome, ParsedFeed, ResourceKind, Shard
from pipeline.steps.batches import fetch_each
from pipeline.steps.shards import pack
from pipeline.steps.tally import Outcomes, outcome_words
from pipeline.store import polling
from pipeline.store.connections import Connection, connection_to
from pipeline.store.polling import ArticleIntent, PollIntent

log = structlog.get_logger(__name__)
Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class PollSummary:
    """What a poll came to. `due` counts articles made due; `outcomes` adds up to `polled`."""

    polled: int = 0
    entries: int = 0
    new_entries: int = 0
    changed_entries: int = 0
    due: int = 0
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self) -> str:
        """Return the summary as one line for a log."""
        return (
            f"polled {self.polled} feeds: {self.new_entries} new and {self.changed_entries} changed entries, "
            f"{self.due} articles due ({outcome_words(self.outcomes)})"
        )


def plan_polls(database_url: str, settings: Settings) -> tuple[Shard, ...]:
    """Return the due feeds, packed into shards by host."""
    with connection_to(database_url, application="writethru plan polls") as connection:
        most = settings.shards * settings.shard_size
        due = polling.due_feeds(connection, now=datetime.now(UTC), most=most)
    return pack(due, shards=settings.shards, shard_size=settings.shard_size)


def poll_feeds(
    database_url: str, settings: Settings, feed_ids: Sequence[int], *, on_progress: Progress | None = None
) -> PollSummary:
    """Poll the feeds that are still due; return what came of it.

    Each feed is stored in one transaction of its own. Raises `StoreError` if Postgres fails; feeds not stored by then
    stay due.
    """
    summary = PollSummary()
    with connection_to(database_url, application="writethru poll") as connection:
        due = {feed.feed_id: feed for feed in polling.feeds_still_due(connection, feed_ids, now=datetime.now(UTC))}
        requests = [(feed.feed_id, _request(feed)) for feed in due.values()]

        def handle(feed_id: int, result: FetchResult) -> None:
            store_poll(connection, settings, due[feed_id], result, summary)
            if on_progress:
                on_progress(1)

        fetch_each(requests, handle, settings)
    log.info("poll", summary=summary.line())
    return summary


def _request(feed: Feed) -> FetchRequest:
    return FetchRequest(url=feed.url, kind=ResourceKind.FEED, validators=feed.validators, known_sha256=feed.body_sha256)


def store_poll(
    connection: Connection, settings: Settings, feed: Feed, result: FetchResult, summary: PollSummary
) -> None:
    """Read one answer and store all that follows from it in one transaction, unless somebody else polled in between."""
    outcome, parsed, detail = _read(feed, result, settings)
    with connection.transaction():
        if polling.lock_feed(connection, feed.feed_id) != feed.last_polled_at:
            return
        entries = parsed.entries if parsed else ()
        moved = polling.save_entries(connection, feed.feed_id, entries, result.fetched_at) if entries else ()
        due = _name_articles(connection, feed, {entry.identity: entry for entry in entries}, moved, result.fetched_at)
        new = sum(entry.is_new for entry in moved)
        if parsed:
            outcome = Outcome.NEW_ENTRIES if moved else Outcome.NO_NEW_ENTRIES
        intent = _decide(feed, result, outcome, detail=detail, parsed=parsed, settings=settings)
        polling.save_poll(connection, intent, new_entries=new, changed_entries=len(moved) - new)
        if result.not_before:
            polling.pause_host(
                connection, host_of(feed.url), not_before=result.not_before, reason=outcome, now=result.fetched_at
            )
    summary.polled += 1
    summary.outcomes[outcome] += 1
    summary.entries += len(entries)
    summary.new_entries += new
    summary.changed_entries += len(moved) - new
    summary.due += due


def _read(feed: Feed, result: FetchResult, settings: Settings) -> tuple[Outcome, ParsedFeed | None, str | None]:
    """Parse a new body. A defect of ours in one feed is that feed's outcome, and the others go on."""
    if result.outcome is not Outcome.NEW_BODY or result.body is None:
        return result.outcome, None, result.detail
    try:
        parsed = feeds.parse_feed(
            result.body,
            url=result.final_url,
            content_type=result.content_type,
            max_entries=settings.max_entries_per_feed,
        )
    except NotAFeedError as error:
        return error.outcome, None, error.detail
    except Exception as error:
        log.exception("a feed could not be read", feed=feed.url)
        return Outcome.FAILED, None, f"{type(error).__name__}: {error}"
    entries = tuple(_clamped(entry, result.fetched_at) for entry in parsed.entries)
    return Outcome.NEW_ENTRIES, replace(parsed, entries=entries), result.detail


def _clamped(entry: Entry, now: datetime) -> Entry:
    """Keep dates from lying in the future, which is a clock or a zone gone wrong."""
    return replace(
        entry,
        published_at=min(entry.published_at, now) if entry.published_at else None,
        updated_at=min(entry.updated_at, now) if entry.updated_at else None,
    )


def _name_articles(
    connection: Connection,
    feed: Feed,
    entries: dict[str, Entry],
    moved: Sequence[polling.MovedEntry],
    now: datetime,
) -> int:
    """Lead each new or changed entry to its article and make that due; return how many."""
    due = 0
    if moved:
        polling.lock_publisher(connection, feed.publisher)
    for row in moved:
        entry = entries[row.identity]
        url = articles.normalise_url(entry.link) if entry.link else None
        if url is None or entry.link is None:
            continue
        intent = ArticleIntent(
            url=url,
            fetch_url=entry.link,
            host=host_of(url),
            publisher=feed.publisher,
            follow=feed.follow,
            aliases=articles.aliases_of_entry(guid=entry.guid, link=entry.link, publisher=feed.publisher),
        )
        article_id = polling.name_article(connection, intent, now=now)
        if article_id != row.article_id:
            polling.link_entry(connection, entry_id=row.entry_id, article_id=article_id)
        due += 1
    return due


def _decide(
    feed: Feed,
    result: FetchResult,
    outcome: Outcome,
    *,
    detail: str | None,
    parsed: ParsedFeed | None,
    settings: Settings,
) -> PollIntent:
    success = outcome.is_success
    gone_again = outcome is Outcome.GONE and feed.last_outcome is Outcome.GONE
    hints = [hint for hint in (result.fresh_for_seconds, parsed.ttl_seconds if parsed else None) if hint is not None]
    bounds = schedule.Bounds(min_seconds=settings.poll_min_seconds, max_seconds=settings.poll_max_seconds)
    return PollIntent(
        feed_id=feed.feed_id,
        polled_at=result.fetched_at,
        outcome=outcome,
        http_status=result.http_status,
        elapsed_seconds=result.elapsed_seconds,
        detail=detail,
        failures=0 if success else feed.failures + 1,
        next_poll_at=schedule.next_poll(
            feed,
            outcome,
            now=result.fetched_at,
            bounds=bounds,
            not_before=result.not_before,
            ttl_seconds=max(hints, default=None),
        ),
        disabled_reason="gone: the server says twice that this feed will not come back (410)" if gone_again else None,
        # Validators are kept only of a document that could be read: else the next 304 would hide the mended one.
        validators=result.validators if success else feed.validators,
        body_sha256=(result.body_sha256 or feed.body_sha256) if success else feed.body_sha256,
        title=parsed.title if parsed else None,
        language=parsed.language if parsed else None,
        entries=parsed.entries if parsed else (),
    )
