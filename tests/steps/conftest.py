"""What the tests of the steps share: a publisher made by the test, databases, and the whole newsroom told once."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pipeline import steps
from pipeline.config import Settings
from pipeline.local.newsroom import ManualClock, Newsroom, bundled_stories, newsroom_running
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.model import FeedSubscription, Follow
from pipeline.steps import RoundSummary
from pipeline.store.connections import Connection, connect
from tests.serving import serving

_numbers = itertools.count(1)
Rows = list[dict[str, Any]]

MARKER = "This is a developing story and will be updated."
PARAGRAPHS = (
    "The dam above Fairwater held through the night while engineers lowered the level of the lake behind it.",
    "About 4,000 people were told to leave the valley, the county said on Tuesday morning.",
    "Two of the five gates are stuck, and a crane that could lift them is on its way from the coast.",
)

RECORD = ("versions", "updates", "facts", "events")
TABLES = ("feeds", "entries", "articles", "aliases", "captures", "stories", "polls", "hosts", *RECORD)


# ── a publisher made by the test ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    """A publisher on loopback whose every address answers what the test last said."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.sent.append(dict(self.headers))
                answer = site.answers.get(self.path, Answer(status=404))
                etag = answer.headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    answer = Answer(status=304, headers={"ETag": etag})
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.status != 304:
                    self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        return self.base + path

    def put(self, path: str, body: bytes | str, *, status: int = 200, **headers: str) -> str:
        """Answer so from here on; `headers` with `_` for `-`. Returns the address."""
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body=raw, status=status, headers={"Content-Type": "text/html", **named})
        return self.url(path)

    def page(
        self,
        path: str,
        *paragraphs: str,
        headline: str = "Fairwater dam holds",
        canonical: str | None = None,
        etag: str | None = None,
    ) -> str:
        """Answer with an article from here on. Returns its address."""
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs or (*PARAGRAPHS, MARKER))
        link = f'<link rel="canonical" href="{self.url(canonical)}">' if canonical else ""
        body = (
            f"<!DOCTYPE html><html lang='en'><head><title>{escape(headline)}</title>{link}</head><body>"
            f"<article><h1>{escape(headline)}</h1>{text}</article></body></html>"
        )
        return self.put(path, body, **({"ETag": etag} if etag else {}))

    def feed(self, path: str, *items: tuple[str, str] | tuple[str, str, str], **headers: str) -> str:
        """Answer with an RSS feed of (path, title) or (path, title, guid). Returns its address."""
        text = "".join(
            f"<item><title>{escape(item[1])}</title><link>{escape(self.url(item[0]))}</link>"
            f"<guid isPermaLink='false'>{escape(item[2] if len(item) > 2 else 'story-' + item[0])}</guid></item>"
            for item in items
        )
        body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>{text}</channel></rss>"
        return self.put(path, body, **{"Content_Type": "application/rss+xml", **headers})


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with serving(made.server):
        yield made


# ── the pipeline on a database of the test's own ────────────────────────────────────────────────────────────────────


@dataclass
class Desk:
    """The steps on one database, and questions to it."""

    url: str
    settings: Settings
    connection: Connection

    def add_feed(self, url: str, *, publisher: str = "Site", follow: Follow = Follow.DEVELOPING) -> int:
        steps.add_feeds(self.url, self.settings, [FeedSubscription(url=url, publisher=publisher, follow=follow)])
        return int(self.one("select feed_id from news.feeds where url = %s", url)["feed_id"])

    def feed(self, feed_id: int) -> dict[str, Any]:
        """Return the row of a feed."""
        return self.one("select * from news.feeds where feed_id = %s", feed_id)

    def at_work_until(self, moment: datetime) -> None:
        """Let there have been a poll a day before, and a look at each article just then."""
        self.connection.execute("update news.articles set last_captured_at = %s", [moment])
        self.connection.execute(
            "with polled as (insert into news.feeds (url, publisher, host, disabled_reason)"
            " values ('https://other.example/feed', 'Other', 'other.example', 'a test') on conflict (url) do update"
            " set host = excluded.host returning feed_id)"
            " insert into news.polls (feed_id, polled_at, outcome) select feed_id, %s, 'not_modified' from polled",
            [moment - timedelta(days=1)],
        )

    def make_due(self) -> None:
        """Let time pass: every feed is due, and every article that is looked at again."""
        self.connection.execute("update news.feeds set next_poll_at = now()")
        self.connection.execute("update news.articles set next_capture_at = now() where next_capture_at is not null")

    def round(self) -> RoundSummary:
        """Let time pass, then do one round."""
        self.make_due()
        return steps.run_round(self.url, self.settings)

    def rows(self, question: str, *values: object) -> Rows:
        return self.connection.execute(question, values or None).fetchall()

    def one(self, question: str, *values: object) -> dict[str, Any]:
        (row,) = self.rows(question, *values)
        return row

    def column(self, question: str, *values: object) -> list[Any]:
        return [next(iter(row.values())) for row in self.rows(question, *values)]

    def table(self, name: str) -> Rows:
        """Return a table in the order of its rows' making."""
        key = {"captures": "capture_id", "aliases": "scope, value", "entries": "entry_id", "hosts": "host"}
        order = key.get(name) or {"stories": "story_id"}.get(name) or f"{name.rstrip('s')}_id"
        return self.rows(f"select * from news.{name} order by {order}")

    def everything(self) -> dict[str, Rows]:
        return {name: self.table(name) for name in TABLES}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings under which nothing that was looked at falls due again by itself during a test."""
    return quick_settings(tmp_path)


def quick_settings(home: Path, **values: Any) -> Settings:
    return Settings(
        home=home,
        allow_networks="127.0.0.0/8",
        host_gap_seconds=0,
        poll_min_seconds=3600,
        capture_min_seconds=3600,
        **values,
    )


@pytest.fixture
def desk(database_url: str, connection: Connection, settings: Settings) -> Desk:
    return Desk(database_url, settings, connection)


@pytest.fixture(scope="session")
def new_database(cluster: EmbeddedPostgres) -> Callable[[], Any]:
    """Make a database with the schema, for as long as a `with` block lasts."""

    @contextmanager
    def made() -> Iterator[str]:
        name = f"steps_{next(_numbers)}"
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
            identifier = sql.Identifier(name)
            admin.execute(sql.SQL("create database {} template template strategy file_copy").format(identifier))
            try:
                yield cluster.url(name)
            finally:
                admin.execute(sql.SQL("drop database {} with (force)").format(identifier))

    return made


class HandClock:
    """What a step has in place of the module `time` where a test says how long each thing takes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


# ── the whole newsroom, told once ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class Told:
    """The newsroom's stories from their first version to their last, as the steps recorded them."""

    desk: Desk
    newsroom: Newsroom
    moments: dict[float, datetime] = field(default_factory=dict)
    snapshots: list[dict[str, Rows]] = field(default_factory=list)

    def article(self, story: str) -> dict[str, Any]:
        """Return the article of a story by the address at which it first appeared."""
        return self.desk.one(
            "select a.* from news.articles a join news.aliases l using (article_id) where l.value = %s",
            self.newsroom.url(story),
        )

    def versions(self, story: str) -> Rows:
        return self.desk.rows(
            "select * from news.versions where article_id = %s order by number", self.article(story)["article_id"]
        )

    def events(self, story: str) -> list[str]:
        return self.desk.column(
            "select kind from news.events where article_id = %s order by event_id", self.article(story)["article_id"]
        )


def change_minutes() -> list[float]:
    """Return every minute at which a story of the newsroom changes, moves or is withdrawn."""
    minutes: set[float] = {0.0}
    for story in bundled_stories():
        minutes |= {max(0.0, minute) for minute in story.changes_at}
        minutes |= {story.move.at} if story.move else set()
        minutes |= {story.withdrawn_at} if story.withdrawn_at else set()
    return sorted(minutes)


@pytest.fixture(scope="session")
def told(new_database: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    settings = quick_settings(tmp_path_factory.mktemp("told"))
    clock = ManualClock()
    with newsroom_running(clock=clock) as newsroom, new_database() as url, connect(url) as connection:
        result = Told(Desk(url, settings, connection), newsroom)
        steps.add_feeds(url, settings, newsroom.subscriptions)
        for minute in change_minutes():
            clock.advance(minute - clock.minutes())
            result.desk.round()
            result.moments[minute] = datetime.now(UTC)
            result.snapshots.append({name: result.desk.table(name) for name in RECORD})
        yield result
