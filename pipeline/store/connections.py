"""Opening connections, and telling a database that is away from one that lacks the schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from pipeline.errors import DatabaseUnavailableError, SchemaMissingError

Connection = psycopg.Connection[DictRow]
CONNECT_TIMEOUT_SECONDS = 5


def connect(database_url: str, *, application: str = "writethru") -> Connection:
    """Open a connection with dict rows and autocommit, times in UTC.

    Raises `DatabaseUnavailableError` if Postgres does not answer or refuses the login.
    """
    try:
        return psycopg.connect(
            database_url,
            autocommit=True,
            row_factory=dict_row,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=application,
            options="-c timezone=UTC",
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(
            f"Postgres does not answer at {describe(database_url)}: {str(error).strip()}"
        ) from error


@contextmanager
def connection_to(database_url: str, *, application: str = "writethru") -> Iterator[Connection]:
    """Open a connection to a database whose schema is there, and close it at the end.

    Raises `DatabaseUnavailableError` if Postgres does not answer, also where it goes away in between, and
    `SchemaMissingError` if the schema is missing.
    """
    with connect(database_url, application=application) as connection:
        try:
            yield connection
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(
                f"Postgres went away at {describe(database_url)}: {str(error).strip()}. "
                "Nothing is lost: the same step can simply be run again."
            ) from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
            raise SchemaMissingError(
                f"the database {describe(database_url)} lacks part of the schema: {str(error).strip()}. "
                "Run `writethru db upgrade`."
            ) from error


def describe(database_url: str) -> str:
    """Return host, port and database of a URL for messages, never its password."""
    try:
        parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        return "(an address that cannot be read)"
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
