"""What one poll leaves for the next: the validators to ask with, and when to ask."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline import steps
from pipeline.steps import batches

# ── the validators ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_validators_go_through_the_record_byte_for_byte_and_outlive_a_304_and_a_failure(desk, site):
    odd = {"ETag": 'W/"a  b--gzip, c"', "Last_Modified": "thursday,  20 Aug 26 11:00 +0000"}
    entry = ("/a", "Dam holds")
    feed_id = desk.add_feed(site.feed("/feed", entry, Expires="0", Cache_Control="no-cache", **odd))
    desk.round()
    site.put("/feed", b"", status=500)
    desk.round()
    assert desk.feed(feed_id)["failures"] == 1
    site.put("/feed", b"", status=304)
    desk.round()
    row = desk.feed(feed_id)
    assert (row["last_outcome"], row["failures"]) == ("not_modified", 0)
    assert row["next_poll_at"] > datetime.now(UTC) + timedelta(minutes=59)
    desk.round()
    conditions = [
        (headers.get("If-None-Match"), headers.get("If-Modified-Since"))
        for path, headers in zip(site.asked, site.sent, strict=True)
        if path == "/feed"
    ]
    assert conditions == [(None, None), *[(odd["ETag"], odd["Last_Modified"])] * 3]


def test_a_304_that_brings_a_new_validator_is_asked_with_that_one(desk, site):
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds"), ETag='"1"', Last_Modified="Mon"))
    desk.round()
    site.put("/feed", b"", status=304, ETag='"2"')
    desk.round()
    desk.round()
    sent = [headers for path, headers in zip(site.asked, site.sent, strict=True) if path == "/feed"]
    assert [headers.get("If-None-Match") for headers in sent] == [None, '"1"', '"2"']
    assert sent[-1]["If-Modified-Since"] == "Mon"


def test_a_server_that_says_304_for_ever_is_asked_for_the_whole_document_each_week(desk, site):
    feed_id = desk.add_feed(site.feed("/feed", ("/a", "Dam holds"), ETag='"always"'))
    desk.round()
    site.feed("/feed", ("/a", "Dam holds"), ("/b", "Dam breaks"), ETag='"always"')
    desk.round()
    assert desk.feed(feed_id)["last_outcome"] == "not_modified"
    desk.connection.execute("update news.feeds set last_whole_at = now() - interval '7 days'")
    desk.round()
    row = desk.feed(feed_id)
    assert row["last_outcome"] == "new_entries"
    assert "304s cannot be trusted" in row["last_detail"]
    assert len(desk.table("entries")) == 2


# ── when to ask ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "channel"),
    [
        ({"Cache_Control": "max-age=7200"}, ""),
        ({"Expires": "in two hours"}, ""),
        ({}, "<ttl>120</ttl>"),
        ({"Cache_Control": "max-age=60"}, "<ttl>120</ttl>"),
    ],
    ids=["max-age", "Expires", "ttl", "the longest of two"],
)
def test_what_a_server_or_a_document_says_of_its_freshness_is_waited_for(desk, site, headers, channel):
    if "Expires" in headers:
        headers = {"Expires": format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)}
    text = f"<rss version='2.0'><channel><title>Site</title>{channel}</channel></rss>"
    feed_id = desk.add_feed(site.put("/feed", text, **headers))
    desk.round()
    wait = desk.feed(feed_id)["next_poll_at"] - datetime.now(UTC)
    assert timedelta(minutes=119) < wait < timedelta(minutes=133)


def test_a_feed_learns_its_rhythm_and_a_window_that_was_overrun_is_told(desk, site):
    feed_id = desk.add_feed(site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(5))))
    desk.round()
    desk.connection.execute("update news.feeds set last_news_at = last_news_at - interval '2 hours'")
    site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(1, 6)))
    desk.round()
    row = desk.feed(feed_id)
    assert row["news_gap_seconds"] == pytest.approx(7200, abs=60)
    assert row["last_detail"] is None
    site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(20, 25)))
    desk.round()
    assert "polled more often" in desk.feed(feed_id)["last_detail"]


def test_a_feed_with_little_news_is_polled_seldom_and_one_that_was_overrun_often(desk, site):
    desk.settings = desk.settings.model_copy(update={"poll_min_seconds": 60})

    def minutes():
        row = desk.feed(feed_id)
        return (row["next_poll_at"] - row["last_polled_at"]).total_seconds() / 60

    def news(*numbers):
        desk.connection.execute("update news.feeds set last_news_at = last_news_at - interval '2 hours'")
        site.feed("/feed", *((f"/{n}", f"Report {n}") for n in numbers))
        desk.round()

    feed_id = desk.add_feed(site.feed("/feed", ("/0", "Report 0"), ("/1", "Report 1"), ("/2", "Report 2")))
    desk.round()
    assert 5 <= minutes() < 6
    news(1, 2, 3)
    assert 24 <= minutes() < 27
    news(10, 11, 12)
    assert 2.5 <= minutes() < 3


def test_a_feed_asked_each_minute_is_planned_seconds_ahead_and_asked_at_its_moment(desk, site, monkeypatch):
    each_minute, each_five, paused = (
        desk.add_feed(site.feed(f"/feed{number}", (f"/{number}", "Dam holds"))) for number in range(3)
    )
    last = "update news.feeds set next_poll_at = now() + interval '14 seconds', last_polled_at = now() - %s"
    desk.connection.execute(last, [timedelta(seconds=60)])
    desk.connection.execute(f"{last} where feed_id = %s", [timedelta(minutes=5), each_five])
    desk.connection.execute("update news.feeds set host = 'paused:80' where feed_id = %s", [paused])
    desk.connection.execute("insert into news.hosts (host, not_before) values ('paused:80', now() + interval '1 day')")
    assert steps.plan_polls(desk.url, desk.settings) == ()
    assert steps.plan_polls(desk.url, desk.settings, ahead_seconds=1) == ()
    (shard,) = steps.plan_polls(desk.url, desk.settings, ahead_seconds=steps.AHEAD_SECONDS)
    assert shard.ids == (each_minute,)
    assert steps.poll_feeds(desk.url, desk.settings, shard.ids).polled == 0
    hasty = steps.poll_feeds(desk.url, desk.settings, shard.ids, ahead_seconds=steps.AHEAD_SECONDS, budget_seconds=0.1)
    assert (hasty.polled, hasty.left) == (0, 1)
    assert site.asked == []
    sleep, waits = asyncio.sleep, []

    def noted_sleep(seconds):
        waits.append(seconds)
        return sleep(seconds)

    monkeypatch.setattr(batches.asyncio, "sleep", noted_sleep)
    desk.connection.execute("update news.feeds set next_poll_at = now() + interval '0.5 seconds'")
    moment = desk.feed(each_minute)["next_poll_at"]
    assert steps.poll_feeds(desk.url, desk.settings, shard.ids, ahead_seconds=steps.AHEAD_SECONDS).polled == 1
    assert moment <= desk.feed(each_minute)["last_polled_at"]
    assert max(waits) <= 0.5, "no longer than until its moment"


def test_a_new_process_polls_nothing_that_is_not_due(desk, site):
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    steps.run_round(desk.url, desk.settings)
    asked = list(site.asked)
    steps.run_round(desk.url, desk.settings)
    assert site.asked == asked
