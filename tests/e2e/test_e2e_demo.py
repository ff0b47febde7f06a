"""`writethru demo` as a user runs it: started, watched through Postgres and Airflow's REST API, stopped by Ctrl-C."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from pipeline.local import ports
from pipeline.local.part_logs import tail
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.local.state_file import UpState, running_up

PROGRAM = Path(sys.executable).with_name("writethru")
SPEED = 60  # story-minutes a second: stories change between any two looks
#: For what has come after a minute or two on an idle machine: on a burdened one it takes many times as long.
READY_SECONDS = 400
TOLD_SECONDS = 800
STOP_SECONDS = 15

#: What must be in the record before the demo counts as working.
TOLD = {
    "versions": "select count(*) from news.versions",
    "updates": "select count(*) from news.updates",
    "changed facts": "select count(*) from news.events where kind = 'fact_changed'",
    # By its event: a story of an article that is not followed is settled from its first version on.
    "a settled story": "select count(*) from news.events where kind = 'settled'",
}


class Demo:
    """A demo in a home of its own, with its output in a file as under nohup."""

    def __init__(self, folder: Path) -> None:
        self.user_home = folder / "state"
        self.home = self.user_home / "demo"
        self.output = folder / "output"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("WRITETHRU_", "PG"))}
        environment["WRITETHRU_HOME"] = str(self.user_home)
        self.port = ports.next_free(28480)
        command = [str(PROGRAM), "demo", "--port", str(self.port), "--speed", str(SPEED)]
        self.begun = time.monotonic()
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            )

    def explain(self) -> str:
        """Return the ends of all logs, for the report of a failure."""
        logs = [self.output, *sorted((self.home / "logs").glob("*.log"))]
        failed = self.failed_tasks()
        tasks = [
            path for name in failed for path in (self.home / "airflow" / "logs").rglob("*.log") if name in str(path)
        ]
        parts = [f"== {path.name}\n" + "\n".join(tail(path, lines=15)) for path in [*logs, *tasks[-4:]]]
        return "\n".join([*parts, f"failed tasks: {failed}"])

    def failed_tasks(self) -> list[str]:
        with suppress(psycopg.Error, OSError), psycopg.connect(EmbeddedPostgres(self.home).url("airflow")) as airflow:
            rows = airflow.execute("select distinct run_id from task_instance where state = 'failed'").fetchall()
            return [str(row[0]) for row in rows]
        return []

    def wait_until(self, true: Callable[[], object], *, seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            if self.process.poll() is not None:
                pytest.fail(f"the demo ended with status {self.process.returncode}:\n{self.explain()}")
            if time.monotonic() > deadline:
                pytest.fail(f"{what} did not come within {seconds} s:\n{self.explain()}")
            time.sleep(0.5)
        print(f"{what} {time.monotonic() - self.begun:.0f} s after the start")  # noqa: T201 - timings, with pytest -s

    def count(self, statement: str) -> int:
        with psycopg.connect(EmbeddedPostgres(self.home).url()) as record:
            row = record.execute(statement.encode()).fetchone()
        return int(row[0]) if row else 0

    def family(self) -> list[psutil.Process]:
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]


@pytest.fixture
def demo() -> Iterator[Demo]:
    # Not pytest's own folder: as root, Postgres runs under another account, which may not pass that.
    folder = Path(tempfile.mkdtemp(prefix="writethru-e2e-"))
    folder.chmod(0o711)
    running = Demo(folder)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(STOP_SECONDS + 5)
        running.process.kill()
        running.process.wait()
        UpState.read(running.home).end_parts()
        shutil.rmtree(folder, ignore_errors=True)


class Rest:
    """Airflow's REST API, logged in to with the generated password."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        body = json.dumps({"username": "admin", "password": password}).encode()
        self.token = ""
        self.token = self._ask(f"{address}/auth/token", body)["access_token"]

    def get(self, path: str) -> Any:
        return self._ask(f"{self.address}/api/v2/{path}")

    def _ask(self, url: str, body: bytes | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=30) as response:
            return json.load(response)

    def states(self, dag: str) -> dict[str, int]:
        runs = self.get(f"dags/{dag}/dagRuns?limit=100")["dag_runs"]
        states = [run["state"] for run in runs]
        return {state: states.count(state) for state in set(states)}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def listeners(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    found = set()
    for process in processes:
        with suppress(psutil.Error):
            for one in process.net_connections("inet"):
                if one.status == psutil.CONN_LISTEN:
                    found.add((one.laddr.ip, one.laddr.port))
    return found


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    alive = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(READY_SECONDS + TOLD_SECONDS + 60)
def test_the_demo_tells_stories_through_airflow_and_leaves_nothing(demo: Demo) -> None:
    demo.wait_until(lambda: "Writethru is running" in demo.output.read_text(), seconds=READY_SECONDS, what="health")
    state = running_up(demo.home)
    assert state is not None
    password_file = demo.home / "airflow.password"
    password = password_file.read_text().strip()

    # Secrets are the owner's alone. Root's home lets Postgres pass, which runs under another account.
    passable = 0o711 if os.geteuid() == 0 else 0o700
    assert mode(demo.home) == passable
    private = [password_file, demo.home / "postgres.password", *(demo.home / "airflow").glob("*.key")]
    assert {mode(path) for path in private} == {0o600}
    assert mode(demo.home / "logs") == 0o700
    # Our output goes to a file here, where a password does not belong.
    assert password not in demo.output.read_text()
    assert str(password_file) in demo.output.read_text()

    for what, statement in TOLD.items():
        left = TOLD_SECONDS - (time.monotonic() - demo.begun - READY_SECONDS)
        demo.wait_until(lambda statement=statement: demo.count(statement), seconds=left, what=what)  # type: ignore[misc]

    rest = Rest(state.addresses["airflow"], password)
    assert rest.get("importErrors")["import_errors"] == []
    for dag in ("poll_feeds", "follow_stories"):
        states = rest.states(dag)
        assert states.get("success", 0) > 1, demo.explain()
        assert "failed" not in states, demo.explain()
    assert rest.get("dags?limit=50")["total_entries"] == 5

    family = demo.family()
    open_ports = listeners(family)
    assert {address for address, _ in open_ports} == {ports.LOOPBACK}
    assert demo.port in {port for _, port in open_ports}

    told = time.monotonic()
    demo.process.send_signal(signal.SIGINT)
    demo.process.wait(60)
    took = time.monotonic() - told
    print(f"stopped after {took:.1f} s")  # noqa: T201
    assert living(family) == []
    assert [port for _, port in open_ports if ports.answers(port)] == []
    assert demo.process.returncode == 0, demo.explain()
    assert took < STOP_SECONDS, demo.explain()
    assert not (demo.home / "up.json").exists()
