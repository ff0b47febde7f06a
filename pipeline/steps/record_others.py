"""Recording captures that hold no version of the article: it vanished, a wall stood before it, it is another one."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Alias, ArticleStatus, NotAnArticle, Outcome
from pipeline.steps.record_work import Work
from pipeline.store import recording, tending
from pipeline.store.recording import Misread


def record_vanished(work: Work) -> Outcome:
    """Record that the article has vanished: 404 or 410, time and again."""
    work.conclude(replace(work.article, status=ArticleStatus.WITHDRAWN), outcome=work.capture.outcome)
    return work.capture.outcome


def record_misread(work: Work, reading: NotAnArticle) -> Outcome:
    """Record a wall, an empty page, a defect of ours: an outcome, never a version."""
    _note(work, reading.outcome, reading.detail, keep_body=reading.outcome is Outcome.FAILED)
    return reading.outcome


def record_other(work: Work, owner: int) -> Outcome:
    """Record that the page belongs to another article: the same one under a second name, or one it redirects to."""
    article = work.article
    if article.versions:
        _note(work, Outcome.MOVED_AWAY, f"leads to article {owner}", keep_body=False)
        return Outcome.MOVED_AWAY
    outcome = Outcome.SAME_CONTENT
    recording.merge_article(work.connection, article.article_id, into=owner, follow=article.follow, now=work.now)
    recording.finish_capture(
        work.connection,
        work.capture,
        outcome=outcome,
        detail=f"the same as article {owner}",
        keep_body=False,
        now=work.now,
    )
    return outcome


def record_forgotten(work: Work, aliases: Sequence[Alias]) -> Outcome:
    """Record that the page, by the names it gives, is an article that a person had erased: nothing of it is kept.

    An article with a record of its own, which leads there by now, keeps that.
    """
    if work.article.versions:
        _note(work, Outcome.MOVED_AWAY, "leads to an article that was forgotten", keep_body=False)
        return Outcome.MOVED_AWAY
    tending.forget_article(work.connection, work.article.article_id, one_with=aliases)
    return Outcome.SAME_CONTENT


def _note(work: Work, outcome: Outcome, detail: str, *, keep_body: bool) -> None:
    """Store that the page was not the article; the next request asks unconditionally."""
    misread = Misread(
        article_id=work.article.article_id,
        outcome=outcome,
        detail=detail,
        failures=work.article.failures + 1,
        captured_at=work.capture.captured_at,
        next_capture_at=work.next_capture(work.article, outcome),
    )
    recording.note_misread(work.connection, misread)
    recording.finish_capture(
        work.connection, work.capture, outcome=outcome, detail=detail, keep_body=keep_body, now=work.now
    )
