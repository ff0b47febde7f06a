"""Writing to the terminal: results to standard output, everything else to standard error."""

import csv
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import structlog
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pipeline.store.rows import json_number

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Format(StrEnum):
    """How rows come out."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def format_of(*, as_json: bool, as_csv: bool) -> Format:
    """Return the format that the flags ask for; JSON wins."""
    return Format.JSON if as_json else Format.CSV if as_csv else Format.TABLE


def configure_logs(*, verbose: bool) -> None:
    """Send logs to standard error: warnings, or everything with `verbose`."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("info" if verbose else "warning"),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def complain(message: str, *, advice: str | None = None) -> None:
    """Tell what went wrong, and what to do."""
    err.print(Text.assemble(("writethru: ", "bold red"), message))
    if advice and advice not in message:
        err.print(advice)


def note(message: str) -> None:
    """Say something that is not the result."""
    err.print(message, style="dim", markup=False)


def plain(value: object) -> Any:
    """Return a value as JSON can carry it."""
    if isinstance(value, Decimal):
        return json_number(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def as_record(row: Any) -> dict[str, Any]:
    """Return a dataclass row as a JSON-ready record."""
    return {field.name: plain(getattr(row, field.name)) for field in dataclasses.fields(row)}


def print_json(value: object) -> None:
    """Print one JSON value on standard output, in one piece, unwrapped."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None) + "\n")
    sys.stdout.flush()


Cell = str | Text
Column = tuple[str, Callable[[Any], Cell]]


def print_rows(rows: Sequence[Any], how: Format, columns: Sequence[Column], *, empty: str) -> None:
    """Print dataclass rows: as a table of the given columns, or whole as JSON or CSV."""
    if how is Format.JSON:
        print_json([as_record(row) for row in rows])
    elif how is Format.CSV:
        _print_csv(rows)
    elif not rows:
        note(empty)
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title, _ in columns:
            table.add_column(title, overflow="fold", justify="right" if title.startswith("#") else "left")
        for row in rows:
            table.add_row(*(_safe(cell(row)) for _, cell in columns))
        out.print(table)


def _safe(cell: Cell) -> Text:
    """Text from outside is text: no markup of the terminal's is read from it, no control character passes."""
    text = cell if isinstance(cell, Text) else Text(cell)
    if text.plain.isprintable():
        return text
    return Text("".join(ch if ch.isprintable() or ch == "\n" else "\N{REPLACEMENT CHARACTER}" for ch in text.plain))


def _print_csv(rows: Sequence[Any]) -> None:
    writer: Any = None
    for row in rows:
        record = {
            key: json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
            for key, value in as_record(row).items()
        }
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(record))
            writer.writeheader()
        writer.writerow(record)


def when(moment: datetime | None) -> str:
    """Return a moment in local time, to the second; a dash where there is none."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else "-"


@contextmanager
def progress() -> Iterator[Callable[[str, int | None], Callable[[int], None]]]:
    """Show a bar per step on a terminal while work is going on; elsewhere show nothing."""
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )

    def start(step: str, total: int | None) -> Callable[[int], None]:
        task = bars.add_task(step, total=total)
        return lambda done: bars.advance(task, done)

    with bars:
        yield start
