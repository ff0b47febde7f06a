"""The pages of stories: the list, one story, and what changed in it since a moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from pipeline.model import EventKind, FactKind, StoryStatus
from pipeline.store import reading
from pipeline.store.connections import Connection
from pipeline.store.reading import FactRow
from pipeline.stories import fact_name
from pipeline.web import charts, diffs, event_questions, questions
from pipeline.web.charts import Line
from pipeline.web.diffs import Sentence
from pipeline.web.event_questions import EventFilter, EventRow
from pipeline.web.questions import FactValue, NumbersAt
from pipeline.web.site import NUMBER_MOST, Moment, Site, StoryNumber, Text, address
from pipeline.web.words import stamp, whole_second

STORIES_ON_PAGE = 30
EVENTS_ON_PAGE = 50
UPDATES_SHOWN = 5
CHARTS_MOST = 4
ROWS_OF_CHART = 12
SENTENCES_MOST = 60
PAGES_MOST = 1000
DAY = timedelta(days=1)
EARLIEST = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
TOLD_BY_DIFFS = (
    EventKind.FIRST_SEEN,
    EventKind.UPDATED,
    EventKind.HEADLINE_CHANGED,
    EventKind.FACT_CHANGED,
    EventKind.REWRITTEN,
    EventKind.REVERTED,
)
"""Kinds of events of which a comparison of versions and facts says more."""


Before = Annotated[int | None, Query(ge=1, le=NUMBER_MOST, description="Number of the event below which to go on.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Events that came at once, with one version or none, and what changed in it."""

    events: tuple[EventRow, ...]
    updates: tuple[Sentence, ...]
    more: int

    @property
    def first(self) -> EventRow:
        """One of the events, for what they have in common."""
        return self.events[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A fact's course, drawn and in rows."""

    name: str
    unit: str | None
    drawing: Markup
    publishers: tuple[str, ...]
    values: tuple[FactValue, ...]
    older: int
    """How many values the rows leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed in one article since a moment."""

    numbers: NumbersAt
    old_headline: str | None
    new_headline: str
    sentences: tuple[Sentence, ...]
    more: int


def routes(site: Site) -> APIRouter:
    """Return the routes of these pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    def stories(
        request: Request,
        q: Text = None,
        status: Text = None,
        publisher: Text = None,
        page: Annotated[int, Query(ge=1, le=PAGES_MOST)] = 1,
    ) -> HTMLResponse:
        """Stories, developing first."""
        wanted = questions.StoryFilter(words=q, status=status, publisher=publisher)
        with site.record.reading() as connection:
            cursor = event_questions.place_now(connection)
            rows = questions.stories(connection, wanted, most=STORIES_ON_PAGE + 1, skip=(page - 1) * STORIES_ON_PAGE)
            publishers = questions.publishers(connection)

        def turned(number: int) -> str:
            asked = {"q": q, "status": status, "publisher": publisher, "page": number if number > 1 else None}
            return address(request, "/", **asked)

        return site.page(
            request,
            "stories.html",
            stories=rows[:STORIES_ON_PAGE],
            cursor=cursor,
            wanted=wanted,
            feed=address(request, "/atom.xml", publisher=publisher),
            publishers=publishers,
            statuses=[status.value for status in StoryStatus],
            older=turned(page + 1) if len(rows) > STORIES_ON_PAGE and page < PAGES_MOST else None,
            newer=turned(page - 1) if page > 1 else None,
        )

    @router.get("/stories")
    def all_stories(request: Request) -> RedirectResponse:
        """Lead who has cut off an address's end to the list."""
        return RedirectResponse(address(request, "/", **request.query_params))

    @router.get("/stories/{story_id}", response_class=HTMLResponse)
    def story(
        request: Request,
        story_id: StoryNumber,
        at: Moment = None,
        before: Before = None,
    ) -> HTMLResponse:
        """One story: its facts, their course, and what happened."""
        with site.record.reading() as connection:
            cursor = event_questions.place_now(connection)  # first: what comes meanwhile is told, not lost
            found = questions.story(connection, story_id)
            articles = reading.articles_of(connection, story_id)
            facts = reading.facts_of(connection, story_id, at=at)
            moved = [fact.key for fact in facts if fact.changes and fact.kind != "quote"][:CHARTS_MOST]
            history = questions.fact_history(connection, story_id, keys=moved, at=at)
            events = event_questions.events(connection, story_id=story_id, before=before, most=EVENTS_ON_PAGE + 1)
            happenings = happenings_of(connection, events[:EVENTS_ON_PAGE])
            earlier, later = questions.moments_around(connection, story_id, at)
        places = {(value.key, value.publisher, value.since): value for value in history}

        def as_of(value: FactValue) -> str:
            return f"?at={stamp(value.since)}#facts"  # short: there are many of them

        def place_of(key: str, publisher: str, since: datetime) -> FactValue | None:
            return places.get((key, publisher, since))

        numbers = [fact for fact in facts if fact.kind != "quote"]
        return site.page(
            request,
            "story.html",
            story=found,
            cursor=cursor,
            articles=articles,
            facts=numbers,
            quotes=[fact for fact in facts if fact.kind == "quote"],
            rivals=[fact for fact in numbers if fact.rivals],
            charts=_charts(moved, history, until=datetime.now(UTC), as_of=as_of) if before is None else [],
            place_of=place_of,
            happenings=happenings,
            at=at,
            earlier=earlier,
            later=later,
            before=before,
            older=events[EVENTS_ON_PAGE - 1].event_id if len(events) > EVENTS_ON_PAGE else None,
            words_changed=diffs.words_changed,
        )

    @router.get("/stories/{story_id}/since", response_class=HTMLResponse)
    def since(request: Request, story_id: StoryNumber, at: Moment = None) -> HTMLResponse:
        """Compare a story with itself at a moment."""
        with site.record.reading() as connection:
            cursor = event_questions.place_now(connection)
            found = questions.story(connection, story_id)
            moment = at or whole_second(found.started_at)  # so that the form asks for what is shown
            facts_then = {fact.key: fact for fact in reading.facts_of(connection, story_id, at=moment)}
            facts_now = {fact.key: fact for fact in reading.facts_of(connection, story_id)}
            numbers = questions.numbers_at(connection, story_id, moment)
            wanted = EventFilter(begin=moment, end=END, story_id=story_id, without=TOLD_BY_DIFFS)
            events = event_questions.events_between(connection, wanted, most=EVENTS_ON_PAGE)
            changed = [_changed(connection, one) for one in numbers if one.new is not None and one.new != one.old]
        return site.page(
            request,
            "since.html",
            story=found,
            cursor=cursor,
            at=moment,
            events=[event for event in events if event.occurred_at > moment],
            facts=_facts_changed(facts_then, facts_now),
            changed=changed,
            words_changed=diffs.words_changed,
        )

    _between(router, site)
    return router


def _between(router: APIRouter, site: Site) -> None:
    @router.get("/between", response_class=HTMLResponse)
    def between(request: Request, begin: Moment = None, end: Moment = None, before: Before = None) -> HTMLResponse:
        """Tell what was seen in a span of time, in all stories; of today where none is named."""
        until = end or datetime.now(UTC)
        start = begin or until.replace(hour=0, minute=0, second=0, microsecond=0)
        with site.record.reading() as connection:
            cursor = event_questions.place_now(connection)
            wanted = EventFilter(begin=start, end=until, before=before)
            events = event_questions.events_between(connection, wanted, most=EVENTS_ON_PAGE + 1)
            entries = [] if before else event_questions.entries_between(connection, start, until, most=EVENTS_ON_PAGE)
            happenings = happenings_of(connection, events[:EVENTS_ON_PAGE])
        return site.page(
            request,
            "between.html",
            begin=start,
            end=until,
            is_today=begin is None and end is None,
            cursor=cursor,
            happenings=happenings,
            before=before,
            older=events[EVENTS_ON_PAGE - 1].event_id if len(events) > EVENTS_ON_PAGE else None,
            day_before=start - DAY if start - EARLIEST > DAY else None,
            entries=entries,
            words_changed=diffs.words_changed,
        )


def happenings_of(connection: Connection, events: Sequence[EventRow]) -> list[Happening]:
    """Return events, the newest first, put together where they came at once, with what their versions changed."""
    version_ids = sorted({event.version_id for event in events if event.version_id is not None})
    updates = event_questions.updates_of(connection, version_ids, most=UPDATES_SHOWN)

    def at_once(event: EventRow) -> tuple[object, ...]:
        return (event.article_id, event.version_id, event.occurred_at)

    found, told = [], set()
    for _, group in groupby(events, key=at_once):
        together = tuple(reversed(list(group)))
        version_id = together[0].version_id
        # A version that brought several groups (it settled later) is shown with the first alone.
        rows = [] if version_id is None or version_id in told else updates.get(version_id, [])
        if any(event.kind in {"updated", "rewritten", "reverted"} for event in together):
            told.add(version_id)
        else:
            rows = []
        more = rows[0].total - len(rows) if rows else 0
        found.append(Happening(events=together, updates=tuple(map(diffs.of_update, rows)), more=more))
    return found


def _charts(
    keys: Sequence[str],
    history: Sequence[FactValue],
    *,
    until: datetime,
    as_of: Callable[[FactValue], str],
) -> list[Chart]:
    """Draw the facts that moved, in this order."""
    by_key = {key: list(values) for key, values in groupby(history, key=lambda value: value.key)}
    found = []
    for key in keys:
        values = charts.drawable(by_key.get(key, []))
        if not charts.has_course(values):
            continue
        by_article: dict[int, list[FactValue]] = {}
        for value in values:
            by_article.setdefault(value.article_id, []).append(value)
        lines = [Line(publisher=one[0].publisher, values=one) for one in by_article.values()]
        name = fact_name(values[-1].kind, values[-1].subject)
        found.append(
            Chart(
                name=name,
                unit=values[-1].unit,
                drawing=charts.step_chart(lines, until=until, name=name, address=as_of),
                publishers=tuple(line.publisher for line in lines[: charts.LINES_MOST]),
                values=tuple(sorted(values, key=lambda value: value.since, reverse=True))[:ROWS_OF_CHART],
                older=max(0, len(values) - ROWS_OF_CHART),
            )
        )
    return found


def _facts_changed(then: dict[str, FactRow], now: dict[str, FactRow]) -> list[tuple[FactRow | None, FactRow | None]]:
    either = now | {key: fact for key, fact in then.items() if key not in now}
    pairs = [(then.get(key), now.get(key)) for key, fact in either.items() if fact.kind != FactKind.QUOTE]
    return [(old, new) for old, new in pairs if _value(old) != _value(new)]


def _value(fact: FactRow | None) -> tuple[Any, ...] | None:
    return None if fact is None else (fact.low, fact.high, fact.qualifier, fact.attribution)


def _changed(connection: Connection, numbers: NumbersAt) -> Changed:
    new = reading.version(connection, numbers.article_id, numbers.new or 1)
    if numbers.old is None:
        return Changed(numbers=numbers, old_headline=None, new_headline=new.headline, sentences=(), more=0)
    old = reading.version(connection, numbers.article_id, numbers.old)
    sentences = [one for one in diffs.between(old, new) if one.kind != "same"]
    return Changed(
        numbers=numbers,
        old_headline=old.headline,
        new_headline=new.headline,
        sentences=tuple(sentences[:SENTENCES_MOST]),
        more=max(0, len(sentences) - SENTENCES_MOST),
    )
