"""Recording a page whose address was used again for another article: that one takes the address over.

Some pages are served under a wrong address once, by a cache or a slip of the publisher's. Where an article that stood
there before is back, it goes on as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline import articles, changes
from pipeline.model import (
    Article,
    ArticleStatus,
    Content,
    Event,
    EventKind,
    NewVersion,
    Outcome,
    Preview,
    Version,
    VersionKind,
)
from pipeline.steps.record_work import Work
from pipeline.store import capturing, recording
from pipeline.store.recording import Place

_MOST_BEFORE = 5  #: articles that are asked whether an address is theirs again


def record_reused_address(work: Work, content: Content, record: Callable[[Work, Content], Outcome]) -> Outcome:
    """Record the page as a version of the article that stood there before, else as the first one of a new article.

    What the old article was stays as it is: its versions, facts and story, and its guids. Only the addresses under
    which the page answers lead to the other one from here on.
    """
    old = work.article
    page = articles.aliases_of_page(
        final_url=work.capture.final_url, permanent_url=work.capture.permanent_url, canonical_url=content.canonical_url
    )
    addresses = [old.url, old.fetch_url, *(alias.value for alias in page)]
    other = _returned(work, content, addresses) or _opened(work, addresses)
    if old.story_id is not None:
        event = Event(
            kind=EventKind.REWRITTEN,
            occurred_at=work.capture.captured_at,
            summary=f"The address carries another article: {content.headline}",
            details={"article_id": other.article_id},
        )
        place = Place(story_id=old.story_id, article_id=old.article_id)
        recording.save_events(work.connection, place, [event])
        work.tally.events += 1
    # Not told as settled: it has not gone quiet, its address is somebody else's.
    work.finish(replace(old, status=ArticleStatus.SETTLED), outcome=Outcome.NEW_VERSION)
    recording.forget_document(work.connection, old.article_id)
    if old.story_id is not None:
        recording.refresh_story(work.connection, old.story_id)
    return record(replace(work, article=other), content)


def _returned(work: Work, content: Content, addresses: Sequence[str]) -> Article | None:
    """Return the article that stood at the address before and is back, its addresses given back to it."""
    here = work.article.article_id
    for before in recording.articles_at_address_before(work.connection, here, most=_MOST_BEFORE):
        newest = recording.newest_version(work.connection, before)
        if newest is not None and _is_the_same(newest, content):
            recording.hand_over_addresses(work.connection, here, into=before, addresses=addresses)
            # It was not to be had meanwhile, and is told as back.
            return replace(_locked(work, before), status=ArticleStatus.WITHDRAWN)
    return None


def _is_the_same(newest: Version, content: Content) -> bool:
    decision = changes.decide_version(newest, content, ())
    is_rewritten = isinstance(decision, NewVersion) and decision.kind is VersionKind.REWRITTEN
    return not is_rewritten and not isinstance(decision, Preview)


def _opened(work: Work, addresses: Sequence[str]) -> Article:
    captured_at = work.capture.captured_at
    number = recording.open_article_at_address(
        work.connection, work.article.article_id, addresses=addresses, captured_at=captured_at
    )
    return _locked(work, number)


def _locked(work: Work, article_id: int) -> Article:
    article = capturing.lock_article(work.connection, article_id)
    if article is None:  # pragma: no cover - a version of it was read, or it was inserted, in this transaction
        raise RuntimeError(f"article {article_id} is not there")
    return article
