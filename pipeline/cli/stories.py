"""`writethru stories`, `show`, `facts`, `tail`: the record in a terminal."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.panel import Panel
from rich.text import Text

from pipeline.articles import normalise_url
from pipeline.cli.console import (
    AsCsv,
    AsJson,
    Format,
    as_record,
    check_reader,
    column,
    columns_help,
    format_of,
    note,
    number,
    out,
    print_json,
    print_rows,
    prose,
    when,
)
from pipeline.cli.database import connection, database, revive
from pipeline.cli.drawing import change_text, fact_value, publisher_text, rival_value, status_text
from pipeline.cli.moments import FORMS, moment
from pipeline.cli.questions import print_history
from pipeline.errors import DatabaseUnavailableError, UsageError
from pipeline.model import FactKind, StoryStatus
from pipeline.store import questions, reading
from pipeline.store.connections import Connection, connection_to
from pipeline.store.reading import ArticleRow, FactRow, StoryRow, TimelineRow

StoryName = Annotated[
    str, typer.Argument(metavar="STORY", help="Number of the story, or address of one of its articles.")
]
MOST_ROWS = 1_000_000
TAIL_COLUMNS = columns_help(TimelineRow).replace("--json and --csv", "--json")
TAIL_WAIT_SECONDS = 1.0
TAIL_OUTAGE_SECONDS = 2.0


def list_stories(
    status: Annotated[StoryStatus | None, typer.Option(help="Only stories of this status.")] = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, max=MOST_ROWS, help="How many at the most.")] = 50,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List stories: developing ones first, the last changed first."""
    with connection() as opened:
        rows = reading.list_stories(opened, status=status.value if status else None, most=most)
    print_rows(
        StoryRow,
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            number("story", lambda row: str(row.story_id)),
            column("status", lambda row: status_text(row.status)),
            column("last changed", lambda row: when(row.last_changed_at)),
            number("versions", lambda row: str(row.versions)),
            number("articles", lambda row: str(row.articles)),
            prose("headline", lambda row: row.headline),
        ],
        empty=f"No story is {status.value}." if status else "No stories yet: `writethru run --once` polls what is due.",
    )


def show(story: StoryName, as_json: AsJson = False) -> None:
    """Show a story: its articles, its latest facts, and what happened, in order."""
    with connection() as opened:
        found = _story(opened, story)
        articles = reading.articles_of(opened, found.story_id)
        facts_known = reading.facts_of(opened, found.story_id)
        timeline = reading.timeline_of(opened, found.story_id)
    if as_json:
        print_json(
            {
                "story": as_record(found),
                "articles": [as_record(row) for row in articles],
                "facts": [as_record(row) for row in facts_known],
                "timeline": [as_record(row) for row in timeline],
            }
        )
        return
    title = Text.assemble((found.headline, "bold"), "\n", status_text(found.status), f"  {found.url}")
    out.print(Panel(title, title=f"story {found.story_id}", title_align="left"))
    _print_articles(articles)
    out.print()
    _print_facts([fact for fact in facts_known if fact.kind != FactKind.QUOTE], Format.TABLE)
    out.print()
    _print_timeline(timeline)


def facts(
    story: StoryName,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", parser=moment, metavar="TIME", help=f"What was known then: {FORMS}.")
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="Every value of each figure, as a chart.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show a story's latest facts, those known at a moment, or how they came to be."""
    if history and as_of is not None:
        raise UsageError("--history shows all times: leave out --as-of")
    with connection() as opened:
        found = _story(opened, story)
        if history:
            print_history(questions.history_of(opened, found.story_id), format_of(as_json=as_json, as_csv=as_csv))
            return
        rows = reading.facts_of(opened, found.story_id, at=as_of)
    _print_facts(rows, format_of(as_json=as_json, as_csv=as_csv), at=as_of)


def tail(
    story: Annotated[str | None, typer.Option("--story", metavar="STORY", help="Only this story.")] = None,
    last: Annotated[
        int, typer.Option("--last", "-n", min=0, max=MOST_ROWS, help="Begin with so many earlier events.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show events as they happen, until Ctrl-C.

    Where Postgres goes away, it goes on when that is back, with what was missed.
    """
    told: _Told | None = None
    with database() as url:
        while True:
            try:
                with connection_to(url, application="writethru cli") as opened:
                    # Listening begins before the look at what has happened, so that no event falls between the two.
                    opened.execute("listen news_events")
                    if told is None:
                        told = _Told(story_id=_story(opened, story).story_id if story else None, as_json=as_json)
                        told.tell(reading.last_events(opened, story_id=told.story_id, most=last))
                        told.newest = reading.last_event_id(opened)
                        if not as_json:
                            note("Waiting for events (Ctrl-C ends).")
                    else:
                        told.tell(reading.events_after(opened, told.newest, story_id=told.story_id, most=MOST_ROWS))
                    _tell_as_they_come(opened, told)
            except DatabaseUnavailableError as error:
                if told is None:
                    raise
                note(f"{error} Trying again in {TAIL_OUTAGE_SECONDS:.0f} s.")
                time.sleep(TAIL_OUTAGE_SECONDS)
                revive()


@dataclass(slots=True)
class _Told:
    """What `tail` has shown: the newest event, and those that it found by itself when it began to listen."""

    story_id: int | None
    as_json: bool
    newest: int = 0
    found: frozenset[int] = frozenset()

    def tell(self, rows: Sequence[TimelineRow]) -> None:
        """Show events that happened before the listening began."""
        self.found = frozenset(row.event_id for row in rows)
        for row in rows:
            self.tell_one(row)

    def tell_one(self, row: TimelineRow) -> None:
        """Show an event."""
        _print_event(row, as_json=self.as_json)
        self.newest = max(self.newest, row.event_id)


def _tell_as_they_come(opened: Connection, told: _Told) -> None:
    while True:
        check_reader()
        # By their own numbers, one by one: transactions do not end in the order in which their events got numbers.
        # Taken all before asking for any: while the generator lives, the connection is locked.
        for notice in list(opened.notifies(timeout=TAIL_WAIT_SECONDS, stop_after=1)):
            event_id = _event_id(notice.payload)
            rows = reading.events_after(opened, event_id - 1, story_id=told.story_id, most=1)
            if event_id not in told.found and rows and rows[0].event_id == event_id:
                told.tell_one(rows[0])


def _event_id(payload: str) -> int:
    try:
        return int(json.loads(payload)["event_id"])
    except (ValueError, KeyError, TypeError):
        return 0  # somebody else's notice: anyone who may log in may send one


def _print_event(row: TimelineRow, *, as_json: bool) -> None:
    if as_json:
        print_json(as_record(row), one_line=True)
        return
    line = Text.assemble(
        (when(row.occurred_at), "dim"), f"  story {row.story_id}  ", (row.kind, "bold"), f"  {row.summary}"
    )
    out.print(line, soft_wrap=True)


def _print_articles(rows: Sequence[ArticleRow]) -> None:
    print_rows(
        ArticleRow,
        rows,
        Format.TABLE,
        [
            number("article", lambda row: str(row.article_id)),
            prose("publisher", lambda row: row.publisher),
            column("status", lambda row: status_text(row.status)),
            number("versions", lambda row: str(row.versions)),
            column("last changed", lambda row: when(row.last_changed_at)),
            column("next look", lambda row: when(row.next_capture_at)),
        ],
        empty="No articles.",
    )


def _print_timeline(rows: Sequence[TimelineRow]) -> None:
    print_rows(
        TimelineRow,
        rows,
        Format.TABLE,
        [
            column("when", lambda row: when(row.occurred_at)),
            column("event", lambda row: row.kind),
            prose("publisher", lambda row: row.publisher or "-"),
            prose("what", lambda row: row.summary),
        ],
        empty="Nothing happened yet.",
    )


def _print_facts(rows: Sequence[FactRow], how: Format, *, at: datetime | None = None) -> None:
    quotes = [row for row in rows if row.kind == FactKind.QUOTE] if how is Format.TABLE else []
    print_rows(
        FactRow,
        [row for row in rows if row not in quotes],
        how,
        [
            column("kind", lambda row: row.kind),
            prose("value", fact_value),
            prose("what", lambda row: row.subject),
            prose("says", lambda row: row.attribution or "-"),
            prose("before", change_text),
            column("as of", lambda row: when(row.as_of)),
            prose("publisher", publisher_text),
        ],
        empty=f"No facts were known at {when(at)}." if at else "No facts.",
    )
    if how is Format.TABLE:
        _print_rivals([(row, rival) for row in rows for rival in row.rivals if row not in quotes])
    if quotes:
        out.print()
        print_rows(
            FactRow,
            quotes,
            how,
            [
                prose("quoted", lambda row: row.attribution or "-"),
                prose("sentence", lambda row: row.sentence),
                column("as of", lambda row: when(row.as_of)),
            ],
            empty="",
        )


def _print_rivals(rivals: Sequence[tuple[FactRow, dict[str, Any]]]) -> None:
    """Print what other articles say of the same things: nothing is averaged, and nothing is left out."""
    if not rivals:
        return
    out.print()
    print_rows(
        FactRow,
        rivals,
        Format.TABLE,
        [
            column("elsewhere", lambda pair: pair[0].kind),
            prose("value", lambda pair: rival_value(*pair)),
            prose("what", lambda pair: pair[0].subject),
            prose("says", lambda pair: pair[1]["attribution"] or "-"),
            column("as of", lambda pair: when(datetime.fromisoformat(pair[1]["as_of"]))),
            prose("publisher", lambda pair: pair[1]["publisher"]),
        ],
        empty="",
    )


def _story(opened: Connection, name: str) -> StoryRow:
    return reading.find_story(opened, name, address=normalise_url(name))
