"""How fast the pages answer over a large record, and how heavy they are: `python -m benchmarks.pages [--stories N]`.

It makes its own rows: stories of 20 versions each (50,000 of them: 1,000,000 versions), and among them `BIG_STORIES`
of 100 versions, 500 events, five updates a version and ten facts that changed 50 times. Pages are asked for one after
the other over HTTP on the loopback, from the same process, so a figure holds the server's time and the client's.

`*_p95_ms` is the time of the slowest but five of a hundred answers; the big stories' pages are each asked for the
first time once. `*_bytes` is the greatest weight of such a page, without its style and scripts, which a browser keeps
(`static_bytes`). `event_to_stream_p95_ms` is from before an event's insert to its arrival at a client of the stream.
"""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from psycopg import sql

from benchmarks.command import parser, progress, show
from benchmarks.database import make_database, own_postgres
from benchmarks.queries import load
from pipeline.local.postgres import Durability
from pipeline.store.connections import Connection, connection_to
from pipeline.web.app import create_app
from pipeline.web.site import FOLDER

STORIES = 50_000
BIG_STORIES = 20
ASKED = 100
EVENTS = 100

_BIG = """
with story as (select %(first)s + s as story_id, s from generate_series(0, %(stories)s - 1) s),
version as (
  select story_id, article_id, number, %(from_version)s + (s * 100 + (place - 1) * 50 + number) as version_id, place,
         timestamptz '2026-06-01 00:00Z' + (number * 30 + place + s) * interval '1 minute' as at
  from story cross join lateral (select place, %(from_article)s + s * 2 + place as article_id
                                 from generate_series(1, 2) place) a
  cross join generate_series(1, 50) number
)
"""
_BIG_ROWS = (
    """insert into news.stories (story_id, headline, status, started_at, last_changed_at, articles, publishers,
                                 versions, url)
       overriding system value
       select story_id, 'Great quake in the valley of ' || story_id, 'developing', min(at), max(at), 2, 2, 100,
              'https://one.invalid/big/' || story_id
       from version group by story_id""",
    """insert into news.articles (article_id, story_id, publisher, url, fetch_url, host, status, first_seen_at,
                                  last_changed_at, versions)
       overriding system value
       select article_id, story_id, 'Publisher ' || place, 'https://p.invalid/big/' || article_id,
              'https://p.invalid/big/' || article_id, 'p.invalid', 'following', min(at), max(at), 50
       from version group by article_id, story_id, place""",
    """insert into news.versions (version_id, article_id, story_id, number, kind, observed_at, headline, text, language,
                                  words, is_developing, extractor, content_sha256, capture_id, captured_at)
       overriding system value
       select version_id, article_id, story_id, number, case number when 1 then 'first' else 'updated' end, at,
              'Great quake in the valley: ' || number || ' dead',
              (select string_agg('Sentence ' || n || ' of the report tells in its own words what version '
                                 || case when n %% 7 = number %% 7 then number else 0 end
                                 || ' knows of the quake.', E'\\n')
               from generate_series(1, 40) n),
              'en', 600, true, 'bench', md5(version_id::text), version_id, at
       from version""",
    """insert into news.updates (version_id, article_id, story_id, kind, significance, old_position, new_position,
                                 old_text, new_text)
       select version_id, article_id, story_id, 'edited', case n when 1 then 'fact' else 'wording' end, n, n,
              'At least ' || number - 1 || ' people had died when day began, the ministry of the interior said ' || n,
              'At least ' || number || ' people had died when the night began, the ministry of health said on day ' || n
       from version cross join generate_series(1, 5) n""",
    """insert into news.events (story_id, article_id, version_id, kind, occurred_at, summary, details)
       select story_id, article_id, version_id, kind, at, 'killed, people: ' || number || ' (the ministry)',
              jsonb_build_object('old', 'Quake: ' || number - 1 || ' dead', 'new', 'Quake: ' || number || ' dead')
       from version
       cross join unnest(array['updated', 'headline_changed', 'fact_changed', 'corrected', 'developing']) kind
       order by at, kind""",
    """insert into news.facts (story_id, article_id, version_id, key, kind, subject, low, high, qualifier, attribution,
                               sentence, position, span, valid, status)
       select story_id, article_id, version_id, 'killed|place ' || k || '|', 'killed', 'people at place ' || k,
              number * 10 + k + place, number * 10 + k + place, 'at least', 'the warden',
              'At least ' || number * 10 + k || ' people at place ' || k || ' had died, the warden said.', k,
              int4range(9, 12), tstzrange(at, case when number < 50 then at + interval '30 minutes' end),
              case when number < 50 then 'superseded' else 'current' end
       from version cross join generate_series(1, 10) k""",
)


def measure(*, stories: int) -> dict[str, object]:
    """Return the figures for a record of so many usual stories."""
    with own_postgres(Durability.THROWAWAY) as postgres:
        url = make_database(postgres, "pages")
        with connection_to(url, application="writethru benchmark") as connection:
            progress(f"making {stories:,} stories of 20 versions")
            load(connection, first_story=1, stories=stories, keys=1)
            first = _add_big(connection)
            with _serving(url) as port:
                return {"versions": stories * 20 + BIG_STORIES * 100, **_figures(connection, port, first)}


def _add_big(connection: Connection) -> int:
    row = connection.execute(
        "select (select max(story_id) from news.stories) + 1 as first,"
        " (select max(article_id) from news.articles) as from_article,"
        " (select max(version_id) from news.versions) as from_version"
    ).fetchone()
    values = {**(row or {}), "stories": BIG_STORIES}
    with connection.transaction():
        for insert in _BIG_ROWS:
            connection.execute(sql.SQL(_BIG + insert), values)
    connection.execute("vacuum analyze")
    return int(values["first"])


@contextmanager
def _serving(url: str) -> Iterator[int]:
    app = create_app(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        app.state.site.bell.close()
        server.should_exit = True
        thread.join()
        app.state.site.record.close()


def _figures(connection: Connection, port: int, first: int) -> dict[str, object]:
    big = [f"/stories/{first + number % BIG_STORIES}" for number in range(ASKED)]
    row = connection.execute("select max(article_id) as article_id from news.articles").fetchone()
    article = int(row["article_id"]) if row else 0
    _ask(port, ["/", *[f"/articles/{article}"] * 2])  # the first diff reads the sentence splitter's model
    figures: dict[str, object] = {}
    for name, paths in {
        "story_page": big,
        "story_as_of": [f"{path}?at=2026-06-01T12:00" for path in big],
        "stories_page": ["/"] * ASKED,
        "search": [f"/?q=valley+{first + number % BIG_STORIES}" for number in range(ASKED)],
        "search_in_all": ["/?q=river"] * 5,
        "diff_page": [f"/articles/{article - number % (2 * BIG_STORIES)}?old=1" for number in range(ASKED)],
        "story_feed": [f"{path}/atom.xml" for path in big],
    }.items():
        progress(f"asking for {name}")
        times, weight = _ask(port, paths)
        figures |= {f"{name}_p95_ms": round(_p95(times) * 1000, 1), f"{name}_bytes": weight}
    figures["static_bytes"] = sum(path.stat().st_size for path in (FOLDER / "static").iterdir())
    figures["event_to_stream_p95_ms"] = round(_p95(_stream_lags(connection, port, first)) * 1000, 1)
    return figures


def _ask(port: int, paths: list[str]) -> tuple[list[float], int]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    times, weight = [], 0
    for path in paths:
        begun = time.perf_counter()
        client.request("GET", path)
        answer = client.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - begun)
        weight = max(weight, len(body))
        if answer.status != http.client.OK:
            raise RuntimeError(f"{path}: {answer.status}")
    client.close()
    return times, weight


def _stream_lags(connection: Connection, port: int, story_id: int) -> list[float]:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    client.request("GET", f"/api/stream?story={story_id}")
    answer = client.getresponse()
    time.sleep(1)  # until the server listens
    lags = []
    for number in range(EVENTS):
        begun = time.perf_counter()
        connection.execute(
            "insert into news.events (story_id, kind, occurred_at, summary) values (%s, 'updated', now(), %s)",
            (story_id, f"event {number}"),
        )
        while not answer.readline().startswith(b"data: "):
            pass
        lags.append(time.perf_counter() - begun)
    client.close()
    return lags


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def main(_data: Path | None = None) -> None:
    """Measure, and print what was measured."""
    arguments = parser(__doc__)
    arguments.add_argument("--stories", type=int, default=STORIES, help="usual stories to make (default: %(default)s)")
    show(measure(stories=arguments.parse_args().stories))


if __name__ == "__main__":
    main()
