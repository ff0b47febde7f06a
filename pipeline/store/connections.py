"""Opening connections, and telling a database that is away from one that lacks the schema."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row

from pipeline.errors import DatabaseUnavailableError, SchemaMissingError
from pipeline.store.texts import accept_any_text

Connection = psycopg.Connection[DictRow]
Result = TypeVar("Result")

#: What an address may say otherwise. A machine that has vanished without a word is noticed within a minute or so, and
#: not after the hours, or never, that a system takes by itself.
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
TRANSACTION_TRIES = 5
#: What ends a step and may be right again at the next try. A server is read only where another is to take over from it.
_PASSING_FAULTS = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
#: What goes wrong with Postgres or the schema, whatever is being stored: no other row would fare better.
STORE_FAULTS: tuple[type[Exception], ...] = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.ProgrammingError,
    psycopg.InternalError,
)
#: What is wrong with one row, though Postgres calls it operational: a text of more words than an index can hold.
_ROW_FAULTS = (psycopg.errors.ProgramLimitExceeded,)
SCHEMA_FAULTS = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.InvalidSchemaName,
)


def connect(database_url: str, *, application: str = "writethru") -> Connection:
    """Open a connection with dict rows and autocommit, times in UTC.

    Raises `DatabaseUnavailableError` if Postgres does not answer or refuses the login.
    """
    try:
        connection = psycopg.connect(
            database_url,
            autocommit=True,
            row_factory=dict_row,
            application_name=application,
            **parameters(database_url, "timezone=UTC"),
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailableError(
            f"Postgres does not answer at {describe(database_url)}: {str(error).strip()}"
        ) from error
    accept_any_text(connection)
    return connection


def parameters(database_url: str, *session: str) -> dict[str, Any]:
    """Return what is added to an address: our patience, where it says nothing of it, and settings of the session.

    The options that the address holds itself stay; some hosted servers are told by them who is meant.
    """
    said = psycopg.conninfo.conninfo_to_dict(database_url)
    options = [str(said.get("options") or ""), *(f"-c {setting}" for setting in session)]
    unsaid = {name: value for name, value in PATIENCE.items() if name not in said}
    return {**unsaid, "options": " ".join(options).strip()}


@contextmanager
def connection_to(database_url: str, *, application: str = "writethru") -> Iterator[Connection]:
    """Open a connection to a database whose schema is there, and close it at the end.

    Raises `DatabaseUnavailableError` if Postgres does not answer, or in between goes away, has no room or takes no more
    writes, and `SchemaMissingError` if the schema is missing.
    """
    with connect(database_url, application=application) as connection:
        try:
            yield connection
        except _PASSING_FAULTS as error:
            fate = "went away" if connection.closed else "cannot go on"
            raise DatabaseUnavailableError(
                f"Postgres {fate} at {describe(database_url)}: {str(error).strip()}. "
                "Nothing is lost: the same step can simply be run again."
            ) from error
        except SCHEMA_FAULTS as error:
            raise SchemaMissingError(
                f"the database {describe(database_url)} lacks part of the schema: {str(error).strip()}. "
                "Run `writethru db upgrade`."
            ) from error


def in_transaction(connection: Connection, work: Callable[[], Result]) -> Result:
    """Do the work in one transaction, and again where Postgres ended it to break a deadlock; return what it returns.

    The work must leave no trace outside the database until it is done. Where it writes much and asks nothing back, let
    it do so in a `connection.pipeline()`; a statement that is asked for its result costs more in one than outside.
    """
    for _ in range(TRANSACTION_TRIES - 1):
        try:
            with connection.transaction():
                return work()
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            continue
    with connection.transaction():
        return work()


def is_store_fault(error: Exception) -> bool:
    """Whether an error is Postgres's or the schema's, so that no other row would fare better."""
    return isinstance(error, STORE_FAULTS) and not isinstance(error, _ROW_FAULTS)


class AirflowConnection(Protocol):
    """A database's address in parts, as Airflow keeps it."""

    host: str | None
    port: int | None
    login: str | None
    password: str | None
    schema: str | None
    extra_dejson: dict[str, Any]


def address_of(stored: AirflowConnection) -> str:
    """Return a database's address by its parts. Of the extras, what libpq does not know is for Airflow's own hook."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    options = {key: value for key, value in stored.extra_dejson.items() if key in known}
    return make_conninfo(
        host=stored.host,
        port=stored.port,
        user=stored.login,
        password=stored.password,
        dbname=stored.schema,
        **options,
    )


def keep_plans(connection: Connection) -> None:
    """Let Postgres parse and plan each statement once, for connections whose statements all look rows up by keys.

    One plan then fits all values, and planning costs more than running them.
    """
    connection.prepare_threshold = 0
    connection.execute("set plan_cache_mode = force_generic_plan")


def describe(database_url: str) -> str:
    """Return host, port and database of a URL for messages, never its password."""
    try:
        parts: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(database_url)
    except psycopg.ProgrammingError:
        return "(an address that cannot be read)"
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
