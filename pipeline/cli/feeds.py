"""`writethru feeds`: what is polled."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.checking import check_feed
from pipeline.cli.console import format_of, note, out, print_rows, when
from pipeline.cli.database import connection, database
from pipeline.config import settings
from pipeline.errors import UsageError
from pipeline.feeds import read_opml, write_opml
from pipeline.model import FeedSubscription, Follow
from pipeline.steps import add_feeds
from pipeline.store import subscriptions
from pipeline.store.subscriptions import FeedRow

app = typer.Typer(no_args_is_help=True, help="The feeds that are polled.")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV.")]


@app.command("add")
def add(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds.")],
    follow: Annotated[
        Follow, typer.Option(help="Which articles to follow beyond their first version.")
    ] = Follow.DEVELOPING,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it (default: from the address).")] = None,
    every: Annotated[int | None, typer.Option(min=1, help="Seconds between two polls.")] = None,
) -> None:
    """Add feeds; one that is there already takes over what is said here, and is polled again if it was disabled."""
    wanted = [
        FeedSubscription(
            url=url, publisher=publisher, follow=follow, poll_every=timedelta(seconds=every) if every else None
        )
        for url in urls
    ]
    _add(wanted)


@app.command("list")
def list_feeds(as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Show all feeds and how they are doing."""
    with connection() as opened:
        rows = subscriptions.list_feeds(opened)
    print_rows(
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            ("#", lambda row: str(row.feed_id)),
            ("publisher", lambda row: row.publisher),
            ("status", lambda row: row.status),
            ("last outcome", _outcome),
            ("polled", lambda row: when(row.last_polled_at)),
            ("next", lambda row: when(row.next_poll_at) if not row.disabled_reason else "-"),
            ("#24 h", lambda row: str(row.entries_24h)),
            ("address", lambda row: row.url),
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
    with connection() as opened:
        unknown = [name for name in names if not subscriptions.remove_feed(opened, name)]
    if unknown:
        raise UsageError(f"no feed goes by {', '.join(unknown)}: `writethru feeds list` shows them")
    out.print(f"Removed {len(names)}.")


@app.command("check")
def check(urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of feeds.")]) -> None:
    """Poll feeds without storing anything, and explain what is seen. Exits 1 if one cannot be read."""
    results = [check_feed(url, settings()) for url in urls]
    if not all(results):
        raise typer.Exit(1)


@app.command("import")
def import_opml(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - reads standard input.")],
) -> None:
    """Add all feeds of an OPML file."""
    if str(path) == "-":
        body = sys.stdin.buffer.read()
    elif path.is_file():
        body = path.read_bytes()
    else:
        raise UsageError(f"there is no file {path}")
    _add(list(read_opml(body)))


@app.command("export")
def export_opml(
    path: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; default: standard output.")] = None,
) -> None:
    """Write all feeds as OPML."""
    with connection() as opened:
        body = write_opml(subscriptions.subscriptions_of(opened))
    if path is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        path.write_bytes(body)
        note(f"Wrote {path}.")


def _add(wanted: list[FeedSubscription]) -> None:
    with database() as url:
        new = add_feeds(url, settings(), wanted)
    out.print(f"Added {new} feed{'s' if new != 1 else ''}; {len(wanted) - new} were there already.")
