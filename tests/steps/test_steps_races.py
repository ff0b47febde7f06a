"""Two transactions that want the same thing at the same moment: one waits, and finds what the other has done."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from pipeline import steps
from pipeline.model import FetchResult, Outcome
from pipeline.steps import CaptureSummary, PollSummary
from pipeline.steps.capture import store_capture
from pipeline.steps.poll import store_poll
from pipeline.store import capturing, polling
from pipeline.store.connections import Connection, connect, in_transaction

MARKER = "This is a developing story and will be updated."
QUAKE = (
    "A strong earthquake shook the mountains of Orlan province in Karvania before dawn on Sunday.",
    "At least 12 people were killed in the town of Tarsk, the Interior Ministry said.",
)
RIVAL = (
    "At least 19 people died when an earthquake hit Karvania’s Orlan province on Sunday, the Red Crescent said.",
    "Volunteers in the town of Tarsk dig with their hands, the Interior Ministry of Karvania said.",
)


def waits_for_a_lock(connection: Connection, application: str) -> bool:
    row = connection.execute(
        "select exists (select from pg_stat_activity"
        " where application_name = %s and wait_event_type = 'Lock') as waits",
        [application],
    ).fetchone()
    return bool(row["waits"])


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.02)


def test_a_page_whose_name_is_being_given_to_another_article_becomes_that_article(desk, site):
    site.page("/a", canonical="/a")
    site.page("/amp/a", canonical="/a")
    steps.follow_urls(desk.url, [site.url("/amp/a")])
    desk.make_due()
    (later,) = [article for shard in steps.plan_captures(desk.url, desk.settings) for article in shard.ids]
    steps.capture_articles(desk.url, desk.settings, [later])
    desk.add_feed(site.feed("/feed", ("/other", "Dam holds")))
    steps.poll_feeds(desk.url, desk.settings, desk.column("select feed_id from news.feeds"))
    (first,) = desk.column("select article_id from news.articles where article_id <> %s", later)
    with ThreadPoolExecutor(1) as pool, connect(desk.url) as other:
        with other.transaction():
            other.execute(
                "insert into news.aliases (article_id, kind, value) values (%s, 'canonical', %s)",
                [first, site.url("/a")],
            )
            recording = pool.submit(steps.record_captures, desk.url, desk.settings, [later])
            until(lambda: waits_for_a_lock(desk.connection, "writethru record"))
        assert recording.result(60).versions == 0
    assert desk.one("select count(*) from news.versions") == {"count": 0}
    assert desk.column("select distinct article_id from news.aliases") == [first]
    assert desk.one("select last_detail from news.articles where article_id = %s", later) == {
        "last_detail": f"the same as article {first}"
    }


def test_two_first_articles_of_one_event_recorded_at_the_same_moment_tell_one_story(desk, site):
    for number, (publisher, text) in enumerate([("One", QUAKE), ("Two", RIVAL)]):
        site.page(f"/{number}", *text, MARKER, headline=f"Earthquake in Karvania’s Orlan province: {number}")
        desk.add_feed(site.feed(f"/feed{number}", (f"/{number}", "Earthquake")), publisher=publisher)
    steps.poll_feeds(desk.url, desk.settings, desk.column("select feed_id from news.feeds"))
    articles = desk.column("select article_id from news.articles")
    steps.capture_articles(desk.url, desk.settings, articles)
    with ThreadPoolExecutor(2) as pool, connect(desk.url) as other:
        with other.transaction():
            # Held until both stand at the same door.
            other.execute("select pg_advisory_xact_lock(hashtextextended('writethru opening a story', 0))")
            both = [pool.submit(steps.record_captures, desk.url, desk.settings, [article]) for article in articles]
            until(lambda: _waiting(desk.connection) == 2)
        assert sum(future.result(60).versions for future in both) == 2
    assert desk.one("select articles, publishers, versions from news.stories") == {
        "articles": 2,
        "publishers": 2,
        "versions": 2,
    }
    assert desk.column("select kind from news.events where kind = 'joined'") == ["joined"]


def _waiting(connection: Connection) -> int:
    row = connection.execute(
        "select count(*) from pg_stat_activity where application_name = 'writethru record' and wait_event = 'advisory'"
    ).fetchone()
    return int(row["count"])


def test_a_deadlock_is_broken_and_both_do_their_work(desk):
    desk.connection.execute("insert into news.hosts (host, reason) values ('a', ''), ('b', '')")
    barrier = threading.Barrier(2)
    begun: dict[str, int] = {"a": 0, "b": 0}

    def work(connection: Connection, first: str, second: str) -> None:
        begun[first] += 1
        first_row = "update news.hosts set reason = reason || %s where host = %s returning host"
        assert connection.execute(first_row, [first, first]).fetchone(), "the row is locked from here on"
        if begun[first] == 1:
            barrier.wait(60)
        connection.execute("update news.hosts set reason = reason || %s where host = %s", [first, second])

    def run(first: str, second: str) -> None:
        with connect(desk.url) as connection:
            in_transaction(connection, lambda: work(connection, first, second))

    with ThreadPoolExecutor(2) as pool:
        futures: list[Future[None]] = [pool.submit(run, "a", "b"), pool.submit(run, "b", "a")]
        for future in futures:
            future.result(60)
    assert sum(begun.values()) >= 3, "one of them at least was undone and did it again"
    assert {"".join(sorted(row["reason"])) for row in desk.table("hosts")} == {"ab"}


def test_a_poll_that_was_overtaken_stores_nothing(desk, site):
    site.page("/a")
    number = desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    now = datetime.now(UTC)
    (feed,) = polling.feeds_still_due(desk.connection, [number], now=now, soon=now)
    assert steps.poll_feeds(desk.url, desk.settings, [number]).polled == 1
    before = desk.everything()
    late = FetchResult(
        url=feed.url, final_url=feed.url, outcome=Outcome.TIMEOUT, fetched_at=now, elapsed_seconds=20, detail="late"
    )
    summary = PollSummary()
    store_poll(desk.connection, desk.settings, feed, late, summary)
    assert summary.polled == 0
    assert desk.everything() == before


def test_a_capture_that_was_overtaken_or_whose_article_was_forgotten_stores_nothing(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    now = datetime.now(UTC)
    (article,) = capturing.articles_still_due(
        desk.connection, desk.column("select article_id from news.articles"), now=now
    )
    assert desk.round().capture.captured == 1
    late = FetchResult(
        url=article.url,
        final_url=article.url,
        outcome=Outcome.TIMEOUT,
        fetched_at=now,
        elapsed_seconds=20,
        detail="late",
    )
    before, summary = desk.everything(), CaptureSummary()
    store_capture(desk.connection, desk.settings, article, late, summary)
    store_capture(desk.connection, desk.settings, replace(article, article_id=10**9), late, summary)
    assert summary.captured == 0
    assert desk.everything() == before


def test_an_article_that_was_forgotten_while_its_capture_waited_is_left_alone(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    (article,) = desk.column("select article_id from news.articles")
    steps.capture_articles(desk.url, desk.settings, [article])
    desk.connection.execute("delete from news.articles")
    assert capturing.lock_article(desk.connection, article) is None
    summary = steps.record_captures(desk.url, desk.settings)
    assert (summary.captures, summary.versions) == (1, 0)
    assert desk.one("select body, detail from news.captures") == {"body": None, "detail": "forgotten"}
