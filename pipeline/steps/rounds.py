"""One round of all three steps in this process: what `writethru run` repeats, and what the DAGs do in tasks."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.config import Settings
from pipeline.steps.alerts import deliver_alerts
from pipeline.steps.capture import CaptureSummary, capture_articles, plan_captures
from pipeline.steps.poll import PollSummary, plan_polls, poll_feeds
from pipeline.steps.record import RecordSummary, record_captures

#: Called with the step's name and how many things it has to do (`None`: not known), then once per thing done.
Start = Callable[[str, int | None], Callable[[int], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSummary:
    """What one round came to, step by step."""

    poll: PollSummary
    capture: CaptureSummary
    record: RecordSummary


def run_round(
    database_url: str,
    settings: Settings,
    *,
    budget_seconds: float | None = None,
    on_start: Start | None = None,
) -> RoundSummary:
    """Poll what is due, capture what is due then, record what was captured, send the alerts that wait.

    Each of the three may take `budget_seconds` (default: their settings). Raises `StoreError` if Postgres
    fails. What publishers' servers do is in the summary, never an exception.
    """

    def progress(step: str, total: int | None) -> Callable[[int], None] | None:
        return on_start(step, total) if on_start else None

    feed_ids = [feed_id for shard in plan_polls(database_url, settings) for feed_id in shard.ids]
    polled = poll_feeds(
        database_url,
        settings,
        feed_ids,
        budget_seconds=budget_seconds,
        on_progress=progress("poll", len(feed_ids)),
    )
    article_ids = [article_id for shard in plan_captures(database_url, settings) for article_id in shard.ids]
    captured = capture_articles(
        database_url,
        settings,
        article_ids,
        budget_seconds=budget_seconds,
        on_progress=progress("capture", len(article_ids)),
    )
    recorded = record_captures(
        database_url,
        settings,
        budget_seconds=budget_seconds,
        on_progress=progress("record", captured.new_bodies),
    )
    deliver_alerts(database_url)
    return RoundSummary(poll=polled, capture=captured, record=recorded)
