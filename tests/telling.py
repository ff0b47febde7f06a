"""Telling the bundled newsroom's stories into a record."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.config import Settings
from pipeline.local.newsroom import ManualClock, newsroom_running
from pipeline.steps import add_feeds, run_round
from pipeline.store.connections import connect


def tell(url: str, home: Path, looks: Sequence[int]) -> Settings:
    """Record what the newsroom tells at these story-minutes; return the settings under which it was recorded."""
    settings = Settings(
        home=home,
        allow_networks="127.0.0.0/8",
        host_gap_seconds=0,
        poll_min_seconds=1,
        capture_min_seconds=1,
        capture_max_seconds=1,
    )
    clock = ManualClock()
    with newsroom_running(clock=clock) as newsroom:
        add_feeds(url, settings, newsroom.subscriptions)
        for minute in looks:
            clock.advance(minute - clock.minutes())
            with connect(url) as connection:
                connection.execute("update news.feeds set next_poll_at = now()")
                connection.execute("update news.articles set next_capture_at = now() where status = 'following'")
            run_round(url, settings, budget_seconds=60)
    return settings
