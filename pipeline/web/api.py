"""The record for programs: JSON over HTTP, described by OpenAPI."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict

from pipeline.model import StoryStatus
from pipeline.store import reading
from pipeline.web import diffs, event_questions, questions
from pipeline.web.cursor import PATTERN, Cursor, read_cursor
from pipeline.web.questions import StoryLine
from pipeline.web.site import (
    NUMBER_MOST,
    ArticleNumber,
    Moment,
    OptionalVersion,
    Site,
    StoryNumber,
    Text,
    VersionNumber,
)
from pipeline.web.words import found_words

STORIES_MOST = 200
EVENTS_MOST = 1000
PAGES_MOST = 1000

Place = Annotated[
    str, Query(max_length=2000, pattern=PATTERN, description="Cursor of an earlier answer, or the number of an event.")
]


class _Row(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Problem(BaseModel):
    """What is wrong."""

    detail: str


class Story(_Row):
    """A story."""

    story_id: int
    headline: str
    status: str
    started_at: datetime
    last_changed_at: datetime
    articles: int
    publishers: int
    versions: int
    url: str


class Passage(BaseModel):
    """What a search found in a story: of the newest version that has the words, the passage and those words in it."""

    article_id: int
    number: int
    publisher: str
    text: str
    found: list[str]


class StoryFound(Story):
    """A story of a list; `passage` is null where no words were asked for."""

    passage: Passage | None


class Stories(BaseModel):
    """Stories, the developing ones first, the last changed first."""

    stories: list[StoryFound]
    more: bool


class ArticleOfStory(_Row):
    """An article that tells a story."""

    article_id: int
    publisher: str
    status: str
    versions: int
    first_seen_at: datetime
    last_changed_at: datetime | None
    next_capture_at: datetime | None
    url: str
    headline: str | None


class StoryWithArticles(Story):
    """A story with the articles that tell it."""

    told_by: list[ArticleOfStory]


class Fact(_Row):
    """A fact as it stands, or stood: a row of `latest_facts`."""

    key: str
    kind: str
    subject: str
    low: float | None
    high: float | None
    unit: str | None
    qualifier: str | None
    attribution: str | None
    publisher: str
    as_of: datetime
    previous_low: float | None
    previous_high: float | None
    previous_qualifier: str | None
    changes: int
    sources: int
    rivals: list[dict[str, Any]]
    sentence: str
    url: str
    fact_id: int


class Facts(BaseModel):
    """The facts of a story."""

    facts: list[Fact]


class Event(_Row):
    """One thing that happened."""

    event_id: int
    story_id: int
    article_id: int | None
    version_id: int | None
    kind: str
    occurred_at: datetime
    summary: str
    details: dict[str, Any]
    publisher: str | None
    url: str | None
    number: int | None
    headline: str | None
    story: str


class Events(BaseModel):
    """Events behind a cursor, the oldest first; `next` is the cursor to go on from."""

    events: list[Event]
    next: str
    more: bool


class VersionLine(_Row):
    """A version without its text."""

    version_id: int
    number: int
    kind: str
    observed_at: datetime
    published_at: datetime | None
    modified_at: datetime | None
    headline: str
    byline: str | None
    words: int
    is_developing: bool


class Article(_Row):
    """An article with its versions, the newest first."""

    article_id: int
    story_id: int | None
    publisher: str
    url: str
    status: str
    first_seen_at: datetime
    last_changed_at: datetime | None
    next_capture_at: datetime | None
    told_in: list[VersionLine]


class Version(_Row):
    """A version with its text."""

    version_id: int
    article_id: int
    number: int
    observed_at: datetime
    headline: str
    text: str
    language: str | None
    is_developing: bool
    extractor: str
    content_sha256: str


class Piece(_Row):
    """A run of text that stayed (`equal`), came (`insert`) or went (`delete`)."""

    op: str
    text: str


class Sentence(BaseModel):
    """A sentence of a diff."""

    kind: str
    pieces: list[Piece]


class Diff(BaseModel):
    """All sentences of two versions, in the order of the newer."""

    article_id: int
    old: int
    new: int
    headline: list[Piece]
    sentences: list[Sentence]


class Feed(_Row):
    """A feed and how it is doing."""

    feed_id: int
    url: str
    title: str | None
    publisher: str
    follow: str
    poll_every_seconds: float
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_outcome: str | None
    failures: int
    disabled_reason: str | None
    entries_24h: int
    success_rate_24h: float | None
    lag_seconds: float | None
    status: str


class Feeds(BaseModel):
    """The feeds, those in trouble first."""

    feeds: list[Feed]


_MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Problem}}


def routes(site: Site) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api", responses={503: {"model": Problem}})
    _story_routes(router, site)
    _article_routes(router, site)

    @router.get("/events", summary="Events behind a cursor: nothing is told twice, nothing is missed")
    def events(
        after: Place = "0",
        story: Annotated[int | None, Query(ge=1, le=NUMBER_MOST)] = None,
        most: Annotated[int, Query(ge=1, le=EVENTS_MOST)] = 100,
    ) -> Events:
        cursor = cursor_of(after)
        with site.record.reading() as connection:
            rows, then = event_questions.events_beyond(connection, cursor, story_id=story, most=most)
        return Events(events=[Event.model_validate(row) for row in rows], next=str(then), more=len(rows) == most)

    @router.get("/feeds", summary="The feeds and how they are doing")
    def feeds() -> Feeds:
        with site.record.reading() as connection:
            rows = questions.feeds(connection)
        return Feeds(
            feeds=[
                Feed.model_validate({**asdict(row), "poll_every_seconds": row.poll_every.total_seconds()})
                for row in rows
            ]
        )

    return router


def _story_routes(router: APIRouter, site: Site) -> None:
    @router.get("/stories", summary="Stories: searched, filtered, or all that changed since a moment")
    def stories(
        q: Text = None,
        status: StoryStatus | None = None,
        publisher: Text = None,
        changed_since: Moment = None,
        page: Annotated[int, Query(ge=1, le=PAGES_MOST)] = 1,
        most: Annotated[int, Query(ge=1, le=STORIES_MOST)] = 50,
    ) -> Stories:
        wanted = questions.StoryFilter(words=q, status=status, publisher=publisher, since=changed_since)
        with site.record.reading() as connection:
            rows = questions.stories(connection, wanted, most=most + 1, skip=(page - 1) * most)
        return Stories(stories=[_found(row) for row in rows[:most]], more=len(rows) > most)

    @router.get("/stories/{story_id}", summary="A story and the articles that tell it", responses=_MISSING)
    def story(story_id: StoryNumber) -> StoryWithArticles:
        with site.record.reading() as connection:
            found = questions.story(connection, story_id)
            articles = reading.articles_of(connection, story_id)
        return StoryWithArticles.model_validate({**asdict(found), "told_by": articles})

    @router.get(
        "/stories/{story_id}/facts", summary="The latest facts of a story, or those known then", responses=_MISSING
    )
    def facts(story_id: StoryNumber, at: Moment = None) -> Facts:
        with site.record.reading() as connection:
            questions.story(connection, story_id)
            rows = reading.facts_of(connection, story_id, at=at)
        return Facts(facts=[Fact.model_validate(row) for row in rows])


def _found(row: StoryLine) -> StoryFound:
    line = asdict(row)
    if row.passage:
        text, words = found_words(row.passage.text)
        line["passage"] |= {"text": text, "found": words}
    return StoryFound.model_validate(line)


def _article_routes(router: APIRouter, site: Site) -> None:
    @router.get("/articles/{article_id}", summary="An article and its versions", responses=_MISSING)
    def article(article_id: ArticleNumber) -> Article:
        with site.record.reading() as connection:
            found = questions.article(connection, article_id)
            versions = questions.versions(connection, article_id)
        return Article.model_validate({**asdict(found), "told_in": versions})

    @router.get("/articles/{article_id}/versions/{number}", summary="A version with its text", responses=_MISSING)
    def version(article_id: ArticleNumber, number: VersionNumber) -> Version:
        with site.record.reading() as connection:
            return Version.model_validate(reading.version(connection, article_id, number))

    @router.get(
        "/articles/{article_id}/diff", summary="What changed between two versions, word by word", responses=_MISSING
    )
    def diff(article_id: ArticleNumber, old: OptionalVersion = None, new: OptionalVersion = None) -> Diff:
        with site.record.reading() as connection:
            found = questions.article(connection, article_id)
            newer = new or max(1, found.versions)
            older = old or max(1, newer - 1)
            before = reading.version(connection, article_id, older)
            after = reading.version(connection, article_id, newer)
        return Diff(
            article_id=article_id,
            old=older,
            new=newer,
            headline=[Piece.model_validate(one) for one in diffs.words_changed(before.headline, after.headline)],
            sentences=[
                Sentence(kind=one.kind, pieces=[Piece.model_validate(piece) for piece in one.pieces])
                for one in diffs.between(before, after)
            ],
        )


def cursor_of(text: str) -> Cursor:
    """Read a cursor. Raises 400 if it is none."""
    try:
        return read_cursor(text)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
