"""Every reference has an index at both ends, and what is asked each minute and on each page asks an index."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.store.connections import Connection
from pipeline.store.statements import statement


def test_whatever_refers_to_a_row_is_found_by_an_index_when_the_row_goes(connection: Connection) -> None:
    rows = connection.execute(
        """
        select r.conrelid::regclass::text as relation, a.attname::text as column
        from pg_constraint r
        join pg_attribute a on a.attrelid = r.conrelid and a.attnum = r.conkey[1]
        where r.contype = 'f' and r.connamespace = 'news'::regnamespace
          and not exists (select from pg_index i where i.indrelid = r.conrelid and i.indkey[0] = r.conkey[1])
        order by 1, 2
        """
    ).fetchall()
    # Rules are few, and a story goes only with its last article.
    assert [row for row in rows if row["relation"] != "news.alert_rules"] == []
