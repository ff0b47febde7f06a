"""Ledgers of facts, as a store would hold them."""

from collections.abc import Sequence

from pipeline.model import FactChange, HeldFact

Links = list[tuple[int, int]]


def held_after(changes: Sequence[FactChange]) -> list[HeldFact]:
    """Return the ledger as a store would hold it after these changes."""
    return [HeldFact(fact_id=k, fact=change.fact) for k, change in enumerate(changes) if change.fact is not None]
