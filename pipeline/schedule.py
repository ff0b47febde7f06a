"""When to look again: at feeds by their rhythm, at articles by their age and by how often they have changed.

For a source that changes at rate λ the check interval that minimises latency + c · fetches is √(2c/λ), where c is
the latency in minutes that one fetch is worth. λ is estimated as a prior hazard of the article's age, scaled by the
changes seen against the changes expected so far (Gamma frailty)::

    h0(age) = k / (age + τ)        expected(age) = k · ln(1 + age/τ)        λ = h0(age) · (a + n) / (a + expected)

Cho & Garcia-Molina, "Estimating frequency of change" (TODS 2003), for why n/age alone is biased.

Everything here is pure: states and `now` in, a moment out. Nothing is ever due before the server's own Retry-After.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import Article, ArticleStatus, Feed, Outcome

HAZARD_PER_STORY = 0.56  #: k: changes per unit of ln(age)
HAZARD_AGE_MINUTES = 120.0  #: τ: age at which changes begin to thin out
PRIOR_CHANGES = 1.0  #: a: how many changes the prior weighs
FETCH_WORTH_MINUTES = 20.0  #: c: latency that one fetch is worth

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
GONE_BEFORE_DISABLED = 2  #: 410 so often in a row before a feed is polled no more
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


def next_poll(
    feed: Feed,
    outcome: Outcome,
    *,
    now: datetime,
    bounds: Bounds,
    not_before: datetime | None = None,
    ttl_seconds: float | None = None,
) -> datetime:
    """Return when a feed is due after a poll ended with `outcome`.

    `ttl_seconds` is the freshness that the server or the document claims: a lower bound, within `bounds`.
    """
    seconds = bounds.clamp(max(feed.poll_every.total_seconds(), ttl_seconds or 0.0))
    if not outcome.is_success:
        seconds = bounds.clamp(_backed_off(seconds, outcome, failures=feed.failures + 1))
    seconds = min(seconds * (1 + JITTER_SHARE * _jitter(f"{feed.url} {now.isoformat()}")), bounds.max_seconds)
    return _not_before(now + timedelta(seconds=seconds), not_before)


def next_capture(
    article: Article, outcome: Outcome, *, now: datetime, bounds: Bounds, not_before: datetime | None = None
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
        seconds = bounds.clamp(60.0 * check_interval_minutes(article, now=now))
    if failures:
        seconds = bounds.clamp(_backed_off(seconds, outcome, failures=failures))
    return _not_before(now + timedelta(seconds=seconds), not_before)


def check_interval_minutes(article: Article, *, now: datetime) -> float:
    """Return the interval, in minutes, at which looking at the article costs least (the module's formula)."""
    started = article.first_seen_at
    age_minutes = max(0.0, (now - started).total_seconds() / 60)
    hazard = HAZARD_PER_STORY / (age_minutes + HAZARD_AGE_MINUTES)
    expected = HAZARD_PER_STORY * math.log1p(age_minutes / HAZARD_AGE_MINUTES)
    rate = hazard * (PRIOR_CHANGES + article.changes) / (PRIOR_CHANGES + expected)
    return math.sqrt(2 * FETCH_WORTH_MINUTES / rate)


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


def _not_before(moment: datetime, not_before: datetime | None) -> datetime:
    return max(moment, not_before) if not_before is not None else moment
