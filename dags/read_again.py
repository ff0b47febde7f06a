# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Read again

Once a day: reads the stored captures of the day before again, with today's extractor. Captures that could not be read
are recorded now; for versions that an older extractor read, the log says how many it would read otherwise (a version
once written stays as it is). It fetches nothing, invents no update, and is idle while there is nothing of both.

**After an upgrade that mends a failed `record`**, repair older days with a backfill: *Trigger*, *Backfill*, and the
days you want. One run covers one day; a day may be read again any number of times. A run that is triggered by hand
reads the day before its logical date.

**If `read` is red**, Postgres was not there, or reading met a defect of Writethru.

1. Its log says why under *Task failed with exception*. *database*: is Postgres up, is the connection `writethru` right?
2. *schema*: run `writethru db upgrade`.
3. A traceback: report it. What was read before it is recorded; clear the task to go on.

**If a day finds nothing to read**, its raw captures are older than `WRITETHRU_KEEP_CAPTURES_MONTHS`.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronDataIntervalTimetable, dag, task
from airflow.sdk.exceptions import AirflowFailException
from writethru_common import DEFAULTS, record_access, say


@dag(
    dag_display_name="Read again",
    # Data intervals, not bare ticks: the logical date names the day that is read, which is what a backfill asks for.
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    dagrun_timeout=timedelta(hours=6),
    tags=["writethru", "upkeep"],
    doc_md=__doc__,
    **DEFAULTS,
)
def read_again() -> None:
    @task(execution_timeout=timedelta(hours=5), doc_md="Reads the captures of the run's day.")
    def read(data_interval_start: Any = None, data_interval_end: Any = None) -> None:
        from pipeline import steps

        if data_interval_start is None:
            raise AirflowFailException("this run has no logical date: trigger it with one, it names the day to read")
        with record_access() as (database, settings):
            done = steps.read_again(database, settings, since=data_interval_start, until=data_interval_end)
        say(done.line())

    read()


read_again()
