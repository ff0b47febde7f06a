"""A clock that was ahead, and has been set right: what was written by it holds nothing up."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.store import capturing, hosts


def test_a_clock_that_is_a_year_ahead_for_a_minute_costs_neither_captures_nor_polls(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    kept = {table: desk.table(table) for table in ("captures", "polls", "articles")}
    ahead = datetime.now(UTC) + timedelta(days=400)
    # All that was asked within that minute bears its time.
    capturing.make_partitions(desk.connection, now=ahead)
    desk.connection.execute(
        "insert into news.captures (article_id, captured_at, outcome, final_url, recorded_at)"
        " values (4711, %(ahead)s, 'same_body', '', %(ahead)s)",
        {"ahead": ahead},
    )
    desk.connection.execute(
        "insert into news.polls (feed_id, polled_at, outcome) select feed_id, %s, 'same_body' from news.feeds", [ahead]
    )
    summary = steps.tend_store(desk.url, desk.settings, ahead + timedelta(seconds=30))
    assert (summary.partitions_dropped, summary.polls_deleted, summary.settled) == (0, 0, 0)
    assert "nothing past its age was deleted" in summary.line()
    desk.connection.execute("delete from news.captures where article_id = 4711")
    desk.connection.execute("delete from news.polls where polled_at = %s", [ahead])
    assert {table: desk.table(table) for table in kept} == kept


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400)])
def test_a_clock_that_was_ahead_and_is_set_right_keeps_no_feed_and_no_host_waiting(desk, site, ahead):
    site.page("/a", etag='"1"')
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    paced = desk.settings.model_copy(update={"host_gap_seconds": 0.05})
    steps.run_round(desk.url, paced)
    # What a round at that time would have left behind.
    capturing.make_partitions(desk.connection, now=datetime.now(UTC) + ahead)
    for table, columns in {
        "feeds": ("last_polled_at", "next_poll_at"),
        "articles": ("last_captured_at", "next_capture_at"),
        "hosts": ("next_visit_at", "updated_at"),
    }.items():
        moved = ", ".join(f"{column} = {column} + %(ahead)s" for column in columns)
        desk.connection.execute(f"update news.{table} set {moved}", {"ahead": ahead})
    site.feed("/feed", ("/a", "Dam breaks"))
    asked = len(site.asked)
    steps.run_round(desk.url, paced)
    assert [path for path in site.asked[asked:] if path != "/robots.txt"] == ["/feed", "/a"]
    row = desk.one("select last_polled_at, next_poll_at from news.feeds")
    assert row["last_polled_at"] <= datetime.now(UTC)
    assert row["next_poll_at"] < datetime.now(UTC) + timedelta(hours=2)
    asked = len(site.asked)
    steps.run_round(desk.url, paced)
    assert len(site.asked) == asked, "it is asked no more often than before"


def test_a_clock_that_is_behind_asks_nobody(desk, site):
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    steps.run_round(desk.url, desk.settings)
    moved = ", ".join(
        f"{name} = {name} + interval '400 days'" for name in ("added_at", "last_polled_at", "next_poll_at")
    )
    desk.connection.execute(f"update news.feeds set {moved}")
    asked = len(site.asked)
    steps.run_round(desk.url, desk.settings)
    assert len(site.asked) == asked


def test_visits_booked_far_apart_keep_their_distance(desk):
    gap = timedelta(minutes=10)
    waits = [hosts.book_visit(desk.connection, "slow:80", gap=gap).wait_seconds for _ in range(4)]
    assert waits == pytest.approx([0, 600, 1200, 1800], abs=5)


def test_a_pause_longer_than_any_host_may_ask_for_ends_at_night(desk):
    desk.connection.execute(
        "insert into news.hosts (host, not_before)"
        " values ('asked:80', now() + interval '31 days'), ('mistaken:80', now() + interval '400 days')"
    )
    steps.tend_store(desk.url, desk.settings)
    assert desk.column("select host from news.hosts") == ["asked:80"]
