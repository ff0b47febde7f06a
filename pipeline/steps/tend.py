"""Upkeep of the store: partitions ahead, retention behind, quiet stories settled, feeds in trouble named."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.config import Settings
from pipeline.fetching import delete_outdated_rules
from pipeline.steps.boilerplate import learn_boilerplate
from pipeline.steps.paces import learn_rhythms
from pipeline.steps.settle import settle_quiet
from pipeline.store import capturing, tending
from pipeline.store.connections import Connection, connection_to
from pipeline.store.tending import DroppedMonths

DAYS_PER_MONTH = 31
#: Only what is old by a clock that is believed is deleted: one that has jumped ahead has nothing behind it.
LIVED_SINCE, LIVED_UNTIL = timedelta(days=40), timedelta(hours=12)
NOTHING_DROPPED = DroppedMonths(dropped=(), in_use=())
_UNSURE = (
    "nothing past its age was deleted, as nothing was polled or captured between 40 days and half a day ago: "
    "Writethru was switched off, or its clock is wrong"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TendSummary:
    """What upkeep did."""

    partitions_made: int
    partitions_dropped: int
    partitions_in_use: int
    polls_deleted: int
    rules_deleted: int
    settled: int
    rhythms: int
    lines: int
    is_clock_believed: bool

    def line(self) -> str:
        """Return the summary as one line for a log."""
        in_use = (
            f" ({self.partitions_in_use} more are in use and left to another night)" if self.partitions_in_use else ""
        )
        unsure = "" if self.is_clock_believed else f"; {_UNSURE}"
        return (
            f"made {self.partitions_made} and dropped {self.partitions_dropped} months of captures{in_use}, "
            f"deleted {self.polls_deleted} polls and {self.rules_deleted} files of robots.txt, "
            f"settled {self.settled} stories, "
            f"found the rhythm of {self.rhythms} publishers, learned {self.lines} lines of boilerplate{unsure}"
        )


def tend_store(database_url: str, settings: Settings, now: datetime | None = None) -> TendSummary:
    """Do the daily upkeep. Safe to run at any time and as often as one likes."""
    now = now or datetime.now(UTC)
    with connection_to(database_url, application="writethru tend") as connection:
        made = capturing.make_partitions(connection, now=now)
        is_believed = tending.was_at_work(connection, since=now - LIVED_SINCE, until=now - LIVED_UNTIL)
        tending.delete_pauses(connection, now=now)
        months, polls = _retire(connection, settings, now=now) if is_believed else (NOTHING_DROPPED, 0)
        settled = settle_quiet(connection, settings, now=now)
        rhythms = learn_rhythms(connection, now=now)
        lines = learn_boilerplate(connection, now=now)
    return TendSummary(
        partitions_made=made,
        partitions_dropped=len(months.dropped),
        partitions_in_use=len(months.in_use),
        polls_deleted=polls,
        rules_deleted=delete_outdated_rules(settings, now=now),
        settled=settled,
        rhythms=rhythms,
        lines=lines,
        is_clock_believed=is_believed,
    )


def _retire(connection: Connection, settings: Settings, *, now: datetime) -> tuple[DroppedMonths, int]:
    """Delete what is past its age; return the months of captures and how many polls."""
    captures_before = now - timedelta(days=DAYS_PER_MONTH * settings.keep_captures_months)
    return (
        tending.drop_captures(connection, before=captures_before),
        tending.delete_polls(connection, before=now - timedelta(days=settings.keep_polls_days)),
    )


def feed_alarms(database_url: str) -> tuple[str, ...]:
    """Return one line for each feed that has failed for long or has gone silent: what to look at first."""
    with connection_to(database_url, application="writethru alarms") as connection:
        return tuple(
            f"feed {feed.feed_id} {feed.url} is {feed.status}: last success {feed.last_success_at or 'never'}, "
            f"last outcome {feed.last_outcome}{f' ({feed.last_detail})' if feed.last_detail else ''}"
            for feed in tending.feeds_in_trouble(connection)
        )
