"""`writethru search`, and the history that `writethru facts --history` draws."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperCommand

from pipeline import stories
from pipeline.cli.console import AsCsv, AsJson, Format, column, format_of, note, number, out, print_rows, prose, when
from pipeline.cli.database import connection
from pipeline.cli.drawing import fact_value
from pipeline.store import questions
from pipeline.store.questions import HistoryRow, SearchRow

CHART_WIDTH = 24
MOST_ROWS = 10_000
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MARKS = {"rose": "↑", "fell": "↓", "restored": "↺"}


class SearchCommand(TyperCommand):
    """Takes "-word" as search engines do, for what must not be there, and not for options -w, -o, -r and -d."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the options before the words."""
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for one in rest:
            if one == "--":
                words += rest
            elif one in {"-n", "--most"}:
                options += [one, next(rest, "")]
            elif one.startswith("--") or one == "-h" or re.fullmatch(r"-n\d+", one):
                options.append(one)
            else:
                words.append(one)
        return list(super().parse_args(ctx, [*options, "--", *words]))


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help='As in search engines: "a phrase", or, -not.')],
    most: Annotated[int, typer.Option("--most", "-n", min=1, max=MOST_ROWS, help="How many at the most.")] = 20,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Find facts and passages by their words, in every story and language."""
    with connection() as opened:
        rows = questions.search(opened, " ".join(words), most=most)
    print_rows(
        SearchRow,
        rows,
        format_of(as_json=as_json, as_csv=as_csv),
        [
            number("story", lambda row: str(row.story_id)),
            column("found", lambda row: row.found.partition(":")[0]),
            prose("passage", lambda row: " ".join(row.passage.split())),
            prose("publisher", lambda row: row.publisher),
            column("since", lambda row: when(row.since)),
        ],
        empty="Nothing has these words.",
    )


def print_history(rows: Sequence[HistoryRow], how: Format) -> None:
    """Print figures over time: a chart of each that moved, or all rows as JSON or CSV."""
    if how is not Format.TABLE:
        print_rows(HistoryRow, rows, how, [], empty="")
        return
    moved = [list(figure) for _, figure in groupby(rows, key=lambda row: (row.article_id, row.key))]
    moved = [figure for figure in moved if len(figure) > 1]
    if not moved:
        note("No figure of this story has moved so far.")
    for figure in moved:
        first = figure[0]
        out.print(Text.assemble((stories.fact_name(first.kind, first.subject), "bold"), f"  {first.publisher}"))
        for line in chart(figure):
            out.print(line, soft_wrap=True)
        out.print()


def chart(figure: Sequence[HistoryRow]) -> Iterator[Text]:
    """Yield a line for each value of one figure: when, how it moved, a bar to scale, value and source."""
    largest = max((value(row) for row in figure), default=Decimal(0)) or Decimal(1)
    for row in figure:
        source = f"  {row.attribution}" if row.attribution else ""
        gone = "  (no longer said)" if row.status == "dropped" else ""
        yield Text.assemble(
            (f"{when(row.since):>16} ", "dim"),
            f"{_MARKS.get(row.change, ' ')} ",
            (bar(value(row) / largest), "cyan"),
            f" {fact_value(row)}{source}{gone}",
        )
        if row.reason:
            yield Text(f"{'':>17}  {row.reason}", style="italic dim")


def value(row: HistoryRow) -> Decimal:
    """Return the number by which a value is drawn."""
    return max(row.low if row.low is not None else row.high or Decimal(0), Decimal(0))


def bar(share: Decimal) -> str:
    """Return a bar for a share of 0 to 1, padded to the chart's width."""
    eighths = int(share * CHART_WIDTH * 8)
    full, rest = divmod(min(eighths, CHART_WIDTH * 8), 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(CHART_WIDTH)
