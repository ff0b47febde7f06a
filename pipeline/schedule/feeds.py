"""A feed's own rhythm: how often it has news, and so how often it is worth asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import Feed

#: A feed is asked this share of its usual time between two polls with news: news then waits a tenth of it, on average.
SHARE_OF_GAP = 0.2
#: A feed is never asked more seldom, for lack of news alone, than this many times its own `poll_every`.
SLOWEST = 12.0
#: A feed that answers 304 for so long is asked for its whole document once: some servers say 304 for ever.
WHOLE_EVERY = timedelta(days=7)
#: A permanent redirect is believed once it was met so often in a row, over so long: a maintenance page moves too.
MOVE_SEEN = 5
MOVE_AFTER = timedelta(days=7)
#: How much the newest gap counts against those before it.
_LEARNING = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """When a feed last had news, and the time that usually lies between two polls with news, as a moving average."""

    last_at: datetime | None
    gap_seconds: float | None


def news_after(feed: Feed, *, had_news: bool, overran: bool, now: datetime) -> News:
    """Return what is known of a feed's news after a poll.

    `overran`: nothing in the document was known, though the feed was: entries have come and gone between two polls.
    """
    if not had_news:
        return News(last_at=feed.last_news_at, gap_seconds=feed.news_gap_seconds)
    if feed.last_news_at is None:
        return News(last_at=now, gap_seconds=None)
    gap = max(1.0, (now - feed.last_news_at).total_seconds())
    usual = gap if feed.news_gap_seconds is None else feed.news_gap_seconds + _LEARNING * (gap - feed.news_gap_seconds)
    # A window that was overrun holds news of unknown age: it is asked twice as often as before, at once.
    return News(last_at=now, gap_seconds=min(usual, gap) / 2 if overran else usual)


def usual_interval_seconds(feed: Feed, news: News, *, overran: bool, min_seconds: float) -> float:
    """Return how often the feed is worth asking.

    Never more often than `poll_every`, but for a window that was overrun: then twice as often, down to `min_seconds`.
    """
    base = feed.poll_every.total_seconds()
    if overran:
        return max(min_seconds, base / 2)
    if news.gap_seconds is None:
        return base
    return min(max(base, SHARE_OF_GAP * news.gap_seconds), SLOWEST * base)


def wants_whole(feed: Feed, *, now: datetime) -> bool:
    """Tell whether the next request should be unconditional: the server's word was taken for a week."""
    # Feeds added together come due for it on different days.
    early = timedelta(hours=feed.feed_id % 24)
    return feed.last_whole_at is not None and now - feed.last_whole_at >= WHOLE_EVERY - early


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where permanent redirects lead, since when, how often in a row; `is_believed` once the feed lives there."""

    to: str | None = None
    since: datetime | None = None
    seen: int = 0
    is_believed: bool = False


def move_after(feed: Feed, permanent_url: str | None, *, could_be_read: bool, now: datetime) -> Move:
    """Return what is known of a feed's move after a poll.

    Only a document that could be read counts: a redirect to a login page or a homepage moves nothing.
    """
    if not could_be_read:
        return Move(to=feed.moved_to, since=feed.moved_since, seen=feed.moved_seen)
    if permanent_url is None or permanent_url == feed.url:
        return Move()
    if permanent_url != feed.moved_to or feed.moved_since is None:
        return Move(to=permanent_url, since=now, seen=1)
    seen = feed.moved_seen + 1
    return Move(
        to=permanent_url,
        since=feed.moved_since,
        seen=seen,
        is_believed=seen >= MOVE_SEEN and now - feed.moved_since >= MOVE_AFTER,
    )
