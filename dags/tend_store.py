# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Tend the store

Once a night: makes partitions ahead, drops captures and poll logs past their age, settles quiet stories, says which
feeds are ill, and clears Airflow's own old runs and log files (only where Writethru runs this Airflow).

**If `tend` is red**, nothing is lost, but leave it so for a few weeks and captures have no partition to go to.
Its log says why under *Task failed with exception*. *database*: is Postgres up, is the connection `writethru` right?
*schema*: `writethru db upgrade`. Then clear it. Months *in use* stay until nobody holds a transaction open on
captures: `select * from pg_stat_activity`.

**If `health` is red**, feeds have gone silent or keep failing; its log has one line for each. Nothing else is wrong.
`writethru feeds check URL` says why; `writethru feeds remove URL` gives one up. The rest of the run is not affected.

**If `clean_airflow` is red**, Airflow's tables grow by some 200 MB a busy day until it works again; see its log.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import writethru_upkeep
from airflow.sdk import CronTriggerTimetable, conf, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from writethru_common import OF_NOW, record_access, say

from pipeline.config import settings


@dag(
    dag_display_name="Tend the store",
    schedule=CronTriggerTimetable("17 3 * * *", timezone="UTC"),
    dagrun_timeout=timedelta(hours=3),
    tags=["writethru", "upkeep"],
    doc_md=__doc__,
    **OF_NOW,
)
def tend_store() -> None:
    @task(execution_timeout=timedelta(hours=1), doc_md="Partitions, retention, quiet stories.")
    def tend() -> None:
        from pipeline import steps

        with record_access() as (database, limits):
            done = steps.tend_store(database, limits, datetime.now(UTC))
        say(done.line())

    @task(execution_timeout=timedelta(minutes=10), doc_md="Red if feeds are ill.")
    def health() -> None:
        from pipeline.steps import feed_alarms

        with record_access() as (database, _):
            alarms = feed_alarms(database)
        for alarm in alarms:
            say(alarm)
        if alarms:
            # Fails without a retry: no feed gets well in ten seconds.
            raise AirflowFailException(f"{len(alarms)} feeds are ill, listed above")
        say("all feeds are well")

    @task(execution_timeout=timedelta(hours=1), doc_md="Airflow's own runs and log files past their age.")
    def clean_airflow() -> None:
        if not writethru_upkeep.owns_airflow():
            raise AirflowSkipException("Writethru does not run this Airflow: its history is yours to keep or clean")
        before = datetime.now(UTC) - timedelta(hours=settings().keep_airflow_hours)
        deleted = writethru_upkeep.delete_logs(Path(conf.get("logging", "base_log_folder")), before)
        say(writethru_upkeep.clean_tables(before))
        say(f"runs before {before:%Y-%m-%d %H:%M} UTC and {deleted} log files deleted")

    tend()
    health()
    clean_airflow()


tend_store()
