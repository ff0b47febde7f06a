"""Recording a page whose address was used again for another article: that one takes the address over."""

from collections.abc import Callable
from dataclasses import replace

from pipeline import articles
from pipeline.model import ArticleStatus, Content, Event, EventKind, Outcome
from pipeline.steps.record_work import Work
from pipeline.store import capturing, recording
from pipeline.store.recording import Place


def record_reused_address(work: Work, content: Content, record: Callable[[Work, Content], Outcome]) -> Outcome:
    """Open a new article at the address, record the page as its first version, and settle the old one.

    What the old article was stays as it is: its versions, facts and story, and its guids. Only the addresses under
    which the page answers lead to the new one from here on.
    """
    old = work.article
    addresses = articles.aliases_of_page(
        final_url=work.capture.final_url, permanent_url=work.capture.permanent_url, canonical_url=content.canonical_url
    )
    article_id = recording.open_article_at_address(
        work.connection,
        old.article_id,
        addresses=[old.url, old.fetch_url, *(alias.value for alias in addresses)],
        captured_at=work.capture.captured_at,
    )
    if old.story_id is not None:
        event = Event(
            kind=EventKind.REWRITTEN,
            occurred_at=work.capture.captured_at,
            summary=f"The address carries another article: {content.headline}",
            details={"article_id": article_id},
        )
        place = Place(story_id=old.story_id, article_id=old.article_id)
        recording.save_events(work.connection, place, [event])
        work.tally.events += 1
    # Not told as settled: it has not gone quiet, its address is somebody else's.
    work.finish(replace(old, status=ArticleStatus.SETTLED), outcome=Outcome.NEW_VERSION)
    if old.story_id is not None:
        recording.refresh_story(work.connection, old.story_id)
    opened = capturing.lock_article(work.connection, article_id)
    if opened is None:  # pragma: no cover - it was inserted in this transaction
        raise RuntimeError(f"article {article_id} was not stored")
    return record(replace(work, article=opened), content)
