"""Every SQL example of the documentation runs, and those that ask get an answer."""

from itertools import pairwise

import psycopg
import pytest

from pipeline.store.connections import Connection, connect
from tests.docs.conftest import Block, blocks

SQL = blocks("sql")


def asked(*words: str) -> str:
    """Return the one question of the cookbook that has these words."""
    (text,) = {block.text for block in SQL if all(word in block.text for word in words)}
    return text


def test_the_cookbook_has_at_least_twenty_questions() -> None:
    asking = [block for block in SQL if block.document.name == "sql-cookbook.md" and "select" in block.text]
    assert len(asking) >= 20


def test_the_history_of_a_figure_tells_its_rise_its_correction_and_its_sources(told: Connection) -> None:
    rows = told.execute(asked("news.fact_history", "earthquake")).fetchall()  # type: ignore[call-overload]
    toll = [row for row in rows if row["low"] is not None]
    steps = [(row["previous_low"], row["low"]) for row in toll if row["previous_low"] is not None]
    assert any(before < after for before, after in steps)
    assert any(before > after for before, after in steps)
    assert all(
        one["until"] <= other["since"] for one, other in pairwise(toll) if one["until"] and one["low"] != other["low"]
    )
    assert any(row["attribution"] for row in toll)
    assert any(row["reason"] for row in toll)


def test_figures_that_went_down_are_those_and_no_others(told: Connection) -> None:
    rows = told.execute(asked("new.low < old.low")).fetchall()  # type: ignore[call-overload]
    assert all(row["after"] < row["before"] for row in rows)
    assert "killed" in {row["kind"] for row in rows}


def test_rivals_are_other_publishers_with_other_values(told: Connection) -> None:
    rows = told.execute(asked("jsonb_to_recordset(f.rivals)")).fetchall()  # type: ignore[call-overload]
    assert all((row["low"], row["high"]) != (row["other_low"], row["other_high"]) for row in rows)


@pytest.mark.parametrize("block", [block for block in SQL if "select" in block.text], ids=str)
def test_a_question_has_an_answer(block: Block, told: Connection) -> None:
    for statement in filter(str.strip, block.text.split(";\n")):
        rows = told.execute(statement).fetchall()  # type: ignore[call-overload]
        assert rows, f"{block}: no row answers it"


@pytest.mark.parametrize("block", [block for block in SQL if "select" not in block.text], ids=str)
def test_another_statement_is_valid(block: Block, told_url: str) -> None:
    with connect(told_url) as connection, connection.transaction(force_rollback=True):
        connection.execute(block.text)  # type: ignore[call-overload]


def test_a_reader_may_ask_everything_and_write_nothing(told_url: str) -> None:
    with connect(told_url) as connection, connection.transaction(force_rollback=True):
        connection.execute("set local role news_reader")
        for block in SQL:
            if "select" in block.text:
                connection.execute(block.text)  # type: ignore[call-overload]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("update news.stories set headline = ''")
