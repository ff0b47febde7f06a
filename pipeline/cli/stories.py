"""`writethru stories`, `show`, `diff`, `facts`, `tail`: the record in a terminal."""

from datetime import datetime
from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from pipeline import changes
from pipeline.articles import normalise_url
from pipeline.cli.console import as_record, format_of, note, out, print_json, print_rows, when
from pipeline.cli.database import connection
from pipeline.cli.drawing import change_text, diff_lines, fact_value, status_text
from pipeline.errors import UsageError
from pipeline.model import StoryStatus, Version
from pipeline.store import reading
from pipeline.store.connections import Connection
from pipeline.store.reading import FactRow, StoryRow, TimelineRow

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV.")]
StoryName = Annotated[
    str, typer.Argument(metavar="STORY", help="Number of the story, or address of one of its articles.")
]
TAIL_WAIT_SECONDS = 1.0


def list_stories(
    status: Annotated[StoryStatus | None, typer.Option(help="Only stories of this status.")] = None,
    most: Annotated[int, typer.Option("--most", "-n", min=1, help="How many at the most.")] = 50,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List stories: developing ones first, the last changed first."""
    with connection() as opened:
        rows = reading.list_stories(opened, status=status.value if status else None, most=most)
    print_rows(
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            ("#", lambda row: str(row.story_id)),
            ("status", lambda row: status_text(row.status)),
            ("last changed", lambda row: when(row.last_changed_at)),
            ("#versions", lambda row: str(row.versions)),
            ("#articles", lambda row: str(row.articles)),
            ("headline", lambda row: row.headline),
        ],
        empty="No stories yet: `writethru run --once` polls what is due.",
    )


def show(story: StoryName, as_json: AsJson = False) -> None:
    """Show a story: its articles, its latest facts, and what happened, in order."""
    with connection() as opened:
        found = _story(opened, story)
        articles = reading.articles_of(opened, found.story_id)
        facts = reading.facts_of(opened, found.story_id)
        timeline = reading.timeline_of(opened, found.story_id)
    if as_json:
        print_json(
            {
                "story": as_record(found),
                "articles": [as_record(row) for row in articles],
                "facts": [as_record(row) for row in facts],
                "timeline": [as_record(row) for row in timeline],
            }
        )
        return
    title = Text.assemble((found.headline, "bold"), "\n", status_text(found.status), f"  {found.url}")
    out.print(Panel(title, title=f"story {found.story_id}", title_align="left"))
    how = format_of(as_json=False, as_csv=False)
    print_rows(
        articles,
        how,
        [
            ("#article", lambda row: str(row.article_id)),
            ("publisher", lambda row: row.publisher),
            ("status", lambda row: status_text(row.status)),
            ("#versions", lambda row: str(row.versions)),
            ("last changed", lambda row: when(row.last_changed_at)),
            ("next look", lambda row: when(row.next_capture_at)),
        ],
        empty="No articles.",
    )
    out.print()
    _print_facts([fact for fact in facts if fact.kind != "quote"], as_json=False, as_csv=False)
    out.print()
    print_rows(
        timeline,
        how,
        [
            ("when", lambda row: when(row.occurred_at)),
            ("event", lambda row: row.kind),
            ("publisher", lambda row: row.publisher or "-"),
            ("what", lambda row: row.summary),
        ],
        empty="Nothing happened yet.",
    )


def diff(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Number or address of an article.")],
    first: Annotated[int | None, typer.Argument(metavar="[FROM", min=1, help="Older version.")] = None,
    second: Annotated[int | None, typer.Argument(metavar="TO]", min=1, help="Newer version.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions of an article (default: the last two)."""
    with connection() as opened:
        found = reading.find_article(opened, article, address=normalise_url(article))
        newest = found.versions
        if newest < 2 and first is None:
            raise UsageError(f"article {found.article_id} has {newest} version so far: there is nothing to compare")
        new_number = second if second is not None else newest
        old_number = first if first is not None else new_number - 1
        old = reading.version(opened, found.article_id, old_number)
        new = reading.version(opened, found.article_id, new_number)
    before, after = _sentences(old), _sentences(new)
    comparison = changes.compare(before, after)
    if as_json:
        print_json(
            {
                "article_id": found.article_id,
                "from": old_number,
                "to": new_number,
                "old_headline": old.headline,
                "new_headline": new.headline,
                "updates": [as_record(update) for update in comparison.updates],
            }
        )
        return
    out.print(Text(f"{found.publisher}  {found.url}", style="dim"))
    out.print(
        Text(
            f"version {old_number}, {when(old.observed_at)}  →  version {new_number}, {when(new.observed_at)}",
            style="dim",
        )
    )
    for line in diff_lines(old, new, after, comparison):
        out.print(line)


def facts(
    story: StoryName,
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", help="What was known then (local time), e.g. 2026-11-23T14:30:00.")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show a story's latest facts, or those known at a moment."""
    at = as_of.astimezone() if as_of else None
    with connection() as opened:
        found = _story(opened, story)
        rows = reading.facts_of(opened, found.story_id, at=at)
    _print_facts(rows, as_json=as_json, as_csv=as_csv)


def tail(
    story: Annotated[str | None, typer.Option("--story", help="Only this story.")] = None,
    last: Annotated[int, typer.Option("--last", "-n", min=0, help="Begin with so many earlier events.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show events as they happen, until Ctrl-C."""
    with connection() as opened:
        story_id = _story(opened, story).story_id if story else None
        # Listening begins before the first look, so that no event falls between the two.
        opened.execute("listen news_events")
        seen = reading.last_event_id(opened)
        for row in reading.last_events(opened, story_id=story_id, most=last):
            _print_event(row, as_json=as_json)
        if not as_json:
            note("Waiting for events (Ctrl-C ends).")
        while True:
            for _ in opened.notifies(timeout=TAIL_WAIT_SECONDS, stop_after=1):
                pass
            for row in reading.events_after(opened, seen, story_id=story_id):
                _print_event(row, as_json=as_json)
                seen = max(seen, row.event_id)


def _print_event(row: TimelineRow, *, as_json: bool) -> None:
    if as_json:
        print_json(as_record(row))
        return
    line = Text.assemble(
        (when(row.occurred_at), "dim"), f"  story {row.story_id}  ", (row.kind, "bold"), f"  {row.summary}"
    )
    out.print(line, soft_wrap=True)


def _print_facts(rows: tuple[FactRow, ...] | list[FactRow], *, as_json: bool, as_csv: bool) -> None:
    print_rows(
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            ("kind", lambda row: row.kind),
            ("value", fact_value),
            ("what", lambda row: row.subject),
            ("says", lambda row: row.attribution or "-"),
            ("before", change_text),
            ("as of", lambda row: when(row.as_of)),
            ("publisher", lambda row: row.publisher),
        ],
        empty="No facts.",
    )


def _story(opened: Connection, name: str) -> StoryRow:
    return reading.find_story(opened, name, address=normalise_url(name))


def _sentences(version: Version) -> tuple[str, ...]:
    return changes.split_sentences(version.text, version.language)
