"""Writing to the terminal: results to standard output, everything else to standard error."""

import csv
import dataclasses
import io
import json
import re
import select
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import structlog
import typer
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.config import unknown_variables
from pipeline.store.rows import cell_text, json_number

#: What a terminal obeys, or what turns the order of letters round: control characters (but tab and newline), lone
#: surrogates, line separators, and Unicode's bidirectional embeddings. Joiners, soft hyphens and odd spaces are text.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: JSON escapes the characters below U+0020 by itself; terminals obey these too.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="As CSV.")]

PROSE_MIN_WIDTH = 9
TABLE_GAP = 2


class OutputClosedError(Exception):
    """Who reads our output (`head`, say) has seen enough; there is nobody left to write for."""


def harmless(text: str) -> str:
    """Return text in which nothing can steer a terminal: each such character becomes U+FFFD."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


class _HarmlessConsole(Console):
    """A console on which text from outside is text: no control character of it reaches the terminal."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            if segment.control or not _UNSAFE.search(segment.text):
                yield segment
            else:
                yield Segment(harmless(segment.text), segment.style)

    def on_broken_pipe(self) -> NoReturn:
        raise OutputClosedError


out = _HarmlessConsole(highlight=False)
err = _HarmlessConsole(stderr=True, highlight=False)


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
            _harmless_log,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _harmless_log(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: harmless(value) if isinstance(value, str) else value for key, value in event.items()}


def complain(message: str, *, advice: str | None = None) -> None:
    """Tell what went wrong, and what to do. Never wrapped: addresses and commands in it are to be copied."""
    err.print(Text.assemble(("writethru: ", "bold red"), message), soft_wrap=True)
    if advice and advice not in message:
        err.print(Text(advice), soft_wrap=True)


def note(message: str) -> None:
    """Say something that is not the result."""
    err.print(Text(message, style="dim"), soft_wrap=True)


def tell_unknown_variables() -> None:
    """Say which variables of the environment are misspelt settings; nothing else would."""
    for name, meant in unknown_variables().items():
        note(f"{name} is no setting, so it changes nothing" + (f": did you mean {meant}?" if meant else "."))


def say(message: str) -> None:
    """Print one line that is the result."""
    out.print(Text(message), soft_wrap=True)


def plain(value: object) -> Any:
    """Return a value as JSON can carry it: durations are seconds, times are ISO 8601 with their offset."""
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


def write_in_any_encoding() -> None:
    """Let a character that this terminal's or pipe's encoding lacks come out as "?", not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def write(text: str) -> None:
    """Write to standard output at once. Raises `OutputClosedError` where nobody reads it any more.

    As it is, but that rows are for programs: a character that the encoding lacks is escaped, not lost.
    """
    encoding = sys.stdout.encoding
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error


def check_reader() -> None:
    """Raise `OutputClosedError` if nobody reads our output any more; for those who write seldom."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        states = [state for _, state in poll.poll(0)]
    except (AttributeError, OSError, ValueError):
        return  # no such thing here: the next write will tell
    if any(state & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for state in states):
        raise OutputClosedError


def print_json(value: object, *, one_line: bool = False) -> None:
    """Print one JSON value: for people indented on a terminal, unless it has to be `one_line` of many."""
    indent = 2 if sys.stdout.isatty() and not one_line else None
    text = json.dumps(value, ensure_ascii=not sys.stdout.encoding.lower().startswith("utf"), indent=indent)
    write(_UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table on the terminal."""

    title: str
    cell: Callable[[Any], str | Text]
    right: bool = False
    whole: bool = True
    """Keeps its line, so that what comes from outside is folded where space is short."""


def column(title: str, cell: Callable[[Any], str | Text]) -> Column:
    """Return a column of short words of ours, or of times."""
    return Column(title=title, cell=cell)


def number(title: str, cell: Callable[[Any], str | Text]) -> Column:
    """Return a column of numbers."""
    return Column(title=title, cell=cell, right=True)


def prose(title: str, cell: Callable[[Any], str | Text]) -> Column:
    """Return a column of words from outside, folded where space is short."""
    return Column(title=title, cell=cell, whole=False)


def print_rows(kind: type, rows: Sequence[Any], how: Format, columns: Sequence[Column], *, empty: str) -> None:
    """Print rows of the dataclass `kind`: as a table of the given columns, or whole as JSON or CSV."""
    if how is Format.JSON:
        print_json([as_record(row) for row in rows])
    elif how is Format.CSV:
        write(_csv(kind, rows))
    elif not rows:
        note(empty)
    else:
        cells = [[cell if isinstance(cell := one.cell(row), Text) else Text(cell) for one in columns] for row in rows]
        least = _least_widths(columns, cells)
        if sum(least) + TABLE_GAP * (len(least) - 1) <= out.width:
            out.print(_table(columns, cells, least))
        else:
            # Squeezed, the columns of words would vanish first: the headline of a story, the name of a rule.
            for one in cells:
                out.print(_stack(columns, one))
                out.print()


def _least_widths(columns: Sequence[Column], cells: Sequence[Sequence[Text]]) -> list[int]:
    """Return how wide the columns of a table must be in which nothing but words from outside is folded."""
    widths = []
    for place, one in enumerate(columns):
        longest = max(cell_len(one.title), *(row[place].cell_len for row in cells))
        widths.append(longest if one.whole else min(longest, PROSE_MIN_WIDTH))
    return widths


def _table(columns: Sequence[Column], cells: Sequence[Sequence[Text]], least: Sequence[int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, TABLE_GAP // 2))
    for one, width in zip(columns, least, strict=True):
        table.add_column(
            one.title,
            overflow="fold",
            no_wrap=one.whole,
            min_width=width,
            justify="right" if one.right else "left",
        )
    for row in cells:
        table.add_row(*row)
    return table


def _stack(columns: Sequence[Column], cells: Sequence[Text]) -> Table:
    """Return one row as lines of name and value, for a terminal that is too narrow for all of them side by side."""
    stack = Table(box=None, pad_edge=False, show_header=False)
    stack.add_column(style="bold", no_wrap=True)
    stack.add_column(overflow="fold")
    for one, cell in zip(columns, cells, strict=True):
        stack.add_row(one.title, cell)
    return stack


def _csv(kind: type, rows: Sequence[Any]) -> str:
    """Return CSV (RFC 4180, but with the line ends of this system) with a header line, also where there are no rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in dataclasses.fields(kind)], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _csv_cell(value) for key, value in as_record(row).items()})
    return text.getvalue()


def _csv_cell(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return cell_text(harmless(value)) if isinstance(value, str) else value


def columns_help(kind: type) -> str:
    """Return the line of a command's help that names the columns of its `--json` and `--csv`."""
    names = ", ".join(field.name for field in dataclasses.fields(kind))
    return f"Columns of --json and --csv: {names}."


def when(moment: datetime | None) -> str:
    """Return a moment in local time: the time alone if it was today; a dash where there is none."""
    if moment is None:
        return "-"
    local = moment.astimezone()
    today = datetime.now(UTC).astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something is under way, and for how long; elsewhere nothing."""
    with _bars(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as bars:
        bars.add_task(what, total=None)
        yield


@contextmanager
def progress() -> Iterator[Callable[[str, int | None], Callable[[int], None]]]:
    """Show a bar per step on a terminal while work is going on; elsewhere show nothing."""
    bars = _bars(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )

    def start(step: str, total: int | None) -> Callable[[int], None]:
        task = bars.add_task(step, total=total)
        return lambda done: bars.advance(task, done)

    with bars:
        yield start


def _bars(*columns: Any) -> Progress:
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
