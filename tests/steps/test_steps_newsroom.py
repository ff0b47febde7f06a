"""Each story of the newsroom leads to the versions, statuses and events that its author wrote into it."""

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest

from pipeline.local.newsroom import bundled_stories

STORIES = {story.name: story for story in bundled_stories()}


@pytest.mark.parametrize("name", sorted(STORIES))
def test_every_version_of_a_story_is_recorded_with_its_own_words(told, name):
    story = STORIES[name]
    snapshots = [story.at(minute) for minute in story.changes_at]
    versions = told.versions(name)
    assert [version["number"] for version in versions] == list(range(1, len(versions) + 1))
    assert [version["headline"] for version in versions] == [snapshot.headline for snapshot in snapshots]
    for version, snapshot in zip(versions, snapshots, strict=True):
        for paragraph in snapshot.paragraphs:
            assert paragraph in version["text"]


@pytest.mark.parametrize("name", sorted(STORIES))
def test_the_updates_of_a_version_turn_the_text_before_into_its_own(told, name):
    for version in told.versions(name)[1:]:
        updates = told.desk.rows("select * from news.updates where version_id = %s", version["version_id"])
        before = next(one for one in told.versions(name) if one["number"] == version["number"] - 1)
        assert updates or before["headline"] != version["headline"]
        for update in updates:
            assert update["old_text"] is None or update["old_text"] in before["text"]
            assert update["new_text"] is None or update["new_text"] in version["text"]


def test_an_article_is_what_its_page_says_of_it(told):
    statuses = {name: told.article(name)["status"] for name in STORIES}
    quiet = {"museum", "bakery", "school-bus"}
    assert {name for name, status in statuses.items() if status == "skipped"} == quiet
    assert statuses["gas-leak"] == "withdrawn"
    assert all(statuses[name] == "following" for name in set(STORIES) - quiet - {"gas-leak"})


def test_an_ordinary_article_is_read_once_and_not_asked_for_again(told):
    for name in ("museum", "bakery", "school-bus"):
        article = told.article(name)
        assert article["next_capture_at"] is None
        assert told.desk.one("select count(*) from news.captures where article_id = %s", article["article_id"]) == {
            "count": 1
        }
        assert told.events(name) == ["first_seen"]


def test_mosul_goes_through_five_versions_and_the_last_drops_its_marker(told):
    versions = told.versions("mosul")
    assert [version["is_developing"] for version in versions] == [True, True, True, True, False]
    assert [version["kind"] for version in versions] == ["first"] + 4 * ["updated"]
    assert told.events("mosul")[:2] == ["first_seen", "developing"]
    assert versions[0]["text"].endswith("Developing story - more to come")


def test_the_seeds_facts_are_in_the_first_version_of_mosul(told):
    first = told.versions("mosul")[0]
    facts = told.desk.rows(
        "select low, high, qualifier, sentence from news.facts where version_id = %s", first["version_id"]
    )
    values = {(fact["low"], (fact["qualifier"] or "").lower()) for fact in facts}
    assert (Decimal(100000), "around") in values
    assert (Decimal(5000), "estimated") in {(low, words.removeprefix("an ")) for low, words in values}


def killed(rows):
    """Return the tolls of killed people of an event itself, by publisher, value and source."""
    return {
        (row["publisher"], row["low"], row["high"], row["attribution"])
        for row in rows
        if row["key"] == "killed|people|"
    }


def test_the_earthquakes_toll_is_known_as_it_was_at_each_moment_and_who_said_so(told):
    story = told.article("earthquake")["story_id"]
    harbour, courier = "Harbour Post", "The Tarn Courier"
    ministry, health, crescent = "the Interior Ministry", "the Health Ministry", "the Karvanian Red Crescent"
    expected = {
        0: (harbour, 12, None, ministry),
        150: (courier, 19, None, crescent),
        600: (harbour, 27, None, ministry),
        1500: (harbour, 41, None, ministry),
        1650: (courier, 44, None, crescent),
        2700: (harbour, 38, 38, health),
        3150: (courier, 40, None, crescent),
    }
    for minute, fact in expected.items():
        question = "select * from news.facts_as_of(%s) where story_id = %s"
        assert killed(told.desk.rows(question, told.moments[minute], story)) == {fact}, minute
    assert killed(told.desk.rows("select * from news.latest_facts where story_id = %s", story)) == {expected[3150]}
    before = told.moments[0] - timedelta(hours=1)
    assert told.desk.rows("select * from news.facts_as_of(%s)", before) == []


def test_the_correction_is_told_with_its_note_and_the_fall_of_the_toll(told):
    story = told.article("earthquake")["story_id"]
    timeline = told.desk.rows("select * from news.story_timeline where story_id = %s order by event_id", story)
    (note,) = [event for event in timeline if event["kind"] == "corrected"]
    assert "gave the death toll as 41" in note["summary"]
    tolls = [
        event["summary"] for event in timeline if event["kind"] == "fact_changed" and "killed: " in event["summary"]
    ]
    moves = [summary for summary in tolls if "→" in summary]
    assert [summary.split(": ")[1] for summary in moves][:5] == [
        "at least 12 → at least 27 (the Interior Ministry)",
        "at least 27 → at least 41 (the Interior Ministry)",
        "at least 19 → at least 44 (the Karvanian Red Crescent)",
        "at least 41 → 38 (the Health Ministry)",
        "at least 44 → at least 40 (the Karvanian Red Crescent)",
    ]


def test_the_rival_article_joins_the_story_and_its_figure_stands_among_the_rivals(told):
    earthquake, rival = told.article("earthquake"), told.article("earthquake-rival")
    assert earthquake["story_id"] == rival["story_id"]
    assert told.events("earthquake-rival")[:3] == ["first_seen", "joined", "developing"]
    story = told.desk.one("select * from news.stories where story_id = %s", rival["story_id"])
    assert (story["articles"], story["publishers"], story["versions"]) == (2, 2, 8)
    latest = told.desk.one(
        "select * from news.latest_facts where story_id = %s and key = 'killed|people|'", rival["story_id"]
    )
    assert (latest["low"], latest["previous_low"], latest["changes"]) == (40, 44, 2)
    assert [(one["publisher"], one["low"], one["attribution"]) for one in latest["rivals"]] == [
        ("Harbour Post", 38, "the Health Ministry")
    ]


def test_a_story_stands_under_the_address_of_the_article_that_changed_last(told):
    for story in told.desk.table("stories"):
        newest = told.desk.rows(
            "select a.url from news.versions v join news.articles a using (article_id)"
            " where v.story_id = %s order by v.observed_at desc limit 1",
            story["story_id"],
        )
        assert [{"url": story["url"]}] == newest


def test_no_other_two_articles_are_taken_for_one_story(told):
    stories = told.desk.column("select count(*) from news.articles group by story_id order by 1")
    assert stories == [1] * (len(STORIES) - 2) + [2]


def test_the_wildfires_acres_fall_once_and_are_never_held_up_by_a_maximum(told):
    article = told.article("wildfire")["article_id"]
    acres = told.desk.column(
        "select low from news.facts where article_id = %s and unit = 'acres' order by fact_id", article
    )
    assert acres == [1200, 4800, 11350, 10920, 10940]


def test_a_live_blog_is_followed_from_post_to_post_and_ends(told):
    versions = told.versions("storm-live")
    assert versions[0]["is_developing"]
    assert not versions[-1]["is_developing"]
    assert told.events("storm-live").count("updated") == len(versions) - 1
    edited = told.desk.rows(
        "select u.kind from news.updates u join news.versions v using (version_id)"
        " where v.number = %s and v.article_id = %s",
        next(v["number"] for v in versions if "67-year-old" in v["text"]),
        versions[0]["article_id"],
    )
    assert len(edited) <= 3, "one edited post is not a new blog"


def test_a_story_that_moves_stays_one_article_under_both_its_addresses(told):
    story = STORIES["ferry"]
    article = told.article("ferry")
    assert story.move.slug in article["url"]
    assert story.move.slug in article["fetch_url"]
    aliases = told.desk.column("select value from news.aliases where article_id = %s", article["article_id"])
    assert any(story.slug in value for value in aliases)
    assert any(story.move.slug in value for value in aliases)
    assert told.events("ferry").count("moved") == 1
    assert told.desk.one("select count(*) from news.articles where publisher = 'Meridian Wire'") == {
        "count": sum(one.publisher == "meridian" for one in STORIES.values())
    }


def test_a_page_gone_once_is_not_withdrawn_and_gone_twice_is(told):
    article = told.article("gas-leak")
    outcomes = told.desk.column(
        "select outcome from news.captures where article_id = %s order by capture_id", article["article_id"]
    )
    assert outcomes.count("gone") >= 2
    assert told.events("gas-leak").count("withdrawn") == 1
    withdrawn = told.desk.one(
        "select occurred_at from news.events where article_id = %s and kind = 'withdrawn'", article["article_id"]
    )
    gone = told.desk.column(
        "select captured_at from news.captures where article_id = %s and outcome = 'gone' order by 1",
        article["article_id"],
    )
    assert withdrawn["occurred_at"] == gone[1]
    assert told.desk.one("select status from news.stories where story_id = %s", article["story_id"]) == {
        "status": "withdrawn"
    }


def test_a_headline_that_goes_back_is_told_as_news_only_where_the_text_is_new(told):
    headlines = [version["headline"] for version in told.versions("port-strike")]
    assert headlines[0] == headlines[2] != headlines[1]
    assert "reverted" not in told.events("port-strike"), "its text has moved on"


def test_a_correction_note_is_an_event_with_the_money_that_changed(told):
    events = told.desk.rows(
        "select kind, summary from news.events where article_id = %s", told.article("reservoir")["article_id"]
    )
    assert [event["summary"] for event in events if event["kind"] == "corrected"] == [
        STORIES["reservoir"].versions[1].correction
    ]
    money = [event["summary"] for event in events if event["kind"] == "fact_changed"]
    assert any("42,000,000 USD → 24,000,000 USD" in summary for summary in money)


def test_every_fact_leads_back_to_its_sentence_its_version_and_its_raw_bytes(told):
    rows = told.desk.rows(
        "select f.sentence, lower(f.span) as first, upper(f.span) as last, v.text, c.body, c.body_bytes, f.low, f.kind"
        " from news.facts f join news.versions v using (version_id)"
        " join news.captures c on (c.capture_id, c.captured_at) = (v.capture_id, v.captured_at)"
    )
    assert rows
    for row in rows:
        assert row["sentence"] in row["text"].replace("\n", " ") or row["sentence"] in row["text"]
        assert row["sentence"][row["first"] : row["last"]].strip()
        assert row["body"] is not None


def test_bytes_that_brought_no_version_are_dropped_once_recorded(told):
    assert told.desk.one("select count(*) from news.captures where outcome = 'same_content' and body is not null") == {
        "count": 0
    }
    assert told.desk.one(
        "select count(*) from news.captures where outcome = 'same_content' and body_sha256 is null"
    ) == {"count": 0}


def test_nothing_in_the_record_is_ever_changed_except_a_facts_closing(told):
    closing = {"valid", "status", "superseded_by", "reason"}
    for earlier, later in itertools.pairwise(told.snapshots):
        for table in ("versions", "updates", "events"):
            assert later[table][: len(earlier[table])] == earlier[table]
        for before, after in zip(earlier["facts"], later["facts"], strict=False):
            moved = {column for column in before if before[column] != after[column]}
            assert moved <= closing
            if moved:
                assert before["status"] == "current" != after["status"]
                assert before["valid"].lower == after["valid"].lower


def test_of_one_article_one_value_of_a_key_stands_at_a_time(told):
    facts = told.desk.rows(
        "select article_id, key, valid, status from news.facts order by article_id, key, lower(valid)"
    )
    for before, after in itertools.pairwise(facts):
        if (before["article_id"], before["key"]) == (after["article_id"], after["key"]):
            assert before["valid"].upper is not None
            assert before["valid"].upper <= after["valid"].lower


def test_every_event_of_a_version_is_told_at_the_moment_it_was_observed(told):
    assert (
        told.desk.rows(
            "select * from news.events e join news.versions v using (version_id) where e.occurred_at <> v.observed_at"
        )
        == []
    )
