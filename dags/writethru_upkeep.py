"""Airflow's own upkeep: old run history and old log files, which grow by some 200 MB and 370 MB a day when busy.

It works only on an Airflow that Writethru started itself, which says so by `WRITETHRU_AIRFLOW_DB`: the history of
your own Airflow is yours.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from pipeline.errors import LocalError

METADATA_VARIABLE = "WRITETHRU_AIRFLOW_DB"
OUTPUT_KEPT = 4000
"""Characters of the command's output worth showing: its last lines tell what went wrong."""

_LOG_FOLDERS = ("dag_id=*", "dag_processor*")


def owns_airflow() -> bool:
    """Tell whether this Airflow is Writethru's own."""
    return bool(os.environ.get(METADATA_VARIABLE))


def clean_tables(before: datetime) -> str:
    """Delete what Airflow's metadata database keeps of runs before `before`, and return the command's last lines.

    A task has no address of the metadata database (Airflow puts `airflow-db-not-allowed:///` in its place), so it
    travels under a name of our own. Raises `LocalError`, which holds those lines too.
    """
    environment = {**os.environ, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": os.environ[METADATA_VARIABLE]}
    environment.pop("AIRFLOW__CORE__SQL_ALCHEMY_CONN", None)
    command = [
        *(sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive"),
        *("--clean-before-timestamp", before.isoformat(), "--batch-size", "10000"),
    ]
    result = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    output = result.stdout[-OUTPUT_KEPT:]
    if result.returncode:
        raise LocalError(f"airflow db clean ended with exit status {result.returncode}:\n{output}")
    return output


def delete_logs(folder: Path, before: datetime) -> int:
    """Delete the log files of tasks and DAG processing last written before `before`; return how many.

    Folders left empty go too. Other files in `folder` are not Airflow's, or not old: they stay.
    """
    deleted = 0
    for kind in _LOG_FOLDERS:
        for top in folder.glob(kind):
            for path in sorted(top.rglob("*"), reverse=True):  # children before their parents
                deleted += _delete_if_old(path, before.timestamp())
    return deleted


def _delete_if_old(path: Path, before: float) -> int:
    try:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()  # refuses, as it should, where something is left inside
        elif path.lstat().st_mtime < before:
            path.unlink()
            return 1
    except OSError:
        pass  # still in use, not empty, or another run was faster
    return 0
