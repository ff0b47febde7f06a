"""The four feed dialects, met over HTTP and read by feedparser."""

from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from lxml import etree

from pipeline.local.newsroom import CYCLE_MINUTES, ManualClock, Newsroom

Get = Callable[..., Any]

VERSIONS = {"meridian": "rss20", "courier": "rss20", "harbour": "atom10", "record": "rss10"}


def feed_url(newsroom: Newsroom, publisher: str) -> str:
    desk = newsroom.publishers[publisher]
    return desk.base_url + desk.publisher.feed_path


@pytest.mark.parametrize(("publisher", "version"), VERSIONS.items())
@pytest.mark.parametrize("minutes", [0, 2000, 7000])
def test_a_feed_is_sound_in_its_dialect_at_any_time(
    newsroom: Newsroom, clock: ManualClock, get: Get, publisher: str, version: str, minutes: float
):
    clock.advance(minutes)
    answer = get(feed_url(newsroom, publisher))
    etree.fromstring(answer.body)
    parsed = feedparser.parse(answer.body)
    assert (answer.status, parsed.bozo, parsed.version) == (200, False, version)
    shown = newsroom.publishers[publisher].front()
    assert [entry.title for entry in parsed.entries] == [item.snapshot.headline for item in shown]
    assert [entry.link for entry in parsed.entries] == [item.link for item in shown]
    assert parsed.entries


def test_guids_are_no_links_in_one_feed_and_absent_from_another(newsroom: Newsroom, get: Get):
    with_guid = feedparser.parse(get(feed_url(newsroom, "meridian")).body).entries[0]
    assert with_guid.id.startswith("meridian-")
    assert not with_guid.guidislink
    assert "id" not in feedparser.parse(get(feed_url(newsroom, "courier")).body).entries[0]


def test_a_feed_in_windows_1252_keeps_its_curly_quotes(newsroom: Newsroom, clock: ManualClock, get: Get):
    body = get(feed_url(newsroom, "courier")).body
    assert b'encoding="windows-1252"' in body
    clock.advance(600)
    assert "Karvania’s" in get(newsroom.url("earthquake-rival")).body.decode("windows-1252")


@pytest.mark.parametrize(("name", "dates_edits"), [("mosul", False), ("earthquake", True), ("wildfire", False)])
def test_an_edit_moves_the_entrys_date_at_some_publishers_and_not_at_others(
    newsroom: Newsroom, clock: ManualClock, get: Get, name: str, dates_edits: bool
):
    def dated() -> object:
        story = newsroom.story(name)
        parsed = feedparser.parse(get(feed_url(newsroom, story.publisher)).body)
        entry = next(entry for entry in parsed.entries if story.slug in entry.link)
        return entry.updated_parsed if "updated" in entry else entry.published_parsed

    before = dated()
    clock.advance(650)
    assert (dated() != before) is dates_edits


@pytest.mark.parametrize("publisher", ["meridian", "record", "harbour"])
def test_an_unchanged_feed_is_answered_with_304_and_a_changed_one_is_not(
    newsroom: Newsroom, clock: ManualClock, get: Get, publisher: str
):
    first = get(feed_url(newsroom, publisher))
    held = {"If_None_Match": first.headers["etag"]} if "etag" in first.headers else {}
    held |= {"If_Modified_Since": first.headers["last-modified"]} if "last-modified" in first.headers else {}
    assert held
    again = get(feed_url(newsroom, publisher), **held)
    assert (again.status, again.body) == (304, b"")
    clock.advance(1000)
    assert get(feed_url(newsroom, publisher), **held).status == 200


def test_one_publisher_has_no_validators(newsroom: Newsroom, get: Get):
    for url in (feed_url(newsroom, "courier"), newsroom.url("bakery")):
        assert not {"etag", "last-modified"} & get(url).headers.keys()


def test_a_new_edition_publishes_the_stories_anew(newsroom: Newsroom, clock: ManualClock, get: Get):
    clock.advance(CYCLE_MINUTES)
    parsed = feedparser.parse(get(feed_url(newsroom, "meridian")).body)
    mosul = [entry for entry in parsed.entries if "mosul" in entry.link]
    assert [entry.title for entry in mosul] == [
        "Iraqi troops push into Mosul for first time in two years",
        "Mosul encircled as last road to Syria is closed",
    ]
    assert len({entry.id for entry in mosul}) == len({entry.link for entry in mosul}) == 2
    assert mosul[0].link == newsroom.url("mosul", edition=2)
    assert get(newsroom.url("mosul")).status == 200
    clock.advance(CYCLE_MINUTES)
    assert get(newsroom.url("mosul")).status == 200
    assert newsroom.url("mosul").encode() not in get(feed_url(newsroom, "meridian")).body


def test_every_publisher_is_a_host_of_its_own_to_subscribe_to(newsroom: Newsroom):
    urls = [subscription.url for subscription in newsroom.subscriptions]
    assert urls == [feed_url(newsroom, publisher) for publisher in newsroom.publishers]
    assert len({url.split("/")[2] for url in urls}) == 4
    assert all(s.publisher and s.language and s.poll_every for s in newsroom.subscriptions)
