"""Deleting Airflow's old log files, and only those."""

import importlib.util
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import LocalError

NOW = datetime(2026, 5, 5, tzinfo=UTC)


@pytest.fixture
def upkeep():
    path = Path(__file__).parent.parent.parent / "dags" / "writethru_upkeep.py"
    spec = importlib.util.spec_from_file_location("writethru_upkeep", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def log_file(path: Path, *, age: timedelta) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a line\n")
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_old_logs_go_with_the_folders_they_leave_empty(upkeep, tmp_path):
    old = log_file(
        tmp_path / "dag_id=poll_feeds" / "run_id=1" / "task_id=plan" / "attempt=1.log", age=timedelta(days=4)
    )
    new = log_file(
        tmp_path / "dag_id=poll_feeds" / "run_id=2" / "task_id=plan" / "attempt=1.log", age=timedelta(days=2)
    )
    parsed = log_file(tmp_path / "dag_processor" / "2026-05-01" / "poll_feeds.py.log", age=timedelta(days=4))

    assert upkeep.delete_logs(tmp_path, NOW - timedelta(hours=72)) == 2

    assert not old.parents[1].exists()
    assert not parsed.parent.exists()
    assert new.exists()


def test_files_that_are_not_logs_of_tasks_stay_whatever_their_age(upkeep, tmp_path):
    others = [log_file(tmp_path / name, age=timedelta(days=400)) for name in ("scheduler.log", "mine/notes.txt")]
    assert upkeep.delete_logs(tmp_path, NOW) == 0
    assert all(path.exists() for path in others)


def test_a_link_is_never_followed_out_of_the_log_folder(upkeep, tmp_path):
    outside = log_file(tmp_path / "elsewhere" / "precious.log", age=timedelta(days=400))
    logs = tmp_path / "logs"
    (logs / "dag_id=x").mkdir(parents=True)
    (logs / "dag_id=x" / "link").symlink_to(outside.parent)
    upkeep.delete_logs(logs, NOW)
    assert outside.exists()


def test_deleting_twice_deletes_nothing_more(upkeep, tmp_path):
    log_file(tmp_path / "dag_id=x" / "attempt=1.log", age=timedelta(days=4))
    assert upkeep.delete_logs(tmp_path, NOW) == 1
    assert upkeep.delete_logs(tmp_path, NOW) == 0


def test_a_failed_clean_says_what_airflow_said(upkeep, tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
    monkeypatch.setenv(upkeep.METADATA_VARIABLE, f"sqlite:///{tmp_path}/absent/airflow.db")
    with pytest.raises(LocalError, match=r"(?s)exit status \d+.*unable to open database"):
        upkeep.clean_tables(NOW)
