"""Claims: of several processes that find the same things due at the same moment, one asks for each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from pipeline.store.connections import Connection
from pipeline.store.statements import statement


@contextmanager
def claimed(connection: Connection, what: Literal["feed", "article"], ids: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Lend those of the feeds or articles that no other process is asking for; they are given back at the end.

    A claim ends with its connection, too: whoever is killed keeps nobody waiting.
    """
    rows = connection.execute(statement("claim"), {"what": what, "ids": list(ids)})
    mine = tuple(row["id"] for row in rows)
    try:
        yield mine
    finally:
        if not connection.broken and not connection.closed:
            connection.execute(statement("give_back"), {"what": what, "ids": list(mine)})
