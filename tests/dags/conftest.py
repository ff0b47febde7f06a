"""Airflow for the DAG tests: one process for all of them, on a metadata database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DAGS = HERE.parent.parent / "dags"


class Airflow:
    """The DAGs, loaded and run in a process of their own (`airflow_process.py`)."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home / "output.txt"
        self._read = 0
        with self.output.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, HERE / "airflow_process.py"],
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.imported_by_dags: list[str] = json.loads(self._answer())
        """Which of the heavy modules reading the DAG files has imported."""

    def _environment(self) -> dict[str, str]:
        foreign = ("AIRFLOW_", "WRITETHRU_")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home}/airflow.db",
            "WRITETHRU_HOME": str(self.home / "writethru"),
        }

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            pytest.fail(f"the Airflow process ended:\n{self.output.read_text(errors='replace')[-6000:]}")
        return line

    def _ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._answer())

    def describe(self) -> Any:
        """Return what loading the DAG folder gives: import errors, and what each DAG says of itself."""
        return self._ask(do="describe")

    def run(
        self,
        dag_id: str,
        *,
        conf: Mapping[str, Any] | None = None,
        logical_date: str | None = None,
        **environment: str | None,
    ) -> Any:
        """Run a DAG with variables set (or, by None, unset); return its state, its tasks' states, its asset events."""
        self._read = self.output.stat().st_size
        return self._ask(
            do="run", dag_id=dag_id, conf=conf or {}, logical_date=logical_date, environment=dict(environment)
        )

    def log(self) -> str:
        """Return what Airflow and the tasks wrote during the last run."""
        with self.output.open("rb") as output:
            output.seek(self._read)
            return output.read().decode(errors="replace")

    def stop(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=120)


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    started = Airflow(tmp_path_factory.mktemp("airflow"))
    yield started
    started.stop()
