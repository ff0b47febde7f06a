"""The poll step: fetch the due feeds, parse them, store entries, and make their articles due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from pipeline import articles, feeds, schedule
from pipeline.config import Settings
from pipeline.errors import NotAFeedError
from pipeline.fetching import host_of
from pipeline.model import (
    Alias,
    Entry,
    Feed,
    FetchRequest,
    FetchResult,
    Outcome,
    ParsedFeed,
    ResourceKind,
    Shard,
    Validators,
)
from pipeline.steps.batches import fetch_each
from pipeline.steps.defects import in_words, stored_or_failed
from pipeline.steps.host_book import host_book
from pipeline.steps.paces import heed_pause, poll_bounds
from pipeline.steps.shards import pack
from pipeline.steps.tally import Outcomes, count, outcome_words
from pipeline.store import polling
from pipeline.store.claims import claimed
from pipeline.store.connections import Connection, connection_to
from pipeline.store.polling import ArticleIntent, PollIntent

log = structlog.get_logger(__name__)
OVERRUN_ENTRIES = 3  #: a document of fewer entries says nothing about what came and went between two polls
#: How far ahead of its moment a feed that is asked each minute is planned by who plans once a minute. The run ends
#: after that moment, so not farther.
AHEAD_SECONDS = 15.0
Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class PollSummary:
    """What a poll came to. `due` counts articles made due; `outcomes` adds up to `polled`.

    `left` feeds were not begun within the budget; they stay due.
    """

    polled: int = 0
    left: int = 0
    entries: int = 0
    new_entries: int = 0
    changed_entries: int = 0
    due: int = 0
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self) -> str:
        """Return the summary as one line for a log."""
        rest = f", {self.left} left to the next run" if self.left else ""
        return (
            f"polled {self.polled} feeds: {self.new_entries} new and {self.changed_entries} changed entries, "
            f"{self.due} articles due{rest} ({outcome_words(self.outcomes)})"
        )


def plan_polls(database_url: str, settings: Settings, *, ahead_seconds: float = 0.0) -> tuple[Shard, ...]:
    """Return the due feeds, packed into shards by host; and those asked each minute that will be due so soon."""
    now = datetime.now(UTC)
    soon = now + timedelta(seconds=ahead_seconds)
    with connection_to(database_url, application="writethru plan polls") as connection:
        due = polling.due_feeds(connection, now=now, soon=soon, most=settings.shards * settings.shard_size)
    return pack(due, shards=settings.shards, shard_size=settings.shard_size)


def poll_feeds(
    database_url: str,
    settings: Settings,
    feed_ids: Sequence[int],
    *,
    budget_seconds: float | None = None,
    ahead_seconds: float = 0.0,
    on_progress: Progress | None = None,
) -> PollSummary:
    """Poll the feeds that are still due and that nobody else is polling, for `budget_seconds` at the most.

    By default the budget is that of the settings: a host with very many feeds, or a slow one, does not hold up the
    others. A feed that was planned ahead is asked when its moment has come, and not before. Each feed is stored in one
    transaction of its own. Raises `StoreError` if Postgres fails; feeds not stored by then stay due.
    """
    summary = PollSummary()
    budget = settings.poll_budget_seconds if budget_seconds is None else budget_seconds
    with connection_to(database_url, application="writethru poll") as connection, host_book(database_url) as book:

        def handle(feed_id: int, result: FetchResult) -> None:
            store_poll(connection, settings, due[feed_id], result, summary)
            if on_progress:
                on_progress(1)

        with claimed(connection, "feed", feed_ids) as mine:
            now = datetime.now(UTC)
            soon = now + timedelta(seconds=ahead_seconds)
            due = {feed.feed_id: feed for feed in polling.feeds_still_due(connection, mine, now=now, soon=soon)}
            moments = {feed.feed_id: feed.next_poll_at for feed in due.values() if now < feed.next_poll_at <= soon}
            requests = [(feed.feed_id, _request(feed, now)) for feed in due.values()]
            summary.left = fetch_each(requests, handle, settings, budget_seconds=budget, moments=moments, book=book)
    return summary


def _request(feed: Feed, now: datetime) -> FetchRequest:
    return FetchRequest(
        url=feed.url,
        kind=ResourceKind.FEED,
        validators=Validators() if schedule.wants_whole(feed, now=now) else feed.validators,
        known_sha256=feed.body_sha256,
    )


def store_poll(
    connection: Connection, settings: Settings, feed: Feed, result: FetchResult, summary: PollSummary
) -> None:
    """Read one answer and store all that follows from it in one transaction, unless somebody else polled in between."""
    stored = stored_or_failed(
        connection,
        _read(feed, result, settings),
        partial(_store, connection, settings, feed),
        partial(_failed, result),
        url=feed.url,
    )
    if stored is None:
        return
    summary.polled += 1
    count(summary.outcomes, stored.outcome, url=feed.url, detail=stored.detail)
    summary.entries += stored.entries
    summary.new_entries += stored.new
    summary.changed_entries += stored.changed
    summary.due += stored.due


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a poll brought: how it ended, and the document where there is one that could be read."""

    result: FetchResult
    outcome: Outcome
    detail: str | None
    parsed: ParsedFeed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What was stored of one poll."""

    outcome: Outcome
    detail: str | None
    entries: int
    new: int
    changed: int
    due: int


def _store(connection: Connection, settings: Settings, feed: Feed, answer: _Answer) -> _Stored | None:
    """Store one poll; `None` where somebody else polled the feed in between, or removed it."""
    if polling.lock_feed(connection, feed.feed_id) != (True, feed.last_polled_at):
        return None
    result, outcome = answer.result, answer.outcome
    entries = _not_forgotten(connection, feed, answer.parsed.entries) if answer.parsed else ()
    moved = polling.save_entries(connection, feed.feed_id, entries, result.fetched_at) if entries else ()
    due = _name_articles(connection, feed, {entry.identity: entry for entry in entries}, moved, result.fetched_at)
    new = sum(entry.is_new for entry in moved)
    if answer.parsed:
        outcome = Outcome.NEW_ENTRIES if moved else Outcome.NO_NEW_ENTRIES
    intent = _decide(feed, replace(answer, outcome=outcome), settings, moved=len(moved), new=new)
    polling.save_poll(connection, intent, new_entries=new, changed_entries=len(moved) - new)
    heed_pause(connection, feed.url, result, outcome, failures=feed.failures)
    return _Stored(
        outcome=outcome, detail=answer.detail, entries=len(entries), new=new, changed=len(moved) - new, due=due
    )


def _not_forgotten(connection: Connection, feed: Feed, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Leave out the entries of articles that a person had erased (`writethru forget`): not even a title is kept."""
    names = [_aliases(feed, entry) for entry in entries]
    forgotten = polling.forgotten_names(connection, [alias for aliases in names for alias in aliases])
    return tuple(entry for entry, aliases in zip(entries, names, strict=True) if forgotten.isdisjoint(aliases))


def _aliases(feed: Feed, entry: Entry) -> tuple[Alias, ...]:
    return articles.aliases_of_entry(guid=entry.guid, link=entry.link, publisher=feed.publisher)


def _read(feed: Feed, result: FetchResult, settings: Settings) -> _Answer:
    """Parse a new body."""
    if result.outcome is not Outcome.NEW_BODY or result.body is None:
        return _Answer(result=result, outcome=result.outcome, detail=result.detail)
    try:
        parsed = feeds.parse_feed(
            result.body,
            url=result.final_url,
            content_type=result.content_type,
            max_entries=settings.max_entries_per_feed,
        )
    except NotAFeedError as error:
        return _Answer(result=result, outcome=error.outcome, detail=error.detail)
    except Exception as error:
        log.exception("a feed could not be read", feed=feed.url)
        return _failed(result, in_words(error))
    entries = tuple(_clamped(entry, result.fetched_at) for entry in parsed.entries)
    return _Answer(
        result=result,
        outcome=Outcome.NEW_ENTRIES,
        detail=result.detail,
        parsed=replace(parsed, entries=entries),
    )


def _failed(result: FetchResult, why: str) -> _Answer:
    return _Answer(result=result, outcome=Outcome.FAILED, detail=why)


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
    # In the order of their addresses: two polls that name the same articles then lock them in the same order.
    for row in sorted(moved, key=lambda one: (entries[one.identity].link or "", one.identity)):
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
            aliases=_aliases(feed, entry),
        )
        article_id = polling.name_article(connection, intent, now=now)
        if article_id != row.article_id:
            polling.link_entry(connection, entry_id=row.entry_id, article_id=article_id)
        due += 1
    return due


def _decide(feed: Feed, answer: _Answer, settings: Settings, *, moved: int, new: int) -> PollIntent:
    result, outcome, parsed = answer.result, answer.outcome, answer.parsed
    success, now = outcome.is_success, answer.result.fetched_at
    entries = parsed.entries if parsed else ()
    is_whole = success and not (parsed and feeds.CUT_SHORT in parsed.problems)
    gone_again = outcome is Outcome.GONE and feed.last_outcome is Outcome.GONE
    hints = [hint for hint in (result.fresh_for_seconds, parsed.ttl_seconds if parsed else None) if hint is not None]
    overran = feed.last_news_at is not None and len(entries) >= OVERRUN_ENTRIES and new == len(entries)
    news = schedule.news_after(feed, had_news=moved > 0, overran=overran, now=now)
    move = schedule.move_after(feed, result.permanent_url, could_be_read=success, now=now)
    return PollIntent(
        feed_id=feed.feed_id,
        polled_at=now,
        outcome=outcome,
        http_status=result.http_status,
        elapsed_seconds=result.elapsed_seconds,
        detail=_detail(feed, answer, overran=overran),
        failures=0 if success else feed.failures + 1,
        next_poll_at=schedule.next_poll(
            feed,
            outcome,
            now=now,
            bounds=poll_bounds(settings),
            not_before=result.not_before,
            ttl_seconds=max(hints, default=None),
            usual_seconds=schedule.usual_interval_seconds(
                feed, news, overran=overran, min_seconds=settings.poll_min_seconds
            ),
        ),
        disabled_reason="gone: the server says twice that this feed will not come back (410)" if gone_again else None,
        # Validators are kept only of a document that could be read whole: else the next 304 would hide the mended one.
        validators=result.validators if is_whole else feed.validators,
        body_sha256=(result.body_sha256 or feed.body_sha256) if is_whole else feed.body_sha256,
        title=parsed.title if parsed else None,
        language=parsed.language if parsed else None,
        entries=entries,
        last_news_at=news.last_at,
        news_gap_seconds=news.gap_seconds,
        is_whole=is_whole and outcome is not Outcome.NOT_MODIFIED,
        moved_to=move.to,
        moved_since=move.since,
        moved_seen=move.seen,
        moves=move.is_believed,
        new_host=host_of(move.to) if move.to else None,
    )


def _detail(feed: Feed, answer: _Answer, *, overran: bool) -> str | None:
    """Say what a person would want to know of a poll that went well."""
    if answer.detail or not answer.parsed:
        return answer.detail
    if overran:
        return "no entry of this document was in the one before: some came and went unseen, so it is polled more often"
    validators = answer.result.validators
    if feed.validators != Validators() and validators == feed.validators:
        return "the document has changed and its validators have not: its 304s cannot be trusted"
    return None
