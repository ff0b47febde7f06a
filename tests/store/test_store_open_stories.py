"""The stories that an article might join, their first words asked for once."""

from datetime import UTC, datetime

import pytest

from pipeline.model import OpenStory
from pipeline.store import recording
from pipeline.store.connections import Connection, connect


def open_stories(connection: Connection, leads: dict[int, str]) -> tuple[OpenStory, ...]:
    since = datetime(2000, 1, 1, tzinfo=UTC)
    return recording.open_stories(connection, leads, since=since, language="en", publisher="Nobody")


def test_first_words_are_those_of_the_newest_version_whether_known_or_not(told_url: str) -> None:
    with connect(told_url) as told:
        leads: dict[int, str] = {}
        found = open_stories(told, leads)
        assert len(found) > 3
        assert sorted(leads.values()) == sorted(story.lead for story in found)
        for story in found:
            row = told.execute(
                "select text from news.versions where story_id = %s order by observed_at desc limit 1", [story.story_id]
            ).fetchone()
            assert row is not None
            assert story.lead == row["text"][:1500]
        assert open_stories(told, leads) == found


def test_first_words_that_are_known_are_not_asked_for_again(told_url: str) -> None:
    with connect(told_url) as told:
        leads: dict[int, str] = {}
        open_stories(told, leads)
        one = min(leads)
        leads[one] = "remembered"
        assert "remembered" in [story.lead for story in open_stories(told, leads)]


def test_no_more_first_words_are_remembered_than_the_stories_have_and_a_number_besides(
    told_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LEADS_MOST", 10)
    with connect(told_url) as told:
        leads = {-number: "of a story long gone" for number in range(1, 12)}
        found = open_stories(told, leads)
        assert sorted(leads.values()) == sorted(story.lead for story in found)
