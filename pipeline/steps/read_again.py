"""Reading stored captures again with today's extractor, without inventing an update.

Captures that could not be read are recorded now. Versions that another extractor read stay as they are (a version once
written is never changed); it is counted how many today's extractor would read otherwise.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from pipeline import articles, changes
from pipeline.config import Settings
from pipeline.model import Content, Outcome
from pipeline.steps.reading import read
from pipeline.steps.record import RecordSummary, record_captures
from pipeline.store import recording, tending
from pipeline.store.connections import connection_to

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgainSummary:
    """What reading again came to. `lost` versions have no raw capture any more."""

    failed: int
    versions: int
    otherwise: int
    lost: int
    record: RecordSummary

    def line(self) -> str:
        """Return the summary as one line for a log."""
        return (
            f"{self.failed} unread captures tried again; of {self.versions} versions by older extractors "
            f"{self.otherwise} would read otherwise today, {self.lost} have no raw capture; {self.record.line()}"
        )


def read_again(database_url: str, settings: Settings, *, since: datetime, until: datetime) -> ReadAgainSummary:
    """Read the captures of a time window again; `since` is inclusive, `until` exclusive."""
    otherwise = lost = 0
    with connection_to(database_url, application="writethru read again") as connection:
        with connection.transaction():
            failed = tending.let_failed_wait_again(connection, since=since, until=until)
        versions = tending.versions_read_otherwise(connection, extractor=articles.EXTRACTOR, since=since, until=until)
        for version in versions:
            behind = recording.capture_behind(connection, version)
            if behind is None:
                lost += 1
                continue
            again = read(replace(behind, outcome=Outcome.NEW_BODY))
            same = (
                isinstance(again, Content)
                and changes.content_sha256(again.headline, again.text) == version.content_sha256
            )
            otherwise += not same
    recorded = record_captures(database_url, settings) if failed else RecordSummary()
    summary = ReadAgainSummary(failed=failed, versions=len(versions), otherwise=otherwise, lost=lost, record=recorded)
    log.info("read again", summary=summary.line())
    return summary
