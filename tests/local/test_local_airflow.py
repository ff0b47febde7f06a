"""Airflow's configuration, and one real Airflow under the real supervisor."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from pipeline.local import ports
from pipeline.local.airflow import AirflowSite, airflow_environment, airflow_parts
from pipeline.local.parts import PartStatus
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.local.state_file import UpState, running_up
from pipeline.local.up import _airflow_port


@pytest.fixture
def site(tmp_path: Path) -> AirflowSite:
    return AirflowSite(
        home=tmp_path / "home",
        port=8080,
        metadata_url="postgresql://writethru:hidden@127.0.0.1:15432/airflow",
        news_url="postgresql://writethru:hidden@127.0.0.1:15432/writethru",
        dags_folder=tmp_path / "dags",
    )


def test_a_shells_own_airflow_settings_do_not_leak_in(site: AirflowSite) -> None:
    base = {
        "PATH": "/bin",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__WEBSERVER__X": "y",
        "AIRFLOW_HOME": "/elsewhere",
        "AIRFLOW_CONFIG": "/elsewhere/airflow.cfg",
        "AIRFLOW_CONN_WRITETHRU": "postgresql://mine",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment = airflow_environment(site, base=base)
    assert environment["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert environment["AIRFLOW_HOME"] == str(site.home / "airflow")
    assert environment["AIRFLOW_CONN_WRITETHRU"] == "postgresql://mine"
    assert environment["PATH"] == "/bin"
    assert not {"AIRFLOW__WEBSERVER__X", "AIRFLOW_CONFIG", "PYTHONDONTWRITEBYTECODE"} & set(environment)


def test_both_drivers_of_the_metadata_database_are_named(site: AirflowSite) -> None:
    environment = airflow_environment(site, base={})
    rest = "://writethru:hidden@127.0.0.1:15432/airflow"
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"postgresql+psycopg2{rest}"
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == f"postgresql+psycopg_async{rest}"
    assert environment["WRITETHRU_AIRFLOW_DB"] == f"postgresql+psycopg2{rest}"
    assert environment["WRITETHRU_DATABASE_URL"] == site.news_url
    assert environment["WRITETHRU_HOME"] == str(site.home)


def test_the_loopback_is_never_reached_through_a_proxy(site: AirflowSite) -> None:
    environment = airflow_environment(site, base={"NO_PROXY": "intranet", "https_proxy": "http://proxy:1"})
    assert environment["NO_PROXY"] == "intranet,127.0.0.1,localhost"
    assert environment["no_proxy"] == "127.0.0.1,localhost"


def test_secrets_are_made_once_and_only_their_owner_may_read_them(site: AirflowSite) -> None:
    first = airflow_environment(site, base={})
    assert airflow_environment(site, base={}) == first
    names = ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET")
    assert len({first[name] for name in names}) == 3
    files = [path for path in site.home.rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    passwords = json.loads(Path(first["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]).read_text())
    assert passwords == {"admin": site.password}
    assert len(site.password) >= 16


def test_no_secret_is_on_a_command_line_or_in_a_repr(site: AirflowSite) -> None:
    environment = airflow_environment(site, base={})
    commands = " ".join(word for part in airflow_parts(site, environment, needs=[]) for word in part.command)
    for name in ("FERNET_KEY", "SECRET_KEY", "JWT_SECRET"):
        [value] = [value for key, value in environment.items() if key.endswith(name)]
        assert value not in commands
    assert site.password not in commands
    assert "hidden" not in commands
    assert "hidden" not in repr(site)


def test_every_option_is_one_that_airflow_knows(site: AirflowSite) -> None:
    import importlib.util

    import yaml

    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.submodule_search_locations
    known = yaml.safe_load(
        (Path(spec.submodule_search_locations[0]) / "config_templates" / "config.yml").read_text(encoding="utf-8")
    )
    for name in airflow_environment(site, base={}):
        if name.startswith("AIRFLOW__"):
            _, section, option = name.lower().split("__")
            assert option in known[section]["options"], name


def test_a_taken_port_of_the_ui_is_named_and_the_next_one_kept(tmp_path: Path) -> None:
    said: list[PartStatus] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        chosen = _airflow_port(tmp_path, taken, said.append)
        assert chosen > taken
        [status] = said
        assert f"port {taken} is taken by" in status.detail
        assert f"(pid {os.getpid()}): using {chosen}" in status.detail
    # Bookmarks keep working: the port of the last time is tried before the one wished for.
    assert _airflow_port(tmp_path, taken, said.append) == chosen
    assert len(said) == 1


UP = """
import asyncio, sys
from pathlib import Path
from pipeline.local.up import UpOptions, up
options = UpOptions(home=Path(sys.argv[1]), dags_folder=Path(sys.argv[2]), airflow_port=int(sys.argv[3]),
                    upgrade_schema=lambda url: print("schema in", url.rpartition("/")[2], flush=True))
asyncio.run(up(options, on_status=lambda s: print(s.name, s.state, s.detail, sep="|", flush=True),
               on_ready=lambda a: print("ready", flush=True)))
"""
SLOW_DAG = """
import time
from datetime import datetime, timedelta
from airflow.sdk import dag, task
@dag(schedule="@once", start_date=datetime(2026, 1, 1), catchup=False)
def long_sleep():
    @task(retries=1, retry_delay=timedelta(seconds=1))
    def sleep():
        time.sleep(300)
    sleep()
long_sleep()
"""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="writethru-up-"))
    folder.chmod(0o711)
    yield folder
    UpState.read(folder / "home").end_parts()
    shutil.rmtree(folder)


def eventually(true: Callable[[], object], *, explain: Callable[[], str] = str) -> float:
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > PATIENCE_SECONDS:
            pytest.fail(f"did not happen within {PATIENCE_SECONDS} s: {explain()}")
        time.sleep(0.1)
    return time.monotonic() - begun


def get(url: str, token: str = "") -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def log_in(address: str, password: str) -> str:
    body = json.dumps({"username": "admin", "password": password}).encode()
    request = urllib.request.Request(f"{address}/auth/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        token = json.load(response)["access_token"]
    assert isinstance(token, str)
    return token


def listeners(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # one that reads a DAG file ends at any moment
            for connection in process.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    found.add((connection.laddr.ip, connection.laddr.port))
    return found


#: For what comes within a minute on an idle machine, or never.
PATIENCE_SECONDS = 400


class Up:
    """`up` in a process of its own, with the DAG above."""

    def __init__(self, folder: Path, port: int) -> None:
        self.output = folder / f"output-{time.monotonic_ns()}"
        command = [sys.executable, "-c", UP, str(folder / "home"), str(folder / "dags"), str(port)]
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, stdout=file, stderr=file)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_for(self, text: str, *, times: int = 1) -> None:
        took = eventually(lambda: self.said().count(text) >= times, explain=self.said)
        print(f"{text.strip()!r} after {took:.1f} s")  # noqa: T201 - timings, for whoever runs pytest with -s

    def family(self) -> list[psutil.Process]:
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def stop(self) -> float:
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        took = time.monotonic() - begun
        print(f"stopped after {took:.1f} s")  # noqa: T201
        return took

    def stop_leaving_nothing(self, home: Path) -> None:
        family, found = self.family(), listeners(self.family())
        assert self.stop() < 15
        assert self.process.returncode == 0
        assert living(family) == []
        assert all(ports.is_free(port) for _, port in found)
        assert not (home / "up.json").exists()
        logged = "".join(path.read_text() for path in (home / "logs").iterdir())
        assert (home / "airflow.password").read_text().strip() not in logged


Start = Callable[[], Up]


@pytest.fixture(scope="module")
def start(folder: Path) -> Iterator[Start]:
    (folder / "dags").mkdir()
    (folder / "dags" / "long_sleep.py").write_text(SLOW_DAG)
    port = ports.next_free(28080)
    all_started: list[Up] = []

    def start() -> Up:
        all_started.append(Up(folder, port))
        all_started[-1].wait_for("ready\n")
        return all_started[-1]

    yield start
    for up in all_started:
        if up.process.poll() is None:
            up.stop()


@dataclass(frozen=True)
class Seen:
    """What was seen of a life of `up`."""

    said: str
    health: dict[str, Any]
    listeners: set[tuple[str, int]]


@pytest.fixture(scope="module")
def first_life(folder: Path, start: Start) -> Seen:
    """The life of an Airflow in a new home, which was stopped in the middle of a task."""
    up, home = start(), folder / "home"
    state = running_up(home)
    assert state is not None
    address = state.addresses["airflow"]
    health = get(f"{address}/api/v2/monitor/health")
    token = log_in(address, (home / "airflow.password").read_text().strip())
    runs = f"{address}/api/v2/dags/long_sleep/dagRuns/~/taskInstances?state=running"
    eventually(lambda: get(runs, token)["total_entries"], explain=up.said)
    assert task_of(folder) == ("running", 1)
    found = listeners(up.family())
    up.stop_leaving_nothing(home)
    return Seen(up.said(), health, found)


@pytest.fixture(scope="module")
def second_life(first_life: Seen, start: Start) -> Up:
    """The next start in the same home; it runs."""
    return start()


@pytest.fixture(scope="module")
def taken_up(folder: Path, second_life: Up) -> str:
    """What the second life had said when the task of the first ran again."""
    eventually(lambda: task_of(folder) == ("running", 2), explain=second_life.said)
    return second_life.said()


def living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def task_of(folder: Path) -> tuple[object, ...] | None:
    """Return state and try number of the one task, as Airflow's database has them."""
    with psycopg.connect(EmbeddedPostgres(folder / "home").url("airflow")) as connection:
        return connection.execute("select state, try_number from task_instance").fetchone()


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(3 * PATIENCE_SECONDS)
def test_a_real_airflow_comes_up_works_and_leaves_nothing(first_life: Seen) -> None:
    assert "schema in writethru\n" in first_life.said
    health = first_life.health
    assert {health[name]["status"] for name in ("metadatabase", "scheduler", "dag_processor")} == {"healthy"}
    assert len(first_life.listeners) == 2
    assert {ip for ip, _ in first_life.listeners} == {"127.0.0.1"}


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(3 * PATIENCE_SECONDS)
def test_a_task_that_ran_at_the_end_runs_again_at_the_next_start(taken_up: str) -> None:
    # Nothing was left to migrate.
    assert "airflow-migrate|starting" not in taken_up


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(3 * PATIENCE_SECONDS)
@pytest.mark.usefixtures("taken_up")
def test_a_killed_scheduler_is_replaced_and_leaves_nothing(folder: Path, second_life: Up) -> None:
    state = running_up(folder / "home")
    assert state is not None
    scheduler = state.parts["scheduler"].process
    old = [psutil.Process(scheduler.pid), *psutil.Process(scheduler.pid).children(recursive=True)]
    assert len(old) > 7  # six workers and the task
    os.kill(scheduler.pid, signal.SIGKILL)
    second_life.wait_for("scheduler|healthy", times=2)
    assert living(old) == []
    second_life.stop_leaving_nothing(folder / "home")
