"""How long the record takes to answer, by how much it holds: `python -m benchmarks.queries [--full]`.

It makes its own rows: 1,000,000 facts, with `--full` 10,000,000 too (some ten minutes and 10 GB of disk). A story of
this record has two articles of different publishers with ten versions each; an article tells of ten things (keys), each
with a value per version, the last one current. Stories are stored as they come in, one article's versions in turn.

Each figure is the median of many stories, asked on one open connection with the statements of the command line:
`latest_facts_ms` and `facts_as_of_ms` of one story, `story_timeline_ms` of one story (41 events). `growth_*` is the
greater size over the smaller.

Rows are loaded without secondary indexes, foreign keys and the exclusion constraint, which are put back at the end:
`load_seconds` has both parts. Checking facts one by one costs the constraint most (`facts_checked_per_second`, measured
by inserting some of the rows again as new articles).
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg import sql

from benchmarks.command import parser, progress, show
from benchmarks.database import make_database, own_postgres
from pipeline.local.postgres import Durability
from pipeline.store import reading
from pipeline.store.connections import Connection, connection_to

SMALL, LARGE = 1_000_000, 10_000_000
ARTICLES, VERSIONS, KEYS = 2, 10, 10
FACTS_PER_STORY = ARTICLES * VERSIONS * KEYS
ASKED_STORIES = 100
CHECKED_ARTICLES = 200
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

_PARTS = """
with story as (select s as story_id from generate_series(%(first)s::bigint, %(last)s) s),
article as (
  select story_id, n as place, (story_id - 1) * %(articles)s + n as article_id
  from story cross join generate_series(1, %(articles)s) n
),
version as (
  select *, v as number, (article_id - 1) * %(versions)s + v as version_id,
         %(begin)s::timestamptz + (story_id + 20 * v + place) * interval '1 minute' as at
  from article cross join generate_series(1, %(versions)s) v
)
"""
_INSERTS: Mapping[str, str] = {
    "stories": """
      insert into news.stories (story_id, headline, status, started_at, last_changed_at, articles, publishers, versions,
                                url)
      overriding system value
      select story_id, 'Flood at bridge ' || story_id, 'developing', min(at), max(at), %(articles)s, %(articles)s,
             count(*), 'https://one.invalid/' || story_id
      from version group by story_id""",
    "articles": """
      insert into news.articles (article_id, story_id, publisher, url, fetch_url, host, status, first_seen_at,
                                 last_changed_at, versions)
      overriding system value
      select article_id, story_id, 'Publisher ' || place, 'https://p' || place || '.invalid/' || story_id,
             'https://p' || place || '.invalid/' || story_id, 'p' || place || '.invalid', 'following', min(at), max(at),
             count(*)
      from version group by article_id, story_id, place""",
    "versions": """
      insert into news.versions (version_id, article_id, story_id, number, kind, observed_at, headline, text, words,
                                 is_developing, extractor, content_sha256, capture_id, captured_at)
      overriding system value
      select version_id, article_id, story_id, number, case number when 1 then 'first' else 'updated' end, at,
             'Flood at bridge ' || story_id || ', report ' || number, repeat('The river rose again. ', 20), 80, true,
             'bench', md5(version_id::text), version_id, at
      from version""",
    "events": """
      insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary)
      select story_id, article_id, version_id, kind, at, 'report ' || number
      from version cross join unnest(array['updated', 'fact_changed']) kind
      union all select story_id, null, null, 'settled', max(at), 'quiet' from version group by story_id
      order by 5""",
    "facts": """
      insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, qualifier, attribution,
                              sentence, position, span, valid, status)
      select story_id, article_id, version_id, 'killed/thing ' || k, 'killed', 'people at place ' || k,
             number * 10 + k, number * 10 + k, 'at least', 'the warden',
             'At least ' || number * 10 + k || ' people at place ' || k || ' had died, the warden said on that day.', k,
             int4range(9, 12), tstzrange(at, case when number < %(versions)s then at + interval '20 minutes' end),
             case when number < %(versions)s then 'superseded' else 'current' end
      from version cross join generate_series(1, %(keys)s) k
      order by version_id, k""",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was taken off the tables for the load, as statements that put it back."""

    statements: Sequence[sql.Composed]


def _take_off(connection: Connection) -> Dropped:
    """Drop everything that checks or indexes row by row, but for primary keys."""
    constraints = connection.execute(
        "select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition, contype"
        " from pg_constraint where connamespace = 'news'::regnamespace and contype in ('f', 'x', 'u')"
        " and conparentid = 0 and conrelid <> 0 order by contype = 'f' desc"
    ).fetchall()
    indexes = connection.execute(
        "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition"
        " from pg_index i join pg_class c on c.oid = i.indrelid"
        " where c.relnamespace = 'news'::regnamespace and not i.indisprimary and c.relkind = 'r'"
        " and not c.relispartition"
        " and not exists (select from pg_constraint where conindid = i.indexrelid)"
    ).fetchall()
    again: list[sql.Composed] = []
    for row in constraints:
        # Names and definitions are Postgres's own, of our schema: nothing comes from outside.
        connection.execute(_statement(f"alter table {row['relation']} drop constraint {row['conname']}"))
        again.insert(
            0, _statement(f"alter table {row['relation']} add constraint {row['conname']} {row['definition']}")
        )
    for row in indexes:
        connection.execute(_statement(f"drop index {row['name']}"))
        again.insert(0, _statement(row["definition"]))
    connection.execute("alter table news.events disable trigger events_notify")
    connection.execute("alter table news.facts disable trigger facts_alert")
    return Dropped(again)


def _statement(text: str) -> sql.Composed:
    return sql.Composed([sql.SQL(text)])


def load(connection: Connection, *, first_story: int, stories: int, keys: int = KEYS) -> tuple[float, float]:
    """Add so many stories, whose articles tell of so many things.

    Returns the seconds for the rows, and for indexes and constraints.
    """
    values = {
        "first": first_story,
        "last": first_story + stories - 1,
        "articles": ARTICLES,
        "versions": VERSIONS,
        "keys": keys,
        "begin": BEGIN,
    }
    begun = time.perf_counter()
    dropped = _take_off(connection)
    for insert in _INSERTS.values():
        connection.execute(sql.SQL(_PARTS + insert), values)
    loaded = time.perf_counter()
    connection.execute("set maintenance_work_mem = '512MB'")
    for statement in dropped.statements:
        connection.execute(statement)
    connection.execute("alter table news.events enable trigger events_notify")
    connection.execute("alter table news.facts enable trigger facts_alert")
    connection.execute("vacuum analyze")
    return loaded - begun, time.perf_counter() - loaded


def checked_per_second(connection: Connection) -> float:
    """Return how many facts a second are inserted with every check in place (rolled back afterwards)."""
    shift = 10**9
    with connection.transaction(force_rollback=True):
        connection.execute(
            "insert into news.articles (article_id, story_id, publisher, url, fetch_url, host, first_seen_at)"
            " overriding system value select article_id + %(shift)s, story_id, publisher, url, fetch_url, host, now()"
            " from news.articles where article_id <= %(articles)s",
            {"shift": shift, "articles": CHECKED_ARTICLES},
        )
        begun = time.perf_counter()
        inserted = connection.execute(
            "insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, sentence,"
            " position, span, valid, status)"
            " select story_id, article_id + %(shift)s, version_id, key, kind, subject, low, high,"
            " sentence, position, span, valid, status from news.facts where article_id <= %(articles)s",
            {"shift": shift, "articles": CHECKED_ARTICLES},
        ).rowcount
        return inserted / (time.perf_counter() - begun)


def ask(connection: Connection, stories: int) -> dict[str, object]:
    """Return the median milliseconds of each question over stories spread through the record."""
    asked = [1 + number * (stories // ASKED_STORIES) for number in range(ASKED_STORIES)]
    moments = {story: BEGIN + timedelta(minutes=story + 110) for story in asked}
    questions: dict[str, Callable[[int], Sequence[object]]] = {
        "latest_facts_ms": lambda story: reading.facts_of(connection, story),
        "facts_as_of_ms": lambda story: reading.facts_of(connection, story, at=moments[story]),
        "story_timeline_ms": lambda story: reading.timeline_of(connection, story),
    }
    rows = {"latest_facts_ms": KEYS, "facts_as_of_ms": KEYS, "story_timeline_ms": ARTICLES * VERSIONS * 2 + 1}
    figures: dict[str, object] = {}
    for name, question in questions.items():
        for story in asked:  # what a record in use has in memory anyway
            if len(question(story)) != rows[name]:
                raise RuntimeError(f"{name}: story {story} gives {len(question(story))} rows, not {rows[name]}")
        times = []
        for story in asked:
            begun = time.perf_counter()
            question(story)
            times.append(1000 * (time.perf_counter() - begun))
        figures[name] = round(statistics.median(times), 3)
    return figures


def run(_data: Path | None = None, *, full: bool = False) -> dict[str, object]:
    """Fill a record of its own and ask; the keys are the sizes. It needs no data."""
    result: dict[str, object] = {}
    with own_postgres(Durability.THROWAWAY) as postgres:
        database_url = make_database(postgres, "queries")
        stored = 0
        with connection_to(database_url) as connection:
            for size in (SMALL, LARGE) if full else (SMALL,):
                stories = size // FACTS_PER_STORY
                rows_seconds, checks_seconds = load(connection, first_story=stored + 1, stories=stories - stored)
                stored = stories
                progress(f"queries: {size:,} facts stored in {rows_seconds + checks_seconds:.0f} s")
                result[str(size)] = {
                    **ask(connection, stories),
                    "load_seconds": {"rows": round(rows_seconds, 1), "checks": round(checks_seconds, 1)},
                    "facts_checked_per_second": round(checked_per_second(connection)),
                }
    small, large = result[str(SMALL)], result.get(str(LARGE))
    if isinstance(small, dict) and isinstance(large, dict):
        for name in ("latest_facts", "facts_as_of", "story_timeline"):
            result[f"growth_{name}"] = round(large[f"{name}_ms"] / small[f"{name}_ms"], 3)
    return result


def main() -> None:
    """Print the figures as one JSON object."""
    options = parser(__doc__)
    options.add_argument("--full", action="store_true", help="with 10,000,000 facts too")
    asked = options.parse_args()
    show(run(asked.data, full=asked.full))


if __name__ == "__main__":
    main()
