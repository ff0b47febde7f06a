"""Every named statement is planned against the real schema."""

import re

import psycopg
import pytest

from pipeline.store.connections import Connection
from pipeline.store.statements import statement, statements


@pytest.mark.parametrize("name", sorted(statements()))
def test_statement_can_be_planned_against_the_schema(connection: Connection, name: str) -> None:
    text = re.sub(r"%\((\w+)\)s", r"null", statement(name)).replace("%%", "%")
    connection.execute(f"explain {text}")


def test_unknown_statement_is_an_error() -> None:
    with pytest.raises(KeyError):
        statement("no_such_statement")


def test_a_statement_that_names_a_missing_column_would_be_noticed(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        connection.execute("explain select no_such_column from news.feeds")
