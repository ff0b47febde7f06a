"""A hostile feed and its pages: whatever they say shows as text, in the source of every page of ours."""

import http.server
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape

import feedparser
import httpx
import psycopg
import pytest

from pipeline.config import Settings
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.model import FeedSubscription
from pipeline.steps import add_feeds, run_round
from pipeline.store.connections import connect
from tests.serving import serving

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
_ESCAPED = ATTACK.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;")
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>{_ESCAPED}</title><link>javascript:alert(4)</link>
<item><guid>1</guid><title>Breaking: {_ESCAPED}</title><link>HERE/one.html</link></item>
<item><guid>2</guid><title>Click</title><link>javascript:alert(document.cookie)</link></item>
</channel></rss>"""
PARAGRAPHS = (
    f"BREAKING: This is a developing story. {_ESCAPED} said the mayor of the town on Monday morning.",
    f"At least COUNT people were killed, the {_ESCAPED} ministry said. It spoke of a hard night for all.",
    "The mayor told reporters that <b>nobody had <i>slept</b> for two days</i> and that help was on its way.",
    f"“We heard {_ESCAPED} and ran,” said Ann Example, a teacher, who stood before the school with her class.",
    "Trains stood still until noon, and the roads to the north were closed to all but the fire brigade and doctors.",
)


class _Publisher(http.server.BaseHTTPRequestHandler):
    looks = 0

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path.endswith(".html"):
            type(self).looks += 1
            text = "".join(f"<p>{one}</p>" for one in PARAGRAPHS).replace("COUNT", str(11 + type(self).looks))
            title = f"{type(self).looks} {_ESCAPED}"
            body = (
                f"<html><head><title>{title}</title><link rel=canonical href='javascript:alert(5)'></head>"
                f"<body><article><h1>{title}</h1>{text}<p>unclosed <a href='javascript:alert(6)'>link</article>"
            )
            kind = "text/html; charset=utf-8"
        else:
            body, kind = FEED.replace("HERE", here), "application/rss+xml"
        self.send_response(200 if self.path != "/robots.txt" else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def hostile(
    cluster: EmbeddedPostgres,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[str], AbstractContextManager[str]],
) -> Iterator[httpx.Client]:
    """A client of the pages above what a hostile publisher had us record."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database hostile template template strategy file_copy")
    url = cluster.url("hostile")
    values = {"host_gap_seconds": 0, "poll_min_seconds": 1, "capture_min_seconds": 1, "capture_max_seconds": 1}
    used = Settings.model_validate(
        {"home": tmp_path_factory.mktemp("hostile"), "allow_networks": "127.0.0.0/8", **values}
    )
    with serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Publisher)) as publisher:
        add_feeds(url, used, [FeedSubscription(url=f"{publisher}/feed", publisher=ATTACK)])
        for _ in range(3):
            with connect(url) as connection:
                connection.execute("update news.feeds set next_poll_at = now()")
                connection.execute("update news.articles set next_capture_at = now()")
            run_round(url, used, budget_seconds=30)
    with serve(url) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database hostile with (force)")


PAGES = (
    "/",
    "/stories/1",
    "/stories/1/since",
    "/between",
    "/articles/1",
    "/articles/1?view=side",
    "/feeds",
    f"/?q={ATTACK}",
)


@pytest.mark.parametrize("path", PAGES)
def test_what_a_hostile_publisher_says_shows_as_text(hostile: httpx.Client, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code == 200
    text = answer.text
    assert "alert(" in text, "the attack is not on this page: the test tests nothing"
    tags = re.findall(r"<[a-zA-Z/!][^>]*>", text)
    assert not [tag for tag in tags if re.match(r"<(img|iframe|object|b|i)\b", tag)]
    assert not [tag for tag in tags if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', "", tag))]
    assert {re.sub(r"\s.*", "", tag) for tag in tags if tag.startswith("<script")} <= {"<script"}
    assert all('src="/static/' in tag for tag in tags if tag.startswith("<script"))
    for link in re.findall(r'(?:href|action|src)="([^"]*)"', text):
        assert re.match(r"https?://|/|#|\?at=|$", unescape(link)), link


def test_the_atom_feed_of_a_hostile_publisher_is_sound(hostile: httpx.Client) -> None:
    feed = feedparser.parse(hostile.get("/atom.xml").content, sanitize_html=False)
    assert not feed.bozo
    assert feed.entries
    for entry in feed.entries:
        assert "alert(" in entry.title
        assert not re.search(r"<(script|img|svg)", entry.content[0].value)
        assert all(link.href.startswith("http") for link in entry.links)
