"""`feeds`, `follow`, `forget` and `run`, on a record of the test's own, against the newsroom."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.feeds import read_opml
from pipeline.local.newsroom import ManualClock, Newsroom, newsroom_running
from pipeline.store.connections import Connection

Call = Callable[..., Any]
NEAR = {
    "allow_networks": "127.0.0.0/8",
    "host_gap_seconds": 0,
    "poll_min_seconds": 1,
    "capture_min_seconds": 1,
    "capture_max_seconds": 5,
}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with newsroom_running(clock=ManualClock()) as running:
        yield running


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
    told = "can be read", "entries", "identity", "dates", "developing", "validators", "robots.txt", "comes back"
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
