"""Feeds that redirect: which moves are believed, and which change nothing."""

from pipeline import steps
from pipeline.model import FeedSubscription


def moved_feed(desk, site, *, status=301):
    feed_id = desk.add_feed(site.put("/old", b"", status=status, Location="/new"))
    site.feed("/new", ("/a", "Dam holds"))
    return feed_id


def test_a_permanent_redirect_is_believed_after_five_polls_over_a_week_and_the_old_address_is_kept(desk, site):
    feed_id = moved_feed(desk, site)
    for _ in range(6):
        desk.round()
    assert desk.feed(feed_id)["url"] == site.url("/old"), "six polls on one day are no week"
    desk.connection.execute("update news.feeds set moved_since = moved_since - interval '7 days'")
    desk.round()
    row = desk.feed(feed_id)
    assert (row["url"], row["former_urls"]) == (site.url("/new"), [site.url("/old")])
    site.asked.clear()
    desk.round()
    assert site.asked[0] == "/new"


def test_a_feed_added_again_by_an_address_it_had_is_the_same_feed(desk, site):
    feed_id = moved_feed(desk, site)
    desk.connection.execute("update news.feeds set url = %s, former_urls = array[url]", [site.url("/new")])
    steps.add_feeds(desk.url, desk.settings, [FeedSubscription(url=site.url("/old"), publisher="Site")])
    assert desk.column("select feed_id from news.feeds") == [feed_id]


def test_a_temporary_redirect_is_never_remembered(desk, site):
    feed_id = moved_feed(desk, site, status=302)
    desk.round()
    assert desk.feed(feed_id)["moved_to"] is None


def test_a_permanent_redirect_to_a_page_moves_nothing_and_forgets_nothing(desk, site):
    feed_id = desk.add_feed(site.feed("/old", ("/a", "Dam holds"), ETag='"1"'))
    desk.round()
    site.put("/old", b"", status=301, Location="/login")
    site.put("/login", "<!DOCTYPE html><html><body><form>Log in</form></body></html>")
    desk.round()
    row = desk.feed(feed_id)
    assert (row["last_outcome"], row["moved_to"], row["etag"]) == ("not_a_feed", None, '"1"')
    assert len(desk.table("entries")) == 1


def test_where_another_feed_has_the_new_address_both_go_on(desk, site):
    feed_id = moved_feed(desk, site)
    other = desk.add_feed(site.url("/new"))
    desk.round()
    desk.connection.execute("update news.feeds set moved_since = now() - interval '8 days', moved_seen = 9")
    desk.round()
    assert desk.feed(feed_id)["url"] == site.url("/old")
    assert desk.feed(other)["url"] == site.url("/new")
