"""How versions, facts and states look in a terminal. Never by colour alone: added and removed words bear marks too."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.text import Text

from pipeline import changes, facts, stories
from pipeline.model import Comparison, Update, UpdateKind, Version
from pipeline.store.questions import HistoryRow
from pipeline.store.reading import FactRow

CONTEXT_SENTENCES = 1
_STATUS_STYLES = {
    "developing": "bold green",
    "following": "bold green",
    "withdrawn": "red",
    "settled": "dim",
    "skipped": "dim",
}
_MARKS = {
    UpdateKind.ADDED: "+",
    UpdateKind.REMOVED: "-",
    UpdateKind.EDITED: "~",
    UpdateKind.MOVED: ">",
    UpdateKind.SPLIT: "/",
    UpdateKind.MERGED: "&",
}


def status_text(status: str) -> Text:
    """Return a status in its colour."""
    return Text(status, style=_STATUS_STYLES.get(status, ""))


def bounds_text(low: Decimal | None, high: Decimal | None) -> str:
    """Return "27", "at least 27", "up to 40" or "3 to 5"."""
    if low is not None and high is not None:
        return stories.number_text(low) if low == high else f"{stories.number_text(low)} to {stories.number_text(high)}"
    if low is not None:
        return f"at least {stories.number_text(low)}"
    return f"up to {stories.number_text(high)}" if high is not None else ""


def value_text(low: Decimal | None, high: Decimal | None, unit: str | None, qualifier: str | None) -> str:
    """Return a value hedged as it was written."""
    value = facts.hedged(low, high, qualifier, written=stories.number_text) or bounds_text(low, high)
    return f"{value} {unit}" if unit and value else value


def fact_value(row: FactRow | HistoryRow) -> str:
    """Return a fact's value, hedged as it was written."""
    return value_text(row.low, row.high, row.unit, row.qualifier)


def rival_value(row: FactRow, rival: Mapping[str, Any]) -> str:
    """Return what another article gives instead of a fact's value."""
    low, high = (None if rival[bound] is None else Decimal(str(rival[bound])) for bound in ("low", "high"))
    return value_text(low, high, row.unit, rival["qualifier"])


def change_text(row: FactRow) -> str:
    """Return the value before, and how many there were."""
    if not row.changes:
        return "-"
    more = f" ({row.changes} changes)" if row.changes > 1 else ""
    return value_text(row.previous_low, row.previous_high, row.unit, row.previous_qualifier) + more


def publisher_text(row: FactRow) -> str:
    """Return who says it, and how many others say the same."""
    return f"{row.publisher} and {row.sources - 1} more" if row.sources > 1 else row.publisher


def word_diff_text(old: str, new: str) -> Text:
    """Return two sentences as one: removed words struck through in [-...-], added ones underlined in {+...+}."""
    text = Text()
    for piece in changes.word_diff(old, new):
        if piece.op == "delete":
            text.append(f"[-{piece.text}-]", style="red strike")
        elif piece.op == "insert":
            text.append(f"{{+{piece.text}+}}", style="green underline")
        else:
            text.append(piece.text)
    return text


DiffLine = tuple[Text, Text]
"""A mark, and what it says something about."""


def diff_lines(old: Version, new: Version, after: Sequence[str], comparison: Comparison) -> Iterator[DiffLine]:
    """Yield the lines of a diff: the headline, and what changed in the order of the text, with a little around it."""
    headline_changed = changes.says_otherwise(old.headline, new.headline)
    if headline_changed:
        headlines = word_diff_text(old.headline, new.headline)
        yield Text("~", style="bold yellow"), Text.assemble(("headline: ", "bold"), headlines)
    stays = _in_place(comparison)
    shown_to = -1
    for update in comparison.updates:
        is_gone = update.new_position is None
        place = stays[update.old_position or 0] + 1 if is_gone else update.new_position or 0
        around = range(max(shown_to + 1, place - CONTEXT_SENTENCES), place)
        if around and around[0] > shown_to + 1:
            yield Text(" "), Text("…", style="dim")
        for other in around:
            yield Text(" "), Text(after[other], style="dim")
        yield _update_line(update)
        shown_to = max(shown_to, place - 1 if is_gone else place)
    if not comparison.updates and not headline_changed:
        yield Text(" "), Text("No change that a journalist made.", style="dim")


def _in_place(comparison: Comparison) -> list[int]:
    """Return, for each old position, the newest place of a sentence before it that neither moved nor went; else -1."""
    lifted = {update.old_position for update in comparison.updates if update.kind is UpdateKind.MOVED}
    stays = {old: new for old, new in comparison.links if old not in lifted}
    last = max((update.old_position or 0 for update in comparison.updates), default=0)
    places = [-1]
    for old in range(last):
        places.append(stays.get(old, places[-1]))
    return places


def _update_line(update: Update) -> DiffLine:
    mark = _MARKS[update.kind]
    if update.kind is UpdateKind.ADDED:
        return Text(mark, style="bold green"), Text(update.new_text or "", style="green")
    if update.kind is UpdateKind.REMOVED:
        # As a span: as the whole text's style it would strike through the empty end of the line too.
        return Text(mark, style="bold red"), Text.assemble((update.old_text or "", "red strike"))
    return Text(mark, style="bold yellow"), word_diff_text(update.old_text or "", update.new_text or "")
