"""Write docs/columns.md from the comments in the schema: `python docs/make_columns.py`.

The schema is made in a database that is thrown away, so what is written is what the migrations say.
"""

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pipeline.local.ports import next_free
from pipeline.local.postgres import Durability, running
from pipeline.store.connections import Connection, connection_to
from pipeline.store.migrations import upgrade
from pipeline.store.reading import ColumnRow, column_comments

COLUMNS = Path(__file__).parent / "columns.md"
FIRST_PORT = 27432

# What people ask first comes first; what is not named here follows by name.
ORDER = (
    *("stories", "articles", "versions", "updates", "facts", "events", "latest_facts", "story_timeline"),
    *("feeds", "feed_health", "entries", "aliases", "captures", "polls", "hosts"),
)

_LONG, _SHORT = "timestamp with time zone", "timestamptz"
_HEAD = """# Tables, views and columns

Everything Writethru records is in the schema `news`. This page is made from the comments in the schema (`make columns`
writes it anew), so psql shows the same: `\\d+ news.facts`. The role `news_reader` may read
all of it and write nothing.
"""


def render(connection: Connection) -> str:
    """Return the page for the schema of a database."""
    rows = sorted(column_comments(connection), key=lambda row: _place(row.relation))  # stable: columns stay in order
    parts = [_HEAD]
    for name, columns in groupby(rows, key=lambda row: row.relation):
        parts.append(_relation(name, list(columns)))
    parts.append("## Functions\n\n" + "\n".join(_functions(connection)) + "\n")
    return "\n".join(parts)


def _place(relation: str) -> tuple[int, str]:
    return (ORDER.index(relation) if relation in ORDER else len(ORDER), relation)


def _relation(name: str, columns: Sequence[ColumnRow]) -> str:
    kind = "View" if columns[0].relkind == "v" else "Table"
    head = (
        f"## news.{name}\n\n{kind}. {columns[0].relation_comment or ''}\n\n| column | type | meaning |\n|---|---|---|\n"
    )
    return head + "".join(f"| `{one.column}` | {_type(one)} | {_cell(one.comment)} |\n" for one in columns)


def _type(column: ColumnRow) -> str:
    name = column.type.replace(_LONG, _SHORT)
    return name if column.not_null or column.relkind == "v" else f"{name}, may be null"


def _cell(comment: str | None) -> str:
    return (comment or "").replace("|", "\\|")


def _functions(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select p.proname as name, pg_get_function_identity_arguments(p.oid) as arguments,"
        " obj_description(p.oid, 'pg_proc') as comment from pg_proc p"
        " where p.pronamespace = 'news'::regnamespace order by p.proname"
    )
    return [
        f"- `news.{row['name']}({row['arguments']})`: {row['comment'] or ''}".replace(_LONG, _SHORT) for row in rows
    ]


def main() -> None:
    """Make the schema in a throw-away Postgres and write the page."""
    with tempfile.TemporaryDirectory(prefix="writethru-columns-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run as root, Postgres is another user, who has to pass through
        with running(home, durability=Durability.THROWAWAY, port=next_free(FIRST_PORT)) as postgres:
            upgrade(postgres.url())
            with connection_to(postgres.url()) as connection:
                COLUMNS.write_text(render(connection), encoding="utf-8")
    print(f"wrote {COLUMNS}")  # noqa: T201 - a command says what it did


if __name__ == "__main__":
    main()
