"""The misbehaving publisher: each fault is the fault it is named after."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from pipeline.local.newsroom import ManualClock, Newsroom, newsroom_running

Get = Callable[..., Any]
SLOW_SECONDS = 0.3


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with newsroom_running(clock=ManualClock(), with_faults=True, slow_seconds=SLOW_SECONDS) as running:
        yield running


def test_faults_are_served_only_when_asked_for():
    with newsroom_running(clock=ManualClock()) as sound:
        assert (sound.faults_url, sound.faulty_feeds, sound.faulty_pages) == (None, {}, {})
        assert len(sound.feeds) == 4


def test_a_sound_feed_lists_every_faulty_page(newsroom: Newsroom, get: Get):
    parsed = feedparser.parse(get(newsroom.faulty_feeds["pages"]).body)
    assert not parsed.bozo
    assert [entry.link for entry in parsed.entries] == list(newsroom.faulty_pages.values())


@pytest.mark.parametrize("fault", ["not-xml", "html", "empty"])
def test_what_is_no_feed_has_no_feed_version(newsroom: Newsroom, get: Get, fault: str):
    answer = get(newsroom.faulty_feeds[fault])
    assert answer.status == 200
    assert not feedparser.parse(answer.body).get("version")


def test_a_feed_may_have_no_entries(newsroom: Newsroom, get: Get):
    parsed = feedparser.parse(get(newsroom.faulty_feeds["no-entries"]).body)
    assert (parsed.version, parsed.entries) == ("rss20", [])


def test_a_feed_may_be_cut_off_in_the_middle(newsroom: Newsroom, get: Get):
    parsed = feedparser.parse(get(newsroom.faulty_feeds["cut-xml"]).body)
    assert parsed.bozo
    assert parsed.entries


@pytest.mark.parametrize(
    ("fault", "status"),
    [("server-error", 500), ("rate-limited", 429), ("forbidden", 403), ("not-found", 404), ("busy", 200)],
)
def test_a_page_may_come_with_the_wrong_status(newsroom: Newsroom, get: Get, fault: str, status: int):
    assert get(newsroom.faulty_pages[fault]).status == status


def test_a_rate_limit_says_how_long_to_wait(newsroom: Newsroom, get: Get):
    assert get(newsroom.faulty_pages["rate-limited"]).headers["retry-after"] == "120"


def test_a_page_may_lie_about_its_charset(newsroom: Newsroom, get: Get):
    answer = get(newsroom.faulty_pages["wrong-charset"])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")
    assert "café" in answer.body.decode("windows-1252")


def test_a_page_may_be_empty_or_without_text(newsroom: Newsroom, get: Get):
    assert get(newsroom.faulty_pages["empty"]).body == b""
    assert b"<p>" not in get(newsroom.faulty_pages["no-text"]).body


def test_a_page_may_have_fifty_megabytes(newsroom: Newsroom):
    parts = urlsplit(newsroom.faulty_pages["huge"])
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", parts.path)
    response = connection.getresponse()
    size = 0
    while chunk := response.read(2**20):
        size += len(chunk)
    connection.close()
    assert size >= 50 * 2**20


def test_a_huge_page_may_be_left_in_the_middle(newsroom: Newsroom, get: Get):
    parts = urlsplit(newsroom.faulty_pages["huge"])
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as connection:
        connection.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert connection.recv(1000)
    assert get(newsroom.faulty_pages["busy"]).status == 200


@pytest.mark.parametrize("kind", ["faulty_pages", "faulty_feeds"])
def test_a_server_may_be_slow(newsroom: Newsroom, get: Get, kind: str):
    begun = time.monotonic()
    assert get(getattr(newsroom, kind)["slow"]).body
    assert time.monotonic() - begun >= SLOW_SECONDS


def test_a_server_may_hang_up(newsroom: Newsroom, get: Get):
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        get(newsroom.faulty_pages["reset"])


def test_a_page_may_be_shorter_than_promised(newsroom: Newsroom, get: Get):
    with pytest.raises(http.client.IncompleteRead):
        get(newsroom.faulty_pages["truncated"])


def test_a_page_may_redirect_to_itself(newsroom: Newsroom, get: Get):
    url = newsroom.faulty_pages["redirect-loop"]
    answer = get(url)
    assert (answer.status, answer.headers["location"]) == (302, urlsplit(url).path)
