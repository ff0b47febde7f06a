"""What a feed's document may get wrong without harm to the record."""

from datetime import UTC, datetime

import pytest

from pipeline import steps

HEAD = "<rss version='2.0'><channel><title>Site</title>"


ENTRY = "<item><title>Dam holds</title><link>http://127.0.0.1/a</link><guid>a</guid></item>"


def test_a_document_that_breaks_off_keeps_its_entries_and_no_validators(desk, site):
    whole = "<item><title>Dam holds</title><link>http://127.0.0.1/a</link><guid>a</guid></item>"
    head = "<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>"
    feed_id = desk.add_feed(site.put("/feed", head + whole + "<item><title>Dam br", ETag='"1"'))
    desk.round()
    row = desk.feed(feed_id)
    assert (row["last_outcome"], row["etag"], row["body_sha256"]) == ("new_entries", None, None)
    assert len(desk.table("entries")) == 1
    desk.round()
    assert desk.feed(feed_id)["last_outcome"] == "no_new_entries", "asked for whole, and read again"


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
    row = desk.feed(feed_id)
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


def test_entries_that_get_new_ids_with_each_document_stay_the_same_and_stop_waking_their_articles(desk, site):
    def renumber(edition):
        paths = [f"/{number}" for number in range(4)]
        site.feed("/feed", *((path, f"Dam {path} holds", f"{edition}:{path}") for path in paths))
        desk.make_due()
        return steps.poll_feeds(desk.url, desk.settings, [feed_id])

    feed_id = desk.add_feed(site.url("/feed"))
    assert renumber(0).new_entries == 4
    first = desk.rows("select entry_id, article_id, first_seen_at from news.entries order by entry_id")
    polled = renumber(1)
    assert (polled.new_entries, polled.changed_entries, polled.due) == (0, 4, 4)
    desk.connection.execute("update news.entries set changes = 24")
    polled = renumber(2)
    assert (polled.new_entries, polled.changed_entries, polled.due) == (0, 0, 0)
    assert desk.rows("select entry_id, article_id, first_seen_at from news.entries order by entry_id") == first
    assert desk.column("select guid from news.entries order by entry_id") == [f"2:/{number}" for number in range(4)]
    assert desk.feed(feed_id)["last_detail"] is None


def test_an_entry_that_says_the_same_as_one_beside_it_is_another(desk, site):
    feed_id = desk.add_feed(site.feed("/feed", ("/a", "Dam holds", "guid-1")))
    desk.round()
    site.feed("/feed", ("/a", "Dam holds", "guid-1"), ("/a", "Dam holds", "guid-2"))
    desk.make_due()
    assert steps.poll_feeds(desk.url, desk.settings, [feed_id]).new_entries == 1
    assert desk.column("select guid from news.entries order by 1") == ["guid-1", "guid-2"]


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
    assert desk.feed(feed_id)["last_outcome"] == "no_new_entries"
