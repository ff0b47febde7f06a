"""Article pages over HTTP: what changes, what does not, and what becomes of addresses."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import trafilatura

from pipeline.local.newsroom import ManualClock, Newsroom, bundled_stories

Get = Callable[..., Any]


def text_of(answer: Any) -> list[str]:
    extracted = trafilatura.extract(answer.body, include_comments=False)
    assert extracted is not None
    return extracted.split("\n")


def structured(answer: Any) -> dict[str, object]:
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)[1])
    return data["@graph"][-1] if "@graph" in data else data


def test_every_paragraph_of_every_version_comes_through_an_extractor(newsroom: Newsroom, clock: ManualClock, get: Get):
    moments = sorted({max(0, change) for story in newsroom.stories for change in story.changes_at})
    seen: dict[str, list[int]] = {}
    for moment in moments:
        clock.advance(moment - clock.minutes())
        for story in newsroom.stories:
            snapshot = story.at(moment)
            if snapshot is None or max(0, snapshot.modified) != moment or story.is_withdrawn(moment):
                continue
            desk = newsroom.publishers[story.publisher]
            page = next(item for item in desk.front() if item.story is story)
            lines = text_of(get(page.url))
            assert [p for p in snapshot.paragraphs if p not in lines] == [], (story.name, moment)
            kept = [line for line in lines if line in snapshot.paragraphs]
            assert kept == list(snapshot.paragraphs), (story.name, moment)
            seen.setdefault(story.name, []).append(snapshot.number)
    assert seen == {story.name: list(range(1, len(story.changes_at) + 1)) for story in newsroom.stories}


@pytest.mark.parametrize("story", [s.name for s in bundled_stories()])
def test_noise_changes_with_every_request_and_the_text_does_not(
    newsroom: Newsroom, clock: ManualClock, get: Get, story: str
):
    clock.advance(200)
    answers = [get(newsroom.url(story)) for _ in range(4)]
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 4
    assert len({tuple(text_of(answer)) for answer in answers}) == 1


@pytest.mark.parametrize("name", ["museum", "bakery", "school-bus"])
def test_words_of_developing_stories_stand_around_articles_that_are_not(newsroom: Newsroom, get: Get, name: str):
    answers = [get(newsroom.url(name)) for _ in range(8)]
    assert all(re.search(r"developing|breaking|live", answer.text, re.IGNORECASE) for answer in answers)


def test_structured_data_dates_every_edit(newsroom: Newsroom, clock: ManualClock, get: Get):
    first = structured(get(newsroom.url("mosul")))
    clock.advance(400)
    second = structured(get(newsroom.url("mosul")))
    assert first["@type"] == second["@type"] == "NewsArticle"
    assert (first["datePublished"], first["dateModified"]) == ("2016-11-03T09:00:00Z", "2016-11-03T09:00:00Z")
    assert (second["datePublished"], second["dateModified"]) == ("2016-11-03T09:00:00Z", "2016-11-03T15:40:00Z")
    assert second["headline"] == newsroom.story("mosul").at(400).headline


def test_some_publishers_have_no_structured_data(newsroom: Newsroom, get: Get):
    for name in ("bakery", "wildfire"):
        assert "ld+json" not in get(newsroom.url(name)).text


def test_a_live_blog_carries_its_posts_as_structured_data(newsroom: Newsroom, clock: ManualClock, get: Get):
    clock.advance(1100)
    data = structured(get(newsroom.url("storm-live")))
    assert data["@type"] == "LiveBlogPosting"
    posts = data["liveBlogUpdate"]
    shown = newsroom.story("storm-live").at(1100).posts
    assert [post["articleBody"] for post in posts] == [post.text for post in shown]
    assert "coverageEndTime" not in data
    assert posts[0]["dateModified"] > posts[0]["datePublished"] > posts[1]["datePublished"]


def test_a_live_blog_that_has_ended_says_so(newsroom: Newsroom, clock: ManualClock, get: Get):
    clock.advance(3100)
    answer = get(newsroom.url("storm-live"))
    assert structured(answer)["coverageEndTime"] == "2016-11-05T11:00:00Z"
    assert "This live blog has ended." in answer.text


def test_a_moved_story_redirects_for_good_from_its_old_address(newsroom: Newsroom, clock: ManualClock, get: Get):
    old = newsroom.url("ferry")
    assert get(old).status == 200
    clock.advance(1700)
    moved = get(old)
    assert moved.status == 301
    new = moved.headers["location"]
    assert new != old
    answer = get(new)
    assert answer.status == 200
    assert f'<link rel="canonical" href="{new}">' in answer.text


def test_the_address_a_story_will_move_to_is_not_there_yet(newsroom: Newsroom, clock: ManualClock, get: Get):
    clock.advance(1700)
    new = get(newsroom.url("ferry")).headers["location"]
    early = ManualClock(elapsed=100)
    newsroom.publishers["meridian"].clock = early
    assert get(new).status == 404


def test_a_withdrawn_story_is_gone_from_its_address_and_from_the_feed(newsroom: Newsroom, clock: ManualClock, get: Get):
    url = newsroom.url("gas-leak")
    clock.advance(1000)
    assert "400 people" in get(url).text
    clock.advance(1100)
    assert get(url).status == 410
    desk = newsroom.publishers["courier"]
    assert "id=90440" not in get(desk.base_url + desk.publisher.feed_path).body.decode("windows-1252")


def test_a_story_is_not_there_before_it_is_published(newsroom: Newsroom, clock: ManualClock, get: Get):
    assert get(newsroom.url("gas-leak")).status == 404
    clock.advance(90)
    assert get(newsroom.url("gas-leak")).status == 200


def test_a_page_is_found_with_the_tracking_its_feed_adds(newsroom: Newsroom, get: Get):
    assert get(newsroom.url("bakery") + "&utm_source=rss&utm_medium=feed").status == 200
    assert get(newsroom.url("bakery") + "9").status == 404


@pytest.mark.parametrize(
    ("name", "header"), [("mosul", "etag"), ("mosul", "last-modified"), ("earthquake", "last-modified")]
)
def test_an_unchanged_page_is_answered_with_304_until_it_changes(
    newsroom: Newsroom, clock: ManualClock, get: Get, name: str, header: str
):
    condition = {"etag": "If_None_Match", "last-modified": "If_Modified_Since"}[header]
    held = {condition: get(newsroom.url(name)).headers[header]}
    unchanged = get(newsroom.url(name), **held)
    assert (unchanged.status, unchanged.body, unchanged.headers[header]) == (304, b"", held[condition])
    clock.advance(650)
    assert get(newsroom.url(name), **held).status == 200


def test_an_etag_that_does_not_match_outweighs_a_date_that_does(newsroom: Newsroom, get: Get):
    date = get(newsroom.url("mosul")).headers["last-modified"]
    assert get(newsroom.url("mosul"), If_None_Match='"other"', If_Modified_Since=date).status == 200


def test_one_publisher_compresses(newsroom: Newsroom, get: Get):
    answer = get(newsroom.url("mosul"), Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"


def test_requests_are_written_down_with_publisher_path_and_status(newsroom: Newsroom, clock: ManualClock, get: Get):
    clock.advance(5)
    get(newsroom.url("bakery"))
    get(newsroom.publishers["record"].base_url + "/robots.txt")
    get(newsroom.publishers["courier"].base_url + "/robots.txt")
    assert [(r.publisher, r.path, r.status) for r in newsroom.requests] == [
        ("courier", "/story?id=90398", 200),
        ("record", "/robots.txt", 200),
        ("courier", "/robots.txt", 404),
    ]
    assert newsroom.requests[0].at == clock.now()


def test_a_front_page_lists_the_stories_for_people(newsroom: Newsroom, get: Get):
    for desk in newsroom.publishers.values():
        answer = get(desk.base_url + "/")
        assert answer.status == 200
        assert all(item.url in answer.text for item in desk.front())
