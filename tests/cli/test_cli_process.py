"""Commands as processes of their own: events as they come, signals, pipes, psql, and the embedded Postgres."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg

from pipeline.local.postgres import EmbeddedPostgres
from pipeline.store.connections import Connection

Call = Callable[..., Any]


def happen(connection: Connection, summary: str) -> None:
    connection.execute(
        "with story as (insert into news.stories (headline, status, started_at, last_changed_at, url) "
        "values ('A flood', 'developing', now(), now(), 'https://a.example/1') returning story_id) "
        "insert into news.events (story_id, kind, occurred_at, summary) "
        "select story_id, 'developing', now(), %s from story",
        [summary],
    )


def _page(served: Any, address: str) -> int:
    """Return with what status a page answers, once it does."""
    while True:
        with suppress(URLError), urlopen(address, timeout=60) as answer:
            return int(answer.status)
        assert served.process.poll() is None
        time.sleep(0.1)


def _refused(served: Any, address: str) -> HTTPError:
    """Return how a page is refused, once it is: what Postgres left behind may still answer just after it was killed."""
    while True:
        try:
            urlopen(address, timeout=60).close()
        except HTTPError as refused:
            return refused
        assert served.process.poll() is None


#: Looks whether its reader is still there, or anything else has changed, once an hour: what it shows it was told of.
PATIENT = "import sys; from pipeline.cli import main, stories; stories.TAIL_WAIT_SECONDS = 3600; main(sys.argv[1:])"


def test_tail_shows_an_event_when_it_happens_and_ends_by_ctrl_c(
    start: Call, database_url: str, connection: Connection
) -> None:
    happen(connection, "before")
    tail = start("tail", program=(sys.executable, "-c", PATIENT), database_url=database_url)
    assert "before" in tail.line()
    tail.said_on_stderr("Waiting for events")
    happen(connection, "after")
    assert "developing  after" in tail.line()
    assert tail.end(signal.SIGINT) == 130
    assert "Traceback" not in tail.process.stderr.read()


def test_tail_tells_each_event_once_whatever_the_order_of_transactions(
    start: Call, database_url: str, connection: Connection
) -> None:
    tail = start("tail", "--json", "--last", "1", database_url=database_url)
    with psycopg.connect(database_url) as slow:
        happen(connection, "0")
        assert json.loads(tail.line())["summary"] == "0"
        happen(slow, "first by number, last to be seen")  # type: ignore[arg-type]
        happen(connection, "1")
        assert json.loads(tail.line())["summary"] == "1"
        connection.execute("select pg_notify('news_events', 'not one of ours')")
        slow.commit()
    assert json.loads(tail.line())["summary"] == "first by number, last to be seen"
    happen(connection, "2")
    assert json.loads(tail.line())["summary"] == "2"


def test_tail_goes_on_when_postgres_is_back_with_what_happened_meanwhile(
    start: Call, database_url: str, connection: Connection
) -> None:
    happen(connection, "before")
    tail = start("tail", "--json", database_url=database_url)
    assert json.loads(tail.line())["summary"] == "before"
    with connection.transaction():
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        happen(connection, "meanwhile")
    tail.said_on_stderr("Trying again")
    assert json.loads(tail.line())["summary"] == "meanwhile"
    happen(connection, "after")
    assert json.loads(tail.line())["summary"] == "after"


def test_tail_ends_when_its_reader_has_seen_enough(database_url: str, connection: Connection) -> None:
    happen(connection, "only one")
    environment = {**os.environ, "WRITETHRU_DATABASE_URL": database_url}
    program = [str(Path(sys.executable).with_name("writethru")), "tail", "--json"]
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as tail:
        assert tail.stdout is not None
        assert b"only one" in tail.stdout.readline()
        tail.stdout.close()
        assert tail.wait(50) == 0
        assert tail.stderr is not None
        assert b"Error" not in tail.stderr.read()


def test_run_looks_after_the_store_outlives_a_server_that_takes_no_writes_and_ends_by_ctrl_c(
    start: Call, database_url: str, connection: Connection
) -> None:
    connection.execute(
        "with feed as (insert into news.feeds (url, publisher, host, disabled_reason)"
        " values ('http://127.0.0.1:9/rss', 'Site', '127.0.0.1:9', 'a test') returning feed_id)"
        " insert into news.polls (feed_id, polled_at, outcome)"
        " select feed_id, now() - n * interval '10 days', 'timeout' from feed, generate_series(1, 3) n"
    )
    running = start("run", database_url=database_url)
    running.said_on_stderr("deleted 2 polls")
    connection.execute("set default_transaction_read_only = off")
    name = connection.info.dbname
    connection.execute(f"alter database {name} set default_transaction_read_only = on")
    running.said_on_stderr("Trying again in")
    connection.execute(f"alter database {name} reset default_transaction_read_only")
    assert running.process.poll() is None
    assert running.end(signal.SIGINT) == 130


def test_psql_asks_the_record(ask: Call) -> None:
    said = ask("psql", "--", "-At", "-c", "select count(*) > 5 from versions")
    assert (said.status, said.out) == (0, "t\n")
    wrong = ask("psql", "--", "-c", "select nonsense")
    assert wrong.status == 1
    assert "nonsense" in wrong.err


def test_without_a_terminal_there_are_no_bars_and_no_colours(run: Call, database_url: str) -> None:
    said = run("run", "--once", database_url=database_url)
    assert said.status == 0
    assert said.err == ""
    assert "\x1b" not in said.out
    assert len(said.out.splitlines()) == 3


def test_opml_is_read_from_standard_input(run: Call, database_url: str) -> None:
    opml = b'<opml version="2.0"><body><outline xmlUrl="https://a.example/rss"/></body></opml>'
    assert run("feeds", "import", "-", stdin=opml, database_url=database_url).out == "Added 1 feed.\n"


def test_run_and_web_start_an_embedded_postgres_again_that_was_killed(start: Call, open_home: Path) -> None:
    server = EmbeddedPostgres(open_home)

    def kill_postgres() -> None:
        os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    running = start("run", home=open_home)
    running.said_on_stderr("settled 0 stories")
    kill_postgres()
    running.said_on_stderr("Trying again in")
    deadline = time.monotonic() + 60
    while not server.is_running():
        assert time.monotonic() < deadline, "nobody has started it again"
        assert running.process.poll() is None
        time.sleep(0.5)
    assert running.end(signal.SIGINT) == 130
    assert not server.is_running()

    served = start("web", home=open_home)
    address = served.line().split()[1]
    assert _page(served, address) == 200
    kill_postgres()
    refused = _refused(served, address)
    assert refused.code == 503
    assert b"try again in a moment" in refused.read()
    assert _page(served, address) == 200
    assert served.end(signal.SIGINT) == 0
    assert not server.is_running()


def test_without_up_a_command_brings_the_embedded_postgres_and_stops_it_again(
    call: Call, run: Call, start: Call, open_home: Path
) -> None:
    server = EmbeddedPostgres(open_home)
    first = run("stories", "--json", home=open_home)
    assert (first.status, first.json) == (0, [])
    assert "schema: applied 0001" in first.err
    assert not server.is_running()
    assert open_home.stat().st_mode & 0o077 in {0, 0o011}
    assert (open_home / "postgres.password").stat().st_mode & 0o777 == 0o600

    second = call("db", "status", "--json", home=open_home)
    assert second.json == {"database": f"127.0.0.1:{server.port}/writethru", "missing": [], "newer": []}
    assert second.err == ""

    # A polite kill ends a long-running command in order too.
    follower = start("tail", home=open_home)
    follower.said_on_stderr("Waiting for events")
    assert server.is_running()
    assert call("feeds", "list", "--json", home=open_home).json == []
    assert server.is_running()
    assert follower.end(signal.SIGTERM) == 143
    assert not server.is_running()

    doctor = call("doctor", "--json", home=open_home)
    assert doctor.status == 0
    verdicts = {finding["check"]: finding["verdict"] for finding in doctor.json}
    assert verdicts["schema"] == verdicts["home"] == "ok"
    assert verdicts["feeds"] == "warning"
    assert not server.is_running()


def test_the_schema_is_brought_up_to_date_once(call: Call, cluster: EmbeddedPostgres) -> None:
    cluster.ensure_database("bare_cli")
    url = cluster.url("bare_cli")
    missing = call("db", "status", "--json", database_url=url).json["missing"]
    assert call("db", "upgrade", database_url=url).out.split() == [
        word for name in missing for word in ("applied", name)
    ]
    again = call("db", "upgrade", database_url=url)
    assert (again.status, again.out) == (0, "")
    assert "up to date" in again.err
    assert call("db", "status", database_url=url).status == 0


def test_ctrl_c_while_the_program_still_loads_leaves_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    )
    done = subprocess.run(
        [Path(sys.executable).with_name("writethru"), "stories"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert done.returncode == 130
    assert done.stderr == ""


def test_pages_that_are_ended_politely_do_not_blame_their_port(start: Call, told_url: str) -> None:
    served = start("web", database_url=told_url)
    address = served.line().split()[1]
    assert _page(served, f"{address}/api") == 200
    assert served.end(signal.SIGTERM) == 143
    assert served.process.stderr.read() == ""
