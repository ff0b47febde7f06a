"""What the bundled stories tell, and how a story file is read."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.local.newsroom import CYCLE_MINUTES, PUBLISHERS, Story, bundled_stories, read_story
from pipeline.local.newsroom.retelling import retold

STORIES = {story.name: story for story in bundled_stories()}
DEVELOPING = re.compile(r"developing|more to (?:come|follow)|check back", re.IGNORECASE)


def texts(name: str) -> list[str]:
    story = STORIES[name]
    return ["\n".join(story.at(minute).paragraphs) for minute in story.changes_at]


def test_mosul_begins_with_the_facts_of_its_day_and_its_marker():
    first = texts("mosul")[0]
    for fact in (
        "9th Armored Division",
        "Tahsin Ibrahim",
        "al Intisar",
        "Around 100,000 forces",
        "estimated 5,000 ISIS members",
    ):
        assert fact in first
    assert first.endswith("\nDeveloping story - more to come")


def test_mosul_moves_on_through_four_versions_and_the_last_one_drops_the_marker():
    versions = texts("mosul")
    assert len(versions) == 5
    assert all(version.endswith("Developing story - more to come") for version in versions[:4])
    assert not DEVELOPING.search(versions[4])
    displaced = [re.findall(r"More than ([\d,]+) people have fled", version) for version in versions]
    assert displaced == [[], ["22,000"], ["34,000"], ["56,000"], ["68,000"]]


def test_mosul_once_changes_where_its_feed_entry_does_not():
    second, third = (STORIES["mosul"].at(minute) for minute in STORIES["mosul"].changes_at[1:3])
    assert (second.headline, second.summary) == (third.headline, third.summary)
    assert second.body != third.body


def test_the_bundled_mosul_borrows_no_wording_from_the_article_it_retells(data_dir: Path):
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[i : i + 7]) for i in range(len(words) - 6)}

    source = (data_dir / "seed" / "mosul-developing-story.txt").read_text(encoding="utf-8")
    assert not shingles(source) & shingles("\n".join(texts("mosul")))


def test_the_earthquakes_toll_rises_and_is_corrected_downwards_by_another_ministry():
    tolls = [re.search(r"(\d+) people(?: were killed)?, the (\w+) Ministry said", text) for text in texts("earthquake")]
    assert [(match[1], match[2]) for match in tolls if match] == [
        ("12", "Interior"),
        ("27", "Interior"),
        ("41", "Interior"),
        ("38", "Health"),
        ("38", "Health"),
    ]
    corrections = [STORIES["earthquake"].at(minute).correction for minute in STORIES["earthquake"].changes_at]
    assert [bool(note) for note in corrections] == [False, False, False, True, True]


def test_another_publisher_has_rival_figures_of_the_same_earthquake():
    tolls = [re.search(r"At least (\d+) people died", text)[1] for text in texts("earthquake-rival")]
    assert tolls == ["19", "44", "40"]
    assert STORIES["earthquake-rival"].publisher != STORIES["earthquake"].publisher


def test_the_wildfire_shrinks_once_and_its_containment_only_grows():
    found = [re.search(r"burned ([\d,]+) acres.* (\d+)% contained", text) for text in texts("wildfire")]
    assert [match[1] for match in found] == ["1,200", "4,800", "11,350", "10,920", "10,940"]
    assert [int(match[2]) for match in found] == [0, 5, 15, 35, 80]


def test_a_headline_goes_from_a_to_b_and_back_to_a():
    story = STORIES["port-strike"]
    first, second, third = (story.at(minute).headline for minute in story.changes_at)
    assert first == third != second


def test_a_live_blog_puts_the_newest_post_first_and_edits_one():
    story = STORIES["storm-live"]
    posts = story.at(1100).posts
    assert [post.identity for post in posts] == ["p6", "p5", "p4", "p3", "p2", "p1"]
    assert (posts[0].published, posts[0].modified) == (900, 1100)
    assert "67-year-old" in posts[0].text


def test_three_articles_are_not_developing():
    quiet = [story for story in STORIES.values() if len(story.changes_at) == 1]
    assert {story.name for story in quiet} == {"museum", "bakery", "school-bus"}
    for story in quiet:
        snapshot = story.at(0)
        assert not DEVELOPING.search("\n".join((snapshot.headline, snapshot.paragraphs[0], snapshot.paragraphs[-1])))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_every_story_belongs_to_a_publisher_and_ends_well_before_its_edition_does(story: Story):
    assert story.publisher in {publisher.name for publisher in PUBLISHERS}
    moments = [*story.changes_at, *([story.move.at] if story.move else []), story.withdrawn_at or 0]
    assert max(moments) <= CYCLE_MINUTES - 600
    assert story.at(story.published - 1) is None
    assert [story.at(minute).number for minute in story.changes_at] == list(range(1, len(story.changes_at) + 1))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_storys_changes_lie_further_apart_than_a_whole_second_at_the_highest_speed(story: Story):
    moments = sorted({*story.changes_at, *([story.move.at] if story.move else [])})
    assert all(later - earlier >= 60 for earlier, later in itertools.pairwise(moments))


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_no_two_versions_of_a_story_are_the_same(story: Story):
    versions = [(s.headline, s.paragraphs) for s in map(story.at, story.changes_at)]
    assert len(set(versions)) == len(versions)


@given(story=st.sampled_from(bundled_stories()), minute=st.floats(-1000, CYCLE_MINUTES))
def test_between_two_changes_a_story_stands_still(story: Story, minute: float):
    changes = [change for change in story.changes_at if change <= minute]
    snapshot = story.at(minute)
    if not changes:
        assert snapshot is None
        return
    last = story.at(changes[-1])
    assert (snapshot.number, snapshot.headline, snapshot.paragraphs) == (last.number, last.headline, last.paragraphs)
    assert snapshot.published <= snapshot.modified <= minute


def test_numbers_and_slugs_are_nobody_elses():
    assert len({(story.publisher, story.number) for story in STORIES.values()}) == len(STORIES)
    slugs = [(story.publisher, slug) for story in STORIES.values() for slug in story.slugs]
    assert len(set(slugs)) == len(slugs)


@pytest.mark.parametrize("edition", range(2, 7))
@pytest.mark.parametrize("name", ["earthquake", "earthquake-rival", "wildfire", "storm-live", "ferry", "gas-leak"])
def test_a_later_edition_tells_an_invented_story_of_another_place(name: str, edition: int):
    story = STORIES[name]
    later = retold(story, edition)
    for minute in story.changes_at:
        before, after = story.at(minute), later.at(minute)
        assert before.headline + before.summary != after.headline + after.summary
        assert not re.search(r"Karvania|Orlan|Tarsk|Sawtooth|Sellin|Varn|Idris|Aurelia|Station Road", str(after))
        numbers = [re.findall(r"[\d.,]*\d", "\n".join(snapshot.paragraphs)) for snapshot in (before, after)]
        assert numbers[0] == numbers[1]


def test_both_publishers_retell_the_same_earthquake_in_every_edition():
    for edition in range(1, 8):
        places = {
            re.search(r"(\w+) province", "\n".join(retold(STORIES[name], edition).at(1700).paragraphs))[1]
            for name in ("earthquake", "earthquake-rival")
        }
        assert len(places) == 1


def test_mosul_is_mosul_in_every_edition():
    assert retold(STORIES["mosul"], 3) == STORIES["mosul"]


GOOD = """
name = "x"
publisher = "meridian"
number = 1
slug = "x"
section = "World"
byline = "A"
caption = "B"
[paragraphs]
one = "One."
[[versions]]
at = 10
headline = "H"
summary = "S"
body = ["one"]
"""


def test_a_story_file_is_read():
    assert read_story(GOOD, source="x.toml").at(10).paragraphs == ("One.",)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('body = ["one"]', 'body = ["two"]'),
        GOOD.replace('slug = "x"', ""),
        GOOD.replace("at = 10", "at ="),
        GOOD + '[[versions]]\nat = 5\nheadline = "H"\nsummary = "S"\nbody = ["one"]\n',
        GOOD.partition("[[versions]]")[0],
    ],
    ids=["unknown paragraph", "no slug", "not toml", "times out of order", "no versions"],
)
def test_a_malformed_story_file_is_named_and_refused(text: str):
    with pytest.raises(ConfigurationError, match=r"broken\.toml is not a story"):
        read_story(text, source="broken.toml")
