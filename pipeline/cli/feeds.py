"""`writethru feeds`: what is polled."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.checking import check_feed
from pipeline.cli.console import (
    AsCsv,
    AsJson,
    column,
    columns_help,
    format_of,
    note,
    number,
    print_rows,
    prose,
    say,
    when,
    working,
    write,
)
from pipeline.cli.database import connection, database, settings_in_use
from pipeline.config import settings
from pipeline.errors import UnknownStoryError, UsageError
from pipeline.feeds import OPML_MAX_BYTES, read_opml, write_opml
from pipeline.model import FeedSubscription, Follow
from pipeline.steps import add_feeds, checked_address
from pipeline.store import subscriptions
from pipeline.store.subscriptions import FeedRow

app = typer.Typer(no_args_is_help=True, help="The feeds that are polled.")

MOST_SECONDS = 366 * 24 * 3600


@app.command("add")
def add(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds.")],
    follow: Annotated[
        Follow, typer.Option(help="Which articles to follow beyond their first version.")
    ] = Follow.DEVELOPING,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it (default: from the address).")] = None,
    every: Annotated[
        int | None, typer.Option(min=1, max=MOST_SECONDS, metavar="SECONDS", help="How often to poll.")
    ] = None,
) -> None:
    """Add feeds; one that is there already takes over what is said here, and is polled again if it was disabled."""
    wanted = [
        FeedSubscription(
            url=url, publisher=publisher, follow=follow, poll_every=timedelta(seconds=every) if every else None
        )
        for url in urls
    ]
    _add(wanted)


@app.command("list", epilog=columns_help(FeedRow))
def list_feeds(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Show all feeds and how they are doing."""
    with connection() as opened:
        rows = subscriptions.list_feeds(opened)
    print_rows(
        FeedRow,
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            number("feed", lambda row: str(row.feed_id)),
            prose("publisher", lambda row: row.publisher),
            column("status", lambda row: row.status),
            column("polled", lambda row: when(row.last_polled_at)),
            column("last outcome", _outcome),
            number("24 h", lambda row: str(row.entries_24h)),
            prose("address", lambda row: row.url),
        ],
        empty="No feeds yet: add one with `writethru feeds add URL`, or `writethru feeds import FILE`.",
    )


def _outcome(row: FeedRow) -> str:
    if row.disabled_reason:
        return row.disabled_reason
    return " ".join(filter(None, [row.last_outcome or "-", f"x{row.failures}" if row.failures else ""]))


@app.command("remove")
def remove(names: Annotated[list[str], typer.Argument(metavar="FEED...", help="Addresses or numbers.")]) -> None:
    """Poll feeds no more. Their articles and all that was recorded of them stay."""
    with connection() as opened, opened.transaction():
        unknown = [name for name in dict.fromkeys(names) if not subscriptions.remove_feed(opened, name)]
        if unknown:
            raise UnknownStoryError(
                f"no feed goes by {', '.join(map(repr, unknown))}, and none was removed: "
                "`writethru feeds list` shows all with their numbers"
            )
    say(f"Removed {_feeds(len(set(names)))}.")


@app.command("check")
def check(urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds.")]) -> None:
    """Poll feeds without storing anything, and explain what is seen. Exit status 1 if one cannot be read."""
    for url in urls:
        checked_address(url)
    results = [check_feed(url, settings_in_use()) for url in urls]
    if not all(results):
        raise typer.Exit(1)


@app.command("import")
def import_opml(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - reads standard input.")],
) -> None:
    """Add all feeds of an OPML file, or none where one of them cannot be polled as written."""
    if str(path) == "-":
        body = sys.stdin.buffer.read(OPML_MAX_BYTES + 1)
    elif path.is_file():
        with path.open("rb") as file:
            body = file.read(OPML_MAX_BYTES + 1)
    else:
        raise UsageError(f"there is no file {path}")
    wanted = list(read_opml(body))
    if not wanted:
        raise UsageError(f"{path} lists no feeds: an outline of a feed has the attribute xmlUrl")
    _add(wanted)


@app.command("export")
def export_opml(
    path: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to; default, and -: standard output.")
    ] = None,
) -> None:
    """Write all feeds as OPML."""
    with connection() as opened:
        body = write_opml(subscriptions.subscriptions_of(opened))
    if path is None or str(path) == "-":
        write(body.decode("utf-8"))
    else:
        path.write_bytes(body)
        note(f"Wrote {path}.")


def _add(wanted: list[FeedSubscription]) -> None:
    with database() as url, working("feeds"):
        new = add_feeds(url, settings(), wanted)
    known = f"; {len(wanted) - new} there already" if new < len(wanted) else ""
    say(f"Added {_feeds(new)}{known}.")


def _feeds(number: int) -> str:
    return f"{number} feed{'' if number == 1 else 's'}"
