"""Whatever publishers' servers do: one clear outcome for each attempt, a sane next try, and the sound feeds go on."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline import steps
from pipeline.local.newsroom import ManualClock, newsroom_running
from pipeline.model import Outcome

MARKER = "This is a developing story and will be updated."

FEED_OUTCOMES = {
    "not-xml": {"not_a_feed"},
    "cut-xml": {"new_entries"},
    "html": {"not_a_feed"},
    "empty": {"empty"},
    "no-entries": {"no_new_entries"},
    "server-error": {"server_error"},
    "not-found": {"not_found"},
    "rate-limited": {"rate_limited"},
    "slow": {"timeout"},
    "pages": {"new_entries"},
}
PAGE_OUTCOMES = {
    "empty": "empty",
    "huge": "too_large",
    "no-text": "no_text",
    "not-html": "not_html",
    "busy": "busy",
    "server-error": "server_error",
    "rate-limited": "rate_limited",
    "forbidden": "forbidden",
    "not-found": "not_found",
    "redirect-loop": "too_many_redirects",
    "reset": "unreachable",
    "truncated": "truncated",
    "slow": "timeout",
    "wrong-charset": "new_version",
}


def test_every_faulty_feed_and_page_has_its_outcome_and_the_sound_ones_go_on(desk):
    # The server that says nothing is given up soon; the others have the time that they need on a slow machine.
    desk.settings = desk.settings.model_copy(update={"capture_max_seconds": 7200})
    impatient = desk.settings.model_copy(update={"fetch_total_seconds": 0.5})
    begun = datetime.now(UTC)
    with newsroom_running(clock=ManualClock(), with_faults=True, slow_seconds=60) as newsroom:
        steps.add_feeds(desk.url, desk.settings, newsroom.subscriptions)
        # One feed after the other: the pause that one of them asks for counts for all of its host.
        polled = captured = 0
        for name, url in sorted(newsroom.faulty_feeds.items(), key=lambda item: item[0] == "rate-limited"):
            (feed,) = desk.column("select feed_id from news.feeds where url = %s", url)
            polled += steps.poll_feeds(desk.url, impatient if name == "slow" else desk.settings, [feed]).polled
            row = desk.one("select last_outcome, failures, next_poll_at from news.feeds where feed_id = %s", feed)
            assert row["last_outcome"] in FEED_OUTCOMES[name], name
            assert row["failures"] == (0 if Outcome(row["last_outcome"]).is_success else 1), name
            assert timedelta(minutes=1) < row["next_poll_at"] - begun < timedelta(hours=25), name
        desk.connection.execute("delete from news.hosts")
        for name, url in sorted(newsroom.faulty_pages.items(), key=lambda item: item[0] == "rate-limited"):
            (article,) = desk.column("select article_id from news.aliases where value = %s", url)
            limits = impatient if name == "slow" else desk.settings
            captured += steps.capture_articles(desk.url, limits, [article]).captured
            steps.record_captures(desk.url, desk.settings, [article])
            outcomes = desk.column("select outcome from news.captures where article_id = %s", article)
            assert outcomes == [PAGE_OUTCOMES[name]], name
            row = desk.one("select * from news.articles where article_id = %s", article)
            assert row["last_outcome"] == PAGE_OUTCOMES[name], name
            assert row["failures"] == (0 if name == "wrong-charset" else 1), name
            assert row["versions"] == (1 if name == "wrong-charset" else 0), name
            assert begun < row["next_capture_at"] < begun + timedelta(hours=25), name
        desk.connection.execute("delete from news.hosts")
        summary = steps.run_round(desk.url, desk.settings)
        assert sum(summary.poll.outcomes.values()) == summary.poll.polled == len(newsroom.publishers)
        assert sum(summary.capture.outcomes.values()) == summary.capture.captured
        assert sum(summary.record.outcomes.values()) == summary.record.captures
    assert desk.one("select count(*) from news.polls") == {"count": polled + summary.poll.polled}
    assert desk.one("select count(*) from news.captures") == {"count": captured + summary.capture.captured}
    sound = desk.column(
        "select count(*) from news.versions v join news.articles a using (article_id) group by publisher"
    )
    assert len(sound) == len(newsroom.publishers) + 1
    assert desk.column("select text from news.versions where text like '%%Zoë Andrée%%'"), "the charset was found out"
    assert desk.one("select count(*) from news.captures where recorded_at is null") == {"count": 0}


FAULTS = {
    "wall": {"body": "<html><body><h1>Subscribe to continue reading</h1><p>Log in.</p></body></html>"},
    "empty": {"body": ""},
    "no text": {"body": "<html><body><div id=root></div></body></html>"},
    "server error": {"body": "", "status": 500},
    "not found": {"body": "", "status": 404},
    "forbidden": {"body": "", "status": 403},
    "pdf": {"body": "%PDF-1.4", "Content_Type": "application/pdf"},
    "busy": {
        "body": "<html><head><title>Error</title></head><body><h1>Service temporarily unavailable</h1></body></html>"
    },
}


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_heals_the_next_good_page_is_no_update(desk, site, fault):
    site.page("/a", etag='"1"')
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    before = {table: desk.table(table) for table in ("versions", "updates", "facts", "events", "stories")}
    site.put("/a", **FAULTS[fault])
    desk.round()
    assert desk.one("select failures from news.articles")["failures"] == 1
    site.page("/a", etag='"1"')
    desk.round()
    assert {table: desk.table(table) for table in before} == before
    assert desk.one("select failures, missing from news.articles") == {"failures": 0, "missing": 0}
    assert len(desk.column("select outcome from news.captures")) == 3


def test_a_candidate_that_never_shows_an_article_is_given_up_until_its_entry_changes(desk, site):
    site.put("/a", "<html><body><div id=root></div></body></html>")
    desk.add_feed(site.feed("/feed", ("/a", "LIVE: Dam holds")))
    for _ in range(12):
        desk.round()
    assert desk.one("select status, next_capture_at from news.articles") == {
        "status": "candidate",
        "next_capture_at": None,
    }
    assert 5 <= site.asked.count("/a") <= 10
    site.page("/a")
    site.feed("/feed", ("/a", "LIVE: Dam breaks"))
    desk.round()
    assert desk.one("select status, versions, failures from news.articles") == {
        "status": "following",
        "versions": 1,
        "failures": 0,
    }


def test_a_skipped_article_that_fails_for_ever_is_not_asked_for_ever(desk, site):
    site.page("/a", "A library opens in the old town hall on Monday.", "It has 12,000 books and a garden behind it.")
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    desk.round()
    site.put("/a", "", status=403)
    site.feed("/feed", ("/a", "Library opens today"))
    for _ in range(12):
        desk.round()
    assert desk.one("select next_capture_at from news.articles") == {"next_capture_at": None}
    assert site.asked.count("/a") < 12


def test_feeds_that_cannot_be_reached_or_found_fail_by_themselves(desk, site):
    site.page("/a")
    sound = desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    refused = desk.add_feed("http://127.0.0.1:9/feed")
    unknown = desk.add_feed("http://no-such-host.invalid/feed")
    blocked = desk.add_feed("http://10.0.0.1/feed")
    summary = desk.round()
    outcomes = {row["feed_id"]: row["last_outcome"] for row in desk.table("feeds")}
    assert outcomes == {
        sound: "new_entries",
        refused: "unreachable",
        unknown: "dns_error",
        blocked: "blocked_address",
    }
    assert summary.poll.polled == 4
    assert summary.record.versions == 1
    assert "1 dns_error" in summary.poll.line()


def test_a_feed_gone_twice_is_disabled_and_asked_no_more_until_it_is_added_again(desk, site):
    url = site.put("/feed", "", status=410)
    desk.add_feed(url)
    desk.round()
    assert desk.one("select disabled_reason from news.feeds") == {"disabled_reason": None}
    desk.round()
    assert "gone" in desk.one("select disabled_reason from news.feeds")["disabled_reason"]
    asked = site.asked.count("/feed")
    desk.round()
    assert site.asked.count("/feed") == asked
    desk.add_feed(url)
    desk.round()
    assert site.asked.count("/feed") == asked + 1


def test_a_faulty_document_does_not_hide_the_mended_one_behind_its_validators(desk, site):
    desk.add_feed(site.put("/feed", "<html>an error page</html>", ETag='"1"', Content_Type="application/rss+xml"))
    desk.round()
    assert desk.one("select last_outcome, etag from news.feeds") == {"last_outcome": "not_a_feed", "etag": None}
    site.page("/a")
    site.feed("/feed", ("/a", "Dam holds"), ETag='"1"')
    desk.round()
    assert desk.one("select last_outcome from news.feeds") == {"last_outcome": "new_entries"}


def test_a_pause_that_one_feed_asks_for_holds_all_feeds_and_articles_of_its_host(desk, site):
    site.page("/a")
    first = desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    second = desk.add_feed(site.feed("/other", ("/a", "Dam holds")), publisher="Other")
    steps.poll_feeds(desk.url, desk.settings, [first])
    (article,) = desk.column("select article_id from news.articles")
    site.put("/feed", "Slow down", status=429, Retry_After="600")
    desk.make_due()
    steps.poll_feeds(desk.url, desk.settings, [first])
    asked = list(site.asked)
    desk.make_due()
    assert steps.plan_polls(desk.url, desk.settings) == ()
    assert steps.plan_captures(desk.url, desk.settings) == ()
    # Planned before the pause was known, begun after it.
    assert steps.poll_feeds(desk.url, desk.settings, [first, second]).polled == 0
    assert steps.capture_articles(desk.url, desk.settings, [article]).captured == 0
    assert site.asked == asked
    desk.connection.execute("update news.hosts set not_before = now() - interval '1 second'")
    desk.make_due()
    assert steps.capture_articles(desk.url, desk.settings, [article]).captured == 1


def test_a_pause_met_within_a_batch_spares_the_rest_of_the_host(desk, site):
    for path in ("/a", "/b", "/c"):
        site.put(path, "Slow down", status=429, Retry_After="600")
    steps.follow_urls(desk.url, [site.url(path) for path in ("/a", "/b", "/c")])
    summary = desk.round()
    assert summary.capture.captured == sum(summary.capture.outcomes.values())
    assert sum(path in {"/a", "/b", "/c"} for path in site.asked) == 1
    limit = datetime.now(UTC) + timedelta(seconds=500)
    assert all(moment > limit for moment in desk.column("select next_capture_at from news.articles"))


def test_what_is_over_the_budget_stays_due(desk, site):
    paths = [f"/{number}" for number in range(6)]
    for path in paths:
        site.page(path)
    steps.follow_urls(desk.url, [site.url(path) for path in paths])
    articles = desk.column("select article_id from news.articles")
    summary = steps.capture_articles(desk.url, desk.settings, articles, budget_seconds=0)
    assert (summary.captured, summary.left) == (0, 6)
    assert "6 left to the next run" in summary.line()
    assert steps.capture_articles(desk.url, desk.settings, articles).captured == 6


def test_a_capture_at_a_months_turn_makes_the_partition_that_is_missing(desk, site):
    for name in desk.column("select relname::text from pg_class where relispartition and relkind = 'r'"):
        desk.connection.execute(f"drop table news.{name}")
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    (article,) = desk.column("select article_id from news.articles")
    assert steps.capture_articles(desk.url, desk.settings, [article]).captured == 1
    assert steps.record_captures(desk.url, desk.settings).versions == 1


def test_one_page_that_our_code_cannot_record_is_that_pages_outcome_and_the_others_go_on(desk, site):
    """The defect is made in the database: a check that one page's text does not pass."""
    desk.connection.execute(
        "alter table news.versions add constraint made_by_the_test check (headline not like 'Cursed%%')".replace(
            "%%", "%"
        )
    )
    site.page("/a", headline="Cursed dam")
    site.page("/b", headline="Sound dam")
    steps.follow_urls(desk.url, [site.url("/a"), site.url("/b")])
    summary = desk.round()
    assert summary.record.outcomes == {Outcome.FAILED: 1, Outcome.NEW_VERSION: 1}
    assert (summary.record.versions, summary.record.captures) == (1, 2)
    failed = desk.one("select body is not null as kept, detail from news.captures where outcome = 'failed'")
    assert failed["kept"]
    assert "made_by_the_test" in failed["detail"]
    assert desk.column("select headline from news.stories") == ["Sound dam"], "nothing of it landed"
    # The defect is mended, and what failed is read again.
    desk.connection.execute("alter table news.versions drop constraint made_by_the_test")
    now = datetime.now(UTC)
    again = steps.read_again(desk.url, desk.settings, since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (again.failed, again.record.versions) == (1, 1)
    assert sorted(desk.column("select headline from news.versions")) == ["Cursed dam", "Sound dam"]


def test_one_feed_that_our_code_cannot_store_is_that_feeds_outcome_and_the_others_go_on(desk, site):
    desk.connection.execute("alter table news.entries add constraint made_by_the_test check (title <> 'Cursed')")
    site.page("/a")
    cursed = desk.add_feed(site.feed("/cursed", ("/a", "Dam holds"), ("/b", "Cursed")))
    sound = desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    summary = desk.round()
    assert summary.poll.outcomes == {Outcome.FAILED: 1, Outcome.NEW_ENTRIES: 1}
    rows = {row["feed_id"]: row for row in desk.table("feeds")}
    assert rows[cursed]["last_outcome"] == "failed"
    assert "made_by_the_test" in rows[cursed]["last_detail"]
    assert rows[cursed]["body_sha256"] is None
    assert rows[sound]["last_outcome"] == "new_entries"
    assert desk.column("select feed_id from news.entries") == [sound]
    desk.connection.execute("alter table news.entries drop constraint made_by_the_test")
    assert desk.round().poll.outcomes[Outcome.NEW_ENTRIES] == 1
