"""The paces of articles and hosts: publishers' rhythms, what a fetch is worth, and when a host is left alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline import schedule
from pipeline.config import Settings
from pipeline.fetching import host_of
from pipeline.model import FetchResult, Outcome
from pipeline.store import hosts
from pipeline.store.connections import Connection

BUDGET_TIME = timedelta(hours=1)
RHYTHM_TIME = timedelta(days=60)  #: how far back a publisher's articles are looked at
RHYTHM_CHANGES = 200  #: changes it takes to know a publisher's rhythm
RHYTHM_ARTICLES = 2000  #: articles it is found in, the newest


def paces_of_articles(connection: Connection, article_ids: Sequence[int]) -> dict[int, schedule.Pace]:
    """Return the pace of each article."""
    return {
        article_id: schedule.Pace(rhythm=_read(stored.rhythm), fetch_worth_minutes=stored.worth)
        for article_id, stored in hosts.paces_of(connection, article_ids).items()
    }


def capture_bounds(settings: Settings) -> schedule.Bounds:
    """Return how often an article is looked at, at the most and at the least."""
    return schedule.Bounds(min_seconds=settings.capture_min_seconds, max_seconds=settings.capture_max_seconds)


def poll_bounds(settings: Settings) -> schedule.Bounds:
    """Return how often a feed is polled, at the most and at the least."""
    return schedule.Bounds(min_seconds=settings.poll_min_seconds, max_seconds=settings.poll_max_seconds)


def heed_pause(connection: Connection, url: str, result: FetchResult, outcome: Outcome, *, failures: int) -> None:
    """Leave the whole host of an address alone for as long as its answer asks for; `failures` were there before it."""
    host, now = host_of(url), result.fetched_at
    until = schedule.host_pause(host, outcome, failures=failures, now=now, not_before=result.not_before)
    if until is not None:
        hosts.pause_host(connection, host, not_before=until, reason=outcome, now=now)


@dataclass(slots=True, kw_only=True)
class Allowance:
    """How many pages may still be fetched within the budgets of this hour, by host and in all."""

    per_host: int
    overall: int
    used: Counter[str]

    def take(self, host: str) -> bool:
        """Take one fetch from a host's budget and the overall one; tell whether there was one left in both."""
        if self.used[host] >= self.per_host or self.used.total() >= self.overall:
            return False
        self.used[host] += 1
        return True


def spare_strained_hosts(connection: Connection, settings: Settings, *, now: datetime) -> Allowance:
    """Make fetches dearer where an hour took more of them than a host, or all of them together, should have.

    Returns what is left of the budgets: they hold also where dearer fetches come too late.
    """
    uses = hosts.host_uses(connection, since=now - BUDGET_TIME, now=now)
    used = Counter({use.host: use.fetches for use in uses})
    # What all hosts may have together is shared out as they need it: each saves in proportion.
    strain = used.total() / settings.fetches_per_hour
    worths = {
        use.host: schedule.next_worth(use.worth, used=max(use.fetches / settings.host_fetches_per_hour, strain))
        for use in uses
    }
    changed = {use.host: worths[use.host] for use in uses if abs(worths[use.host] / use.worth - 1) > 0.01}
    if changed:
        hosts.set_worths(connection, changed, now=now)
    return Allowance(per_host=settings.host_fetches_per_hour, overall=settings.fetches_per_hour, used=used)


def learn_rhythms(connection: Connection, *, now: datetime) -> int:
    """Find the rhythm of each publisher of whom enough has been seen; return how many were found."""
    since = now - RHYTHM_TIME
    known = hosts.publishers_with_changes(connection, since=since, changes=RHYTHM_CHANGES)
    start = schedule.rhythms()[schedule.DEFAULT_RHYTHM]
    for one in known:
        stored = hosts.histories_of(connection, one.publisher, since=since, most=RHYTHM_ARTICLES)
        rhythm = schedule.fit_rhythm([_history(history) for history in stored], start=start)
        hosts.save_rhythm(connection, one, asdict(rhythm), now=now)
    return len(known)


def _history(stored: hosts.StoredHistory) -> schedule.History:
    def minutes(moment: datetime) -> float:
        return max(0.0, (moment - stored.first_seen_at).total_seconds() / 60)

    return schedule.History(
        born_minute=schedule.minute_of_day(stored.first_seen_at),
        window_minutes=minutes(stored.watched_until),
        changes=tuple(minutes(moment) for moment in stored.changed_at),
    )


def _read(stored: Mapping[str, Any] | None) -> schedule.Rhythm | None:
    """Read a stored rhythm; one of another shape is that of another release, and is found anew at night."""
    if stored is None:
        return None
    try:
        return schedule.read_rhythm(stored)
    except (TypeError, ValueError):
        return None
