"""The record step: read each stored capture once, in order; all that follows from it lands in one transaction."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from pipeline import articles
from pipeline.config import Settings
from pipeline.model import NO_BOILERPLATE, Alias, Capture, Content, NotAnArticle, Outcome, Payment
from pipeline.steps.paces import paces_of_articles
from pipeline.steps.reading import read
from pipeline.steps.record_content import record_content, record_preview, record_unchanged
from pipeline.steps.record_others import record_forgotten, record_misread, record_other, record_vanished
from pipeline.steps.record_work import Known, Tally, Work
from pipeline.steps.settle import settle_quiet
from pipeline.steps.tally import Outcomes, outcome_words
from pipeline.store import polling, recording, tending
from pipeline.store.boilerplate import boilerplate_of_articles
from pipeline.store.connections import (
    STORE_FAULTS,
    Connection,
    connection_to,
    in_transaction,
    is_store_fault,
    keep_plans,
)

log = structlog.get_logger(__name__)
Progress = Callable[[int], None]
MOST_ATTEMPTS = 5  #: to read a capture, before it is given up
#: since it was captured, so that processes which somebody ends again and again (a deployment, a machine without memory)
#: do not pass for a page that ends them
PATIENCE = timedelta(minutes=15)


@dataclass(slots=True, kw_only=True)
class RecordSummary:
    """What a record run came to; `outcomes` adds up to `captures`, the first of which is of `first_captured_at`.

    `left` captures were not begun within the budget; they wait for the next run.
    """

    captures: int = 0
    left: int = 0
    versions: int = 0
    updates: int = 0
    facts: int = 0
    events: int = 0
    settled: int = 0
    first_captured_at: datetime | None = None
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self) -> str:
        """Return the summary as one line for a log."""
        rest = f", {self.left} left to the next run" if self.left else ""
        return (
            f"recorded {self.captures} captures: {self.versions} versions, {self.updates} updates, {self.facts} facts, "
            f"{self.events} events, {self.settled} settled{rest} ({outcome_words(self.outcomes)})"
        )

    def add(self, capture: Capture, outcome: Outcome, tally: Tally) -> None:
        """Count one more capture, and what it brought."""
        self.captures += 1
        self.first_captured_at = min(self.first_captured_at or capture.captured_at, capture.captured_at)
        self.outcomes[outcome] += 1
        self.versions += tally.versions
        self.updates += tally.updates
        self.facts += tally.facts
        self.events += tally.events


def record_captures(
    database_url: str,
    settings: Settings,
    article_ids: Sequence[int] | None = None,
    *,
    budget_seconds: float | None = None,
    on_progress: Progress | None = None,
) -> RecordSummary:
    """Record the captures of these articles (default: all) that nobody has read yet, then settle what is quiet.

    None is begun after `budget_seconds` (default: the setting). One transaction per capture, an article's captures in
    their order. Raises `StoreError` if Postgres fails; what was not recorded by then waits for the next run.
    """
    summary = RecordSummary()
    deadline = time.monotonic() + (settings.record_budget_seconds if budget_seconds is None else budget_seconds)
    with connection_to(database_url, application="writethru record") as connection, _what_is_loaded_left_alone():
        keep_plans(connection)
        waiting = recording.waiting_captures(connection, article_ids)
        article_ids_waiting = sorted({one.article_id for one in waiting})
        paces = paces_of_articles(connection, article_ids_waiting)
        shared = boilerplate_of_articles(connection, article_ids_waiting)
        leads: dict[int, str] = {}
        for done, one in enumerate(waiting):
            if time.monotonic() >= deadline:
                summary.left = len(waiting) - done
                break
            if capture := recording.begin_reading(connection, one):
                known = Known(
                    pace=paces.get(one.article_id),
                    boilerplate=shared.get(one.article_id, NO_BOILERPLATE),
                    leads=leads,
                )
                record_capture(connection, settings, capture, summary, known)
            if on_progress:
                on_progress(1)
        settled = settle_quiet(connection, settings, now=datetime.now(UTC))
        summary.settled += settled
        summary.events += settled
    return summary


@contextmanager
def _what_is_loaded_left_alone() -> Iterator[None]:
    """Let the garbage collector pass over what is there already: lexicons, models and Airflow are here to stay.

    To look through all of it takes as long as two captures, and it is done whenever a quarter has been added
    (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def record_capture(
    connection: Connection,
    settings: Settings,
    capture: Capture,
    summary: RecordSummary,
    known: Known,
) -> None:
    """Read one capture and store all that follows, unless somebody else has done so in between.

    What cannot be recorded is a defect of ours with one page: that page's outcome, its bytes kept; the others go on.
    So is what ended the process that read it, each of `MOST_ATTEMPTS` times, and for longer than `PATIENCE`.
    """
    is_tried = capture.attempts > MOST_ATTEMPTS and datetime.now(UTC) - capture.captured_at >= PATIENCE
    reading = _given_up(capture) if is_tried else read(capture, known.boilerplate)
    try:
        recorded = in_transaction(connection, lambda: _record(connection, settings, capture, reading, known))
    except Exception as error:
        if is_store_fault(error):
            with suppress(*STORE_FAULTS):
                recording.take_back_attempt(connection, capture)
            raise
        log.exception("a capture could not be recorded", url=capture.final_url, capture_id=capture.capture_id)
        failed = NotAnArticle(outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}")
        recorded = in_transaction(connection, lambda: _record(connection, settings, capture, failed, known))
    if recorded:
        summary.add(capture, *recorded)


def _given_up(capture: Capture) -> NotAnArticle:
    detail = f"reading it was begun {capture.attempts - 1} times and never ended: it may end the process that does it"
    log.error("a capture is given up", url=capture.final_url, capture_id=capture.capture_id, detail=detail)
    return NotAnArticle(outcome=Outcome.FAILED, detail=detail)


def _record(
    connection: Connection,
    settings: Settings,
    capture: Capture,
    reading: Content | NotAnArticle | None,
    known: Known,
) -> tuple[Outcome, Tally] | None:
    """Record one capture within the running transaction; `None` where it has been recorded already."""
    article, waits = recording.claim_capture(connection, capture)
    if not waits:
        return None
    now = datetime.now(UTC)
    if article is None:
        # The article was forgotten (`writethru forget`) while its capture waited.
        outcome = Outcome.SAME_CONTENT
        recording.finish_capture(connection, capture, outcome=outcome, detail="forgotten", keep_body=False, now=now)
        return outcome, Tally()
    work = Work(
        connection=connection, settings=settings, article=article, capture=capture, tally=Tally(), now=now, known=known
    )
    return _record_reading(work, reading), work.tally


def _record_reading(work: Work, reading: Content | NotAnArticle | None) -> Outcome:
    if isinstance(reading, NotAnArticle):
        return record_misread(work, reading)
    if reading is None and not work.capture.outcome.is_success:
        return record_vanished(work)
    if reading is not None and reading.payment is Payment.WALL:
        # Many articles may stand behind one wall: the addresses it gives are no names of any of them.
        return record_preview(work, reading)
    aliases = articles.aliases_of_page(
        final_url=work.capture.final_url,
        permanent_url=work.capture.permanent_url,
        canonical_url=reading.canonical_url if reading else None,
    )
    named, forgotten = recording.articles_named(work.connection, aliases)
    if forgotten:
        if not tending.is_asked_for(work.connection, work.article.article_id):
            return record_forgotten(work, aliases)
        polling.allow_again(work.connection, aliases)
    owner = _name(work, aliases, named)
    if reading is None:
        return record_unchanged(work, owner=owner)
    return record_content(work, reading) if owner is None else record_other(work, owner)


def _name(work: Work, aliases: Sequence[Alias], named: Mapping[str, int]) -> int | None:
    """Give the article the names its page gives; return whose page it is where one of them is another article's.

    `named` tells which of them are taken, and by whom.
    """
    if (owner := _other(work, named)) is not None:
        return owner
    fresh = [alias for alias in aliases if alias.value not in named]
    if not fresh or recording.save_aliases(work.connection, work.article.article_id, fresh, now=work.now):
        return None
    # A transaction that gave the same name at the same moment has made us wait, and was first.
    return _other(work, recording.articles_named(work.connection, fresh)[0])


def _other(work: Work, named: Mapping[str, int]) -> int | None:
    return next((owner for owner in named.values() if owner != work.article.article_id), None)
