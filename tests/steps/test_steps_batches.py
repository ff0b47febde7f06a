"""A batch of fetches: it ends when its time is over, and holds no more answers than it can store."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.model import FetchRequest, FetchResult, ResourceKind
from pipeline.steps import batches
from pipeline.steps.batches import fetch_each
from tests.serving import serving
from tests.steps.conftest import quick_settings

LARGE = 2 * 2**20


class Publishers(ThreadingHTTPServer):
    """Many hosts in one: each address of the loopback is a host of its own."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Answers)  # noqa: S104 - all addresses of the loopback, for a test
        self.asked = 0
        self.seconds = 0.0
        self.lock = threading.Lock()

    def requests(self, number: int) -> list[tuple[int, FetchRequest]]:
        port = self.server_address[1]
        return [
            (n, FetchRequest(url=f"http://127.0.2.{n}:{port}/feed", kind=ResourceKind.FEED))
            for n in range(1, number + 1)
        ]


class Answers(BaseHTTPRequestHandler):
    server: Publishers

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked += 1
        time.sleep(self.server.seconds)
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(LARGE))
        self.end_headers()
        self.wfile.write(b" " * (LARGE - 1) + b"x")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    made = Publishers()
    with serving(made):
        yield made


def test_a_batch_of_many_slow_hosts_ends_when_its_time_is_over(publishers, tmp_path):
    publishers.seconds = 0.5
    settings = quick_settings(tmp_path, fetch_concurrency=2)
    stored: list[int] = []
    left = fetch_each(publishers.requests(40), lambda number, _: stored.append(number), settings, budget_seconds=1.2)
    # Two at a time for half a second each: six have begun by then, and none begins afterwards on a slow machine either.
    assert len(stored) == publishers.asked <= 8
    assert left == 40 - len(stored)
    assert sorted(stored) == list(range(1, len(stored) + 1)), "the first come first"


def test_no_more_is_fetched_than_can_be_stored(publishers, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "BACKLOG_MAX_BYTES", 2 * LARGE)
    settings = quick_settings(tmp_path, fetch_concurrency=2)
    most_ahead = stored = 0

    def store(_: int, result: FetchResult) -> None:
        nonlocal most_ahead, stored
        time.sleep(0.05)
        stored += 1
        most_ahead = max(most_ahead, publishers.asked - stored)

    assert fetch_each(publishers.requests(30), store, settings, budget_seconds=60) == 0
    assert stored == 30
    # Those that wait, one that has just been stored, and those under way when the fetcher paused.
    assert most_ahead <= 2 + 1 + 2 * settings.fetch_concurrency
