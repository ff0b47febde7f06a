"""Airflow's configuration, and one real Airflow under the real supervisor."""

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
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from pipeline.local import ports
from pipeline.local.airflow import AirflowSite, airflow_environment, airflow_parts
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.local.state_file import UpState, running_up


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


def test_both_drivers_of_the_metadata_database_are_psycopg_3(site: AirflowSite) -> None:
    environment = airflow_environment(site, base={})
    rest = "://writethru:hidden@127.0.0.1:15432/airflow"
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"postgresql+psycopg{rest}"
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"] == f"postgresql+psycopg_async{rest}"
    assert environment["WRITETHRU_AIRFLOW_DB"] == f"postgresql+psycopg{rest}"
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
from datetime import datetime
from airflow.sdk import dag, task
@dag(schedule="@once", start_date=datetime(2026, 1, 1), catchup=False)
def long_sleep():
    @task(retries=1)
    def sleep():
        time.sleep(300)
    sleep()
long_sleep()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="writethru-up-"))
    folder.chmod(0o711)
    yield folder
    UpState.read(folder / "home").end_parts()
    shutil.rmtree(folder)


def eventually(true: Callable[[], object], *, seconds: float, explain: Callable[[], str] = str) -> float:
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > seconds:
            pytest.fail(f"did not happen within {seconds} s: {explain()}")
        time.sleep(0.1)
    return time.monotonic() - begun


def get(url: str, token: str = "") -> Any:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)


def log_in(address: str, password: str) -> str:
    body = json.dumps({"username": "admin", "password": password}).encode()
    request = urllib.request.Request(f"{address}/auth/token", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=5) as response:
        token = json.load(response)["access_token"]
    assert isinstance(token, str)
    return token


def listeners(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    found = set()
    for process in processes:
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                found.add((connection.laddr.ip, connection.laddr.port))
    return found


@pytest.mark.slow
@pytest.mark.airflow
def test_a_real_airflow_comes_up_recovers_and_leaves_nothing(folder: Path) -> None:
    home, dags, output = folder / "home", folder / "dags", folder / "output"
    dags.mkdir()
    (dags / "long_sleep.py").write_text(SLOW_DAG)
    port = ports.next_free(28080)
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", UP, str(home), str(dags), str(port)], stdout=file, stderr=file
        )
    try:
        up = psutil.Process(process.pid)

        def said(text: str, times: int = 1) -> bool:
            return output.read_text().count(text) >= times

        took = eventually(lambda: said("ready\n"), seconds=120, explain=output.read_text)
        print(f"all healthy after {took:.1f} s")
        assert said("schema in writethru")
        state = running_up(home)
        assert state is not None
        address = state.addresses["airflow"]
        assert address == f"http://127.0.0.1:{port}"
        health = get(f"{address}/api/v2/monitor/health")
        assert {health[name]["status"] for name in ("metadatabase", "scheduler", "dag_processor")} == {"healthy"}

        token = log_in(address, (home / "airflow.password").read_text().strip())
        runs = f"{address}/api/v2/dags/long_sleep/dagRuns/~/taskInstances?state=running"
        eventually(lambda: _total(runs, token), seconds=60, explain=output.read_text)

        family = [up, *up.children(recursive=True)]
        found = listeners(family)
        assert ("127.0.0.1", port) in found
        assert {ip for ip, _ in found} == {"127.0.0.1"}

        # The task has to be started anew by the new scheduler, whose predecessor's processes are all gone.
        scheduler = state.parts["scheduler"].process
        old = [psutil.Process(scheduler.pid), *psutil.Process(scheduler.pid).children(recursive=True)]
        assert len(old) > 7
        os.kill(scheduler.pid, signal.SIGKILL)
        took = eventually(lambda: said("scheduler|healthy", 2), seconds=60, explain=output.read_text)
        print(f"scheduler healthy again after {took:.1f} s")
        assert not [one for one in old if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

        family = [up, *up.children(recursive=True)]
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        print(f"stopped after {time.monotonic() - begun:.1f} s")
        assert time.monotonic() - begun < 15
        assert process.returncode == 0
        left = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        assert left == []
        assert all(ports.is_free(one) for _, one in found)
        assert not (home / "up.json").exists()
        logged = "".join(path.read_text() for path in (home / "logs").iterdir())
        assert (home / "airflow.password").read_text().strip() not in logged
        assert "Traceback" not in (home / "logs" / "api-server.log").read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.airflow
def test_a_task_that_runs_at_the_end_is_told_so_to_airflow(folder: Path) -> None:
    home, dags, output = folder / "home", folder / "dags", folder / "output"
    dags.mkdir()
    (dags / "long_sleep.py").write_text(SLOW_DAG)
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", UP, str(home), str(dags), str(ports.next_free(28080))], stdout=file, stderr=file
        )
    try:
        eventually(lambda: "ready\n" in output.read_text(), seconds=120, explain=output.read_text)
        postgres = EmbeddedPostgres(home)

        def state_of_task() -> object:
            with psycopg.connect(postgres.url("airflow")) as connection:
                row = connection.execute("select state from task_instance").fetchone()
            return row[0] if row else None

        eventually(lambda: state_of_task() == "running", seconds=60, explain=output.read_text)
        begun = time.monotonic()
        process.terminate()
        process.wait(20)
        print(f"stopped with a running task after {time.monotonic() - begun:.1f} s")
        assert time.monotonic() - begun < 15
        postgres.start()
        try:
            assert state_of_task() == "up_for_retry"
        finally:
            postgres.stop()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _total(url: str, token: str) -> int:
    return int(get(url, token)["total_entries"])
