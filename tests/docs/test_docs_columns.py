"""docs/columns.md says what the schema's comments say, and nothing of the schema goes without one."""

import runpy

from pipeline.config import CHECKOUT_DIR
from pipeline.store import reading
from pipeline.store.connections import Connection

FOLDER = CHECKOUT_DIR / "docs"


def test_every_relation_and_column_has_a_comment(connection: Connection) -> None:
    rows = reading.column_comments(connection)
    assert len(rows) > 100
    assert [row.relation for row in rows if not row.relation_comment] == []
    assert [f"{row.relation}.{row.column}" for row in rows if not row.comment] == []


def test_every_function_has_a_comment(connection: Connection) -> None:
    rows = connection.execute(
        "select proname, obj_description(oid, 'pg_proc') as comment from pg_proc"
        " where pronamespace = 'news'::regnamespace"
    ).fetchall()
    assert rows
    assert [row["proname"] for row in rows if not row["comment"]] == []


def test_the_page_is_as_the_schema_is(connection: Connection) -> None:
    page = runpy.run_path(str(FOLDER / "make_columns.py"))["render"](connection)
    assert (FOLDER / "columns.md").read_text(encoding="utf-8") == page, "stale: run `make columns`"
