"""The poller's manners from end to end: pauses, paces, moves, rhythms, budgets, as publishers and Postgres see them."""

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline import schedule, steps
from pipeline.fetching import host_of
from pipeline.model import Outcome
from pipeline.steps.batches import LOST_HOSTS, OwnNetwork
from pipeline.steps.paces import learn_rhythms, spare_strained_hosts

NOW = datetime.now(UTC)


def feed_row(desk, feed_id):
    return desk.one("select * from news.feeds where feed_id = %s", feed_id)


def hold_of(desk, site):
    return desk.column("select not_before from news.hosts where host = %s", host_of(site.base))


# ── pauses ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_of_one_feed_pauses_all_feeds_and_pages_of_its_host(desk, site, status):
    first = desk.add_feed(site.put("/one", b"", status=status, Retry_After="7200"))
    desk.round()
    second = desk.add_feed(site.feed("/two", ("/a", "Dam holds")))
    desk.round()
    assert site.asked == ["/one"]
    assert feed_row(desk, first)["last_outcome"] == "rate_limited"
    assert feed_row(desk, second)["last_polled_at"] is None
    assert hold_of(desk, site)[0] > NOW + timedelta(seconds=7000)


def test_a_429_that_names_no_time_pauses_the_host_too(desk, site):
    desk.add_feed(site.put("/one", b"", status=429))
    desk.round()
    desk.round()
    assert site.asked == ["/one"]
    assert timedelta(minutes=4) < hold_of(desk, site)[0] - datetime.now(UTC) < timedelta(minutes=11)


def test_a_rate_limited_feed_is_not_disabled_and_comes_back(desk, site):
    feed_id = desk.add_feed(site.put("/one", b"", status=429, Retry_After="60"))
    desk.round()
    desk.connection.execute("update news.hosts set not_before = now()")
    site.feed("/one", ("/a", "Dam holds"))
    desk.round()
    row = feed_row(desk, feed_id)
    assert (row["last_outcome"], row["failures"], row["disabled_reason"]) == ("new_entries", 0, None)


def test_410_once_is_an_error_and_twice_disables(desk, site):
    feed_id = desk.add_feed(site.put("/one", b"", status=410))
    desk.round()
    assert feed_row(desk, feed_id)["disabled_reason"] is None
    desk.round()
    assert "410" in feed_row(desk, feed_id)["disabled_reason"]
    assert feed_row(desk, feed_id)["disabled_at"] is not None
    desk.round()
    assert site.asked == ["/one", "/one"]
    desk.add_feed(site.url("/one"))
    assert feed_row(desk, feed_id)["disabled_reason"] is None


def test_404_a_hundred_times_disables_nothing(desk, site):
    feed_id = desk.add_feed(site.url("/missing"))
    desk.connection.execute("update news.feeds set failures = 100")
    desk.round()
    row = feed_row(desk, feed_id)
    assert (row["failures"], row["disabled_reason"]) == (101, None)
    assert row["next_poll_at"] <= datetime.now(UTC) + timedelta(days=1)


# ── moves ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def moved_feed(desk, site, *, status=301):
    feed_id = desk.add_feed(site.put("/old", b"", status=status, Location="/new"))
    site.feed("/new", ("/a", "Dam holds"))
    return feed_id


def test_a_permanent_redirect_is_believed_after_five_polls_over_a_week_and_the_old_address_is_kept(desk, site):
    feed_id = moved_feed(desk, site)
    for _ in range(6):
        desk.round()
    assert feed_row(desk, feed_id)["url"] == site.url("/old"), "six polls on one day are no week"
    desk.connection.execute("update news.feeds set moved_since = moved_since - interval '7 days'")
    desk.round()
    row = feed_row(desk, feed_id)
    assert (row["url"], row["former_urls"]) == (site.url("/new"), [site.url("/old")])
    site.asked.clear()
    desk.round()
    assert site.asked[0] == "/new"


def test_a_feed_added_again_by_an_address_it_had_is_the_same_feed(desk, site):
    feed_id = moved_feed(desk, site)
    desk.connection.execute("update news.feeds set url = %s, former_urls = array[url]", [site.url("/new")])
    steps.add_feeds(desk.url, desk.settings, [steps_subscription(site.url("/old"))])
    assert desk.column("select feed_id from news.feeds") == [feed_id]


def steps_subscription(url):
    from pipeline.model import FeedSubscription

    return FeedSubscription(url=url, publisher="Site")


def test_a_temporary_redirect_is_never_remembered(desk, site):
    feed_id = moved_feed(desk, site, status=302)
    desk.round()
    assert feed_row(desk, feed_id)["moved_to"] is None


def test_a_permanent_redirect_to_a_page_moves_nothing_and_forgets_nothing(desk, site):
    feed_id = desk.add_feed(site.feed("/old", ("/a", "Dam holds"), ETag='"1"'))
    desk.round()
    site.put("/old", b"", status=301, Location="/login")
    site.put("/login", "<!DOCTYPE html><html><body><form>Log in</form></body></html>")
    desk.round()
    row = feed_row(desk, feed_id)
    assert (row["last_outcome"], row["moved_to"], row["etag"]) == ("not_a_feed", None, '"1"')
    assert len(desk.table("entries")) == 1


def test_where_another_feed_has_the_new_address_both_go_on(desk, site):
    feed_id = moved_feed(desk, site)
    other = desk.add_feed(site.url("/new"))
    desk.round()
    desk.connection.execute("update news.feeds set moved_since = now() - interval '8 days', moved_seen = 9")
    desk.round()
    assert feed_row(desk, feed_id)["url"] == site.url("/old")
    assert feed_row(desk, other)["url"] == site.url("/new")


# ── lying servers, rhythms ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_that_says_304_for_ever_is_asked_for_the_whole_document_each_week(desk, site):
    feed_id = desk.add_feed(site.feed("/feed", ("/a", "Dam holds"), ETag='"always"'))
    desk.round()
    site.feed("/feed", ("/a", "Dam holds"), ("/b", "Dam breaks"), ETag='"always"')
    desk.round()
    assert feed_row(desk, feed_id)["last_outcome"] == "not_modified"
    desk.connection.execute("update news.feeds set last_whole_at = now() - interval '7 days'")
    desk.round()
    row = feed_row(desk, feed_id)
    assert row["last_outcome"] == "new_entries"
    assert "304s cannot be trusted" in row["last_detail"]
    assert len(desk.table("entries")) == 2


def test_a_feed_learns_its_rhythm_and_a_window_that_was_overrun_is_told(desk, site):
    feed_id = desk.add_feed(site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(5))))
    desk.round()
    desk.connection.execute("update news.feeds set last_news_at = last_news_at - interval '2 hours'")
    site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(1, 6)))
    desk.round()
    row = feed_row(desk, feed_id)
    assert row["news_gap_seconds"] == pytest.approx(7200, abs=60)
    assert row["last_detail"] is None
    site.feed("/feed", *((f"/{n}", f"Report {n}") for n in range(20, 25)))
    desk.round()
    assert "polled more often" in feed_row(desk, feed_id)["last_detail"]


# ── our own network ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_no_name_can_be_looked_up_the_network_here_is_down():
    network = OwnNetwork()
    for n in range(LOST_HOSTS):
        assert not network.is_down
        network.heard(f"host{n}:443", Outcome.DNS_ERROR)
    assert network.is_down


def test_one_answer_is_enough_to_know_that_the_network_is_up():
    network = OwnNetwork()
    network.heard("alive:443", Outcome.SERVER_ERROR)
    for n in range(20):
        network.heard(f"host{n}:443", Outcome.DNS_ERROR)
    assert not network.is_down


def test_a_run_whose_own_network_is_down_stops_and_leaves_the_other_feeds_as_they_were(desk):
    for n in range(LOST_HOSTS + 7):
        desk.add_feed(f"http://host{n}.invalid/feed")
    assert desk.round().poll.polled == 0
    rows = desk.table("feeds")
    assert len(rows) == LOST_HOSTS + 7
    assert all(row["failures"] == 0 and row["next_poll_at"] <= datetime.now(UTC) for row in rows)


def test_many_names_that_do_not_resolve_are_their_feeds_outcome_where_another_feed_answers(desk, site):
    for n in range(3):
        desk.add_feed(site.feed(f"/{n}", (f"/a{n}", "Dam holds")))
    for n in range(LOST_HOSTS + 7):
        desk.add_feed(f"http://host{n}.invalid/feed")
    assert desk.round().poll.outcomes == {Outcome.NEW_ENTRIES: 3, Outcome.DNS_ERROR: LOST_HOSTS + 7}


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
            "insert into news.articles (publisher, url, fetch_url, host, status, first_seen_at, last_captured_at,"
            " versions) values ('Early', %s, '', '', 'settled', %s, %s, 2) returning article_id",
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
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len(times) >= 8
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # A booked moment is kept to a quarter of the pause; what the loopback and the threads add is noise.
    assert min(gaps) >= gap * 0.6, gaps
    assert times[-1] - times[0] >= (len(times) - 1) * gap * 0.9


# ── what a document may get wrong ───────────────────────────────────────────────────────────────────────────────────


def test_a_document_that_breaks_off_keeps_its_entries_and_no_validators(desk, site):
    whole = "<item><title>Dam holds</title><link>http://127.0.0.1/a</link><guid>a</guid></item>"
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>"
    feed_id = desk.add_feed(site.put("/feed", head + whole + "<item><title>Dam br", ETag='"1"'))
    desk.round()
    row = feed_row(desk, feed_id)
    assert (row["last_outcome"], row["etag"], row["body_sha256"]) == ("new_entries", None, None)
    assert len(desk.table("entries")) == 1
    desk.round()
    assert feed_row(desk, feed_id)["last_outcome"] == "no_new_entries", "asked for whole, and read again"


ENTRY = "<item><title>Dam holds</title><link>http://127.0.0.1/a</link><guid>a</guid></item>"
HEAD = "<rss version='2.0'><channel><title>Site</title>"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", "empty"),
        ("<!doctype html><html><body>Log in</body></html>", "not_a_feed"),
        (f"{HEAD}</channel></rss>", "no_new_entries"),
        (f"{HEAD}{ENTRY}<item><title>Dam br", "no_new_entries"),
        (f"{HEAD}</titel></rss>", "not_a_feed"),
    ],
    ids=["nothing", "a page", "no entries", "cut short", "broken"],
)
def test_what_a_feed_no_longer_holds_is_not_forgotten(desk, site, body, outcome):
    feed_id = desk.add_feed(site.put("/feed", f"{HEAD}{ENTRY}{ENTRY.replace('a<', 'b<')}</channel></rss>", ETag='"1"'))
    desk.make_due()
    steps.poll_feeds(desk.url, desk.settings, [feed_id])
    before = [(row["guid"], row["article_id"]) for row in desk.table("entries")]
    assert len(before) == 2
    site.put("/feed", body, ETag='"2"')
    desk.make_due()
    steps.poll_feeds(desk.url, desk.settings, [feed_id])
    row = feed_row(desk, feed_id)
    assert row["last_outcome"] == outcome
    assert [(row["guid"], row["article_id"]) for row in desk.table("entries")] == before
    assert len(desk.table("articles")) == 2
    assert row["etag"] == ('"2"' if "</channel></rss>" in body else '"1"'), "what was not read whole has no validators"


def test_an_entry_that_tells_the_time_stops_waking_its_article(desk, site):
    def tell(minute, title="Dam holds"):
        site.put(
            "/feed",
            "<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title><item>"
            f"<title>{title}</title><link>{site.url('/a')}</link><guid>a</guid>"
            f"<description>It is {minute} o'clock</description></item></channel></rss>",
        )
        desk.make_due()
        polled = steps.run_round(desk.url, desk.settings).poll
        return polled.new_entries + polled.changed_entries

    desk.add_feed(site.url("/feed"))
    site.page("/a")
    assert tell(0) == 1
    assert tell(1) == 1
    desk.connection.execute("update news.entries set changes = 24")
    assert tell(2) == 0
    assert tell(3, "Dam breaks") == 1


# ── what is kept between two polls ──────────────────────────────────────────────────────────────────────────────────


def test_validators_go_through_the_record_byte_for_byte_and_outlive_a_304_and_a_failure(desk, site):
    odd = {"ETag": 'W/"a  b--gzip, c"', "Last_Modified": "thursday,  20 Aug 26 11:00 +0000"}
    entry = ("/a", "Dam holds")
    feed_id = desk.add_feed(site.feed("/feed", entry, Expires="0", Cache_Control="no-cache", **odd))
    desk.round()
    site.put("/feed", b"", status=500)
    desk.round()
    assert feed_row(desk, feed_id)["failures"] == 1
    site.put("/feed", b"", status=304)
    desk.round()
    row = feed_row(desk, feed_id)
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


# ── when to come back, from answer to record ────────────────────────────────────────────────────────────────────────


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
    wait = feed_row(desk, feed_id)["next_poll_at"] - datetime.now(UTC)
    assert timedelta(minutes=119) < wait < timedelta(minutes=133)


def test_a_feed_with_little_news_is_polled_seldom_and_one_that_was_overrun_often(desk, site):
    desk.settings = desk.settings.model_copy(update={"poll_min_seconds": 60})

    def minutes():
        row = feed_row(desk, feed_id)
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


def test_a_date_to_come_is_taken_for_the_moment_of_the_poll_and_one_that_cannot_be_read_for_none(desk, site):
    dates = {"a": "Fri, 01 Jan 2100 00:00:00 GMT", "b": "Thu, 01 Jan 1970 00:00:00 GMT", "c": "soon", "d": ""}
    items = "".join(
        f"<item><title>{guid}</title><link>{site.url('/' + guid)}</link><guid>{guid}</guid>"
        f"<pubDate>{date}</pubDate></item>"
        for guid, date in dates.items()
    )
    desk.add_feed(site.put("/feed", f"<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"))
    before = datetime.now(UTC)
    desk.round()
    found = {row["guid"]: row["published_at"] for row in desk.table("entries")}
    assert before <= found.pop("a") <= datetime.now(UTC)
    assert found == {"b": None, "c": None, "d": None}


def test_a_document_whose_own_date_moves_brings_nothing_new(desk, site):
    def build(moment):
        item = f"<item><title>Dam holds</title><link>{site.url('/a')}</link><guid>a</guid></item>"
        head = f"<title>Site</title><lastBuildDate>{moment}</lastBuildDate>"
        site.put("/feed", f"<rss version='2.0'><channel>{head}{item}</channel></rss>")

    site.page("/a")
    build("Mon, 23 Nov 2026 10:00:00 GMT")
    feed_id = desk.add_feed(site.url("/feed"))
    desk.round()
    build("Mon, 23 Nov 2026 10:05:00 GMT")
    polled = desk.round().poll
    assert (polled.new_entries, polled.changed_entries) == (0, 0)
    assert feed_row(desk, feed_id)["last_outcome"] == "no_new_entries"


def test_a_new_process_polls_nothing_that_is_not_due(desk, site):
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    steps.run_round(desk.url, desk.settings)
    asked = list(site.asked)
    steps.run_round(desk.url, desk.settings)
    assert site.asked == asked
