"""Which articles are followed, and how they come back."""

import pytest

from pipeline import steps
from pipeline.errors import UsageError
from pipeline.model import Follow
from pipeline.store import tending

ORDINARY = (
    "A library opens in the old town hall on Monday, after four years of work.",
    "It has 12,000 books and a garden.",
)
MARKER = "This is a developing story and will be updated."


def status(desk):
    return desk.one("select status from news.articles")["status"]


def test_a_skipped_article_comes_back_when_its_entry_changes_and_its_text_has(desk, site):
    site.page("/a", *ORDINARY, headline="Library opens")
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    desk.round()
    assert status(desk) == "skipped"
    asked = site.asked.count("/a")
    desk.round()
    assert site.asked.count("/a") == asked, "nothing asks for it while its entry stands still"
    site.feed("/feed", ("/a", "Library opens with a delay"))
    site.page("/a", ORDINARY[0], "It has 14,000 books and a garden.", headline="Library opens with a delay")
    desk.round()
    assert status(desk) == "following"
    assert desk.column("select kind from news.events order by event_id")[:2] == ["first_seen", "updated"]
    assert "developing" in desk.column("select kind from news.events")


@pytest.mark.parametrize("etag", [None, '"same"'], ids=["same bytes", "304"])
def test_a_skipped_article_comes_back_when_its_entry_gains_a_marker_though_its_page_is_as_it_was(desk, site, etag):
    site.page("/a", *ORDINARY, headline="Library opens", etag=etag)
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    desk.round()
    assert status(desk) == "skipped"
    site.feed("/feed", ("/a", "LIVE: Library opens"))
    desk.round()
    assert status(desk) == "following"
    assert desk.column("select kind from news.events order by event_id") == ["first_seen", "developing"]
    assert desk.column("select number from news.versions") == [1]


def test_a_changed_entry_alone_leaves_a_skipped_article_skipped(desk, site):
    site.page("/a", *ORDINARY, headline="Library opens", etag='"same"')
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    desk.round()
    site.feed("/feed", ("/a", "The library opens"))
    desk.round()
    assert status(desk) == "skipped"
    assert desk.column("select kind from news.events") == ["first_seen"]
    assert desk.one("select next_capture_at from news.articles") == {"next_capture_at": None}


def test_an_address_is_followed_whatever_it_says(desk, site):
    site.page("/a", *ORDINARY, headline="Library opens")
    assert steps.follow_urls(desk.url, [site.url("/a"), site.url("/a?utm_source=mail")]) == 2
    desk.round()
    assert status(desk) == "following"
    assert desk.column("select count(*) from news.articles") == [1]


def test_a_skipped_article_is_followed_once_a_user_asks_for_it_though_its_page_is_as_it_was(desk, site):
    site.page("/a", *ORDINARY, headline="Library opens", etag='"same"')
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")))
    desk.round()
    assert status(desk) == "skipped"
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    assert status(desk) == "following"


def test_a_feed_may_ask_for_all_its_articles_to_be_followed(desk, site):
    site.page("/a", *ORDINARY, headline="Library opens")
    desk.add_feed(site.feed("/feed", ("/a", "Library opens")), follow=Follow.ALL)
    desk.round()
    assert status(desk) == "following"


def test_a_feed_that_asks_for_all_later_wakes_the_articles_it_holds_and_no_older_ones(desk, site):
    for path in ("/a", "/old"):
        site.page(path, *ORDINARY, headline="Library opens", etag='"same"')
    desk.add_feed(site.feed("/feed", ("/a", "Library opens"), ("/old", "Library planned")))
    desk.round()
    site.feed("/feed", ("/a", "Library opens"), ("/b", "No page"))
    desk.round()
    desk.add_feed(site.url("/feed"), follow=Follow.ALL)
    desk.round()
    rows = desk.rows("select url, status from news.articles")
    states = {row["url"]: row["status"] for row in rows}
    assert states[site.url("/a")] == "following"
    assert states[site.url("/old")] == "skipped"


def forget(desk):
    with desk.connection.transaction():
        tending.forget_article(desk.connection, desk.one("select article_id from news.articles")["article_id"])


def test_an_article_that_was_forgotten_does_not_come_back_with_its_feed(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    forget(desk)
    asked = site.asked.count("/a")
    # Its entry changes, loses its guid, comes by another feed: a name that was known is enough.
    site.feed("/feed", ("/a", "Dam holds after all"))
    desk.add_feed(site.feed("/other", ("/a", "Dam holds", "another-guid")), publisher="Other")
    desk.round()
    site.feed("/feed", ("/moved", "Dam holds", "story-/a"))
    desk.round()
    assert site.asked.count("/a") == asked
    for table in ("articles", "entries", "captures", "versions", "aliases"):
        assert desk.table(table) == []
    left = desk.rows("select * from writethru.forgotten")
    assert left
    assert "/a" not in str([bytes(row["name_sha256"]) for row in left])


def test_a_forgotten_article_does_not_keep_the_others_of_its_feed_away(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    forget(desk)
    site.page("/b")
    site.feed("/feed", ("/a", "Dam holds"), ("/b", "Bridge closed"))
    desk.round()
    assert desk.column("select url from news.articles") == [site.url("/b")]


def test_a_forgotten_article_comes_back_if_somebody_asks_for_its_address(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    forget(desk)
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    assert status(desk) == "following"


def shows_forgotten(desk, site, how):
    """Let the feed name an article that was forgotten as /a anew, as /new, which is /a by what it leads to or says."""
    site.page("/a", canonical="/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    forget(desk)
    if how == "canonical":
        site.page("/new", canonical="/a")
    else:
        site.put("/new", "", status=how, Location="/a")
    site.feed("/feed", ("/new", "Dam holds", "another-guid"))


@pytest.mark.parametrize("how", [301, 302, "canonical"])
def test_a_forgotten_article_does_not_come_back_under_a_new_link(desk, site, how):
    shows_forgotten(desk, site, how)
    desk.round()
    asked = site.asked.count("/new")
    assert asked == 1
    for _ in range(2):
        desk.round()
    assert site.asked.count("/new") == asked, "its new names are forgotten with the others"
    for table in ("articles", "entries", "captures", "versions", "aliases", "stories", "events"):
        assert desk.table(table) == []


def test_a_forgotten_article_that_is_asked_for_comes_back_by_all_its_names(desk, site):
    shows_forgotten(desk, site, "canonical")
    desk.round()
    steps.follow_urls(desk.url, [site.url("/a")])
    assert desk.rows("select * from writethru.forgotten") == []
    site.feed("/feed", ("/elsewhere", "Dam holds", "story-/a"), ("/new", "Dam holds", "another-guid"))
    desk.round()
    assert len(desk.table("entries")) == 2
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_a_forgotten_article_that_is_asked_for_by_a_new_link_comes_back(desk, site):
    shows_forgotten(desk, site, 302)
    steps.follow_urls(desk.url, [site.url("/new")])
    desk.round()
    assert status(desk) == "following"
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_what_was_forgotten_apart_stays_forgotten_when_another_is_asked_for(desk, site):
    for path in ("/a", "/b"):
        site.page(path)
        steps.follow_urls(desk.url, [site.url(path)])
        desk.round()
        forget(desk)
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.add_feed(site.feed("/feed", ("/b", "Dam holds")))
    desk.round()
    assert desk.column("select url from news.articles") == [site.url("/a")]


def test_an_article_that_leads_to_a_forgotten_one_keeps_its_own_record(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    forget(desk)
    site.page("/b", "A library opens in the old town hall, and the town is glad.", MARKER, headline="Library")
    desk.add_feed(site.feed("/feed", ("/b", "Library")))
    desk.round()
    before = desk.table("versions")
    assert len(before) == 1
    site.put("/b", "", status=302, Location="/a")
    desk.round()
    assert desk.table("versions") == before
    assert desk.column("select outcome from news.captures order by capture_id")[-1] == "moved_away"


@pytest.mark.parametrize("address", ["ftp://example.org/a", "example.org/a", "", "http://", "http://x/" + "a" * 3000])
def test_what_cannot_be_fetched_is_refused_with_words(desk, address):
    with pytest.raises(UsageError):
        steps.follow_urls(desk.url, [address])
    with pytest.raises(UsageError):
        desk.add_feed(address)
    assert desk.rows("select * from news.articles") == []


def test_an_article_that_goes_back_to_what_it_said_is_told_as_a_reversal_and_no_fact_is_made_anew(desk, site):
    one, other = "About 4,000 people have left the valley.", "About 9,000 people have left the valley."
    texts = [("The dam holds.", one, MARKER), ("The dam holds.", other, MARKER), ("The dam holds.", one, MARKER)]
    site.page("/a", *texts[0])
    steps.follow_urls(desk.url, [site.url("/a")])
    for text in texts:
        site.page("/a", *text)
        desk.round()
    assert desk.column("select kind from news.versions order by number") == ["first", "updated", "reverted"]
    kinds = desk.column("select kind from news.events order by event_id")
    assert kinds[:3] == ["first_seen", "developing", "updated"]
    assert kinds.count("reverted") == 1
    assert kinds.count("updated") == 1
    values = desk.column(
        "select low from news.facts where key like 'count|people|%%' or kind = 'displaced' order by fact_id"
    )
    assert values == [4000, 9000, 4000]
    desk.round()
    assert desk.one("select count(*) from news.versions") == {"count": 3}


def test_a_withdrawn_article_that_comes_back_is_restored_without_a_new_version(desk, site):
    page = {"etag": '"1"'}
    site.page("/a", **page)
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    site.put("/a", "gone", status=410)
    desk.round()
    assert status(desk) == "following", "once is no withdrawal"
    desk.round()
    assert status(desk) == "withdrawn"
    assert desk.one("select status from news.stories") == {"status": "withdrawn"}
    site.page("/a", **page)
    desk.round()
    assert status(desk) == "following"
    assert desk.one("select status from news.stories") == {"status": "developing"}
    assert desk.column("select kind from news.events order by event_id") == [
        "first_seen",
        "developing",
        "withdrawn",
        "restored",
    ]
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_an_article_restored_with_a_new_text_is_both_restored_and_updated(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    site.put("/a", "gone", status=404)
    desk.round()
    desk.round()
    site.page("/a", "The dam above Fairwater broke at noon, the county said.", MARKER, headline="Dam breaks")
    desk.round()
    kinds = desk.column("select kind from news.events order by event_id")
    assert kinds[2] == "withdrawn"
    assert {"restored", "headline_changed"} <= set(kinds[3:])


def test_a_single_failure_between_two_absences_does_not_withdraw_and_a_success_forgives(desk, site):
    site.page("/a", etag='"1"')
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    site.put("/a", "", status=404)
    desk.round()
    site.page("/a", etag='"1"')
    desk.round()
    site.put("/a", "", status=404)
    desk.round()
    assert status(desk) == "following"
    assert desk.one("select missing from news.articles") == {"missing": 1}


def test_a_page_that_moved_for_good_is_asked_for_at_its_new_place(desk, site):
    site.page("/old")
    steps.follow_urls(desk.url, [site.url("/old")])
    desk.round()
    site.page("/new")
    site.put("/old", "", status=301, Location="/new")
    desk.round()
    assert desk.one("select url, fetch_url from news.articles") == {
        "url": site.url("/new"),
        "fetch_url": site.url("/new"),
    }
    assert desk.column("select kind from news.events order by event_id")[-1] == "moved"
    site.put("/old", "", status=404)
    for _ in range(3):
        desk.round()
    assert status(desk) == "following"


def test_a_page_that_redirects_for_now_keeps_its_address(desk, site):
    site.page("/a")
    steps.follow_urls(desk.url, [site.url("/a")])
    desk.round()
    site.page("/mirror", "The dam holds, and the county is relieved.", MARKER)
    site.put("/a", "", status=302, Location="/mirror")
    desk.round()
    assert desk.one("select url, fetch_url from news.articles") == {"url": site.url("/a"), "fetch_url": site.url("/a")}
    assert "moved" not in desk.column("select kind from news.events")


def test_an_entry_that_keeps_its_guid_and_gets_another_link_leads_there(desk, site):
    site.page("/old")
    site.page("/new")
    desk.add_feed(site.feed("/feed", ("/old", "Dam holds", "tag:1-dam")))
    desk.round()
    site.feed("/feed", ("/new", "Dam holds", "tag:1-dam"))
    site.put("/old", "", status=404)
    desk.round()
    assert desk.one("select fetch_url, missing from news.articles") == {"fetch_url": site.url("/new"), "missing": 0}
    assert desk.one("select count(*) from news.versions") == {"count": 1}
