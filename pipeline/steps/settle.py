"""Settling stories that have gone quiet: nothing fetched, nothing read, only time that has passed."""

from datetime import datetime, timedelta
from functools import partial

from pipeline import schedule, stories
from pipeline.config import Settings
from pipeline.model import ArticleStatus
from pipeline.store import capturing, recording
from pipeline.store.connections import Connection, in_transaction
from pipeline.store.recording import Place

SETTLE_MOST = 500  #: quiet articles looked at in one run
LOOKS_MISSED = 2  #: longest pauses between two looks after which an article has not been looked at lately


def settle_quiet(connection: Connection, settings: Settings, *, now: datetime) -> int:
    """Settle the followed articles that have been quiet for long enough; each in a transaction of its own.

    Returns how many have settled.
    """
    settled = 0
    patience = timedelta(seconds=settings.settle_after_seconds)
    quiet = recording.quiet_articles(
        connection,
        before=now - patience,
        promising_before=now - patience * schedule.PROMISE_PATIENCE,
        looked_since=now - LOOKS_MISSED * timedelta(seconds=settings.capture_max_seconds),
        most=SETTLE_MOST,
    )
    for article_id in quiet:
        settled += in_transaction(connection, partial(_settle, connection, settings, article_id, now))
    return settled


def _settle(connection: Connection, settings: Settings, article_id: int, now: datetime) -> bool:
    """Settle one article if it is still followed and still quiet; tell whether it is."""
    article = capturing.lock_article(connection, article_id)
    newest = recording.newest_version(connection, article_id)
    if article is None or article.story_id is None or newest is None:
        return False
    if article.status is not ArticleStatus.FOLLOWING or not schedule.has_settled(
        article,
        says_more_to_come=newest.is_developing or article.failures > 0,
        now=now,
        settle_after_seconds=settings.settle_after_seconds,
    ):
        return False
    recording.settle_article(connection, article_id)
    events = stories.events_of(
        stories.Happening(at=now, status_before=article.status, status_after=ArticleStatus.SETTLED)
    )
    recording.save_events(connection, Place(story_id=article.story_id, article_id=article_id), events)
    recording.refresh_story(connection, article.story_id)
    return True
