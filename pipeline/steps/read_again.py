"""Reading stored captures again with today's extractor, without inventing an update.

Captures that could not be read are recorded now. Versions that another extractor read stay as they are (a version once
written is never changed); for each that today's extractor would read otherwise it is told how, and nothing is written.
From the next capture on both sides of a comparison are read by today's extractor, so none of that becomes an update.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from pipeline import articles, changes
from pipeline.config import Settings
from pipeline.model import NO_BOILERPLATE, Content, NotAnArticle, Outcome, Payment, Update, Version
from pipeline.steps.reading import read
from pipeline.steps.record import RecordSummary, record_captures
from pipeline.store import recording, tending
from pipeline.store.boilerplate import boilerplate_of_articles
from pipeline.store.connections import Connection, connection_to

log = structlog.get_logger(__name__)
SHOWN_MOST = 50  #: differences in a log; all are in the summary
#: The record step may take so long here: a day of captures is not left to be read between those of today.
BUDGET_SECONDS = 4 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """A version that today's extractor reads otherwise. `updates` turn its stored sentences into what is read today.

    `outcome` is `NEW_VERSION` where the page still reads as an article, else what it is taken for today.
    """

    version_id: int
    article_id: int
    outcome: Outcome
    headline_before: str
    headline: str | None
    updates: tuple[Update, ...] = ()

    def line(self) -> str:
        """Return the difference as one line for a log."""
        if self.headline is None:
            return f"version {self.version_id}: no article today, {self.outcome}"
        kinds = Counter(update.kind.value for update in self.updates)
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "no sentence"
        renamed = f"; headline {self.headline_before!r}, today {self.headline!r}"
        return f"version {self.version_id}: {told}{renamed if self.headline != self.headline_before else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgainSummary:
    """What reading again came to. `lost` versions have no raw capture any more."""

    failed: int
    versions: int
    otherwise: int
    lost: int
    record: RecordSummary
    rereadings: tuple[Rereading, ...] = ()

    def line(self) -> str:
        """Return the summary as one line for a log."""
        return (
            f"{self.failed} unread captures tried again; of {self.versions} versions by older extractors "
            f"{self.otherwise} would read otherwise today, {self.lost} have no raw capture; {self.record.line()}"
        )


def read_again(database_url: str, settings: Settings, *, since: datetime, until: datetime) -> ReadAgainSummary:
    """Read the captures of a time window again; `since` is inclusive, `until` exclusive."""
    with connection_to(database_url, application="writethru read again") as connection:
        # Told before anything is recorded, so that a reader of the log sees what would change before it does.
        rereadings, versions, lost = _preview(connection, since, until)
        for rereading in rereadings[:SHOWN_MOST]:
            log.info("would read otherwise", article_id=rereading.article_id, difference=rereading.line())
        with connection.transaction():
            failed = tending.let_failed_wait_again(connection, since=since, until=until)
    recorded = record_captures(database_url, settings, budget_seconds=BUDGET_SECONDS) if failed else RecordSummary()
    return ReadAgainSummary(
        failed=failed,
        versions=versions,
        otherwise=len(rereadings),
        lost=lost,
        record=recorded,
        rereadings=rereadings,
    )


def _preview(connection: Connection, since: datetime, until: datetime) -> tuple[tuple[Rereading, ...], int, int]:
    """Return what would read otherwise, how many versions were looked at, and how many have no bytes any more."""
    versions = tending.versions_read_otherwise(connection, extractor=articles.EXTRACTOR, since=since, until=until)
    shared = boilerplate_of_articles(connection, [version.article_id for version in versions])
    found: list[Rereading] = []
    lost = 0
    for version in versions:
        behind = recording.capture_behind(connection, version)
        if behind is None:
            lost += 1
            continue
        known = shared.get(version.article_id, NO_BOILERPLATE)
        if rereading := _rereading(version, read(replace(behind, outcome=Outcome.NEW_BODY), known)):
            found.append(rereading)
    return tuple(found), len(versions), lost


def _rereading(version: Version, again: Content | NotAnArticle | None) -> Rereading | None:
    """Return how a version reads today, or `None` where it reads as it did."""
    if again is None or isinstance(again, NotAnArticle) or again.payment is Payment.WALL:
        misread = again.outcome if isinstance(again, NotAnArticle) else Outcome.WALL if again else Outcome.EMPTY
        return Rereading(
            version_id=version.version_id,
            article_id=version.article_id,
            outcome=misread,
            headline_before=version.headline,
            headline=None,
        )
    again = changes.with_kept_entries(version, again)
    if changes.content_sha256(again.headline, again.text) == version.content_sha256:
        return None
    before = changes.split_sentences(version.text, version.language)
    return Rereading(
        version_id=version.version_id,
        article_id=version.article_id,
        outcome=Outcome.NEW_VERSION,
        headline_before=version.headline,
        headline=again.headline,
        updates=changes.compare(before, changes.split_sentences(again.text, again.language)).updates,
    )
