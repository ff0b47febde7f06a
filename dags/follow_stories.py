# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Follow stories

Whenever a poll found something, and every minute: fetches the articles that are due (`capture`), then reads what was
fetched (`record`): new version, updates, facts, events; sends alerts (`tell`). Raw bytes are stored before all else.

**If `capture` is red**, Postgres was not there, or fetching met a defect. A publisher's silence is no failure.

**If `record` is red**, reading met a defect. The next run reads the kept bytes again; once mended, run *Read again*.

**If `tell` is red**, Postgres was not there. What could not be sent is no failure: `writethru alerts list` shows it.

**If a run is red, its tasks skipped**, it overran its time, as when Airflow is stopped under it. Nothing is lost.

1. Its log says why under *Task failed with exception*. *database*: is Postgres up, is the connection `writethru` right?
2. *schema*: run `writethru db upgrade`. A traceback: clear the task, and report it with the article's address.

**If articles come late**, find the slow shard: `WRITETHRU_CAPTURE_BUDGET_SECONDS` and the same of `RECORD` bound it."""

from datetime import timedelta
from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task, task_group
from writethru_common import ENTRIES, OF_NOW, label, planned, record_access, say, seen_since


@dag(
    dag_display_name="Follow stories",
    # The minute is the net: Airflow 3.3 may leave some of a burst of asset events undelivered (apache/airflow#56050).
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("* * * * *", timezone="UTC"), assets=[ENTRIES]),
    dagrun_timeout=timedelta(minutes=30),
    tags=["writethru", "stories"],
    doc_md=__doc__,
    **OF_NOW,
)
def follow_stories() -> None:
    @task(execution_timeout=timedelta(minutes=1), show_return_value_in_logs=False, doc_md="Packs articles into shards.")
    def plan() -> list[dict[str, Any]]:
        from pipeline.steps import plan_captures

        with record_access() as (database, settings):
            return planned("articles", plan_captures(database, settings))

    @task(map_index_template="{{ label }}", execution_timeout=timedelta(minutes=5), doc_md="Fetches, stores the bytes.")
    def capture(shard: dict[str, Any]) -> None:
        from pipeline.steps import capture_articles

        label(shard["label"])
        with record_access() as (database, settings):
            done = capture_articles(database, settings, shard["ids"])
        label(f"{shard['label']}, captured: {done.captured}")
        say(done.line(), seen=seen_since())

    @task(map_index_template="{{ label }}", execution_timeout=timedelta(minutes=15), doc_md="Reads the stored bytes.")
    def record(shard: dict[str, Any]) -> None:
        from pipeline.steps import record_captures

        label(shard["label"])
        with record_access() as (database, settings):
            done = record_captures(database, settings, shard["ids"])
        label(f"{shard['label']}, new versions: {done.versions}")
        say(done.line(), seen=seen_since(done.first_captured_at))

    @task_group
    def follow(shard: dict[str, Any]) -> None:
        capture(shard) >> record(shard)

    @task(execution_timeout=timedelta(minutes=5), doc_md="Sends alerts. On its own: it neither waits nor holds up.")
    def tell() -> None:
        from pipeline.steps import deliver_alerts

        with record_access() as (database, _):
            say(deliver_alerts(database).line())

    tell()
    follow.expand(shard=plan())  # depth first: a shard is recorded as soon as it is captured


follow_stories()
