"""The schema: made from empty by one or by two at once, its words those of the model, its rules kept by Postgres."""

import enum
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from pipeline import model
from pipeline.errors import ConfigurationError
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.store import migrations
from pipeline.store.connections import Connection, connect
from pipeline.store.migrations import pending, upgrade


@pytest.fixture
def empty(cluster: EmbeddedPostgres, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"empty_{abs(hash(request.node.name))}"
    cluster.ensure_database(name)
    yield cluster.url(name)
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


def test_migrations_run_from_empty_in_order_and_a_second_time_do_nothing(empty: str) -> None:
    names = pending(empty)
    assert names == tuple(sorted(names))
    assert upgrade(empty) == names
    assert pending(empty) == ()
    assert upgrade(empty) == ()


def test_two_upgrades_at_once_take_turns(empty: str) -> None:
    names = pending(empty)
    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(upgrade, empty), pool.submit(upgrade, empty)]]
    assert sorted(done) == [(), names]


def test_an_address_that_is_no_postgres_is_refused_with_words() -> None:
    with pytest.raises(ConfigurationError, match="postgresql://"):
        migrations._backend("mysql://somewhere/news")


ENUMS = {
    ("feeds", "follow"): model.Follow,
    ("articles", "follow"): model.Follow,
    ("articles", "status"): model.ArticleStatus,
    ("stories", "status"): model.StoryStatus,
    ("aliases", "kind"): model.AliasKind,
    ("versions", "kind"): model.VersionKind,
    ("updates", "kind"): model.UpdateKind,
    ("updates", "significance"): model.Significance,
    ("facts", "kind"): model.FactKind,
    ("facts", "status"): model.FactStatus,
    ("mentions", "kind"): model.NameKind,
    ("events", "kind"): model.EventKind,
    ("alert_rules", "kind"): model.FactKind,
    ("alert_rules", "change"): model.AlertChange,
    ("alerts", "status"): model.AlertStatus,
}


def listed(connection: Connection) -> dict[tuple[str, str], set[str]]:
    """Return the words that check constraints allow, by table and column."""
    rows = connection.execute(
        "select conrelid::regclass::text as relation, pg_get_constraintdef(oid) as definition from pg_constraint"
        " where contype = 'c' and connamespace = 'news'::regnamespace"
    )
    found: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        column = re.match(r"CHECK \(\((\w+) = ANY \(ARRAY\[", row["definition"])
        if column:
            found[row["relation"].removeprefix("news."), column[1]] = set(
                re.findall(r"'(\w+)'::text", row["definition"])
            )
    return found


def test_the_words_that_postgres_allows_are_those_of_the_model(connection: Connection) -> None:
    assert listed(connection) == {place: {word.value for word in words} for place, words in ENUMS.items()}


def test_every_enum_of_the_record_is_checked_by_postgres_or_a_free_word_on_purpose() -> None:
    # What an outcome is may grow with every server met; the others are for the process and never stored.
    free = {model.Outcome, model.ResourceKind, model.FactChangeKind, model.MarkerKind, model.Payment}
    words = {thing for thing in vars(model).values() if isinstance(thing, type) and issubclass(thing, enum.StrEnum)}
    assert words - free == set(ENUMS.values())


def test_every_table_view_and_column_says_what_it_is(connection: Connection) -> None:
    rows = connection.execute(
        "select c.relname::text as relation, a.attname::text as name from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where c.relnamespace = 'news'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition"
        " and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)"
    ).fetchall()
    assert rows == []


# ── the record's own rules ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def version(connection: Connection) -> dict[str, int]:
    """A story with one article and one version, by their numbers."""
    story = connection.execute(
        "insert into news.stories (headline, started_at, last_changed_at, url) values ('h', now(), now(), 'u')"
        " returning story_id"
    ).fetchone()
    article = connection.execute(
        "insert into news.articles (story_id, publisher, url, fetch_url, host, first_seen_at)"
        " values (%s, 'p', 'u', 'u', 'h', now()) returning article_id",
        [story["story_id"]],
    ).fetchone()
    made = connection.execute(
        "insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, words,"
        " is_developing, extractor, content_sha256, capture_id, captured_at)"
        " values (%s, %s, 1, 'first', now(), 'h', 't', 1, true, 'e', 'c', 1, now()) returning version_id",
        [article["article_id"], story["story_id"]],
    ).fetchone()
    return {**story, **article, **made}


def add_fact(connection: Connection, version: dict[str, int], **values: object) -> int:
    row = {
        "story_id": version["story_id"],
        "article_id": version["article_id"],
        "version_id": version["version_id"],
        "key": "killed|people|",
        "kind": "killed",
        "subject": "people",
        "sentence": "s",
        "position": 0,
        "span": "[0,1)",
        "valid": "[2016-11-03 09:00+00,)",
        "status": "current",
        **values,
    }
    columns = ", ".join(row)
    marks = ", ".join(f"%({name})s" for name in row)
    found = connection.execute(f"insert into news.facts ({columns}) values ({marks}) returning fact_id", row).fetchone()
    return int(found["fact_id"])


def test_of_one_article_no_two_values_of_a_key_stand_at_once(connection: Connection, version: dict[str, int]) -> None:
    add_fact(connection, version, valid="[2016-11-03 09:00+00,2016-11-03 12:00+00)", status="dropped")
    with pytest.raises(psycopg.errors.ExclusionViolation):
        add_fact(connection, version, valid="[2016-11-03 11:59+00,)")
    add_fact(connection, version, valid="[2016-11-03 12:00+00,)")
    add_fact(connection, version, key="killed|people|#2", valid="[2016-11-03 09:00+00,)")


@pytest.mark.parametrize(
    "values",
    [
        {"status": "superseded"},
        {"valid": "[2016-11-03 09:00+00,2016-11-03 12:00+00)"},
        {"status": "forgotten", "valid": "[2016-11-03 09:00+00,2016-11-03 12:00+00)"},
        {"kind": "dead"},
    ],
    ids=["open but superseded", "closed but current", "unknown status", "unknown kind"],
)
def test_a_fact_that_contradicts_itself_is_refused(
    connection: Connection, version: dict[str, int], values: dict[str, object]
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        add_fact(connection, version, **values)


def test_a_version_has_its_number_alone(connection: Connection, version: dict[str, int]) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(
            "insert into news.versions (article_id, story_id, number, kind, observed_at, headline, text, words,"
            " is_developing, extractor, content_sha256, capture_id, captured_at)"
            " select article_id, story_id, number, kind, observed_at, headline, text, words, is_developing, extractor,"
            " content_sha256, capture_id, captured_at from news.versions"
        )


def test_an_event_is_sent_to_those_who_listen_as_json_that_fits(
    database_url: str, connection: Connection, version: dict[str, int]
) -> None:
    with connect(database_url) as listener:
        listener.execute("listen news_events")
        for summary in ("Moved", "ü" * 9000, '"\\' * 4000):
            connection.execute(
                "insert into news.events (story_id, article_id, kind, occurred_at, summary)"
                " values (%s, %s, 'moved', now(), %s)",
                [version["story_id"], version["article_id"], summary],
            )
        sent = [json.loads(notice.payload) for notice in listener.notifies(timeout=60, stop_after=3)]
    assert [one["summary"][:5] for one in sent] == ["Moved", "üüüüü", '"\\"\\"']
    assert set(sent[0]) == {"event_id", "story_id", "article_id", "version_id", "kind", "occurred_at", "summary"}
    assert (sent[0]["kind"], sent[0]["story_id"]) == ("moved", version["story_id"])
    assert datetime.fromisoformat(sent[0]["occurred_at"]) <= datetime.now(UTC)


# ── who may do what ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reader(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as opened:
        opened.execute("set role news_reader")
        yield opened


def relations(connection: Connection) -> list[str]:
    rows = connection.execute(
        "select relname::text as name from pg_class"
        " where relnamespace = 'news'::regnamespace and relkind in ('r', 'p', 'v')"
    )
    return [row["name"] for row in rows]


def test_a_reader_may_read_everything(reader: Connection) -> None:
    names = relations(reader)
    assert {"latest_facts", "story_timeline", "feed_health", "captures", "events"} <= set(names)
    for name in names:
        reader.execute(f"select * from news.{name} limit 1")
    reader.execute("select * from news.facts_as_of(now())")


def test_a_reader_may_write_nothing(reader: Connection) -> None:
    refused = psycopg.errors.InsufficientPrivilege
    # Views that gather from several tables cannot be written by anybody.
    never = (psycopg.errors.WrongObjectType, psycopg.errors.ObjectNotInPrerequisiteState)
    for name in relations(reader):
        for statement in (f"delete from news.{name}", f"truncate news.{name}"):
            with pytest.raises((refused, *never)):
                reader.execute(statement)
    for statement in (
        "insert into news.hosts (host) values ('h')",
        "update news.facts set status = 'dropped'",
        "create table news.mine (a int)",
        "select nextval('news.captures_capture_id_seq')",
        "drop view news.latest_facts",
        "select news.make_capture_partitions(now() + interval '1 year', 1)",
    ):
        with pytest.raises(refused):
            reader.execute(statement)


def test_a_reader_may_read_captures_of_months_made_later(connection: Connection, reader: Connection) -> None:
    assert connection.execute("select news.make_capture_partitions(now() + interval '3 years', 0)").fetchone()
    assert any(f"_{datetime.now(UTC).year + 3}_" in name for name in relations(reader))
    for name in relations(reader):
        reader.execute(f"select * from news.{name} limit 1")


# ── partitions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_partitions_made_by_many_at_once_are_made_once(database_url: str) -> None:
    def make(_: int) -> int:
        with connect(database_url) as own:
            row = own.execute("select news.make_capture_partitions(now() + interval '2 years', 6) as made").fetchone()
            return int(row["made"])

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(make, range(6)))
    assert sorted(made)[:-1] == [0] * 5
    assert max(made) in {7, 8}


def test_partitions_cover_the_day_before_a_month_begins(connection: Connection) -> None:
    connection.execute("select news.make_capture_partitions('2031-03-01 00:00:05+00', 1)")
    names = set(relations(connection))
    assert {"captures_2031_02", "captures_2031_03", "captures_2031_04"} <= names
    assert "captures_2031_01" not in names
