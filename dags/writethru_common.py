"""What the five DAGs share: their defaults, the asset between them, the way to the record, and the summary line.

A task reaches the record through `record_access()`; it imports `pipeline.steps` inside its function, because the DAG
processor reads every DAG file twice a minute and the steps bring the whole extraction machinery with them.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from airflow.sdk import Asset, Connection, conf, get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException
from airflow.utils.types import DagRunType

from pipeline.config import Settings, settings
from pipeline.errors import SchemaMissingError, UsageError
from pipeline.model import Shard
from pipeline.store.connections import address_of

CONNECTION_ID = "writethru"
ENTRIES = Asset("entries", uri="writethru://entries", group="writethru")
"""Wakes `follow_stories`. Carries counts only: the work itself stands in Postgres, so a lost event loses nothing."""

DEFAULTS: dict[str, Any] = {
    "start_date": datetime(2025, 1, 1, tzinfo=UTC),
    "catchup": False,
    # Two runs side by side would plan the same work.
    "max_active_runs": 1,
    # Every step finds its own work and may run again at any time, so a retry is always safe.
    "default_args": {"owner": "writethru", "retries": 2, "retry_delay": timedelta(seconds=10)},
}
# No backfill: its runs would do what is due now, beside the run of the minute.
OF_NOW = DEFAULTS | {"allowed_run_types": [kind for kind in DagRunType if kind is not DagRunType.BACKFILL_JOB]}
_log = logging.getLogger("airflow.task")


@contextmanager
def record_access() -> Iterator[tuple[str, Settings]]:
    """Lend the record's address and the settings; what no retry can mend fails the task at once, in one line."""
    try:
        yield database_url(), settings()
    except (UsageError, SchemaMissingError) as error:
        raise AirflowFailException(str(error)) from None


def database_url() -> str:
    """Return where the record is: the Airflow connection `writethru` if there is one, else WRITETHRU_DATABASE_URL.

    Holds a password: never log it (Airflow masks the plain password, but not its percent-encoded form).
    Raises `AirflowFailException` where neither is set.
    """
    try:
        connection = Connection.get(CONNECTION_ID)
    except AirflowNotFoundException:
        url = settings().database_url
        if url is None:
            raise AirflowFailException(
                f"no database: add a Postgres connection with the id {CONNECTION_ID!r} (Admin, Connections), "
                "or set WRITETHRU_DATABASE_URL for every Airflow process"
            ) from None
        return url
    return address_of(connection)


def planned(what: str, shards: Sequence[Shard]) -> list[dict[str, Any]]:
    """Say how much is due, and return the shards as what may go through XCom and be mapped over: labels and ids."""
    say(f"{sum(len(shard.ids) for shard in shards)} {what} due, in {len(shards)} shards")
    return [{"label": shard.label, "ids": list(shard.ids)} for shard in shards]


def label(text: str) -> None:
    """Name the mapped task in the UI; `map_index_template` is rendered again after the task, so the last one stays."""
    get_current_context()["label"] = text


def say(line: str, *, seen: str | None = None) -> None:
    """Write the one line that a task's log is read for, and below it, as a link, where to see what it tells of."""
    _log.info("%s", line)
    if seen:
        _log.info("%s", seen)


def seen_since(begin: datetime | None = None) -> str:
    """Return the address, within Airflow's UI and so behind its login, of the page of what was seen from then to now.

    From the beginning of this run, where `begin` is none or later.
    """
    started = get_current_context()["dag_run"].start_date
    asked = {"begin": min(begin or started, started).isoformat(), "end": datetime.now(UTC).isoformat()}
    return f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/plugin/stories/writethru/between?{urlencode(asked)}"
