"""`stories`, `show`, `diff` and `facts` on a record that the newsroom told."""

import dataclasses
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.store.connections import Connection
from pipeline.store.reading import FactRow, StoryRow
from pipeline.store.subscriptions import FeedRow

Call = Callable[..., Any]


def columns_of(kind: type) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]


def quake(told: Connection) -> int:
    row = told.execute("select story_id from news.stories order by versions desc, story_id limit 1").fetchone()
    assert row
    return int(row["story_id"])


def changed_article(told: Connection) -> tuple[int, int]:
    row = told.execute(
        "select article_id, versions from news.articles where versions > 2 order by versions desc, article_id limit 1"
    ).fetchone()
    assert row, "the newsroom told too little"
    return int(row["article_id"]), int(row["versions"])


def test_stories_come_as_table_json_and_csv_of_the_same_rows(ask: Call, told: Connection) -> None:
    rows = told.execute("select story_id, headline from news.stories").fetchall()
    assert len(rows) > 5
    as_json, as_csv = ask("stories", "--json"), ask("stories", "--csv")
    assert {row["story_id"] for row in as_json.json} == {row["story_id"] for row in rows}
    assert [row["headline"] for row in as_csv.rows] == [row["headline"] for row in as_json.json]
    assert list(as_json.json[0]) == list(as_csv.rows[0]) == columns_of(StoryRow)
    table = ask("stories")
    assert table.out.splitlines()[0].split() == [
        "story",
        "status",
        "last",
        "changed",
        "versions",
        "articles",
        "headline",
    ]
    assert all(str(row["story_id"]) in table.out for row in rows)
    assert {said.status for said in (as_json, as_csv, table)} == {0}
    assert {said.err for said in (as_json, as_csv, table)} == {""}


def test_stories_can_be_chosen_by_status_and_number(ask: Call) -> None:
    developing = ask("stories", "--status", "developing", "--json").json
    assert {row["status"] for row in developing} == {"developing"}
    assert len(ask("stories", "-n", "2", "--json").json) == 2


def test_no_rows_are_an_empty_list_a_header_or_a_word(own: Call) -> None:
    assert own("stories", "--json").json == []
    assert own("stories", "--csv").out.strip().split(",") == columns_of(StoryRow)
    said = own("stories")
    assert said.status == 0
    assert said.out == ""
    assert "No stories yet" in said.err


def test_show_tells_articles_facts_and_what_happened(ask: Call, told: Connection) -> None:
    story = quake(told)
    shown = ask("show", story, "--json").json
    assert list(shown) == ["story", "articles", "facts", "timeline"]
    assert shown["story"]["story_id"] == story
    assert all(shown[part] for part in ("articles", "facts", "timeline"))
    text = ask("show", story).out
    for part in (shown["articles"][0]["publisher"], "fact_changed", "first_seen"):
        assert part in text


def test_a_story_goes_by_the_address_of_an_article_too(ask: Call, told: Connection) -> None:
    story = quake(told)
    url = ask("show", story, "--json").json["articles"][0]["url"]
    assert ask("show", url, "--json").json["story"]["story_id"] == story
    # as a person copies it, with what a newsletter added
    assert ask("facts", f"{url}{'&' if '?' in url else '?'}utm_source=mail#top", "--json").json


def test_diff_shows_the_last_two_versions(ask: Call, told: Connection) -> None:
    article, newest = changed_article(told)
    last = ask("diff", article, "--json").json
    assert (last["from"], last["to"]) == (newest - 1, newest)
    assert last["updates"]
    assert ask("diff", article).out.splitlines()[1].startswith(f"version {newest - 1}, ")


def test_diff_from_one_version_to_another(ask: Call, told: Connection) -> None:
    article, newest = changed_article(told)
    wide = ask("diff", article, 1, newest, "--json").json
    assert (wide["from"], wide["to"]) == (1, newest)
    assert ask("diff", article, 1, "--json").json == wide | {
        "to": newest,
    }
    back = ask("diff", article, newest, 1, "--json").json
    assert (back["old_headline"], back["new_headline"]) == (wide["new_headline"], wide["old_headline"])


def test_diff_says_of_two_neighbours_what_is_stored_of_them(ask: Call, told: Connection) -> None:
    article, _ = changed_article(told)
    stored = told.execute(
        "select u.kind, u.significance, u.old_text, u.new_text from news.updates u join news.versions v using "
        "(version_id) where v.article_id = %s and v.number = 2",
        [article],
    ).fetchall()
    shown = ask("diff", article, 1, 2, "--json").json["updates"]
    assert stored
    as_stored = [{name: update[name] for name in ("kind", "significance", "old_text", "new_text")} for update in shown]
    assert sorted(as_stored, key=str) == sorted((dict(row) for row in stored), key=str)
    assert "fact" in {update["significance"] for update in shown}


def test_diff_marks_words_without_colour(ask: Call, told: Connection) -> None:
    article, _ = changed_article(told)
    lines = ask("diff", article, 1, 2).out.splitlines()[2:]
    assert {line[0] for line in lines} <= set("+-~>/& ")
    edited = next(line for line in lines if line.startswith("~"))
    assert re.search(r"\[-.+?-\]|\{\+.+?\+\}", edited)
    # not folded where nobody looks at a terminal: one sentence is one line
    assert max(map(len, lines)) > 100


def test_diff_tells_changes_in_the_order_of_the_text(ask: Call, told: Connection) -> None:
    marks = {"added": "+", "removed": "-", "edited": "~", "moved": ">", "split": "/", "merged": "&"}
    goes_before_another = False
    for row in told.execute("select article_id, number from news.versions where number > 1").fetchall():
        pair = (row["article_id"], row["number"] - 1, row["number"])
        kinds = [update["kind"] for update in ask("diff", *pair, "--json").json["updates"]]
        lines = [line for line in ask("diff", *pair).out.splitlines()[2:] if not line.startswith(("~ headline: ", " "))]
        assert [line[0] for line in lines] == [marks[kind] for kind in kinds]
        goes_before_another |= "removed" in kinds and kinds[-1] != "removed"
    assert goes_before_another


def test_facts_come_as_table_json_and_csv(ask: Call, told: Connection) -> None:
    story = quake(told)
    as_json, as_csv = ask("facts", story, "--json").json, ask("facts", story, "--csv").rows
    assert list(as_json[0]) == list(as_csv[0]) == columns_of(FactRow)
    assert [row["key"] for row in as_csv] == [row["key"] for row in as_json]
    assert isinstance(next(row["low"] for row in as_json if row["low"] is not None), int | float)
    assert datetime.fromisoformat(as_json[0]["as_of"]).tzinfo
    table = ask("facts", story).out
    assert table.startswith("kind")
    assert all(row["kind"] in table for row in as_json if row["kind"] != "quote")


def test_facts_tell_what_other_publishers_say_instead(ask: Call, told: Connection) -> None:
    story = quake(told)
    toll = next(row for row in ask("facts", story, "--json").json if row["key"] == "killed|people|")
    rival = toll["rivals"][0]
    for command in ("facts", "show"):
        elsewhere = ask(command, story).out.partition("elsewhere")[2]
        assert re.search(rf"killed +.*\b{rival['low'] or rival['high']}\b.*{rival['publisher']}", elsewhere)


def test_people_come_first_and_the_dead_before_all(ask: Call, told: Connection) -> None:
    kinds = [row["kind"] for row in ask("facts", quake(told), "--json").json]
    asked_for = ["killed", "missing", "injured"]
    assert kinds[: len(asked_for)] == asked_for


def test_the_value_before_has_the_unit_of_the_one_after_it(ask: Call, told: Connection) -> None:
    (row,) = told.execute(
        "select story_id from news.latest_facts where unit = 'acres' and changes > 0 limit 1"
    ).fetchall()
    table = ask("facts", row["story_id"]).out
    assert re.search(r"[\d,]+ acres .*[\d,]+ acres", table)


@pytest.mark.parametrize("width", range(52, 80, 2))
def test_no_title_of_a_column_is_cut_however_narrow_the_terminal(
    ask: Call, told: Connection, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr("pipeline.cli.console.out._width", width)
    lines = ask("facts", quake(told)).out.splitlines()
    assert max(map(len, lines)) <= width
    heads = [line for line in lines if line.startswith(("kind", "elsewhere"))]
    side_by_side = [line for line in heads if "value" in line]
    assert all(line.rstrip().endswith("publisher") for line in side_by_side)
    assert side_by_side or any(line.startswith("publisher") for line in lines)


@pytest.fixture
def _kathmandu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let local time be that of a place whose clocks are never changed: no hour comes twice."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "NPT-5:45")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_kathmandu")
def test_facts_as_of_a_moment_are_those_known_then(ask: Call, told: Connection) -> None:
    story = quake(told)
    row = told.execute(
        "select min(lower(valid)) as first, max(lower(valid)) as last from news.facts where story_id = %s", [story]
    ).fetchone()
    assert row
    assert row["first"] < row["last"]
    first, last = row["first"], row["last"]
    early = ask("facts", story, "--as-of", first.isoformat(), "--json").json
    assert early
    assert {row["as_of"] for row in early} == {first.isoformat()}
    before = ask("facts", story, "--as-of", (first - timedelta(seconds=1)).isoformat())
    assert before.out == ""
    assert "No facts were known" in before.err
    late = (last + timedelta(seconds=1)).astimezone().replace(tzinfo=None)  # local time, as a person types it
    assert ask("facts", story, "--as-of", late.isoformat(), "--json").json == ask("facts", story, "--json").json


@pytest.mark.parametrize("typed", ["90m ago", "2h", "1 d", "00:00", "2026-01-31", "2026-01-31T14:30:00Z"])
def test_moments_are_typed_in_many_ways(ask: Call, told: Connection, typed: str) -> None:
    assert ask("facts", quake(told), "--as-of", typed, "--json").status == 0


@pytest.mark.parametrize("typed", ["yesterday", "2026-13-01", "25:00", "", "0001-01-01T00:00:00+23:59", "999999999d"])
def test_a_moment_that_is_none_is_explained(ask: Call, typed: str) -> None:
    said = ask("facts", "1", "--as-of", typed)
    assert said.status == 2
    assert "no moment" in " ".join(said.err.split())


@pytest.mark.parametrize("command", [["stories"], ["facts"], ["feeds", "list"]])
def test_help_names_every_column(ask: Call, command: list[str]) -> None:
    said = ask(*command, "--help")
    kind = {"stories": StoryRow, "facts": FactRow, "feeds": FeedRow}[command[0]]
    assert set(columns_of(kind)) <= set(re.findall(r"\w+", said.out))
