"""What is asked each minute and on each page is found by an index, however much a year has left beside it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from pipeline.store.connections import Connection
from pipeline.store.statements import statement

NOW = datetime.now(UTC)
ROWS = 30_000
STORIES = {"words": None, "most_versions": 1000, "status": None, "since": None, "most": 50, "skip": 0}
EVENTS = {"story_id": None, "before": None, "most": 50}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("was_at_work", {"since": NOW - timedelta(days=40), "until": NOW - timedelta(hours=12)}),
    ("story_by_name", {"number": None, "address": "https://h7.example/story/40"}),
    ("article_by_name", {"number": None, "address": "https://h7.example/story/40"}),
    ("article_by_name", {"number": 40, "address": None}),
    ("web_publishers", {}),
    ("web_stories", STORIES | {"publisher": "P40"}),
    ("web_stories", STORIES | {"publisher": "Nobody"}),
    ("web_events", EVENTS | {"publisher": "P40"}),
    ("web_events", EVENTS | {"publisher": "Nobody"}),
    ("histories_of_publisher", {"publisher": "P40", "since": NOW - timedelta(days=60), "most": 2000}),
]


@pytest.fixture(scope="module")
def year(cluster):
    """A record of which each table is many times larger than any answer."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database a_year template template strategy file_copy")
        with psycopg.connect(cluster.url("a_year"), autocommit=True) as connection:
            connection.execute("set session_replication_role = replica")
            for fill in (
                """insert into news.stories (headline, started_at, last_changed_at, url)
                   select 'Story ' || n, now(), now() - n * interval '1 minute', '' from generate_series(1, %(n)s) n""",
                """insert into news.articles
                     (story_id, publisher, url, fetch_url, host, status, first_seen_at, versions)
                   select n, 'P' || n %% 1000, 'https://h7.example/story/' || n, '', 'h' || n %% 100, 'settled',
                          now() - n * interval '5 minutes', 2 from generate_series(1, %(n)s) n""",
                """insert into news.aliases (article_id, kind, value)
                   select n, 'link', 'https://h7.example/story/' || n from generate_series(1, %(n)s) n""",
                """insert into news.captures (article_id, captured_at, outcome, final_url, recorded_at)
                   select n, now() - n * interval '1 second', 'same_body', '', now()
                   from generate_series(1, %(n)s) n""",
                """insert into news.events (story_id, article_id, kind, occurred_at, summary)
                   select n, n, 'updated', now(), 'An update of the story' from generate_series(1, %(n)s) n""",
            ):
                connection.execute(fill, {"n": ROWS})
            connection.execute("vacuum analyze")
            yield connection
        server.execute("drop database a_year with (force)")


@pytest.mark.parametrize(("name", "values"), ASKED, ids=[f"{name} {number}" for number, (name, _) in enumerate(ASKED)])
def test_what_is_asked_often_reads_a_small_part_of_the_tables(year, name, values):
    (row,) = year.execute(f"explain (analyze, buffers, format json) {statement(name)}", values).fetchall()
    walked: list[tuple[str, float]] = []
    note_scans(row[0][0]["Plan"], walked)
    assert max((rows for _, rows in walked), default=0) <= ROWS / 10, walked


def test_the_captures_of_an_hour_are_found_by_their_time(year):
    values = {"since": NOW - timedelta(minutes=10), "now": NOW}
    (row,) = year.execute(f"explain (analyze, format json) {statement('strained_hosts')}", values).fetchall()
    walked: list[tuple[str, float]] = []
    note_scans(row[0][0]["Plan"], walked)
    by = {name for name, _ in walked if name.startswith("captures")}
    assert by, walked
    assert all(re.fullmatch(r"captures_\d{4}_\d\d(_captured_at_idx)?", name) for name in by), by
    assert any(name.endswith("_captured_at_idx") for name in by), by


def note_scans(node: dict[str, Any], walked: list[tuple[str, float]]) -> None:
    """Note how many rows each scan went through, kept or not."""
    if "Scan" in node["Node Type"]:
        rows = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        walked.append((node.get("Index Name") or node.get("Relation Name") or node["Node Type"], rows))
    for child in node.get("Plans", ()):
        note_scans(child, walked)


def test_whatever_refers_to_a_row_is_found_by_an_index_when_the_row_goes(connection: Connection) -> None:
    rows = connection.execute(
        """
        select r.conrelid::regclass::text as relation, a.attname::text as "column"
        from pg_constraint r
        join pg_attribute a on a.attrelid = r.conrelid and a.attnum = r.conkey[1]
        where r.contype = 'f' and r.connamespace = 'news'::regnamespace
          and not exists (select from pg_index i where i.indrelid = r.conrelid and i.indkey[0] = r.conkey[1])
        order by 1, 2
        """
    ).fetchall()
    assert [row for row in rows if row["relation"] != "news.alert_rules"] == [], "rules are few"
