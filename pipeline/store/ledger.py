"""The ledger: an article's facts with their whole history. The caller holds the article's row lock and the transaction.

A row is written once; only how it ended is ever added to it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from pipeline.model import Fact, FactChange, FactChangeKind, HeldFact
from pipeline.store.connections import Connection
from pipeline.store.recording import Place, insert_all
from pipeline.store.rows import columns_of, held_fact_of
from pipeline.store.statements import statement

DROPPED_FACTS_MOST = 500


def current_facts(connection: Connection, article_id: int) -> tuple[HeldFact, ...]:
    """Return the facts that the article's newest version states, positions as they were when first stated.

    `fact.parent` is the place, in what is returned, of the fact that carries on the whole, as long as one does.
    """
    rows = connection.execute(statement("current_facts"), {"article_id": article_id}).fetchall()
    places = {row["fact_id"]: place for place, row in enumerate(rows)}
    return tuple(held_fact_of({**row, "parent": places.get(row["parent"])}) for row in rows)


def dropped_facts(connection: Connection, article_id: int) -> tuple[HeldFact, ...]:
    """Return the facts that the article once stated and then left out, the last of each key, the oldest first."""
    rows = connection.execute(
        statement("dropped_facts"), {"article_id": article_id, "most": DROPPED_FACTS_MOST}
    ).fetchall()
    own = ("status", "closed_at")
    facts = [{name: value for name, value in row.items() if name not in own} for row in rows[::-1]]
    return tuple(held_fact_of({**values, "parent": None}) for values in facts)


def save_facts(
    connection: Connection,
    place: Place,
    changes: Sequence[FactChange],
    at: datetime,
    *,
    reasons: Mapping[int, str] = MappingProxyType({}),
) -> int:
    """Carry out a reconciliation: close what no longer stands, add what is new; return how many rows were added.

    A part names its whole by the place of that fact's change in `changes`. `reasons` are the
    correction notes that closed a fact, by the place of its change.
    """
    closed: dict[str | None, list[int]] = {}
    for index, change in enumerate(changes):
        if change.held and change.kind not in (FactChangeKind.CONFIRMED, FactChangeKind.RESTORED):
            closed.setdefault(reasons.get(index), []).append(change.held.fact_id)
    for reason, fact_ids in closed.items():
        # Closed before the new rows come, so that no two values of a key ever stand together.
        connection.execute(statement("close_facts"), {"fact_ids": fact_ids, "at": at, "reason": reason})
    standing = {
        index: change.held.fact_id
        for index, change in enumerate(changes)
        if change.held and change.fact and change.kind is FactChangeKind.CONFIRMED
    }
    rows = [
        _row(index, change, fact, standing)
        for index, change in enumerate(changes)
        if (fact := change.fact) and index not in standing
    ]
    insert_all(connection, "insert_facts", place, rows, at=at)
    return len(rows)


def _row(index: int, change: FactChange, fact: Fact, standing: Mapping[int, int]) -> dict[str, object]:
    held = change.held.fact_id if change.held else None
    is_restored = change.kind is FactChangeKind.RESTORED
    return {
        **columns_of(fact),
        "place": index,
        "parent_fact_id": standing.get(fact.parent) if fact.parent is not None else None,
        "restores": held if is_restored else None,
        "supersedes": None if is_restored else held,
    }
