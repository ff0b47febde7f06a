"""Any step may run again at any time: what has been done is not done twice, whoever does it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pipeline import steps


def without(rows: dict[str, list[dict[str, Any]]], *columns: str) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{key: value for key, value in row.items() if key not in columns} for row in table]
        for name, table in rows.items()
    }


def test_a_second_run_of_each_step_finds_nothing_to_do_and_changes_nothing(desk, newsroom, clock):
    steps.add_feeds(desk.url, desk.settings, newsroom.subscriptions)
    for minute in (0, 600):
        clock.advance(minute)
        desk.make_due()
        feeds = [feed for shard in steps.plan_polls(desk.url, desk.settings) for feed in shard.ids]
        steps.poll_feeds(desk.url, desk.settings, feeds)
        before = desk.everything()
        assert steps.plan_polls(desk.url, desk.settings) == ()
        assert steps.poll_feeds(desk.url, desk.settings, feeds).polled == 0
        assert desk.everything() == before

        articles = [article for shard in steps.plan_captures(desk.url, desk.settings) for article in shard.ids]
        steps.capture_articles(desk.url, desk.settings, articles)
        before = desk.everything()
        assert steps.capture_articles(desk.url, desk.settings, articles).captured == 0
        assert desk.everything() == before

        steps.record_captures(desk.url, desk.settings)
        before = desk.everything()
        assert steps.record_captures(desk.url, desk.settings).captures == 0
        assert steps.plan_captures(desk.url, desk.settings) == ()
        assert steps.run_round(desk.url, desk.settings).record.captures == 0
        assert desk.everything() == before


def test_looking_again_at_what_has_not_changed_moves_nothing_but_the_log_of_looking(desk, newsroom, clock):
    steps.add_feeds(desk.url, desk.settings, newsroom.subscriptions)
    clock.advance(600)
    desk.round()
    before = desk.everything()
    for _ in range(2):
        desk.round()
    after = desk.everything()
    looking = ("last_polled_at", "last_success_at", "last_outcome", "next_poll_at", "last_seen_at", "last_whole_at")
    capturing = ("last_captured_at", "next_capture_at", "body_sha256", "etag", "last_modified")
    for table in ("versions", "updates", "facts", "events", "stories", "aliases"):
        assert after[table] == before[table], table
    for table in ("feeds", "entries", "articles"):
        kept = (without({table: rows[table]}, *looking, *capturing) for rows in (before, after))
        assert next(kept) == next(kept), table


def side_by_side(work: Callable[[], Any], others: Callable[[], Any]) -> list[Any]:
    """Do both at the same moment; an error of either is the test's."""
    barrier = threading.Barrier(2)

    def begin(what: Callable[[], Any]) -> Any:
        barrier.wait()
        return what()

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(begin, work), pool.submit(begin, others)]]


def test_two_of_each_step_at_the_same_moment_do_the_work_once(desk, newsroom, clock):
    steps.add_feeds(desk.url, desk.settings, newsroom.subscriptions)
    for minute in (150, 450, 900):
        clock.advance(minute)
        desk.make_due()
        captures = desk.one("select count(*) from news.captures")["count"]
        feeds = [feed for shard in steps.plan_polls(desk.url, desk.settings) for feed in shard.ids]
        polls = side_by_side(*(2 * [lambda ids=feeds: steps.poll_feeds(desk.url, desk.settings, ids)]))
        assert sum(summary.polled for summary in polls) == len(newsroom.feeds)

        due = [article for shard in steps.plan_captures(desk.url, desk.settings) for article in shard.ids]
        both = side_by_side(*(2 * [lambda ids=due: steps.capture_articles(desk.url, desk.settings, ids)]))
        assert sum(summary.captured for summary in both) == len(due)
        assert desk.one("select count(*) from news.captures")["count"] == captures + len(due)

        waiting = desk.one("select count(*) from news.captures where recorded_at is null")["count"]
        recorded = side_by_side(*(2 * [lambda: steps.record_captures(desk.url, desk.settings)]))
        assert sum(summary.captures for summary in recorded) == waiting
        assert desk.one("select count(*) from news.captures where recorded_at is null") == {"count": 0}
    numbers = desk.rows("select article_id, count(*), max(number) from news.versions group by article_id")
    assert all(row["count"] == row["max"] for row in numbers)
    assert desk.rows("select publisher, url from news.articles group by 1, 2 having count(*) > 1") == []
    told = desk.rows("select article_id from news.events where kind = 'first_seen' group by 1 having count(*) > 1")
    assert told == []


def test_whole_rounds_at_the_same_moment_lose_nothing_and_double_nothing(desk, newsroom, clock):
    steps.add_feeds(desk.url, desk.settings, newsroom.subscriptions)
    for minute in (150, 450, 900, 1200):
        clock.advance(minute)
        desk.make_due()
        side_by_side(*(2 * [lambda: steps.run_round(desk.url, desk.settings)]))
    steps.run_round(desk.url, desk.settings)
    versions = desk.rows(
        "select l.value, a.versions from news.articles a join news.aliases l using (article_id) where l.kind = 'link'"
    )
    by_address = {row["value"]: row["versions"] for row in versions}
    for name, expected in {"mosul": 4, "earthquake": 4, "wildfire": 4, "port-strike": 3}.items():
        changes = [minute for minute in newsroom.story(name).changes_at if minute <= 2700]
        # One change may fall between two rounds; none is told twice.
        assert expected - 1 <= by_address[newsroom.url(name)] <= len(changes), name


def test_a_wake_that_comes_while_a_capture_waits_to_be_recorded_is_not_lost(desk, site):
    page = site.page(
        "/a", "An ordinary text about the opening of a library in the old town hall.", "It opens on Monday."
    )
    feed = desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    steps.poll_feeds(desk.url, desk.settings, [feed])
    (article,) = desk.column("select article_id from news.articles")
    steps.capture_articles(desk.url, desk.settings, [article])
    # The entry changes while the first capture waits.
    site.feed("/feed", ("/a", "LIVE: Library on fire"))
    site.page("/a", "The library is on fire, police said, and about 40 people were led out.", MARKER_TEXT)
    desk.connection.execute("update news.feeds set next_poll_at = now()")
    steps.poll_feeds(desk.url, desk.settings, [feed])
    steps.record_captures(desk.url, desk.settings)
    assert steps.capture_articles(desk.url, desk.settings, [article]).captured == 1
    steps.record_captures(desk.url, desk.settings)
    assert desk.column("select number from news.versions order by 1") == [1, 2]
    assert desk.one("select status, woken_at from news.articles") == {"status": "following", "woken_at": None}
    assert page in site.url("/a")


MARKER_TEXT = "This is a developing story and will be updated."


def test_an_older_capture_recorded_late_leaves_the_plan_of_the_newer_one(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    (article,) = desk.column("select article_id from news.articles")
    steps.capture_articles(desk.url, desk.settings, [article])
    site.put("/a", "Slow down", status=429, Retry_After="5000")
    desk.make_due()
    steps.capture_articles(desk.url, desk.settings, [article])
    planned = desk.one("select next_capture_at from news.articles")
    steps.record_captures(desk.url, desk.settings)
    assert desk.one("select next_capture_at from news.articles") == planned
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_captures_keep_their_order_where_the_clock_was_set_back(desk, site):
    site.page("/a", etag='"1"')
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    desk.connection.execute("update news.articles set last_captured_at = now() + interval '1 minute'")
    site.page("/a", "The dam above Fairwater broke at noon, the county said.", MARKER_TEXT, etag='"2"')
    desk.round()
    first, second = desk.column("select captured_at from news.captures order by capture_id")
    assert second > first
    assert desk.one("select last_captured_at = %s as kept from news.articles", second) == {"kept": True}
    assert desk.column("select number from news.versions order by observed_at") == [1, 2]
