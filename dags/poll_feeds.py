# mypy: disable-error-code="untyped-decorator"
# ruff: noqa: PLC0415 - see writethru_common
"""### Poll feeds

Every minute: fetches the feeds that are due, stores their new and changed entries, makes the articles behind them due.

**If `poll` is red**, Postgres was not there, or reading a feed met a defect of Writethru. A feed that does not answer
is *not* a failure: it is counted in `news.feed_health`, and its next poll waits longer. Nothing is lost, the other
shards went on, and the next minute tries again.

1. Its log says why under *Task failed with exception*. *database*: is Postgres up, is the connection `writethru` right?
2. *schema*: run `writethru db upgrade`.
3. A traceback that names a feed: `writethru feeds check URL` shows what it says, `writethru feeds remove URL` ends it.

**If a run is red, its tasks skipped**, it overran its time, as when Airflow is stopped under it. Nothing is lost.

**If feeds are left to the next run** time and again, `WRITETHRU_POLL_BUDGET_SECONDS` is not enough for all of them.
More shards (`WRITETHRU_SHARDS`) or fetches at once (`WRITETHRU_FETCH_CONCURRENCY`) help, but not with one busy host.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import CronTriggerTimetable, Metadata, TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowSkipException
from writethru_common import ENTRIES, OF_NOW, label, planned, record_access, say, seen_since


@dag(
    dag_display_name="Poll feeds",
    schedule=CronTriggerTimetable("* * * * *", timezone="UTC"),
    dagrun_timeout=timedelta(minutes=15),
    tags=["writethru", "polling"],
    doc_md=__doc__,
    **OF_NOW,
)
def poll_feeds() -> None:
    @task(execution_timeout=timedelta(minutes=1), show_return_value_in_logs=False, doc_md="Packs feeds into shards.")
    def plan() -> list[dict[str, Any]]:
        from pipeline.steps import AHEAD_SECONDS, plan_polls

        with record_access() as (database, settings):
            return planned("feeds", plan_polls(database, settings, ahead_seconds=AHEAD_SECONDS))

    @task(
        map_index_template="{{ label }}",
        execution_timeout=timedelta(minutes=6),
        doc_md="Fetches the feeds of one shard side by side and stores what is new.",
    )
    def poll(shard: dict[str, Any]) -> dict[str, int]:
        from pipeline import steps

        label(shard["label"])
        with record_access() as (database, settings):
            done = steps.poll_feeds(database, settings, shard["ids"], ahead_seconds=steps.AHEAD_SECONDS)
        label(f"{shard['label']}, new entries: {done.new_entries}")
        say(done.line(), seen=seen_since())
        return {"new": done.new_entries, "changed": done.changed_entries, "due": done.due}

    # One broken shard must not keep the others' entries waiting.
    @task(outlets=[ENTRIES], trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS, doc_md="Wakes `follow_stories`.")
    def announce(polls: list[dict[str, int]]) -> Iterator[Metadata]:
        done = polls[:]  # one request; going through it one by one ends in a logged "XCom not found"
        counts = {name: sum(poll[name] for poll in done) for name in ("new", "changed", "due")}
        if not any(counts.values()):
            raise AirflowSkipException("nothing new")
        say("{new} new and {changed} changed entries, {due} articles due".format(**counts))
        yield Metadata(ENTRIES, extra={**counts, "seen": seen_since()})

    # A run is as green as its last tasks, and `announce` succeeds beside a failed shard. This one costs no task start.
    verdict = EmptyOperator(task_id="verdict", trigger_rule=TriggerRule.NONE_FAILED, doc_md="Red if a shard failed.")

    polls = poll.expand(shard=plan())
    announce(polls)
    polls >> verdict


poll_feeds()
