"""The way to the record: reading as the role `news_reader`, and the few writes that a person may ask for.

Every page reads through connections that Postgres itself holds to reading: the role may write nothing, the session is
read only, and no statement takes longer than `STATEMENT_SECONDS`.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

import psycopg
import psycopg_pool
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from pipeline.errors import DatabaseUnavailableError, SchemaMissingError
from pipeline.store.connections import SCHEMA_FAULTS, Connection, connect, describe, parameters
from pipeline.store.texts import accept_any_text

READER = "news_reader"
STATEMENT_SECONDS = 15
POOL_MOST = 8
POOL_WAIT_SECONDS = 3.0

_log = logging.getLogger(__name__)


class Record:
    """The record behind the pages. Opens nothing until it is asked, so that it can be made where Postgres is away."""

    def __init__(self, database_url: str | Callable[[], str]) -> None:
        """Take the address of the database, or what tells it when it is first needed."""
        self._given = database_url

    @cached_property
    def url(self) -> str:
        """The address of the database, with its password."""
        return self._given if isinstance(self._given, str) else self._given()

    @cached_property
    def _pool(self) -> psycopg_pool.ConnectionPool[Connection]:
        # The pool tells of each failed attempt in a warning of its own, which would fill a log while Postgres is away.
        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
        return psycopg_pool.ConnectionPool(
            self.url,
            connection_class=psycopg.Connection[DictRow],
            kwargs={
                "autocommit": True,
                "row_factory": dict_row,
                "application_name": "writethru web",
                **parameters(
                    self.url,
                    "timezone=UTC",
                    f"role={READER}",
                    "default_transaction_read_only=on",
                    f"statement_timeout={STATEMENT_SECONDS}s",
                ),
            },
            configure=accept_any_text,
            min_size=0,
            max_size=POOL_MOST,
            timeout=POOL_WAIT_SECONDS,
            reconnect_timeout=POOL_WAIT_SECONDS,
            max_idle=60,
            open=True,
            check=psycopg_pool.ConnectionPool.check_connection,
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that can only read. Raises `DatabaseUnavailableError`, or `SchemaMissingError`."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg_pool.PoolTimeout as error:
            raise DatabaseUnavailableError(
                f"Postgres does not answer at {describe(self.url)}, or nobody granted its user the role {READER}"
            ) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise DatabaseUnavailableError(f"Postgres went away at {describe(self.url)}: {error}") from error
        except SCHEMA_FAULTS as error:
            raise SchemaMissingError(f"the schema is missing or older than this program: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection of the owner, for what a person asked for who may write. Raises the same errors."""
        with connect(self.url, application="writethru web") as connection:
            yield connection

    @contextmanager
    def listening(self) -> Iterator[Connection]:
        """Lend a connection that hears of every event. Raises `DatabaseUnavailableError`."""
        with connect(self.url, application="writethru web listening") as connection:
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(READER)))
            connection.execute("listen news_events")
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        if "_pool" in self.__dict__:
            self._pool.close()
