"""`writethru diff`: what changed between two versions of an article."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline import changes, facts
from pipeline.articles import corrections_in, normalise_url
from pipeline.cli.console import AsJson, as_record, out, print_json, when
from pipeline.cli.database import connection
from pipeline.cli.drawing import DiffLine, diff_lines
from pipeline.errors import UnknownStoryError, UsageError
from pipeline.model import Comparison, HeldFact, Update, Version
from pipeline.store import reading
from pipeline.store.reading import ArticleRow


def diff(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Number or address of an article.")],
    first: Annotated[
        int | None, typer.Argument(metavar="FROM", min=1, help="Older version (default: the one before TO).")
    ] = None,
    second: Annotated[
        int | None, typer.Argument(metavar="TO", min=1, help="Newer version (default: the newest).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what changed between two versions of an article; without FROM and TO between the last two.

    Marks: + added, - removed, ~ edited, > moved, / split, & merged; within a sentence [-removed-] and {+added+}.
    """
    with connection() as opened:
        found = reading.find_article(opened, article, address=normalise_url(article))
        old_number, new_number = _numbers(found, first, second)
        old = reading.version(opened, found.article_id, old_number)
        new = reading.version(opened, found.article_id, new_number)
    before, after = _sentences(old), _sentences(new)
    comparison = changes.compare(before, after)
    comparison = replace(comparison, updates=changes.telling(comparison.updates))
    if as_json:
        print_json(
            {
                "article_id": found.article_id,
                "url": found.url,
                "from": old_number,
                "to": new_number,
                "old_headline": old.headline,
                "new_headline": new.headline,
                "updates": [as_record(update) for update in _judged(old, new, before, after, comparison)],
            }
        )
        return
    out.print(Text(f"{found.publisher}  {found.url}", style="dim"), soft_wrap=True)
    line = f"version {old_number}, {when(old.observed_at)}  →  version {new_number}, {when(new.observed_at)}"
    out.print(Text(line, style="dim"), soft_wrap=True)
    _print_lines(diff_lines(old, new, after, comparison))


def _print_lines(lines: Iterable[DiffLine]) -> None:
    """Print sentence by sentence: folded beside their marks on a terminal, each in one line in a file or pipe."""
    if out.is_terminal:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for mark, sentence in lines:
            grid.add_row(mark, sentence)
        out.print(grid)
        return
    for mark, sentence in lines:
        out.print(Text.assemble(mark, " ", sentence), soft_wrap=True)


def _numbers(article: ArticleRow, first: int | None, second: int | None) -> tuple[int, int]:
    """Return which versions to compare. Raises `UsageError` where there are not two, or not those."""
    name, newest = f"article {article.article_id}", article.versions
    if newest < 2:
        has = "one version" if newest else "no version"
        raise UsageError(f"{name} has {has} so far: there is nothing to compare")
    new = newest if second is None else second
    old = new - 1 if first is None else first
    for number in (old, new):
        if not 1 <= number <= newest:
            raise UnknownStoryError(f"{name} has no version {number}: it has 1 to {newest}")
    if old == new:
        raise UsageError(
            f"version {old} was compared with itself: give two, or only the older one of 1 to {newest - 1}"
        )
    return old, new


def _sentences(version: Version) -> tuple[str, ...]:
    return changes.split_sentences(version.text, version.language)


def _judged(
    old: Version, new: Version, before: tuple[str, ...], after: tuple[str, ...], comparison: Comparison
) -> tuple[Update, ...]:
    """Return the updates with their significance, by the sentences alone.

    The record knows more of a page, such as its date, and may say otherwise of a sentence that tells one.
    """
    held = [
        HeldFact(fact_id=number, fact=fact) for number, fact in enumerate(facts.extract_facts(before, old.language))
    ]
    fact_changes = facts.reconcile(held, facts.extract_facts(after, new.language), comparison.links)
    return changes.judge(
        comparison.updates,
        touched=facts.touched(fact_changes),
        corrections=changes.notes_that_differ(old.text, _notes(old), new.text, _notes(new)),
        language=new.language,
    )


def _notes(version: Version) -> tuple[str, ...]:
    return corrections_in(version.text.split("\n"), version.language)
