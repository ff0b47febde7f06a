# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Read again

Once a day: reads the stored captures of the day before with today's extractor. What is already read by it costs
nothing, so this is idle until Writethru is upgraded or a capture failed. It never fetches anything, and a better
reading is not an edit: no version is invented.

**After an upgrade**, repair older days with a backfill: *Trigger*, *Backfill*, the days you want. One run covers one
day; running a day twice changes nothing. With `dry_run` the log says what would change, and nothing is written.

**If `read` is red**, Postgres was not there, or a stored page met a defect of Writethru.

1. Read the last lines of its log. *database*: is Postgres up, is the connection `writethru` right?
2. A traceback: report it with the capture's number. Each capture is a transaction of its own, so the others are done.
3. Clear the task to try again.

**If a day finds no captures**, they are older than `WRITETHRU_KEEP_CAPTURES_MONTHS`, or brought no new version.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, Param, dag, task
from airflow.sdk.exceptions import AirflowFailException
from writethru_common import DEFAULTS, record_access, say


@dag(
    dag_display_name="Read again",
    # Data intervals, not bare ticks: the logical date names the day that is read, which is what a backfill asks for.
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    dagrun_timeout=timedelta(hours=6),
    tags=["writethru", "upkeep"],
    params={"dry_run": Param(default=False, type="boolean", description="Say what would change and write nothing.")},
    doc_md=__doc__,
    **DEFAULTS,
)
def read_again() -> None:
    @task(execution_timeout=timedelta(hours=5), doc_md="Reads the captures of the run's day.")
    def read(data_interval_start: Any = None, data_interval_end: Any = None, params: Any = None) -> None:
        from pipeline import steps

        if data_interval_start is None:
            raise AirflowFailException("this run has no logical date: trigger it with one, it names the day to read")
        with record_access() as (database, settings):
            done = steps.read_again(
                database, settings, since=data_interval_start, until=data_interval_end, dry_run=params["dry_run"]
            )
        say(done.line())

    read()


read_again()
