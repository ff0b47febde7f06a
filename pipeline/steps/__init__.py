"""The three steps, and what goes around them: the only place where the rooms meet.

Each step finds its own work in Postgres and is safe to run again at any time, also after being killed half-way::

    plan_polls    → poll_feeds        due feeds → entries, articles due
    plan_captures → capture_articles  due articles → raw bytes
                    record_captures   raw bytes → versions, updates, facts, events

Airflow (`dags/`) and the command line (`pipeline.cli`) call the same functions.
"""

from pipeline.steps.alerts import AlertSummary, deliver_alerts
from pipeline.steps.capture import CaptureSummary, capture_articles, plan_captures
from pipeline.steps.poll import AHEAD_SECONDS, PollSummary, plan_polls, poll_feeds
from pipeline.steps.read_again import ReadAgainSummary, read_again
from pipeline.steps.record import RecordSummary, record_captures
from pipeline.steps.rounds import RoundSummary, run_round
from pipeline.steps.subscribe import add_feeds, checked_address, follow_urls, subscribe
from pipeline.steps.tend import TendSummary, feed_alarms, tend_store

__all__ = [
    "AHEAD_SECONDS",
    "AlertSummary",
    "CaptureSummary",
    "PollSummary",
    "ReadAgainSummary",
    "RecordSummary",
    "RoundSummary",
    "TendSummary",
    "add_feeds",
    "capture_articles",
    "checked_address",
    "deliver_alerts",
    "feed_alarms",
    "follow_urls",
    "plan_captures",
    "plan_polls",
    "poll_feeds",
    "read_again",
    "record_captures",
    "run_round",
    "subscribe",
    "tend_store",
]
