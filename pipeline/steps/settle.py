"""Settling stories that have gone quiet: nothing fetched, nothing read, only time that has passed."""

from datetime import datetime, timedelta

from pipeline import schedule, stories
from pipeline.config import Settings
from pipeline.model import ArticleStatus
from pipeline.store import capturing, recording
from pipeline.store.connections import Connection
from pipeline.store.recording import Place

SETTLE_MOST = 500  #: quiet articles looked at in one run


def settle_quiet(connection: Connection, settings: Settings, *, now: datetime) -> int:
    """Settle the followed articles that have been quiet for long enough; each in a transaction of its own.

    Returns how many have settled.
    """
    settled = 0
    before = now - timedelta(seconds=settings.settle_after_seconds)
    for article_id in recording.quiet_articles(connection, before=before, most=SETTLE_MOST):
        with connection.transaction():
            article = capturing.lock_article(connection, article_id)
            newest = recording.newest_version(connection, article_id)
            if article is None or article.story_id is None or newest is None:
                continue
            if article.status is not ArticleStatus.FOLLOWING or not schedule.has_settled(
                article,
                says_more_to_come=newest.is_developing,
                now=now,
                settle_after_seconds=settings.settle_after_seconds,
            ):
                continue
            recording.settle_article(connection, article_id)
            events = stories.events_of(
                stories.Happening(at=now, status_before=article.status, status_after=ArticleStatus.SETTLED)
            )
            recording.save_events(connection, Place(story_id=article.story_id, article_id=article_id), events)
            recording.lock_story(connection, article.story_id)
            recording.refresh_story(connection, article.story_id)
        settled += 1
    return settled
