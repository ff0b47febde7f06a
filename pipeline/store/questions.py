"""Questions across time and across the whole record: the history of figures, and search by words. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pipeline.store.connections import Connection
from pipeline.store.rows import rows_as


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One value that an article gave of a figure, with its time. A figure is an article and a key."""

    article_id: int
    publisher: str
    key: str
    kind: str
    subject: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    qualifier: str | None
    attribution: str | None
    since: datetime
    until: datetime | None
    status: str
    change: str
    reason: str | None
    sentence: str
    version: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """A fact or a passage that has the words. `found` is `text`, or kind and key of the fact."""

    story_id: int
    article_id: int
    publisher: str
    headline: str
    found: str
    passage: str
    since: datetime
    url: str


def history_of(connection: Connection, story_id: int) -> tuple[HistoryRow, ...]:
    """Return every value of every figure of a story, figure by figure, those that moved most first."""
    return rows_as(HistoryRow, connection, "history_of_story", {"story_id": story_id})


def search(connection: Connection, words: str, *, most: int) -> tuple[SearchRow, ...]:
    """Return facts and passages that have the words, the best first."""
    return rows_as(SearchRow, connection, "search", {"words": words, "most": most})
