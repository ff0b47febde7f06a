"""`feeds`, `follow`, `forget` and `run`, on a record of the test's own, against the newsroom."""

import itertools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.feeds import read_opml
from pipeline.local.newsroom import Newsroom
from pipeline.store.connections import Connection
from tests.serving import serving

Call = Callable[..., Any]
NEAR = {
    "allow_networks": "127.0.0.0/8",
    "host_gap_seconds": 0,
    "poll_min_seconds": 1,
    "capture_min_seconds": 1,
    "capture_max_seconds": 5,
}


def urls(own: Call) -> list[str]:
    return [row["url"] for row in own("feeds", "list", "--json").json]


def test_feeds_are_added_listed_and_removed(own: Call) -> None:
    a, b = "https://a.example/rss", "https://b.example/atom"
    added = own("feeds", "add", a, b, "--follow", "all", "--publisher", "The Ä", "--every", "600")
    assert (added.status, added.out) == (0, "Added 2 feeds.\n")
    assert own("feeds", "add", a).out == "Added 0 feeds; 1 there already.\n"
    rows = own("feeds", "list", "--json").json
    assert {row["url"] for row in rows} == {a, b}
    assert {(row["follow"], row["poll_every"]) for row in rows if row["url"] == b} == {("all", 600.0)}
    assert [row["url"] for row in own("feeds", "list", "--csv").rows] == [row["url"] for row in rows]
    table = own("feeds", "list").out
    assert table.split()[:3] == ["feed", "publisher", "status"]
    number = next(row["feed_id"] for row in rows if row["url"] == b)
    assert own("feeds", "remove", a, number).out == "Removed 2 feeds.\n"
    assert urls(own) == []


def test_a_wrong_name_among_feeds_to_remove_removes_none(own: Call) -> None:
    own("feeds", "add", "https://a.example/rss")
    said = own("feeds", "remove", "https://a.example/rss", "https://wrong.example/")
    assert said.status == 2
    assert "'https://wrong.example/'" in said.err
    assert urls(own) == ["https://a.example/rss"]


def test_a_wrong_address_among_feeds_to_add_adds_none(own: Call) -> None:
    assert own("feeds", "add", "https://a.example/rss", "wrong").status == 2
    assert urls(own) == []


def test_opml_goes_out_and_comes_in_again(own: Call, tmp_path: Path) -> None:
    own("feeds", "add", "https://a.example/rss?x=1&y=2", "--publisher", 'Ä "quoted" & more', "--every", "900")
    own("feeds", "add", "https://b.example/rss", "--follow", "all")
    before = own("feeds", "list", "--json").json
    path = tmp_path / "out.opml"
    assert own("feeds", "export", path).status == 0
    printed = own("feeds", "export").out
    assert printed.encode() == path.read_bytes()
    assert len(read_opml(path.read_bytes())) == 2
    own("feeds", "remove", *(row["url"] for row in before))
    assert own("feeds", "import", path).out == "Added 2 feeds.\n"
    kept = ("url", "title", "publisher", "language", "follow", "poll_every")
    after = own("feeds", "list", "--json").json
    assert [{name: row[name] for name in kept} for row in after] == [
        {name: row[name] for name in kept} for row in before
    ]
    assert own("feeds", "export").out == printed


def test_the_bundled_feeds_can_be_imported(own: Call) -> None:
    said = own("feeds", "import", Path(__file__).parents[2] / "feeds.opml")
    assert said.status == 0
    number = re.match(r"Added (\d+) feeds", said.out)
    assert number
    assert int(number[1]) == len(urls(own)) > 10


def test_check_explains_a_feed_and_stores_nothing(own: Call, newsroom: Newsroom) -> None:
    said = own("feeds", "check", newsroom.feeds[0].url, **NEAR)
    assert said.status == 0
    told = "can be read", "entries", "identity", "dates", "developing", "validators", "robots.txt", "next poll"
    for words in told:
        assert words in said.out
    assert urls(own) == []


def test_check_says_what_is_wrong(own: Call, newsroom: Newsroom) -> None:
    page = newsroom.addresses()["mosul"]
    said = own("feeds", "check", page, newsroom.feeds[0].url, **NEAR)
    assert said.status == 1
    assert "cannot be read" in said.out
    assert "can be read" in said.out
    refused = own("feeds", "check", newsroom.feeds[0].url, allow_networks="")
    assert refused.status == 1
    assert "blocked_address" in refused.out
    assert "WRITETHRU_ALLOW_NETWORKS" in refused.out


# ── what a newcomer reads of a feed ─────────────────────────────────────────────────────────────────────────────────


class Publisher:
    """A server on loopback that answers each path with a status, headers and a body; 304 where `heeds` validators."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], str]] = {}
        self.heeds: set[str] = set()
        self.asked: list[str] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                status, headers, text = publisher.answers.get(self.path, (404, {}, ""))
                if self.path in publisher.heeds and {"If-None-Match", "If-Modified-Since"} & set(self.headers):
                    status, text = 304, ""
                body = text.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    def feed(self, *dates: str, folder: str = "news", **headers: str) -> str:
        items = "".join(
            f"<item><title>News {number}</title><link>{self.base}/{folder}/{number}</link>{date}</item>"
            for number, date in enumerate(dates)
        )
        text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"
        self.answers["/feed"] = (200, {name.replace("_", "-"): value for name, value in headers.items()}, text)
        return f"{self.base}/feed"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    made = Publisher()
    with serving(made.server):
        yield made


def ago(**span: float) -> str:
    return f"<pubDate>{format_datetime(datetime.now(UTC) - timedelta(**span))}</pubDate>"


@pytest.fixture
def checked(own: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return what `feeds check` says of a feed, by the name of each row."""
    monkeypatch.setenv("COLUMNS", "1000")

    def checked(url: str, *, status: int = 0) -> dict[str, str]:
        said = own("feeds", "check", url, **NEAR)
        assert said.status == status
        assert said.err == ""
        address, *rows = said.out.splitlines()
        assert address == url
        return dict(re.split(r"\s{2,}", row.strip(), maxsplit=1) for row in rows)

    return checked


def test_check_tells_a_newcomer_what_a_sound_feed_is_like(checked: Call, publisher: Publisher) -> None:
    url = publisher.feed(*(ago(hours=hours) for hours in (2, 3, 4, 5)), ETag='"1"', Cache_Control="max-age=86400")
    publisher.heeds = {"/feed"}
    told = checked(url)
    assert told["verdict"] == "can be read"
    assert told["validators"].startswith("ETag: asked again, the server says that nothing is new (304)")
    assert told["fresh for"] == "24 hours, says the server: not polled again for 24 hours"
    assert told["dates"] == "4 of 4 can be read"
    assert told["last news"] == "2 hours ago, by its own dates"
    assert told["robots.txt"].startswith("lets us ask for the first page it leads to")
    assert "24 hours" in told["next poll"]
    assert publisher.asked == ["/feed", "/feed", "/robots.txt"]


def test_check_tells_of_validators_that_are_not_given_or_not_heeded(checked: Call, publisher: Publisher) -> None:
    assert checked(publisher.feed(ago(hours=1)))["validators"] == "none: every poll transfers the whole document"
    url = publisher.feed(ago(hours=1), ETag='"1"', Last_Modified="yesterday")
    assert "which the server does not heed" in checked(url)["validators"]


def test_check_tells_of_dates_that_are_wrong(checked: Call, publisher: Publisher) -> None:
    wrong = "<pubDate>soon</pubDate>"
    told = checked(publisher.feed(wrong, ago(days=-400), "", ago(days=3)))
    assert told["dates"] == "2 of 4 can be read; 1 still to come, taken for the moment of the poll"
    assert told["last news"] == "3 days ago, by its own dates"


def test_check_tells_of_pages_that_robots_txt_keeps_us_from(checked: Call, publisher: Publisher) -> None:
    publisher.answers["/robots.txt"] = (200, {}, "User-agent: *\nDisallow: /closed\n")
    told = checked(publisher.feed(ago(hours=1), folder="closed"))
    assert told["verdict"] == "can be read"
    assert told["robots.txt"].startswith("keeps us from the first page it leads to")
    assert "so no text is read there: robots.txt of the site disallows it" in told["robots.txt"]


def test_check_names_the_feed_of_a_page_that_is_none(checked: Call, publisher: Publisher) -> None:
    link = "<link rel=alternate type='application/rss+xml' href='/rss'>"
    publisher.answers["/"] = (
        200,
        {"Content-Type": "text/html"},
        f"<html><head><title>Daily</title>{link}</head></html>",
    )
    told = checked(f"{publisher.base}/", status=1)
    assert told["verdict"] == (
        f"cannot be read: an HTML page titled “Daily” that names as its feed: {publisher.base}/rss (not_a_feed)"
    )
    assert "validators" not in told


def test_check_says_nothing_of_a_server_that_cannot_be_found(checked: Call) -> None:
    told = checked("http://no-such-host.invalid/rss", status=1)
    assert told["verdict"] == (
        "cannot be read: the host name does not resolve (dns_error); "
        "is the address spelled right, and the network here up?"
    )
    assert set(told) == {"verdict", "status", "next poll"}
    assert told["status"].startswith("no answer")


# ── large and hostile lists ─────────────────────────────────────────────────────────────────────────────────────────


def opml(path: Path, outlines: str, head: str = "") -> Path:
    path.write_text(f"<?xml version='1.0'?>{head}<opml version='2.0'><body>{outlines}</body></opml>")
    return path


def test_a_list_of_thousands_of_feeds_is_imported_whole_and_again(own: Call, tmp_path: Path) -> None:
    outlines = "".join(f"<outline text='F' xmlUrl='https://h{n % 500}.example/rss?n={n}'/>" for n in range(3000))
    many = opml(tmp_path / "many.opml", outlines)
    assert own("feeds", "import", many).out == "Added 3000 feeds.\n"
    assert own("feeds", "import", many).status == 0
    assert len(urls(own)) == 3000


def test_a_list_that_is_an_entity_bomb_is_refused_at_once(own: Call, tmp_path: Path) -> None:
    names = "abcdefghijklmnop"
    declared = "".join(f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in itertools.pairwise(names))
    head = f"<!DOCTYPE opml [<!ENTITY a 'ha'>{declared}]>"
    said = own("feeds", "import", opml(tmp_path / "b.opml", "<outline text='&p;' xmlUrl='https://a.example/'/>", head))
    assert said.status == 2
    assert "This OPML is refused" in said.err
    assert "ENTITY" in said.err
    assert urls(own) == []


def test_one_run_polls_captures_and_records(own: Call, newsroom: Newsroom, connection: Connection) -> None:
    own("feeds", "add", *(feed.url for feed in newsroom.feeds))
    said = own("run", "--once", "--json", **NEAR)
    assert said.status == 0
    assert said.err == ""
    assert said.out.count("\n") == 1
    summary = said.json
    assert summary["polled"] == len(newsroom.feeds)
    stored = connection.execute("select count(*) as versions from news.versions").fetchone()
    assert stored
    assert summary["versions"] == stored["versions"] > 3
    assert summary["poll_outcomes"] == {"new_entries": len(newsroom.feeds)}
    again = own("run", "--once", **NEAR)
    assert again.status == 0
    assert len(again.out.splitlines()) == 3


def test_a_publisher_that_is_down_does_not_make_a_run_fail(own: Call) -> None:
    own("feeds", "add", "http://127.0.0.1:9/rss")
    said = own("run", "--once", "--json", **NEAR)
    assert said.status == 0
    assert said.json["poll_outcomes"] == {"unreachable": 1}


def test_an_article_is_followed_by_its_address_and_forgotten(
    own: Call, newsroom: Newsroom, connection: Connection
) -> None:
    url = newsroom.addresses()["mosul"]
    assert own("follow", url).out == "Following 1 article; the next run captures it.\n"
    assert own("run", "--once", "--json", **NEAR).json["versions"] == 1
    shown = own("show", url, "--json").json
    assert shown["articles"][0]["status"] == "following"
    kept = own("forget", url)
    assert kept.status == 1
    assert shown["articles"][0]["headline"] in kept.err
    assert own("show", url).status == 0
    assert own("forget", url, "--yes").status == 0
    assert own("show", url).status == 2
    left = connection.execute("select count(*) as n from news.versions").fetchone()
    assert left == {"n": 0}


def test_the_log_of_a_round_names_the_feed_that_is_in_trouble(own: Call) -> None:
    own("feeds", "add", "http://127.0.0.1:9/rss")
    said = own("--verbose", "run", "--once")
    assert said.status == 0
    assert "1 blocked_address" in said.out
    (line,) = [line for line in said.err.splitlines() if "in trouble" in line]
    assert "http://127.0.0.1:9/rss" in line
    assert "blocked_address" in line
