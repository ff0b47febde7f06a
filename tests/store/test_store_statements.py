"""Every named statement is planned against the real schema."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from pipeline.local.postgres import EmbeddedPostgres
from pipeline.store.connections import Connection, connect
from pipeline.store.statements import statement, statements


@pytest.fixture(scope="module")
def schema(cluster: EmbeddedPostgres) -> Iterator[Connection]:
    """The template database itself: planning writes nothing."""
    with connect(cluster.url("template")) as opened:
        opened.execute("set default_transaction_read_only = on")
        yield opened


@pytest.mark.parametrize("name", sorted(statements()))
def test_statement_can_be_planned_against_the_schema(schema: Connection, name: str) -> None:
    text = re.sub(r"%\((\w+)\)s", r"null", statement(name)).replace("%%", "%")
    schema.execute(f"explain {text}")


def test_unknown_statement_is_an_error() -> None:
    with pytest.raises(KeyError):
        statement("no_such_statement")


def test_a_statement_that_names_a_missing_column_would_be_noticed(schema: Connection) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        schema.execute("explain select no_such_column from news.feeds")


def test_every_statement_is_used(pytestconfig: pytest.Config) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (pytestconfig.rootpath / "pipeline").rglob("*.py"))
    unused = [name for name in statements() if f'"{name}"' not in code]
    assert unused == []
