"""Which articles tell the same story."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.local.newsroom import bundled_stories
from pipeline.model import Content, OpenStory
from pipeline.stories import JOIN_WINDOW, join
from tests.unit.contents import content_of

NOW = datetime(2016, 11, 3, 12, 0, tzinfo=UTC)
STORIES = {story.name: story for story in bundled_stories()}


def content(headline: str, text: str, language: str | None = "en") -> Content:
    return content_of(headline, text, language=language)


def told(name: str, minute: float | None = None) -> Content:
    story = STORIES[name]
    snapshot = story.at(story.published if minute is None else minute)
    return content(snapshot.headline, "\n".join(snapshot.paragraphs))


def open_story(number: int, one: Content, publisher: str = "Other", changed: datetime = NOW) -> OpenStory:
    return OpenStory(
        story_id=number,
        headline=one.headline,
        lead=one.text[:1500],
        language=one.language,
        publishers=(publisher,),
        last_changed_at=changed,
    )


def everything_but(*names: str) -> list[OpenStory]:
    return [open_story(number, told(name)) for number, name in enumerate(sorted(STORIES)) if name not in names]


# Its last version, three days on, tells of the end of a search: a missed join is preferred to a wrong one.
@pytest.mark.parametrize("minute", STORIES["earthquake"].changes_at[:-1])
def test_the_rival_finds_its_earthquake_among_all_other_stories(minute):
    others = everything_but("earthquake", "earthquake-rival")
    candidates = [*others, open_story(99, told("earthquake", minute))]
    assert join(told("earthquake-rival"), publisher="Mine", stories=candidates, now=NOW) == 99


@pytest.mark.parametrize("name", sorted(set(STORIES) - {"earthquake", "earthquake-rival"}))
def test_a_story_of_its_own_joins_no_other(name):
    assert join(told(name), publisher="Mine", stories=everything_but(name), now=NOW) is None


def test_a_publishers_second_article_is_another_angle():
    candidates = [open_story(1, told("earthquake"), publisher="Mine")]
    assert join(told("earthquake-rival"), publisher="Mine", stories=candidates, now=NOW) is None


def test_another_language_is_another_story():
    one = told("earthquake-rival")
    foreign = content(one.headline, one.text, language="de")
    assert join(foreign, publisher="Mine", stories=[open_story(1, told("earthquake"))], now=NOW) is None


def test_words_alone_join_nothing_where_no_names_are_shared():
    rival = told("earthquake-rival")
    nameless = content(rival.headline.lower(), rival.text.lower())
    assert join(nameless, publisher="Mine", stories=[open_story(1, told("earthquake"))], now=NOW) is None


FERRY = "the ferry sank near the pier while rescue boats searched the harbour for passengers through the night"


def test_a_name_is_the_same_with_a_possessive():
    plain = content("Ferry sinks", f"In Karvania, at Tarsk, near Orrin and Valin, {FERRY}.")
    owned = content("Ferry sinks", f"Off Karvania’s coast, Tarsk's pier, Orrin's bay and Valin’s quay, {FERRY}.")
    assert join(owned, publisher="Mine", stories=[open_story(1, plain)], now=NOW) == 1


def test_words_that_only_begin_sentences_are_no_names():
    text = f"Rescue came late. Boats searched. Night fell. Passengers swam. Harbour lights failed. In all, {FERRY}."
    one, other = content("Ferry sinks", text), content("Ferry sinks", text.replace("In all", "That day"))
    assert join(one, publisher="Mine", stories=[open_story(1, other)], now=NOW) is None


def test_the_same_names_in_another_matter_join_nothing():
    election = content(
        "Voters choose a parliament",
        "Karvania went to the polls on Sunday. In Tarsk and Orrin queues formed before dawn, and Petar Valin promised "
        "that every ballot would be counted by candlelight if need be.",
    )
    ferry = content("Ferry sinks", f"In Karvania, between Tarsk and Orrin, {FERRY}, said Petar Valin.")
    assert join(election, publisher="Mine", stories=[open_story(1, ferry)], now=NOW) is None


def test_a_story_that_has_been_quiet_for_too_long_is_not_joined():
    for age, joined in ((JOIN_WINDOW, 1), (JOIN_WINDOW + timedelta(seconds=1), None)):
        candidates = [open_story(1, told("earthquake"), changed=NOW - age)]
        assert join(told("earthquake-rival"), publisher="Mine", stories=candidates, now=NOW) == joined


def test_of_two_stories_the_likelier_is_joined_whatever_their_order():
    candidates = [open_story(1, told("wildfire")), open_story(2, told("earthquake")), open_story(3, told("mosul"))]
    for order in (candidates, candidates[::-1]):
        assert join(told("earthquake-rival"), publisher="Mine", stories=order, now=NOW) == 2


@given(headline=st.text(max_size=60), text=st.text(max_size=400))
def test_no_text_breaks_the_comparison_and_an_empty_field_joins_nothing(headline, text):
    one = content(headline, text)
    assert join(one, publisher="Mine", stories=[], now=NOW) is None
    found = join(one, publisher="Mine", stories=[open_story(1, told("earthquake")), open_story(2, one)], now=NOW)
    assert found in {None, 1, 2}
