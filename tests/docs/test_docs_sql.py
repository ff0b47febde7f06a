"""Every SQL example of the documentation runs, and those that ask get an answer."""

import psycopg
import pytest

from pipeline.store.connections import Connection, connect
from tests.docs.conftest import Block, blocks

SQL = blocks("sql")


def test_the_cookbook_has_at_least_ten_questions() -> None:
    asking = [block for block in SQL if block.document.name == "sql-cookbook.md" and "select" in block.text]
    assert len(asking) >= 10


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
