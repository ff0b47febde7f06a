"""Of several processes that find the same things due at the same moment, one asks for each."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline import steps
from pipeline.store.claims import claimed
from pipeline.store.connections import connect

PATIENCE_SECONDS = 60


class Held(list[str]):
    """The addresses that were asked for; one is not answered before the test allows."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.begun, self.allowed = path, threading.Event(), threading.Event()

    def append(self, path: str) -> None:
        super().append(path)
        if path == self.path:
            self.begun.set()
            assert self.allowed.wait(PATIENCE_SECONDS)


@pytest.fixture
def subscribed(desk, site):
    site.page("/a")
    return desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))


def test_a_feed_that_one_process_is_asking_no_other_asks(desk, site, subscribed):
    site.asked = held = Held("/feed")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(steps.poll_feeds, desk.url, desk.settings, [subscribed])
        assert held.begun.wait(PATIENCE_SECONDS)
        second = steps.poll_feeds(desk.url, desk.settings, [subscribed], budget_seconds=1)
        held.allowed.set()
        assert (first.result(PATIENCE_SECONDS).polled, second.polled) == (1, 0)
    assert held == ["/feed"]


def test_an_article_that_one_process_is_asking_for_no_other_asks_for(desk, site, subscribed):
    steps.poll_feeds(desk.url, desk.settings, [subscribed])
    articles = desk.column("select article_id from news.articles")
    site.asked = held = Held("/a")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(steps.capture_articles, desk.url, desk.settings, articles)
        assert held.begun.wait(PATIENCE_SECONDS)
        second = steps.capture_articles(desk.url, desk.settings, articles, budget_seconds=1)
        held.allowed.set()
        assert (first.result(PATIENCE_SECONDS).captured, second.captured) == (1, 0)
    assert held.count("/a") == 1


def test_a_claim_ends_with_the_connection_of_its_process_or_after_a_quarter_of_an_hour(desk, subscribed):
    with connect(desk.url) as other:
        claim = claimed(other, "feed", [subscribed])
        assert claim.__enter__() == (subscribed,)
        with (
            claimed(desk.connection, "feed", [subscribed]) as mine,
            claimed(desk.connection, "article", [subscribed]) as too,
        ):
            assert (mine, too) == ((), (subscribed,)), "a feed's number is another than an article's"
        desk.connection.execute("update writethru.claims set claimed_at = claimed_at - interval '16 minutes'")
        with claimed(desk.connection, "feed", [subscribed]) as mine:
            assert mine == (subscribed,)
        again = claimed(other, "feed", [subscribed])
        assert again.__enter__() == (subscribed,)
        pid = other.info.backend_pid
    deadline = time.monotonic() + PATIENCE_SECONDS
    while desk.column("select pid from pg_stat_activity where pid = %s", pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert desk.column("select id from writethru.claims") == [subscribed], "a killed process gives nothing back"
    assert steps.poll_feeds(desk.url, desk.settings, [subscribed]).polled == 1
    assert desk.column("select id from writethru.claims") == []


def test_what_a_run_leaves_undone_is_free_for_the_next(desk, subscribed):
    assert steps.poll_feeds(desk.url, desk.settings, [subscribed], budget_seconds=0).left == 1
    assert steps.poll_feeds(desk.url, desk.settings, [subscribed]).polled == 1
