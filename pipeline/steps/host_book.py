"""One pace per host, whoever visits it: visits are booked in Postgres, one statement each."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import structlog

from pipeline.model import Booking
from pipeline.store import hosts
from pipeline.store.connections import Connection, connection_to

log = structlog.get_logger(__name__)


class PostgresBook:
    """The book of all processes on one database (`fetching.HostBook`). It has a connection of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def book(self, host: str, *, gap_seconds: float) -> Booking:
        """Write down the next visit that is free.

        Where Postgres has gone away each process keeps its own pace: the next result that is stored will say so.
        """
        async with self._turn:
            try:
                return await asyncio.to_thread(
                    hosts.book_visit, self._connection, host, gap=timedelta(seconds=gap_seconds)
                )
            except psycopg.Error as error:
                log.warning("a visit could not be booked", host=host, error=str(error).strip())
                return Booking()


@contextmanager
def host_book(database_url: str) -> Iterator[PostgresBook]:
    """Open the book for one run."""
    with connection_to(database_url, application="writethru visits") as connection:
        # A visit that a crash of Postgres forgets costs at most one pause; waiting for the disk at each costs more.
        connection.execute("set synchronous_commit = off")
        yield PostgresBook(connection)
