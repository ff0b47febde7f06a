"""What every test may use."""

import itertools
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from xdist.scheduler import LoadScopeScheduling

from pipeline.local.newsroom import ManualClock, Newsroom, newsroom_running
from pipeline.local.ports import next_free
from pipeline.local.postgres import Durability, EmbeddedPostgres, running
from pipeline.steps import tend_store
from pipeline.store.connections import Connection, connect
from pipeline.store.migrations import upgrade
from tests.telling import tell

_numbers = itertools.count(1)
#: Each worker of `pytest -n` looks from another port on, so that no two choose the same one at the same moment.
FIRST_PORT = 25532 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CHECKOUT = Path(__file__).parent.parent

# How long an example takes by the clock says more of what runs beside it; in CI Hypothesis leaves it out by itself.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
# Which a worker of `pytest -n` has, or a shell: rich would keep to it whatever a test says.
os.environ.pop("COLUMNS", None)

# Story-minutes at which the newsroom is looked at: an earthquake's toll rises and is corrected between them, a page
# moves, one vanishes for good (which takes two looks).
LOOKS = (0, 600, 1650, 2700, 3300, 4500, 4800, 4810)

#: What starts a whole Airflow. One at a time is as much as two cores bear.
WITH_AIRFLOW = re.compile(r"tests/(e2e|dags|local/test_local_airflow|local/test_local_taken_port|web/test_web_airflow)")


class AirflowApart(LoadScopeScheduling):
    """Hands whole files to the workers of `pytest -n`, and to one of them, first of all, what starts an Airflow."""

    def _split_scope(self, nodeid: str) -> str:
        return "airflow" if WITH_AIRFLOW.match(nodeid) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> AirflowApart:
    config.option.loadscopereorder = False  # by the number of tests, which says little of the time they take
    return AirflowApart(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: WITH_AIRFLOW.match(item.nodeid) is None)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data that stays outside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("WRITETHRU_DATA_DIR", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set WRITETHRU_DATA_DIR)")
    return folder


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """An embedded Postgres for this test run, with the schema in the database `template`."""
    # Under /tmp and not pytest's own folder: as root Postgres runs as another user, who may not enter that.
    with tempfile.TemporaryDirectory(prefix="writethru-tests-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running(home, durability=Durability.THROWAWAY, port=next_free(FIRST_PORT)) as postgres:
            postgres.ensure_database("template")
            upgrade(postgres.url("template"))
            yield postgres


@pytest.fixture
def database_url(cluster: EmbeddedPostgres) -> Iterator[str]:
    """A database of this test's own, with the schema and nothing in it."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name} template template strategy file_copy")
        yield cluster.url(name)
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    """An open connection to this test's database."""
    with connect(database_url) as opened:
        yield opened


@pytest.fixture(scope="session")
def told_template(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database into which the newsroom's stories have been told; nobody connects, so it can be copied."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database told_template template template strategy file_copy")
    url = cluster.url("told_template")
    settings = tell(url, tmp_path_factory.mktemp("told"), LOOKS)
    tend_store(url, settings.model_copy(update={"settle_after_seconds": 0.001}))
    return "told_template"


@pytest.fixture(scope="session")
def told_url(cluster: EmbeddedPostgres, told_template: str) -> Iterator[str]:
    """The address of a record into which the newsroom's stories have been told from beginning to end."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute(f"create database told template {told_template} strategy file_copy")
    yield cluster.url("told")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database told with (force)")


@pytest.fixture
def clock() -> ManualClock:
    """The newsroom's clock, at its beginning until a test moves it."""
    return ManualClock()


@pytest.fixture
def newsroom(clock: ManualClock) -> Iterator[Newsroom]:
    """The bundled newsroom, by `clock`."""
    with newsroom_running(clock=clock) as running:
        yield running
