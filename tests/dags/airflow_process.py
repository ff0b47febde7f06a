"""A process that loads and runs the DAGs for the tests; `conftest.py` starts it and talks to it in lines of JSON.

Airflow reads its settings at its first import, keeps a database session for the whole process, and warns about
itself; none of that belongs in the process that runs every other test.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Airflow's own output goes where the errors go

    from airflow.utils.db import initdb

    initdb()
    _bag()
    # Asked before the first run: a task does import the steps.
    print(json.dumps(sorted({"trafilatura", "nupunkt", "pipeline.steps"} & set(sys.modules))), file=answers)
    for line in sys.stdin:
        question = json.loads(line)
        answer = {"describe": describe, "run": run}[question.pop("do")](**question)
        print(json.dumps(answer, default=str), file=answers)


def _bag() -> Any:
    from airflow.dag_processing.dagbag import BundleDagBag

    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    return BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")


def describe() -> dict[str, Any]:
    bag = _bag()
    return {
        "errors": bag.import_errors,
        "dags": {
            dag.dag_id: {
                "file": dag.fileloc,
                "name": dag.dag_display_name,
                "doc": dag.doc_md or "",
                "tags": sorted(dag.tags),
                "catchup": dag.catchup,
                "run_types": dag.allowed_run_types and sorted(dag.allowed_run_types),
                "max_active_runs": dag.max_active_runs,
                "run_timeout": dag.dagrun_timeout is not None,
                "schedule": dag.timetable.__class__.__name__,
                "tasks": {
                    task.task_id: {
                        "owner": task.owner,
                        "retries": task.retries,
                        "timeout": task.execution_timeout is not None,
                        "doc": task.doc_md or "",
                    }
                    for task in dag.tasks
                },
            }
            for dag in bag.dags.values()
        },
    }


def run(
    dag_id: str, conf: Mapping[str, Any], logical_date: str | None, environment: Mapping[str, str | None]
) -> dict[str, Any]:
    """Run a DAG as `dag.test()` does, with `environment` on top (null removes), and without waiting before retries."""
    from airflow.models.asset import AssetEvent
    from airflow.settings import Session
    from sqlalchemy import select

    from pipeline.config import settings

    before = dict(os.environ)
    os.environ.update({name: value for name, value in environment.items() if value is not None})
    for name in (name for name, value in environment.items() if value is None):
        os.environ.pop(name, None)
    settings.cache_clear()
    try:
        dag = _bag().dags[dag_id]
        for task in dag.tasks:
            task.retry_delay = timedelta(0)
        date = {"logical_date": datetime.fromisoformat(logical_date)} if logical_date else {}
        dag_run = dag.test(run_conf=dict(conf), **date)
        with Session() as session:
            events = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == dag_run.run_id)).all()
            return {
                "state": dag_run.state,
                "tasks": {
                    task.task_id if task.map_index < 0 else f"{task.task_id}[{task.map_index}]": {
                        "state": task.state,
                        "label": task.rendered_map_index,
                        "tries": task.try_number,
                    }
                    for task in dag_run.get_task_instances(session=session)
                },
                "events": [event.extra for event in events],
            }
    finally:
        os.environ.clear()
        os.environ.update(before)
        settings.cache_clear()


if __name__ == "__main__":
    main()
