"""`writethru alerts`, `search` and `facts --history`."""

import pytest

from pipeline.store.connections import Connection
from tests.cli.conftest import Call


def test_a_rule_is_added_listed_and_removed(own: Call) -> None:
    added = own("alerts", "add", "ten dead", "--kind", "killed", "--threshold", "10", "--to", "json://localhost/hook")
    assert added.status == 0
    number = added.out.split()[-1].rstrip(".")
    (rule,) = [row for row in own("alerts", "list", "--json").json if str(row["rule_id"]) == number]
    assert (rule["name"], rule["kind"], rule["threshold"], rule["targets"]) == ("ten dead", "killed", 10, 1)
    assert "hook" not in own("alerts", "list").out
    assert own("alerts", "remove", number).status == 0
    assert own("alerts", "remove", number).status == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", " "),
        ("add", "x", "--threshold", "many"),
        ("add", "x", "--threshold", "NaN"),
        ("add", "x", "--to", "nosuch://secret@somewhere"),
        ("add", "x", "--story", "no story of ours"),
        ("test", "999999"),
    ],
)
def test_a_mistake_is_told_in_a_line(own: Call, arguments: tuple[str, ...]) -> None:
    said = own("alerts", *arguments)
    assert said.status == 2
    assert "Traceback" not in said.err
    assert "secret" not in said.err


def test_a_rule_is_listed_with_its_name_and_its_trouble_on_a_narrow_terminal(
    own: Call, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(
        "alerts", "add", "ten dead", "--kind", "killed", "--change", "rises", "--threshold", "10", "--publisher", "Post"
    )
    connection.execute(
        "insert into news.stories (headline, started_at, last_changed_at, url) values ('A', now(), now(), '')"
    )
    connection.execute(
        "insert into news.alerts (rule_id, story_id, key, summary, problem)"
        " values (1, 1, 'k', 'x', 'not delivered to json')"
    )
    monkeypatch.setattr("pipeline.cli.console.out._width", 40)
    lines = own("alerts", "list").out.splitlines()
    assert lines[1].split() == ["name", "ten", "dead"]
    assert "killed that rises to 10 at" in lines[2]
    assert any(line.split() == ["problem", "not", "delivered", "to", "json"] for line in lines)
    assert max(map(len, lines)) <= 40


def test_an_address_that_does_not_answer_is_told_by_its_test(own: Call) -> None:
    own("alerts", "add", "ten dead", "--to", "json://user:hidden@127.0.0.1:9/")
    said = own("alerts", "test", "1")
    assert said.status == 1
    assert "not delivered to json" in said.err
    assert "add the rule anew" in said.err
    assert "hidden" not in said.err


def test_search_finds_facts_and_passages(ask: Call) -> None:
    rows = ask("search", "earthquake", "--json").json
    assert {"text"} < {row["found"].partition(":")[0] for row in rows}
    assert all("quake" in (row["passage"] + row["headline"]).lower() for row in rows)
    assert ask("search", "zyzzyva", "--json").json == []


def test_the_history_of_a_toll_is_drawn(ask: Call) -> None:
    story = next(row for row in ask("stories", "--json").json if "quake" in row["headline"].lower())
    number = str(story["story_id"])
    rows = ask("facts", number, "--history", "--json").json
    toll = [row for row in rows if row["kind"] == "killed"]
    assert {"stated", "rose"} <= {row["change"] for row in toll}
    assert "█" in ask("facts", number, "--history").out
    assert ask("facts", number, "--history", "--as-of", "2026-01-01").status == 2


def test_a_word_that_must_not_be_there_needs_no_escaping(ask: Call) -> None:
    every, without = (
        ask("search", "earthquake", "--json"),
        ask("search", "earthquake", "-killed", "-n", "500", "--json"),
    )
    assert any("killed" in row["passage"] for row in every.json)
    assert without.json
    assert not any("killed" in row["passage"] for row in without.json)
    assert ask("search", "-n1", "earthquake", "--json").json == every.json[:1]
    assert "Nothing has these words" in ask("search", "--", "zyzzyva", "--json").err
    assert ask("search", "earthquake", "--killed").status == ask("search", "earthquake", "-n").status == 2
    assert "Find facts" in ask("search", "-h").out
