"""A defect of ours with one feed or page is that one's outcome, and the others go on."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from pipeline.store.connections import Connection, in_transaction, is_store_fault

log = structlog.get_logger(__name__)
Found = TypeVar("Found")
Stored = TypeVar("Stored")


def in_words(error: Exception) -> str:
    """Return what goes into the record of an error: its kind and its text."""
    return f"{type(error).__name__}: {error}"


def stored_or_failed(
    connection: Connection,
    found: Found,
    store: Callable[[Found], Stored],
    failed: Callable[[str], Found],
    *,
    url: str,
) -> Stored:
    """Return what `store` returns of what was found, stored in a transaction of its own.

    What cannot be stored is stored as what `failed` makes of the error's words instead. Raises what Postgres or the
    schema is to blame for: no other feed or page would fare better.
    """
    try:
        return in_transaction(connection, lambda: store(found))
    except Exception as error:
        if is_store_fault(error):
            raise
        log.exception("could not be stored", url=url)
        why = in_words(error)
    return in_transaction(connection, lambda: store(failed(why)))
