"""When feeds and articles are due, from what is known of them. Nothing is ever due before its Retry-After."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import RATE_LIMIT_PAUSE, Article, ArticleStatus, Feed, Outcome
from pipeline.schedule.rhythm import DEFAULT_RHYTHM, Rhythm, minute_of_day, rhythms

FETCH_WORTH_MINUTES = 1.0  #: latency that one fetch is worth while the budget of its host is not strained

MISSING_BEFORE_WITHDRAWN = 2  #: 404 or 410 so often in a row before an article counts as withdrawn
PROMISE_PATIENCE = 3  #: how many times as long an article may be quiet that says there is more to come
#: After so many failures in a row an article is looked at no more until its entry changes. One that is followed is
#: never given up; it settles.
TRIES: dict[ArticleStatus, int] = {
    ArticleStatus.CANDIDATE: 8,
    ArticleStatus.SKIPPED: 8,
    ArticleStatus.SETTLED: 8,
    ArticleStatus.WITHDRAWN: 30,
}
RETRY_AFTER_MAX_SECONDS = 31 * 24 * 3600.0  #: a Retry-After is heeded up to this; then we ask again
RATE_LIMIT_PAUSE_MAX = timedelta(hours=6)  #: of a host that says 429 and names no time, before jitter
JITTER_SHARE = 0.1  #: of an interval, so that feeds added together do not stay together

# Linear back-off: interval · (1 + failures · weight). A host that cannot be found is more often our fault than its own.
FAILURE_WEIGHTS: dict[Outcome, float] = {
    Outcome.DNS_ERROR: 0.25,
    Outcome.TIMEOUT: 0.5,
    Outcome.TLS_ERROR: 0.5,
    Outcome.UNREACHABLE: 0.5,
    Outcome.SERVER_ERROR: 0.5,
    Outcome.BUSY: 0.5,
    Outcome.NOT_FOUND: 0.5,
    Outcome.EMPTY: 0.5,
    Outcome.TRUNCATED: 0.5,
    Outcome.OUTDATED: 0.0,
    Outcome.RATE_LIMITED: 1.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How often at the most and at the least, in seconds."""

    min_seconds: float
    max_seconds: float

    def clamp(self, seconds: float) -> float:
        """Return the nearest interval within the bounds."""
        return min(max(seconds, self.min_seconds), self.max_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What an article's publisher and host bring to its schedule: a rhythm of its own, and what a fetch is worth."""

    rhythm: Rhythm | None = None
    fetch_worth_minutes: float = FETCH_WORTH_MINUTES


def next_poll(  # noqa: PLR0913 - each is a limit of its own, and all have names
    feed: Feed,
    outcome: Outcome,
    *,
    now: datetime,
    bounds: Bounds,
    not_before: datetime | None = None,
    ttl_seconds: float | None = None,
    usual_seconds: float | None = None,
) -> datetime:
    """Return when a feed is due after a poll ended with `outcome`.

    `usual_seconds` is the feed's own rhythm (`feeds.usual_interval_seconds`; default: its `poll_every`);
    `ttl_seconds` is the freshness that the server or the document claims: a lower bound, within `bounds`.
    """
    usual = feed.poll_every.total_seconds() if usual_seconds is None else usual_seconds
    seconds = bounds.clamp(max(usual, ttl_seconds or 0.0))
    if not outcome.is_success:
        seconds = bounds.clamp(_backed_off(seconds, outcome, failures=feed.failures + 1))
    seconds = min(seconds * (1 + JITTER_SHARE * _jitter(f"{feed.url} {now.isoformat()}")), bounds.max_seconds)
    return _not_before(now + timedelta(seconds=seconds), not_before)


def next_capture(
    article: Article,
    outcome: Outcome,
    *,
    now: datetime,
    bounds: Bounds,
    not_before: datetime | None = None,
    pace: Pace | None = None,
) -> datetime | None:
    """Return when an article is due after a capture ended with `outcome`; `None`: not until its entry changes.

    `article` is as it was before the capture.
    """
    failures = 0 if outcome.is_success else article.failures + 1
    if failures >= TRIES.get(article.status, failures + 1):
        return None
    if article.status in {ArticleStatus.SETTLED, ArticleStatus.SKIPPED} and outcome.is_success:
        return None
    if article.status is ArticleStatus.WITHDRAWN:
        seconds = bounds.max_seconds
    else:
        seconds = bounds.clamp(60.0 * check_interval_minutes(article, now=now, pace=pace))
    seconds = bounds.clamp(_backed_off(seconds, outcome, failures=failures))
    return _not_before(now + timedelta(seconds=seconds), not_before)


def check_interval_minutes(article: Article, *, now: datetime, pace: Pace | None = None) -> float:
    """Return the interval, in minutes, at which looking at the article costs least (see `rhythm`)."""
    pace = pace or Pace()
    started = article.first_seen_at
    changed = article.last_changed_at or started
    return (pace.rhythm or rhythms()[DEFAULT_RHYTHM]).wait_minutes(
        age_minutes=max(0.0, (now - started).total_seconds() / 60),
        clock_minute=minute_of_day(now),
        since_change_minutes=max(0.0, (now - changed).total_seconds() / 60),
        changes=article.changes,
        fetch_worth_minutes=pace.fetch_worth_minutes,
    )


def has_settled(article: Article, *, says_more_to_come: bool, now: datetime, settle_after_seconds: float) -> bool:
    """Tell whether a followed article has been quiet for long enough (`PROMISE_PATIENCE` if it promises more)."""
    last = article.last_changed_at or article.first_seen_at
    patience = settle_after_seconds * (PROMISE_PATIENCE if says_more_to_come else 1)
    return (now - last).total_seconds() >= patience


def _backed_off(seconds: float, outcome: Outcome, *, failures: int) -> float:
    return seconds * (1 + failures * FAILURE_WEIGHTS.get(outcome, 1.0))


def _jitter(seed: str) -> float:
    """Return a number of 0 to 1 that is the same for the same seed."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) / 2**32


def host_pause(
    host: str, outcome: Outcome, *, failures: int, now: datetime, not_before: datetime | None = None
) -> datetime | None:
    """Return until when a whole host is left alone after an answer; `None` where it need not be.

    Retry-After counts for all of a host's feeds and pages. A 429 that names no time gets one that grows with the
    failures in a row, with jitter, so that those it sent away do not come back together.
    """
    if not_before is not None:
        return _not_before(now, not_before)
    if outcome is not Outcome.RATE_LIMITED:
        return None
    pause = min(RATE_LIMIT_PAUSE * (1 + failures), RATE_LIMIT_PAUSE_MAX)
    return now + pause * (1 + _jitter(f"{host} {now.isoformat()}"))


def _not_before(moment: datetime, not_before: datetime | None) -> datetime:
    """Heed Retry-After up to a bound: "never" is said by accident more often than meant, and 410 is there to say it."""
    if not_before is None:
        return moment
    return max(moment, min(not_before, moment + timedelta(seconds=RETRY_AFTER_MAX_SECONDS)))
