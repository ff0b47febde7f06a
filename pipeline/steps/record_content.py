"""Recording an article's content: is it a version, what changed, which facts stand, which story it tells."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline import articles, changes, facts, stories
from pipeline.model import (
    Article,
    ArticleStatus,
    Content,
    CutShort,
    FactChange,
    Name,
    NewVersion,
    NotAnArticle,
    OlderCopy,
    Outcome,
    Payment,
    Preview,
    StoryStatus,
    Unchanged,
    Update,
    Version,
    VersionDecision,
    VersionKind,
)
from pipeline.steps.reading import read
from pipeline.steps.recognise import names_in
from pipeline.steps.record_others import record_misread
from pipeline.steps.record_reused import record_reused_address
from pipeline.steps.record_work import Work
from pipeline.store import ledger, recording
from pipeline.store.recording import Place

#: So many older or half copies in a row are a machine's; the next one is what the publisher means to say.
_FALSE_COPIES_MOST = 3
_FALSE_COPIES = frozenset({Outcome.OUTDATED, Outcome.TRUNCATED})


def record_unchanged(work: Work, *, owner: int | None) -> Outcome:
    """Record that a page is as it was (304, or the bytes we hold); `owner`: another article that has its address.

    A withdrawn article is back by that, a skipped one is followed if its feed entry or a user asks for it by now, and
    one that answers from another address has moved there.
    """
    newest = recording.newest_version(work.connection, work.article.article_id)
    is_developing = newest is not None and (newest.is_developing or _entries_say_so(work, newest.language))
    status = stories.status_after(work.article, is_developing=is_developing, versions=work.article.versions)
    article = _moved(work, None) if owner is None else work.article
    work.conclude(replace(article, status=status), outcome=work.capture.outcome)
    return work.capture.outcome


def record_preview(work: Work, content: Content) -> Outcome:
    """Record a page that shows only the beginning of its text."""
    why = "the text breaks off" if content.payment is Payment.NOT_ASKED else "a payment wall"
    detail = f"{why} after {content.words} words"
    return record_misread(work, NotAnArticle(outcome=Outcome.WALL, detail=detail))


def record_content(work: Work, content: Content) -> Outcome:
    """Record a page that was read: as a version, or as the same journalism in other bytes."""
    stored = recording.newest_version(work.connection, work.article.article_id) if work.article.versions else None
    previous = _read_alike(work, stored, content) if stored else None
    if previous and content.language is None:
        content = replace(content, language=previous.language)  # what no longer says its language is still in it
    if (in_full := changes.with_kept_entries(previous, content)) is not content:
        content = replace(in_full, words=articles.count_words(in_full.text))
    decision = _decided(work, previous, content)
    if isinstance(decision, OlderCopy):
        detail = f"the text is in {content.language}" if decision.translated else "a copy of an earlier version"
        return record_misread(work, NotAnArticle(outcome=Outcome.OUTDATED, detail=detail))
    if isinstance(decision, CutShort):
        detail = f"the text ends after {content.words} words, at the end of a sentence"
        return record_misread(work, NotAnArticle(outcome=Outcome.TRUNCATED, detail=detail))
    if isinstance(decision, Preview):
        return record_preview(work, content)
    if isinstance(decision, NewVersion) and decision.another_article:
        return record_reused_address(work, content, record_content)
    is_developing = content.is_developing or _entries_say_so(work, content.language)
    versions = work.article.versions + isinstance(decision, NewVersion)
    status = stories.status_after(work.article, is_developing=is_developing, versions=versions)
    article = replace(_moved(work, content.canonical_url), status=status)
    happening = stories.Happening(
        at=work.capture.captured_at,
        status_before=work.article.status,
        status_after=status,
        content=content,
        previous=previous,
        moved_to=work.moved_to(article),
    )
    if isinstance(decision, Unchanged):
        work.finish(article, outcome=Outcome.SAME_CONTENT)
        if article.story_id is not None:
            work.tell(article.story_id, happening)
            recording.refresh_story(work.connection, article.story_id, url=article.url, moved_from=work.article.url)
        return Outcome.SAME_CONTENT
    _record_version(work, article, replace(happening, decision=decision), is_developing=is_developing)
    return Outcome.NEW_VERSION


def _decided(work: Work, previous: Version | None, content: Content) -> VersionDecision:
    recorded = recording.recorded_contents(work.connection, work.article.article_id) if previous else []
    earlier = {sha256 for sha256, _ in recorded} - {sha256 for sha256, _ in recorded[-1:]}
    steady = _is_steady(work)
    decision = changes.decide_version(previous, content, earlier, steady=steady)
    if previous is None or steady or not isinstance(decision, NewVersion):
        return decision
    if changes.is_translated(decision, content, previous):
        return OlderCopy(translated=True)
    return OlderCopy() if changes.takes_turns(decision, content, previous, recorded) else decision


def _is_steady(work: Work) -> bool:
    """Whether a cache's copies have been served so often in a row that they are what the publisher means to say."""
    if work.article.failures < _FALSE_COPIES_MOST:
        return False  # nearly every capture: spares the question
    before = recording.outcomes_before(work.connection, work.capture, most=_FALSE_COPIES_MOST)
    return len(before) == _FALSE_COPIES_MOST and _FALSE_COPIES.issuperset(before)


def _moved(work: Work, canonical_url: str | None) -> Article:
    """Return the article under the addresses its page gives: what it calls canonical, else where it moved for good.

    A page that moved for good is asked for at its new place, since the redirect will not stand for ever.
    """
    canonical = articles.normalise_url(canonical_url or work.capture.permanent_url or "")
    return replace(
        work.article,
        url=canonical or work.article.url,
        fetch_url=work.capture.permanent_url or work.article.fetch_url,
    )


def _record_version(work: Work, article: Article, happening: stories.Happening, *, is_developing: bool) -> None:
    content, previous, decision = happening.content, happening.previous, happening.decision
    if content is None or decision is None:
        raise ValueError("a new version has content and a decision")
    at = work.capture.captured_at
    # Read before a story is sought: while one is opened, all others who would open one wait.
    names = names_in(work.settings.spacy_model, decision.sentences, content.language)
    fact_changes = _reconcile(work, decision, content, previous, names=names)
    corrections = _new_corrections(content, previous)
    # Where the facts of a page's language cannot be read, nothing is known of those that stood, and nothing told.
    told = fact_changes if facts.reads(content.language) else ()
    happening = replace(happening, fact_changes=told, new_corrections=corrections)
    updates = _updates(happening, decision)
    reasons = facts.explained(fact_changes, corrections, content.language)
    story_id, joined = _joined_story(work, content, article)
    opened = story_id is None
    if story_id is None:
        story_id = _open_story(work, content, article, versions=decision.number)
    place = Place(story_id=story_id, article_id=article.article_id)
    version_id = recording.save_version(
        work.connection, place, capture=work.capture, content=content, intent=decision, is_developing=is_developing
    )
    place = replace(place, version_id=version_id)
    article = replace(article, story_id=story_id, versions=decision.number, last_changed_at=at)
    happening = replace(happening, joined_story=joined)
    # All that is left is told to Postgres without waiting for an answer to each. What alerts say is of the new article.
    with work.connection.pipeline():
        work.finish(article, outcome=Outcome.NEW_VERSION)
        recording.save_names(work.connection, place, names)
        recording.save_updates(work.connection, place, updates)
        work.tally.facts += ledger.save_facts(work.connection, place, fact_changes, at, reasons=reasons)
        work.tell(story_id, happening, version_id=version_id)
        if not opened:
            recording.refresh_story(
                work.connection, story_id, headline=content.headline, url=article.url, changed_at=at
            )
    work.tally.versions += 1
    work.tally.updates += len(updates)


def _updates(happening: stories.Happening, decision: NewVersion) -> tuple[Update, ...]:
    """Return what changed, weighed. Of a text that is all new there is nothing to tell sentence by sentence."""
    content, previous = happening.content, happening.previous
    if decision.kind is VersionKind.REWRITTEN or content is None:
        return ()
    judged = changes.judge(
        decision.comparison.updates,
        touched=facts.touched(happening.fact_changes),
        corrections=_notes_that_differ(content, previous),
        language=content.language,
    )
    return changes.link_corrections(judged, happening.new_corrections, language=content.language)


def _reconcile(
    work: Work, decision: NewVersion, content: Content, previous: Version | None, *, names: Sequence[Name]
) -> tuple[FactChange, ...]:
    # Both sides are read by one date, so that a page that gains or loses its date changes no fact.
    published = (content.published_at or work.article.first_seen_at).date()
    found = facts.extract_facts(decision.sentences, content.language, published=published)
    found = facts.with_speakers(facts.without_notes(found, content.corrections), names)
    held = ledger.current_facts(work.connection, work.article.article_id) if previous else ()
    if held and previous:
        before = changes.split_sentences(previous.text, previous.language)
        held = facts.locate(held, facts.extract_facts(before, previous.language, published=published))
    links = () if decision.kind is VersionKind.REWRITTEN else decision.comparison.links
    dropped = ledger.dropped_facts(work.connection, work.article.article_id) if previous else ()
    done = facts.reconcile(held, found, links, dropped=dropped)
    return facts.with_retold(done, decision.sentences, content.language)


def _new_corrections(content: Content, previous: Version | None) -> tuple[str, ...]:
    if previous is None:
        return ()
    before = _notes_of(previous)
    fresh = changes.fresh_notes(previous.text, before, content.text, content.corrections, language=content.language)
    if not fresh and changes.is_now_corrected(previous.headline, content.headline):
        return (content.headline,)
    return fresh


def _notes_that_differ(content: Content, previous: Version | None) -> tuple[str, ...]:
    if previous is None:
        return ()
    return changes.notes_that_differ(previous.text, _notes_of(previous), content.text, content.corrections)


def _notes_of(version: Version) -> tuple[str, ...]:
    return articles.corrections_in(version.text.split("\n"), version.language)


def _read_alike(work: Work, stored: Version, content: Content) -> Version:
    """Return the version with its text as today's extractor reads it: an extractor upgrade is not an edit."""
    if stored.extractor == content.extractor:
        return stored
    behind = recording.capture_behind(work.connection, stored)
    again = read(replace(behind, outcome=Outcome.NEW_BODY), work.known.boilerplate) if behind else None
    if not isinstance(again, Content) or again.payment is Payment.WALL:
        return stored
    again = changes.with_kept_entries(stored, again)
    return replace(
        stored,
        live_entries=again.live_entries,
        headline=again.headline,
        text=again.text,
        language=again.language,
        extractor=again.extractor,
        content_sha256=changes.content_sha256(again.headline, again.text),
    )


def _entries_say_so(work: Work, language: str | None) -> bool:
    """Tell whether the feed calls the story developing ("LIVE: ...") where the page itself does not."""
    entries = recording.entry_texts(work.connection, work.article.article_id)
    return any(articles.markers_in(title, [summary], language) for title, summary in entries)


def _joined_story(work: Work, content: Content, article: Article) -> tuple[int | None, bool]:
    """Return the story that the article tells, if there is one, and whether the article has just joined it."""
    if article.story_id is not None:
        return article.story_id, False
    at = work.capture.captured_at
    recording.lock_opening(work.connection)
    others = recording.open_stories(
        work.connection,
        work.known.leads,
        since=at - stories.JOIN_WINDOW,
        language=content.language,
        publisher=article.publisher,
    )
    joined = stories.join(content, publisher=article.publisher, stories=others, now=at)
    return joined, joined is not None


def _open_story(work: Work, content: Content, article: Article, *, versions: int) -> int:
    """Make a story that so far this article alone tells; return its number."""
    return recording.open_story(
        work.connection,
        headline=content.headline,
        status=StoryStatus.DEVELOPING if article.status is ArticleStatus.FOLLOWING else StoryStatus.SETTLED,
        url=article.url,
        versions=versions,
        now=work.capture.captured_at,
    )
