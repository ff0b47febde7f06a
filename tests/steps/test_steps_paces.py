"""How often hosts and publishers are asked: their budgets, their rhythms, and one pace for all processes."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import schedule, steps
from pipeline.fetching import host_of
from pipeline.steps.paces import learn_rhythms, spare_strained_hosts

NOW = datetime.now(UTC)


# ── budgets ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def captured(desk, host, times, *, minutes_ago=10):
    article_id = desk.one(
        "insert into news.articles (publisher, url, fetch_url, host, first_seen_at)"
        " values ('Site', %s, %s, %s, now()) returning article_id",
        f"http://{host}/",
        f"http://{host}/",
        host,
    )["article_id"]
    desk.connection.execute(
        "insert into news.captures (article_id, captured_at, outcome, final_url, recorded_at)"
        " select %s, now() - make_interval(mins => %s), 'same_body', '', now() from generate_series(1, %s)",
        [article_id, minutes_ago, times],
    )


def worths(desk):
    return {row["host"]: row["fetch_worth_minutes"] for row in desk.rows("select * from news.hosts")}


def test_a_host_whose_budget_is_strained_is_asked_less_often_and_recovers(desk):
    limits = desk.settings.model_copy(update={"host_fetches_per_hour": 100})
    steps.tend_store(desk.url, limits, NOW)
    captured(desk, "busy.example:443", 150)
    captured(desk, "calm.example:443", 20)
    spare_strained_hosts(desk.connection, limits, now=datetime.now(UTC))
    assert worths(desk) == {"busy.example:443": pytest.approx(1.25)}
    for _ in range(5):
        spare_strained_hosts(desk.connection, limits, now=datetime.now(UTC))
    assert worths(desk)["busy.example:443"] > 2.5
    for _ in range(12):
        spare_strained_hosts(desk.connection, limits, now=datetime.now(UTC) + timedelta(hours=2))
    assert worths(desk)["busy.example:443"] == 1.0


def test_no_hour_takes_more_than_its_budgets_of_a_host_and_in_all(desk):
    limits = desk.settings.model_copy(update={"host_fetches_per_hour": 30, "fetches_per_hour": 50})
    steps.tend_store(desk.url, limits, NOW)
    captured(desk, "a.example:443", 28)
    allowance = spare_strained_hosts(desk.connection, limits, now=datetime.now(UTC))
    assert [allowance.take("a.example:443") for _ in range(3)] == [True, True, False]
    assert sum(allowance.take(f"b{n}.example:443") for n in range(40)) == 20


def test_a_dearer_fetch_makes_longer_waits(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    quick = desk.settings.model_copy(update={"capture_min_seconds": 1})

    def wait(worth):
        desk.connection.execute(
            "insert into news.hosts (host, fetch_worth_minutes) values (%s, %s)"
            " on conflict (host) do update set fetch_worth_minutes = excluded.fetch_worth_minutes",
            [host_of(site.base), worth],
        )
        desk.make_due()
        steps.run_round(desk.url, quick)
        row = desk.one("select * from news.articles")
        return (row["next_capture_at"] - row["last_captured_at"]).total_seconds()

    wait(1)
    cheap, dear = wait(1), wait(200)
    assert dear > 2 * cheap


# ── rhythms of publishers ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_publisher_of_whom_enough_has_been_seen_gets_a_rhythm_of_its_own(desk):
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=3)
    story_id = desk.one(
        "insert into news.stories (headline, started_at, last_changed_at, url) values ('', now(), now(), '')"
        " returning story_id"
    )["story_id"]
    for n in range(220):
        born = day + timedelta(minutes=6 * n)
        changed = day + timedelta(days=2, hours=7, minutes=n % 50)
        article_id = desk.one(
            "insert into news.articles (story_id, publisher, url, fetch_url, host, status, first_seen_at,"
            " last_captured_at, versions) values (%s, 'Early', %s, '', '', 'settled', %s, %s, 2) returning article_id",
            story_id,
            f"http://early.example/{n}",
            born,
            day + timedelta(days=3),
        )["article_id"]
        for number, at in ((1, born), (2, changed)):
            desk.connection.execute(
                "insert into news.versions (story_id, article_id, number, observed_at, kind, headline, text, words,"
                " is_developing, extractor, content_sha256, capture_id, captured_at)"
                " values (%s, %s, %s, %s, 'updated', '', '', 0, false, '', %s, 0, %s)",
                [story_id, article_id, number, at, f"{n}-{number}", at],
            )
    assert learn_rhythms(desk.connection, now=datetime.now(UTC)) == 1
    row = desk.one("select * from news.rhythms")
    assert (row["publisher"], row["changes"]) == ("Early", 220)
    day = row["rhythm"]["day"]
    assert max(range(schedule.DAY_PARTS), key=day.__getitem__) == 14, "the half hour from seven o'clock"
    assert schedule.read_rhythm(row["rhythm"]).changes > 0


# ── one pace for all processes ──────────────────────────────────────────────────────────────────────────────────────


def test_two_polls_and_a_capture_at_once_visit_a_host_at_one_pace(desk, site, monkeypatch):
    gap = 0.15
    paced = desk.settings.model_copy(update={"host_gap_seconds": gap})
    for n in range(4):
        desk.add_feed(site.feed(f"/feed{n}", (f"/a{n}", f"Report {n}")))
        site.page(f"/f{n}")
    steps.follow_urls(desk.url, [site.url(f"/f{n}") for n in range(4)])
    times, seen = [], site.asked
    original = type(seen).append

    class Log(list):
        def append(self, path):
            times.append(time.monotonic())
            original(self, path)

    site.asked = Log()
    feeds = desk.column("select feed_id from news.feeds order by 1")
    articles = desk.column("select article_id from news.articles order by 1")
    jobs = [
        threading.Thread(target=steps.poll_feeds, args=(desk.url, paced, feeds[:2])),
        threading.Thread(target=steps.poll_feeds, args=(desk.url, paced, feeds[2:])),
        threading.Thread(target=steps.capture_articles, args=(desk.url, paced, articles)),
    ]
    begun = time.monotonic()
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(times) >= 8
    # Counted from the begin, not from request to request: one may be written down late, none early.
    assert all(at - begun >= pauses * gap for pauses, at in enumerate(times)), times
