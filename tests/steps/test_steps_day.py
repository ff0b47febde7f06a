"""A day of the newsroom, polled by the schedule itself: its request log says that no host was visited too fast."""

import itertools
import time
from collections import defaultdict, deque
from datetime import timedelta

import pytest

from pipeline import steps
from pipeline.config import Settings
from pipeline.local.newsroom import ManualClock, newsroom_running

STEP = timedelta(minutes=15)
ROUNDS = 96
GAP_SECONDS = 0.03

#: Lets a quarter of an hour go by for everything that waits for a moment.
PASS_TIME = (
    "update news.feeds set next_poll_at = next_poll_at - %(step)s, last_polled_at = last_polled_at - %(step)s,"
    " last_news_at = last_news_at - %(step)s",
    "update news.articles set next_capture_at = next_capture_at - %(step)s, first_seen_at = first_seen_at - %(step)s,"
    " last_changed_at = last_changed_at - %(step)s, last_captured_at = last_captured_at - %(step)s,"
    " woken_at = woken_at - %(step)s",
    "update news.hosts set not_before = not_before - %(step)s",
)


class TimedLog(deque):
    """The newsroom's log of requests, with the moment at which each came in."""

    def __init__(self) -> None:
        super().__init__()
        self.times: dict[str, list[float]] = defaultdict(list)

    def append(self, request) -> None:
        self.times[request.publisher].append(time.monotonic())
        super().append(request)


@pytest.mark.slow
def test_a_day_of_polling_visits_no_host_faster_than_its_pace(database_url, connection, tmp_path):
    settings = Settings(home=tmp_path, allow_networks="127.0.0.0/8", host_gap_seconds=GAP_SECONDS)
    clock = ManualClock()
    polled = captured = 0
    begins = []
    with newsroom_running(clock=clock) as newsroom:
        newsroom.log.requests = TimedLog()
        steps.add_feeds(database_url, settings, newsroom.subscriptions)
        for _ in range(ROUNDS):
            begins.append(time.monotonic())
            done = steps.run_round(database_url, settings)
            polled += done.poll.polled
            captured += done.capture.captured
            clock.advance(STEP.total_seconds() / 60)
            for statement in PASS_TIME:
                connection.execute(statement, {"step": STEP})
        log = newsroom.log.requests
    assert isinstance(log, TimedLog)
    feeds = len(newsroom.feeds)
    assert feeds < polled <= feeds * ROUNDS
    assert captured > 50
    assert len(log) >= polled + captured
    for publisher, times in log.times.items():
        # Counted from the begin of a round, not from request to request: one may be written down late, none early.
        for begun in begins:
            following = itertools.islice((at for at in times if at >= begun), 20)
            assert all(at - begun >= pauses * GAP_SECONDS for pauses, at in enumerate(following)), publisher
