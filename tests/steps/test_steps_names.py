"""By what names an article is known: one article, whatever feeds and pages call it; and names nobody expects."""

import json

import pytest

from pipeline import steps

MARKER = "This is a developing story and will be updated."


def test_two_feeds_that_name_one_article_make_one(desk, site):
    site.page("/a")
    first = desk.add_feed(site.feed("/world", ("/a?utm_source=world", "Dam holds", "guid-of-world")))
    second = desk.add_feed(site.feed("/breaking", ("/a#top", "Dam holds!", "guid-of-breaking")))
    site.answers["/a?utm_source=world"] = site.answers["/a"]
    summary = desk.round()
    assert summary.capture.captured == 1
    (article,) = desk.column("select article_id from news.articles")
    assert desk.rows("select feed_id, article_id from news.entries order by feed_id") == [
        {"feed_id": first, "article_id": article},
        {"feed_id": second, "article_id": article},
    ]


def test_one_guid_leads_to_one_article_of_its_publisher_only(desk, site):
    site.page("/a")
    site.page("/b", headline="Another dam")
    desk.add_feed(site.feed("/one", ("/a", "Dam holds", "guid-12345")), publisher="One")
    desk.add_feed(site.feed("/two", ("/b", "Another dam", "guid-12345")), publisher="Two")
    desk.round()
    assert desk.column("select publisher from news.articles order by 1") == ["One", "Two"]


def test_a_candidate_whose_page_names_a_known_article_becomes_that_article(desk, site):
    site.page("/a", canonical="/a")
    desk.add_feed(site.feed("/feed", ("/a", "Dam holds")))
    desk.round()
    site.page("/amp/a", canonical="/a")
    steps.follow_urls(desk.url, [site.url("/amp/a")])
    desk.round()
    known, other = desk.table("articles")
    assert (known["versions"], known["follow"]) == (1, "all"), "what the user asked for counts for the article it is"
    assert (other["versions"], other["status"], other["next_capture_at"]) == (0, "skipped", None)
    assert desk.column("select article_id from news.aliases group by 1") == [known["article_id"]]
    assert desk.column("select distinct story_id from news.versions") == [known["story_id"]]
    desk.round()
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_two_candidates_that_name_the_same_canonical_address_make_one_article(desk, site):
    for path in ("/m/a", "/amp/a"):
        site.page(path, canonical="/a")
    desk.add_feed(site.feed("/feed", ("/m/a", "Dam holds", "guid-11111"), ("/amp/a", "Dam holds", "guid-22222")))
    desk.round()
    assert sorted(desk.column("select versions from news.articles")) == [0, 1]
    assert desk.column("select count(distinct article_id) from news.entries") == [1]


def test_an_article_that_leads_to_another_one_keeps_its_own_record(desk, site):
    site.page("/a", headline="Dam holds", canonical="/a")
    site.page(
        "/b", "A library opens in the old town hall, and the town is glad.", MARKER, headline="Library", canonical="/b"
    )
    steps.follow_urls(desk.url, [site.url("/a"), site.url("/b")])
    desk.round()
    before = desk.table("versions")
    site.put("/a", "", status=302, Location="/b")
    desk.round()
    assert desk.table("versions") == before
    assert desk.column("select outcome from news.captures order by capture_id")[2:].count("moved_away") == 1
    site.page("/a", headline="Dam holds", canonical="/a")
    desk.round()
    assert desk.table("versions") == before


def long_path(length):
    return "/a?" + "&".join(f"p{number}={'x' * 50}" for number in range(length // 56))


def test_very_long_addresses_and_guids_are_names_like_any_other(desk, site):
    path, guid = long_path(1900), "guid-" + "g" * 4000
    site.page(path)
    desk.add_feed(site.feed("/feed", (path, "Dam holds", guid)))
    desk.add_feed(site.feed("/other", (path, "Dam holds", guid + "x")), publisher="Other")
    for _ in range(2):
        summary = desk.round()
        assert set(summary.poll.outcomes) <= {"new_entries", "no_new_entries", "same_body"}
    assert desk.one("select versions from news.articles") == {"versions": 1}
    assert desk.one("select count(*) from news.entries where changes > 0") == {"count": 0}


@pytest.mark.parametrize("length", [2800, 3900])
def test_a_page_that_is_reached_under_a_name_too_long_for_an_index_is_known_by_it(desk, site, length):
    path = long_path(length)
    site.page(path)
    for short in ("/a", "/b"):
        site.put(short, "", status=302, Location=path)
    steps.follow_urls(desk.url, [site.url("/a"), site.url("/b")])
    desk.round()
    assert sorted(desk.column("select versions from news.articles")) == [0, 1]
    assert len({len(value) > 1000 for value in desk.column("select value from news.aliases")}) == 1
    (name,) = desk.column("select value from news.aliases where kind = 'redirect'")
    assert name.startswith(site.url("/a?p0="))
    assert "…sha256:" in name


def test_an_address_beyond_all_measure_is_no_name_and_no_harm(desk, site):
    site.page("/a")
    desk.add_feed(site.feed("/feed", ("/b?" + "x" * 9000, "Endless"), ("/a", "Dam holds")))
    desk.round()
    assert desk.one("select last_outcome from news.feeds") == {"last_outcome": "new_entries"}
    assert desk.one("select count(*) from news.entries") == {"count": 2}
    assert desk.one("select count(*) from news.versions") == {"count": 1}
    desk.round()
    assert desk.one("select last_outcome from news.feeds")["last_outcome"] in {"same_body", "no_new_entries"}


def test_an_entry_without_a_link_is_new_once(desk, site):
    body = "<rss version='2.0'><channel><title>T</title>{}<item><title>No link at all</title></item></channel></rss>"
    desk.add_feed(site.put("/feed", body.format(""), Content_Type="application/rss+xml"))
    assert desk.round().poll.new_entries == 1
    site.put("/feed", body.format("<ttl>5</ttl>"), Content_Type="application/rss+xml")
    summary = desk.round().poll
    assert (summary.new_entries, summary.changed_entries, summary.outcomes) == (0, 0, {"no_new_entries": 1})


def test_characters_that_postgres_cannot_hold_never_stop_a_poll(desk, site):
    items = [
        {
            "id": "a\x00b\ud800",
            "url": site.url("/a"),
            "title": "Dam \x00holds \ud83d\ude00 \udfff",
            "summary": "\ud800\x00",
        },
        {"id": "c\\u0000", "url": site.url("/b\x00"), "title": "\\u0000 \x00\\", "authors": [{"name": "\udc00"}]},
    ]
    site.page("/a")
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T\x00\ud800", "language": "en\x00", "items": items}
    desk.add_feed(site.put("/feed", json.dumps(feed), Content_Type="application/feed+json"))
    summary = desk.round()
    assert summary.poll.outcomes == {"new_entries": 1}
    assert summary.record.versions >= 1
    desk.round()
    assert desk.one("select count(*) from news.entries where changes > 0") == {"count": 0}
    assert desk.one("select count(*) from news.entries") == {"count": 2}


def test_characters_that_postgres_cannot_hold_never_stop_a_record(desk, site):
    paragraphs = (
        "The dam &#0; holds &#xD800; they said: &#xDFFF; “yes \x00 no”.",
        "About 4,000\x00 people left.",
        MARKER,
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    structured = json.dumps(
        {"@type": "NewsArticle", "headline": "Dam\x00 holds \ud800", "author": {"name": "A\udfff\x00"}}
    )
    site.put(
        "/a",
        f"<html lang='en\x00'><head><title>Dam \x00 holds</title>"
        f"<script type='application/ld+json'>{structured}</script></head>"
        f"<body><article><h1>Dam \x00 holds</h1>{text}</article></body></html>",
    )
    steps.follow_urls(desk.url, [site.url("/a")])
    assert desk.round().record.outcomes == {"new_version": 1}
    desk.round()
    assert desk.one("select count(*) from news.versions") == {"count": 1}


def test_a_header_with_strange_bytes_never_stops_a_capture(desk, site):
    site.page("/a", etag='"\xff\xfe\x80"')
    steps.follow_urls(desk.url, [site.url("/a")])
    assert desk.round().record.versions == 1
    desk.round()
    assert desk.one("select count(*) from news.versions") == {"count": 1}


@pytest.mark.slow
def test_a_feed_with_thousands_of_entries_is_read_whole_up_to_the_cap_and_once(desk, site):
    items = [(f"/{number}", f"News {number}") for number in range(2500)]
    desk.add_feed(site.feed("/feed", *items))
    feeds = [feed for shard in steps.plan_polls(desk.url, desk.settings) for feed in shard.ids]
    summary = steps.poll_feeds(desk.url, desk.settings, feeds)
    assert (summary.new_entries, summary.due) == (2000, 2000)
    assert desk.one("select count(*) from news.articles") == {"count": 2000}
    shards = steps.plan_captures(desk.url, desk.settings)
    assert len(shards) == 1, "one host is in one shard"
    assert len(shards[0].ids) == desk.settings.shard_size
