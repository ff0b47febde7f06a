"""Airflow as `writethru up` runs it: its whole configuration as environment, and its processes as parts.

Airflow itself is never imported here: it is run by ``python -m airflow`` with the same interpreter. Secrets travel in
the environment, never on a command line. Every listener is on the loopback; the log servers, whose address cannot be
chosen, are left out (`--skip-serve-logs`; the UI reads the files).
"""

import asyncio
import base64
import http.client
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from pipeline.local.parts import Health, Part, Probe
from pipeline.local.ports import LOOPBACK
from pipeline.local.private_files import make_home, read_json, secret, write_private

DEFAULT_PORT = 8080
ADMIN = "admin"
_MIGRATE = "airflow-migrate"


@dataclass(frozen=True)
class AirflowSite:
    """Where one Airflow lives and what it works on. Addresses are plain `postgresql://` ones."""

    home: Path
    port: int
    metadata_url: str = field(repr=False)
    news_url: str = field(repr=False)
    dags_folder: Path
    parallelism: int = 6
    """Tasks at once. Each is a process that idles with some 40 MB; stopping 32 of them took over 10 s."""

    @property
    def url(self) -> str:
        """The address of the UI and the REST API."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def folder(self) -> Path:
        """`AIRFLOW_HOME`."""
        return self.home / "airflow"

    @property
    def password(self) -> str:
        """The password of the user `admin`, generated once and kept in the home with mode 0600."""
        return secret(self.home / "airflow.password", lambda: secrets.token_urlsafe(12))


def airflow_environment(
    site: AirflowSite, *, base: Mapping[str, str] | None = None, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the whole environment of Airflow's processes; writes the secrets it names, where they are missing.

    `base` (default: our own environment) is cleaned of other Airflow settings, of which a person's shell may have
    some; connections and variables (`AIRFLOW_CONN_*`, `AIRFLOW_VAR_*`) stay. `extra` is added at the end.
    """
    make_home(site.home)
    site.folder.mkdir(mode=0o700, exist_ok=True)
    passwords = site.folder / "passwords.json"
    # Written before Airflow does it: its own would be readable for everybody.
    write_private(passwords, json.dumps({ADMIN: site.password}))
    environment = _clean(os.environ if base is None else base)
    environment |= {f"AIRFLOW__{name}": value for name, value in _options(site, passwords).items()}
    environment |= {
        "AIRFLOW_HOME": str(site.folder),
        "PYTHONUNBUFFERED": "1",
        "WRITETHRU_HOME": str(site.home),
        "WRITETHRU_DATABASE_URL": site.news_url,
        # A task finds Airflow's own setting replaced by airflow-db-not-allowed:///; upkeep needs the real one.
        "WRITETHRU_AIRFLOW_DB": _driver(site.metadata_url, "psycopg2"),
    }
    return environment | dict(extra or {})


def _clean(base: Mapping[str, str]) -> dict[str, str]:
    environment = {
        name: value
        for name, value in base.items()
        # Without bytecode every task would spend a second compiling its imports.
        if not name.startswith("AIRFLOW__")
        and name not in {"AIRFLOW_HOME", "AIRFLOW_CONFIG", "PYTHONDONTWRITEBYTECODE"}
    }
    # Tasks talk to the api-server over HTTP and would go through a proxy to reach the loopback.
    for name in ("no_proxy", "NO_PROXY"):
        environment[name] = ",".join(filter(None, [base.get(name), LOOPBACK, "localhost"]))
    if sys.platform == "darwin":
        environment["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] = "YES"
    return environment


def _options(site: AirflowSite, passwords: Path) -> dict[str, str]:
    logs = site.folder / "logs"
    return {
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": str(site.parallelism),
        "CORE__MAX_ACTIVE_TASKS_PER_DAG": str(site.parallelism),
        "CORE__DAGS_FOLDER": str(site.dags_folder),
        "CORE__PLUGINS_FOLDER": str(site.folder / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # The default asks the name servers, which takes long without a network.
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",
        "CORE__FERNET_KEY": secret(site.folder / "fernet.key", _fernet_key),
        "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "CORE__EXECUTION_API_SERVER_URL": f"{site.url}/execution/",
        # psycopg 3 gives texts a type, with which the question behind Airflow 3.3's graph of assets is refused; and
        # without the second address it would take asyncpg.
        "DATABASE__SQL_ALCHEMY_CONN": _driver(site.metadata_url, "psycopg2"),
        "DATABASE__SQL_ALCHEMY_CONN_ASYNC": _driver(site.metadata_url, "psycopg_async"),
        "API__HOST": LOOPBACK,
        "API__PORT": str(site.port),
        "API__BASE_URL": site.url,
        "API__WORKERS": "1",
        "API__SECRET_KEY": secret(site.folder / "api-secret.key", _random_key),
        "API_AUTH__JWT_SECRET": secret(site.folder / "jwt.key", _random_key),
        "LOGGING__BASE_LOG_FOLDER": str(logs),
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(logs / "dag_processor"),
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST": LOOPBACK,
        # After a clean stop the next scheduler takes up at once what was running. After a kill of everything such a
        # task holds up the next run of its DAG until one of these two finds it.
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",
        # The scheduler may start a task before the api-server answers, or while that starts again, which takes a slow
        # machine more than a minute. A try follows the one before after 2.5 s on average: patience for as long as
        # a part has to start, instead of 5 tries within 12 s, after which the run would be red for no fault of its own.
        "WORKERS__EXECUTION_API_RETRIES": "60",
        "WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "5",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "60",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
    }


def _driver(url: str, driver: str) -> str:
    return f"postgresql+{driver}://{url.partition('://')[2]}"


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _random_key() -> str:
    return secrets.token_urlsafe(48)


def airflow_parts(
    site: AirflowSite, environment: Mapping[str, str], *, needs: Sequence[str], before_tasks: Sequence[str] = ()
) -> list[Part]:
    """Return Airflow's parts: the migration of its database, then three processes that start side by side.

    `needs` names the steps before the migration, `before_tasks` those before the scheduler, which runs tasks at once.
    There is no triggerer: nothing here defers.
    """
    airflow = [sys.executable, "-m", "airflow"]
    migration = Part(
        _MIGRATE,
        [*airflow, "db", "migrate"],
        environment,
        needs=needs,
        once=True,
        unneeded=lambda: _is_migrated(site),
        start_seconds=300,
    )
    return [
        migration,
        Part(
            "api-server",
            [*airflow, "api-server", "--host", LOOPBACK, "--port", str(site.port), "--workers", "1"],
            environment,
            probe=_probe(site, "metadatabase"),
            port=site.port,
            needs=[_MIGRATE],
            # Tasks report through it how they ended. After that nothing is lost by a kill, and it takes long to go.
            outlives=["scheduler"],
            before_start=lambda: _note_migrated(site),
            grace_seconds=2.5,
        ),
        Part(
            "scheduler",
            [*airflow, "scheduler", "--skip-serve-logs"],
            environment,
            probe=_probe(site, "scheduler"),
            needs=[_MIGRATE, *before_tasks],
            grace_seconds=6,
        ),
        Part(
            "dag-processor",
            [*airflow, "dag-processor"],
            environment,
            probe=_probe(site, "dag_processor"),
            needs=[_MIGRATE],
            grace_seconds=4,
        ),
    ]


def _probe(site: AirflowSite, component: str) -> Probe:
    async def probe(started: float) -> Health:
        health = await asyncio.to_thread(_monitored_health, site.port)
        if health is None:
            return Health.BAD if component == "metadatabase" else Health.UNKNOWN
        if health["metadatabase"]["status"] != "healthy":
            return Health.UNKNOWN  # starting the api-server again would not mend the database
        state = health[component]
        if component == "metadatabase":
            return Health.GOOD
        beat = state.get(f"latest_{component}_heartbeat")
        # A killed process counts as healthy for half a minute, so its heartbeat must be of this life.
        alive = state["status"] == "healthy" and beat and datetime.fromisoformat(beat).timestamp() > started
        return Health.GOOD if alive else Health.BAD

    return probe


def _monitored_health(port: int) -> dict[str, Any] | None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/api/v2/monitor/health")
        response = connection.getresponse()
        value = json.loads(response.read()) if response.status == http.HTTPStatus.OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return value if isinstance(value, dict) and "metadatabase" in value else None


# `airflow db migrate` spends four seconds on finding out that there is nothing to do. What is remembered is the schema
# revision that a version of Airflow left in the database, so a fresh database or another Airflow is noticed.


def _is_migrated(site: AirflowSite) -> bool:
    remembered = read_json(site.folder / "migrated.json")
    return bool(remembered) and remembered == _migration(site)


def _note_migrated(site: AirflowSite) -> None:
    write_private(site.folder / "migrated.json", json.dumps(_migration(site)))


def _migration(site: AirflowSite) -> dict[str, str]:
    try:
        with psycopg.connect(site.metadata_url, connect_timeout=5) as connection:
            row = connection.execute("select version_num from alembic_version").fetchone()
    except psycopg.Error:
        return {}
    return {"airflow": version("apache-airflow-core"), "revision": str(row[0])} if row else {}
