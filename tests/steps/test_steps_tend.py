"""Upkeep: partitions ahead, retention behind, quiet stories settled, feeds in trouble named."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.fetching.robots import RobotsCache, read_robots
from pipeline.steps import settle
from pipeline.store import capturing, tending
from pipeline.store.connections import connect

NOW = datetime.now(UTC)
MARKER = "This is a developing story and will be updated."


def partitions(desk):
    return desk.column(
        "select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid"
        " where i.inhparent = 'news.captures'::regclass order by 1"
    )


def test_partitions_are_made_ahead_and_only_once(desk):
    later = NOW + timedelta(days=62)
    made = steps.tend_store(desk.url, desk.settings, later).partitions_made
    assert made in {2, 3}
    assert steps.tend_store(desk.url, desk.settings, later).partitions_made == 0
    assert f"captures_{later:%Y_%m}" in partitions(desk)


def test_old_months_of_captures_go_and_the_record_stands(desk, site):
    site.page("/a", etag='"1"')
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    kept = {table: desk.table(table) for table in ("versions", "facts", "events", "articles", "stories")}
    much_later = NOW + timedelta(days=31 * 14)
    desk.at_work_until(much_later)
    kept["articles"] = desk.table("articles")
    assert (
        steps.tend_store(
            desk.url, desk.settings.model_copy(update={"settle_after_seconds": 10**9}), much_later
        ).partitions_dropped
        >= 1
    )
    assert desk.rows("select * from news.captures") == []
    assert f"captures_{NOW:%Y_%m}" not in partitions(desk)
    assert {table: desk.table(table) for table in kept} == kept
    # The article goes on as if nothing had been dropped.
    site.page("/a", "The dam above Fairwater broke at noon, the county said.", MARKER, etag='"2"')
    desk.round()
    assert desk.column("select number from news.versions order by 1") == [1, 2]


@pytest.fixture
def reader(desk):
    """Somebody who has read captures and left the transaction open."""
    with connect(desk.url, application="a notebook") as opened:
        opened.execute("begin")
        opened.execute("select count(*) from news.captures")
        yield opened


def shape(desk, table):
    """Return what a month of captures is made of, whatever its name."""
    columns = "select attname, attstorage, attnotnull, atthasdef from pg_attribute where attrelid = %s::regclass"
    indexes = "select replace(pg_get_indexdef(indexrelid), %s, '') as it from pg_index where indrelid = %s::regclass"
    return (
        desk.rows(f"{columns} order by attnum", f"news.{table}"),
        desk.rows(f"{indexes} order by 1", table, f"news.{table}"),
        desk.rows("select has_table_privilege('news_reader', %s::regclass, 'select') as it", f"news.{table}"),
    )


def test_a_new_month_of_captures_is_made_beside_a_reader_and_is_like_the_others(desk, reader):
    before = partitions(desk)
    desk.connection.execute("set lock_timeout = '2s'")
    later = NOW + timedelta(days=150)
    assert capturing.make_partitions(desk.connection, now=later) > 0
    assert set(partitions(desk)) > set(before)
    made = f"captures_{later:%Y_%m}"
    assert desk.one("select obj_description(%s::regclass) as it", f"news.{made}") == {
        "it": f"Captures of {later:%Y-%m}."
    }
    desk.connection.execute(
        "insert into news.captures (article_id, captured_at, outcome, final_url) values (1, %s, 'timeout', '')", [later]
    )
    assert desk.column(f"select outcome from news.{made}") == ["timeout"]
    assert len({str(shape(desk, table)) for table in partitions(desk)}) == 1


def test_a_month_that_somebody_reads_is_dropped_another_night_and_holds_nobody_up(desk, reader, monkeypatch):
    monkeypatch.setattr(tending, "LOCK_SECONDS", 1)
    much_later = NOW + timedelta(days=31 * 14)
    desk.at_work_until(much_later)
    held_up = steps.tend_store(desk.url, desk.settings, much_later)
    assert held_up.partitions_dropped == 0
    assert f"{held_up.partitions_in_use} more are in use" in held_up.line()
    reader.execute("rollback")
    summary = steps.tend_store(desk.url, desk.settings, much_later)
    assert summary.partitions_dropped == held_up.partitions_in_use > 0
    assert summary.partitions_in_use == 0
    assert "in use" not in summary.line()


def test_retention_spares_a_month_that_is_not_over(desk):
    before = partitions(desk)
    assert "past its age" not in steps.tend_store(desk.url, desk.settings, NOW).line(), "there is nothing to tell of"
    assert set(before) <= set(partitions(desk))


def test_the_log_of_polls_and_pauses_that_are_over_go(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    desk.connection.execute(
        "insert into news.hosts (host, not_before)"
        " values ('over:80', now() - interval '1 hour'), ('holds:80', now() + interval '30 days')"
    )
    summary = steps.tend_store(desk.url, desk.settings, NOW + timedelta(days=15))
    assert summary.polls_deleted == 1
    assert desk.column("select host from news.hosts") == ["holds:80"]
    assert "deleted 1 polls" in summary.line()


def test_rules_of_sites_that_no_longer_hold_leave_the_disk(desk):
    folder = desk.settings.home / "robots"
    cache = RobotsCache(folder)
    for number in range(3):
        cache.put(f"https://host{number}.example", read_robots(b"User-agent: *\nDisallow: /private\n"), now=NOW)
    draft = folder / "half-written.4711"
    draft.write_text("{")
    files = sorted(folder.iterdir())
    yesterday = (NOW - timedelta(days=1)).timestamp()
    for path in (files[0], draft):
        os.utime(path, (yesterday, yesterday))
    summary = steps.tend_store(desk.url, desk.settings, NOW)
    assert summary.rules_deleted == 2
    assert sorted(folder.iterdir()) == [path for path in files[1:] if path != draft]
    assert "2 files of robots.txt" in summary.line()


def test_a_quiet_story_settles_once_and_one_that_promises_more_has_three_times_the_patience(desk, site):
    site.page("/a", headline="Dam holds")
    site.page(
        "/b", "The library opens on Monday, after four years of work.", "It has 12,000 books.", headline="Library"
    )
    steps.follow_urls(desk.url, [site.url("/a"), site.url("/b")])
    desk.round()
    quiet = desk.settings.settle_after_seconds
    soon, late = (datetime.now(UTC) + timedelta(seconds=factor * quiet) for factor in (1, 3))
    assert steps.tend_store(desk.url, desk.settings, NOW).settled == 0
    desk.at_work_until(soon)
    assert steps.tend_store(desk.url, desk.settings, soon).settled == 1
    assert steps.tend_store(desk.url, desk.settings, soon).settled == 0
    assert desk.column("select headline from news.stories where status = 'settled'") == ["Library"]
    desk.at_work_until(late)
    assert steps.tend_store(desk.url, desk.settings, late).settled == 1
    assert desk.column("select kind from news.events where kind = 'settled'") == ["settled", "settled"]
    assert desk.column("select next_capture_at from news.articles") == [None, None]


def test_articles_that_promise_more_never_keep_the_others_from_settling(desk, site, monkeypatch):
    monkeypatch.setattr(settle, "SETTLE_MOST", 2)
    for number in range(4):
        site.page(f"/{number}", headline=f"Dam {number} holds")
    site.page(
        "/b", "The library opens on Monday, after four years of work.", "It has 12,000 books.", headline="Library"
    )
    steps.follow_urls(desk.url, [site.url(f"/{number}") for number in range(4)])
    desk.round()
    steps.follow_urls(desk.url, [site.url("/b")])
    desk.round()
    soon = datetime.now(UTC) + timedelta(seconds=desk.settings.settle_after_seconds)
    desk.at_work_until(soon)
    assert steps.tend_store(desk.url, desk.settings, soon).settled == 1


def test_a_settled_article_is_looked_at_again_when_its_entry_changes(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    desk.at_work_until(NOW + timedelta(days=30))
    steps.tend_store(desk.url, desk.settings, NOW + timedelta(days=30))
    assert desk.one("select status from news.articles") == {"status": "settled"}
    asked = site.asked.count("/a")
    desk.round()
    assert site.asked.count("/a") == asked
    site.feed("/feed", ("/a", "Dam breaks"))
    text = ("The dam above Fairwater broke at noon, the county said.", "About 4,000 people had left the valley.")
    site.page("/a", *text, headline="Dam breaks")
    desk.round()
    assert desk.one("select status, versions from news.articles") == {"status": "following", "versions": 2}
    assert desk.one("select status from news.stories") == {"status": "developing"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("failures = 5, last_success_at = now() - interval '2 days', last_outcome = 'timeout'", "failing"),
        ("failures = 1, last_success_at = now(), last_outcome = 'timeout'", None),
        ("disabled_reason = 'gone'", None),
    ],
    ids=["failing for long", "failed once", "disabled"],
)
def test_feeds_that_fail_for_long_are_named(desk, site, change, words):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    assert steps.feed_alarms(desk.url) == ()
    desk.connection.execute(f"update news.feeds set {change}")
    alarms = steps.feed_alarms(desk.url)
    assert len(alarms) == (words is not None)
    assert all(words in alarm and site.url("/feed") in alarm for alarm in alarms)


def entries_come(desk, *, every, last):
    """Let the feed's entries have come so far apart, the newest so long ago."""
    desk.connection.execute(
        "update news.entries set first_seen_at = now() - %s - (select max(entry_id) from news.entries) * %s::interval"
        " + entry_id * %s::interval",
        [last, every, every],
    )


@pytest.mark.parametrize("last", [timedelta(days=10), timedelta(days=59), timedelta(days=61), timedelta(days=400)])
def test_a_feed_that_has_gone_silent_is_named_for_as_long_as_it_is(desk, site, last):
    url = site.feed("/feed", *((f"/{number}", f"News {number}") for number in range(12)))
    feed_id = desk.add_feed(url)
    desk.round()
    entries_come(desk, every=timedelta(hours=1), last=timedelta(minutes=5))
    assert steps.feed_alarms(desk.url) == ()
    entries_come(desk, every=timedelta(hours=1), last=last)
    desk.round()
    assert desk.one("select status from news.feed_health") == {"status": "silent"}
    (alarm,) = steps.feed_alarms(desk.url)
    assert f"feed {feed_id} {url} is silent" in alarm
    site.feed("/feed", ("/new", "News at last"))
    desk.round()
    assert steps.feed_alarms(desk.url) == ()


def test_a_feed_with_news_each_season_is_not_silent_between(desk, site):
    desk.add_feed(site.feed("/feed", *((f"/{number}", f"News {number}") for number in range(12))))
    desk.round()
    entries_come(desk, every=timedelta(days=90), last=timedelta(days=100))
    assert steps.feed_alarms(desk.url) == ()
    entries_come(desk, every=timedelta(days=90), last=timedelta(days=1000))
    assert len(steps.feed_alarms(desk.url)) == 1
