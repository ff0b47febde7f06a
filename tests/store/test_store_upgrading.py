"""Upgrading the schema where something goes wrong meanwhile: the process is killed, or a reader will not end."""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pipeline.config import bundled
from pipeline.errors import DatabaseUnavailableError
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.store import migrations
from pipeline.store.connections import Connection, connect
from pipeline.store.migrations import pending, upgrade

SOON_SECONDS = 60


@pytest.fixture
def bare(cluster: EmbeddedPostgres) -> Iterator[str]:
    """A database with the bookkeeping of migrations, and none of them applied."""
    cluster.ensure_database("bare_for_upgrading")
    url = cluster.url("bare_for_upgrading")
    with connect(url) as connection:
        connection.execute("create schema writethru")
    backend = migrations._backend(url)
    backend.ensure_internal_schema_updated()
    backend.connection.close()
    yield url
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
        admin.execute("drop database bare_for_upgrading with (force)")


def until(connection: Connection, question: str) -> None:
    """Wait until the answer is that there is something."""
    deadline = time.monotonic() + SOON_SECONDS
    while connection.execute(question).fetchone() is None:
        assert time.monotonic() < deadline, question
        time.sleep(0.02)


WAITS_TO_BE_MARKED = (
    "select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    " and query ilike '%insert into%_yoyo_migration%'"
)


def test_an_upgrade_that_is_killed_before_it_has_said_what_it_did_is_made_up_for_by_the_next(bare: str) -> None:
    with connect(bare) as holder, connect(bare) as watcher:
        holder.execute("begin")
        holder.execute("lock table writethru._yoyo_migration in share mode")
        process = multiprocessing.get_context("spawn").Process(target=upgrade, args=(bare,))
        process.start()
        until(watcher, WAITS_TO_BE_MARKED)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        holder.execute("rollback")
    assert upgrade(bare)[0] == "0001-feeds"
    assert pending(bare) == ()


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A release of tomorrow, with one migration more; its name."""
    shutil.copytree(bundled("sql") / "migrations", tmp_path / "migrations")
    newest = max(path.stem for path in (tmp_path / "migrations").glob("*.sql"))
    (tmp_path / "migrations" / "9999-more.sql").write_text(
        f"-- depends: {newest}\nalter table news.articles add column more text;\n"
    )
    monkeypatch.setattr(migrations, "bundled", lambda _: tmp_path)
    return "9999-more"


@pytest.fixture
def reader(database_url: str) -> Iterator[Connection]:
    """Somebody who has asked a question and left the transaction open."""
    with connect(database_url, application="a notebook") as connection:
        connection.execute("begin")
        connection.execute("select count(*) from news.articles")
        yield connection


def test_an_upgrade_waits_for_a_reader_a_while_and_then_names_him_and_has_changed_nothing(
    database_url: str, one_more: str, reader: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_SECONDS", 1)
    with pytest.raises(DatabaseUnavailableError, match=rf"{one_more}.*a notebook") as caught:
        upgrade(database_url)
    assert str(reader.info.backend_pid) in str(caught.value)
    assert "writethru db upgrade" in str(caught.value)
    assert pending(database_url) == (one_more,)
    reader.execute("rollback")
    assert upgrade(database_url) == (one_more,)
