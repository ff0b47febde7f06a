"""The record step: read each stored capture once, in order; all that follows from it lands in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import structlog

from pipeline import articles, changes, facts, schedule, stories
from pipeline.config import Settings
from pipeline.facts.positions import locate
from pipeline.model import (
    Article,
    ArticleStatus,
    Capture,
    Content,
    Fact,
    FactChange,
    FactChangeKind,
    NewVersion,
    NotAnArticle,
    Outcome,
    StoryStatus,
    Unchanged,
    Version,
    VersionKind,
)
from pipeline.steps.settle import settle_quiet
from pipeline.steps.tally import Outcomes, outcome_words
from pipeline.store import capturing, recording
from pipeline.store.connections import Connection, connection_to
from pipeline.store.recording import ArticleRecord, Place

log = structlog.get_logger(__name__)
Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class RecordSummary:
    """What a record run came to; `outcomes` adds up to `captures`."""

    captures: int = 0
    versions: int = 0
    updates: int = 0
    facts: int = 0
    events: int = 0
    settled: int = 0
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self) -> str:
        """Return the summary as one line for a log."""
        return (
            f"recorded {self.captures} captures: {self.versions} versions, {self.updates} updates, {self.facts} facts, "
            f"{self.events} events, {self.settled} settled ({outcome_words(self.outcomes)})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One capture being recorded: everything that its transaction needs at hand."""

    connection: Connection
    settings: Settings
    article: Article
    capture: Capture
    summary: RecordSummary
    now: datetime


def record_captures(
    database_url: str,
    settings: Settings,
    article_ids: Sequence[int] | None = None,
    *,
    on_progress: Progress | None = None,
) -> RecordSummary:
    """Record the captures of these articles (default: all) that nobody has read yet, then settle what is quiet.

    One transaction per capture, an article's captures in their order. Raises `StoreError` if Postgres fails; what was
    not recorded by then waits for the next run.
    """
    summary = RecordSummary()
    with connection_to(database_url, application="writethru record") as connection:
        for article_id in recording.unrecorded_articles(connection, article_ids):
            while capture := recording.oldest_unrecorded(connection, article_id):
                record_capture(connection, settings, capture, summary)
                if on_progress:
                    on_progress(1)
        settled = settle_quiet(connection, settings, now=datetime.now(UTC))
        summary.settled += settled
        summary.events += settled
    log.info("record", summary=summary.line())
    return summary


def record_capture(connection: Connection, settings: Settings, capture: Capture, summary: RecordSummary) -> None:
    """Read one capture and store all that follows, unless somebody else has done so in between."""
    reading = read(capture)
    with connection.transaction():
        article = capturing.lock_article(connection, capture.article_id)
        if not recording.claim_capture(connection, capture):
            return
        if article is None:
            # The article was forgotten (`writethru forget`) while its capture waited.
            outcome, now = Outcome.SAME_CONTENT, datetime.now(UTC)
            recording.finish_capture(connection, capture, outcome=outcome, detail="forgotten", keep_body=False, now=now)
        else:
            work = _Work(
                connection=connection,
                settings=settings,
                article=article,
                capture=capture,
                summary=summary,
                now=datetime.now(UTC),
            )
            outcome = _record(work, reading)
    summary.captures += 1
    summary.outcomes[outcome] += 1


def read(capture: Capture) -> Content | NotAnArticle | None:
    """Read a capture's bytes; `None` where there are none, because the page was gone or as before.

    A defect of ours on one page is that page's outcome, and the others go on.
    """
    if capture.outcome is not Outcome.NEW_BODY:
        return None
    try:
        return articles.read_article(capture.body, url=capture.final_url, content_type=capture.content_type)
    except Exception as error:
        log.exception("a page could not be read", url=capture.final_url, capture_id=capture.capture_id)
        return NotAnArticle(outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}")


def _record(work: _Work, reading: Content | NotAnArticle | None) -> Outcome:
    if reading is None:
        return _record_presence(work)
    if isinstance(reading, NotAnArticle):
        return _record_misread(work, reading)
    aliases = articles.aliases_of_page(
        final_url=work.capture.final_url,
        permanent_url=work.capture.permanent_url,
        canonical_url=reading.canonical_url,
    )
    owner = recording.owner_of_addresses(work.connection, work.article.article_id, [alias.value for alias in aliases])
    if owner is not None:
        return _record_other(work, owner)
    recording.save_aliases(work.connection, work.article.article_id, aliases, now=work.now)
    return _record_content(work, reading)


def _record_presence(work: _Work) -> Outcome:
    """Record that the article has vanished (404, 410 again), or that a withdrawn one is back as it was."""
    outcome = work.capture.outcome
    gone = not outcome.is_success
    status = ArticleStatus.WITHDRAWN if gone else ArticleStatus.FOLLOWING
    _finish(work, work.article, status=status, url=work.article.url, outcome=outcome)
    if work.article.story_id is not None:
        _tell(
            work,
            work.article.story_id,
            stories.Happening(at=work.capture.captured_at, status_before=work.article.status, status_after=status),
        )
        recording.refresh_story(work.connection, work.article.story_id)
    return outcome


def _record_misread(work: _Work, reading: NotAnArticle) -> Outcome:
    """Record a wall, an empty page, a defect of ours: an outcome, never a version."""
    failures = work.article.failures + 1
    recording.note_misread(
        work.connection,
        work.article.article_id,
        outcome=reading.outcome,
        detail=reading.detail,
        failures=failures,
        next_capture_at=_next_capture(work, work.article, reading.outcome),
    )
    recording.finish_capture(
        work.connection,
        work.capture,
        outcome=reading.outcome,
        detail=reading.detail,
        keep_body=reading.outcome is Outcome.FAILED,
        now=work.now,
    )
    return reading.outcome


def _record_other(work: _Work, owner: int) -> Outcome:
    """Record that the page belongs to another article: the same one under a second name, or one it redirects to."""
    outcome, detail = Outcome.MOVED_AWAY, f"leads to article {owner}"
    if work.article.versions == 0:
        outcome, detail = Outcome.SAME_CONTENT, f"the same as article {owner}"
        recording.merge_article(work.connection, work.article.article_id, into=owner, now=work.now)
    else:
        recording.note_misread(
            work.connection,
            work.article.article_id,
            outcome=outcome,
            detail=detail,
            failures=work.article.failures + 1,
            next_capture_at=_next_capture(work, work.article, outcome),
        )
    recording.finish_capture(
        work.connection, work.capture, outcome=outcome, detail=detail, keep_body=False, now=work.now
    )
    return outcome


def _record_content(work: _Work, content: Content) -> Outcome:
    stored = recording.newest_version(work.connection, work.article.article_id)
    previous = _read_alike(work, stored, content) if stored else None
    hashes = recording.earlier_hashes(work.connection, work.article.article_id)
    earlier = hashes - {stored.content_sha256} if stored else hashes
    decision = changes.decide_version(previous, content, earlier)
    is_developing = content.is_developing or _entries_say_so(work, content)
    versions = work.article.versions + isinstance(decision, NewVersion)
    status = stories.status_after(work.article, is_developing=is_developing, versions=versions)
    url = articles.normalise_url(content.canonical_url or work.capture.permanent_url or "") or work.article.url
    happening = stories.Happening(
        at=work.capture.captured_at,
        status_before=work.article.status,
        status_after=status,
        content=content,
        previous=previous,
        moved_to=url if url != work.article.url and work.article.versions else None,
    )
    if isinstance(decision, Unchanged):
        _finish(work, work.article, status=status, url=url, outcome=Outcome.SAME_CONTENT)
        if work.article.story_id is not None:
            _tell(work, work.article.story_id, happening)
            recording.refresh_story(work.connection, work.article.story_id, url=url)
        return Outcome.SAME_CONTENT
    _record_version(work, decision, happening, url=url, is_developing=is_developing)
    return Outcome.NEW_VERSION


def _record_version(
    work: _Work, decision: NewVersion, happening: stories.Happening, *, url: str, is_developing: bool
) -> None:
    content, previous = happening.content, happening.previous
    if content is None:
        raise ValueError("a new version has content")
    story_id, joined = _story(work, content, happening.status_after, url)
    article = replace(
        work.article, story_id=story_id, versions=decision.number, last_changed_at=work.capture.captured_at
    )
    _finish(work, article, status=happening.status_after, url=url, outcome=Outcome.NEW_VERSION)
    place = Place(story_id=story_id, article_id=article.article_id)
    version_id = recording.save_version(
        work.connection, place, capture=work.capture, content=content, intent=decision, is_developing=is_developing
    )
    place = replace(place, version_id=version_id)
    found = facts.extract_facts(decision.sentences, content.language)
    fact_changes = _reconcile(work, decision, found, previous)
    corrections = _new_corrections(content, previous)
    updates = (
        ()
        if decision.kind is VersionKind.REWRITTEN
        else changes.judge(
            decision.comparison.updates,
            fact_positions_old=_positions(fact_changes, old=True),
            fact_positions_new=_positions(fact_changes, old=False),
            corrections=corrections,
        )
    )
    recording.save_updates(work.connection, place, updates)
    work.summary.facts += recording.save_facts(work.connection, place, found, fact_changes, work.capture.captured_at)
    _tell(
        work,
        story_id,
        replace(
            happening, decision=decision, fact_changes=fact_changes, joined_story=joined, new_corrections=corrections
        ),
        version_id=version_id,
    )
    recording.refresh_story(
        work.connection, story_id, headline=content.headline, url=url, changed_at=work.capture.captured_at
    )
    work.summary.versions += 1
    work.summary.updates += len(updates)


def _reconcile(
    work: _Work, decision: NewVersion, found: Sequence[Fact], previous: Version | None
) -> tuple[FactChange, ...]:
    held = recording.current_facts(work.connection, work.article.article_id)
    if held and previous:
        before = changes.split_sentences(previous.text, previous.language)
        held = locate(held, facts.extract_facts(before, previous.language))
    links = () if decision.kind is VersionKind.REWRITTEN else decision.comparison.links
    return facts.reconcile(held, found, links)


def _positions(fact_changes: Sequence[FactChange], *, old: bool) -> frozenset[int]:
    """Return the sentences whose facts are not merely confirmed, on the old side or the new."""
    sides = (
        (change.held.fact if change.held else None) if old else change.fact
        for change in fact_changes
        if change.kind is not FactChangeKind.CONFIRMED
    )
    return frozenset(fact.position for fact in sides if fact is not None)


def _new_corrections(content: Content, previous: Version | None) -> tuple[str, ...]:
    if previous is None:
        return ()
    known = changes.normalise(previous.text)
    return tuple(note for note in content.corrections if changes.normalise(note) not in known)


def _read_alike(work: _Work, stored: Version, content: Content) -> Version:
    """Return the version with its text as today's extractor reads it: an extractor upgrade is not an edit."""
    if stored.extractor == content.extractor:
        return stored
    behind = recording.capture_behind(work.connection, stored)
    again = read(replace(behind, outcome=Outcome.NEW_BODY)) if behind else None
    if not isinstance(again, Content):
        return stored
    return replace(
        stored,
        headline=again.headline,
        text=again.text,
        language=again.language,
        extractor=again.extractor,
        content_sha256=changes.content_sha256(again.headline, again.text),
    )


def _entries_say_so(work: _Work, content: Content) -> bool:
    """Tell whether the feed calls the story developing ("LIVE: ...") where the page itself does not."""
    entries = recording.entry_texts(work.connection, work.article.article_id)
    return any(articles.markers_in(title, [summary], content.language) for title, summary in entries)


def _story(work: _Work, content: Content, status: ArticleStatus, url: str) -> tuple[int, bool]:
    """Return the story that the article tells, its row locked, and whether the article has just joined it."""
    if work.article.story_id is not None:
        recording.lock_story(work.connection, work.article.story_id)
        return work.article.story_id, False
    at = work.capture.captured_at
    others = recording.open_stories(work.connection, since=at - stories.JOIN_WINDOW)
    joined = stories.join(content, publisher=work.article.publisher, stories=others, now=at)
    if joined is not None:
        recording.lock_story(work.connection, joined)
        return joined, True
    story_status = StoryStatus.DEVELOPING if status is ArticleStatus.FOLLOWING else StoryStatus.SETTLED
    return recording.open_story(work.connection, headline=content.headline, status=story_status, url=url, now=at), False


def _next_capture(work: _Work, article: Article, outcome: Outcome) -> datetime | None:
    settings = work.settings
    bounds = schedule.Bounds(min_seconds=settings.capture_min_seconds, max_seconds=settings.capture_max_seconds)
    return schedule.next_capture(article, outcome, now=work.capture.captured_at, bounds=bounds)


def _finish(work: _Work, article: Article, *, status: ArticleStatus, url: str, outcome: Outcome) -> None:
    """Store how the article stands, and that its capture has been read."""
    recording.save_article_record(
        work.connection,
        ArticleRecord(
            article_id=article.article_id,
            story_id=article.story_id,
            status=status,
            url=url,
            versions=article.versions,
            missing=article.missing,
            last_changed_at=article.last_changed_at,
            next_capture_at=_next_capture(work, replace(article, status=status), outcome),
            outcome=outcome,
            detail=None,
        ),
    )
    recording.finish_capture(
        work.connection,
        work.capture,
        outcome=outcome,
        detail=None,
        keep_body=outcome is Outcome.NEW_VERSION,
        now=work.now,
    )


def _tell(work: _Work, story_id: int, happening: stories.Happening, *, version_id: int | None = None) -> None:
    events = stories.events_of(happening)
    place = Place(story_id=story_id, article_id=work.article.article_id, version_id=version_id)
    recording.save_events(work.connection, place, events)
    work.summary.events += len(events)
