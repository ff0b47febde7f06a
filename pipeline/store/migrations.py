"""Bringing the schema up to date: `sql/migrations`, applied in order by yoyo.

Each file is applied, and noted as applied, in one transaction: whoever is killed in between has changed nothing. (yoyo
by itself notes it in a second one; killed between the two, it would make the same tables again, and fail, for ever.)
Migrations only go forward. Two upgrades at once take turns through an advisory lock; yoyo's own lock is a row that a
killed process leaves behind, so it is not used.
"""

import logging
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import yoyo
from yoyo.backends import DatabaseBackend

from pipeline.config import bundled
from pipeline.errors import ConfigurationError, DatabaseUnavailableError
from pipeline.store.connections import Connection, connect
from pipeline.store.statements import statement

# Bookkeeping of yoyo lives in a schema of its own: every table of `news` is for users.
BOOKKEEPING_SCHEMA = "writethru"
#: So long a migration waits for a table that somebody else uses. Everybody who comes later waits behind it.
LOCK_SECONDS = 15
_LOCK_KEY = 7_245_118_003


def upgrade(database_url: str) -> tuple[str, ...]:
    """Apply the migrations that are missing; return their names, in order.

    Raises `DatabaseUnavailableError` if Postgres does not answer, or a table that is to be changed is in use for longer
    than `LOCK_SECONDS`; what was applied by then stays.
    """
    with connect(database_url, application="writethru db upgrade") as guard:
        guard.execute("select pg_advisory_lock(%s)", (_LOCK_KEY,))
        guard.execute(
            psycopg.sql.SQL("create schema if not exists {}").format(psycopg.sql.Identifier(BOOKKEEPING_SCHEMA))
        )
        backend = _backend(database_url)
        try:
            missing = backend.to_apply(_migrations())
            backend.ensure_internal_schema_updated()
            backend.execute(f"set lock_timeout = '{LOCK_SECONDS}s'")
            for migration in missing:
                _apply(backend, migration, guard)
            return tuple(migration.id for migration in missing)
        finally:
            backend.connection.close()


def _apply(backend: DatabaseBackend, migration: yoyo.migrations.Migration, guard: Connection) -> None:
    """Apply one migration and note that it is; both or neither."""
    try:
        with backend.transaction():
            migration.process_steps(backend, "apply")
            backend.mark_one(migration)
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseUnavailableError(
            f"the migration {migration.id} waited {LOCK_SECONDS} s for a table of schema news that is in use, and has "
            f"changed nothing. In use by: {_users_of_tables(guard)}. Let them end, or end them with `select "
            "pg_terminate_backend(PROCESS)`, and run `writethru db upgrade` again."
        ) from error


def _users_of_tables(connection: Connection) -> str:
    """Say who holds a table of the schema."""
    rows = connection.execute(statement("users_of_tables"))
    users = [f"process {row['pid']} ({row['program']}, user {row['who']})" for row in rows]
    return ", ".join(users) or "somebody who has ended since"


def pending(database_url: str) -> tuple[str, ...]:
    """Return the names of the migrations that `upgrade` would apply, in order; changes nothing."""
    applied = _applied(database_url)
    return tuple(migration.id for migration in _migrations() if migration.id not in applied)


def of_newer_release(database_url: str) -> tuple[str, ...]:
    """Return the names of migrations that are applied and unknown to this program, which is then too old for them."""
    return tuple(sorted(_applied(database_url).difference(migration.id for migration in _migrations())))


def _applied(database_url: str) -> set[str]:
    with connect(database_url, application="writethru db status") as connection:
        known = connection.execute(
            "select to_regclass(%s) is not null as there", (f"{BOOKKEEPING_SCHEMA}._yoyo_migration",)
        ).fetchone()
        if not known or not known["there"]:
            return set()
        rows = connection.execute(
            psycopg.sql.SQL("select migration_id from {}._yoyo_migration").format(
                psycopg.sql.Identifier(BOOKKEEPING_SCHEMA)
            )
        )
        return {row["migration_id"] for row in rows}


def _migrations() -> yoyo.migrations.MigrationList:
    return yoyo.read_migrations(str(bundled("sql") / "migrations"))


def _backend(database_url: str) -> DatabaseBackend:
    """Open yoyo's backend on the same database, through psycopg 3."""
    logging.getLogger("yoyo").setLevel(logging.WARNING)
    parts = urlsplit(database_url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ConfigurationError(
            f"WRITETHRU_DATABASE_URL begins with {parts.scheme!r}; it must read postgresql://user:password@host:port/database"
        )
    query = "&".join(filter(None, [parts.query, f"schema={quote(BOOKKEEPING_SCHEMA)}"]))
    return yoyo.get_backend(urlunsplit(("postgresql+psycopg", parts.netloc, parts.path, query, "")))
