"""Attacks on the fetcher beyond slow and big bodies: each ends within its deadline, and little is read of it."""

import asyncio
import gzip

import pytest

from pipeline.config import Settings
from pipeline.fetching import Fetcher
from pipeline.model import FetchRequest, Outcome, ResourceKind

MIB = 1 << 20
DEADLINE_SECONDS = 0.5


def settings() -> Settings:
    return Settings(
        host_gap_seconds=0,
        allow_networks="127.0.0.1/32",
        fetch_total_seconds=DEADLINE_SECONDS,
        feed_max_bytes=MIB,
    )


def endless(head: bytes, piece: bytes, sent: list[int]):
    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            sent.append(len(piece))
            await asyncio.sleep(0.001)

    return script


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
        (CHUNKED + b"5;x=", b"y" * 16384),
        (CHUNKED + b"0\r\n", b"X-Trailer: y\r\n" * 1000),
        (b"HTTP/1.1 200 ", b"O" * 16384),
        (b"HTTP/1.1 302 F\r\nLocation: /", b"a" * 16384),
    ],
    ids=["early hints", "chunk extension", "trailers", "status line", "location"],
)
async def test_what_never_ends_around_a_body_is_left_within_the_deadline(hostile, head, piece):
    sent: list[int] = []
    hostile.raw("/feed", endless(head, piece, sent))
    async with Fetcher(settings()) as fetcher, asyncio.timeout(10):
        result = await fetcher.fetch(FetchRequest(url=hostile.url("/feed"), kind=ResourceKind.FEED))
    assert result.outcome in {Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.UNREACHABLE, Outcome.TOO_LARGE}
    assert result.body is None
    assert result.elapsed_seconds < DEADLINE_SECONDS + 0.5
    assert sum(sent) < 20 * MIB


async def test_a_bomb_within_a_bomb_is_cut_at_the_cap(hostile):
    bomb = gzip.compress(gzip.compress(b"\0" * (64 * MIB)))
    hostile.reply("/feed", bomb, Content_Encoding="gzip, gzip")
    async with Fetcher(settings()) as fetcher:
        result = await fetcher.fetch(FetchRequest(url=hostile.url("/feed"), kind=ResourceKind.FEED))
    assert result.outcome is Outcome.TOO_LARGE
    assert result.body is None


@pytest.mark.parametrize(
    "location",
    [
        "http://user:secret@127.0.0.2/",
        "http://[64:ff9b::7f00:2]/",
        "http://[::ffff:127.0.0.2]/",
        "http://127.0.0.2%00.example/",
        "http+unix://%2Frun%2Fdocker.sock/info",
        "http://127。0。0。2/",
    ],
)
async def test_a_redirect_that_hides_where_it_leads_reaches_nothing(hostile, hidden, location):
    hidden.reply("/", b"secret")
    hostile.redirect("/feed", location.replace("0.2/", f"0.2:{hidden.port}/").replace("。2/", f"。2:{hidden.port}/"))
    async with Fetcher(settings()) as fetcher:
        result = await fetcher.fetch(FetchRequest(url=hostile.url("/feed"), kind=ResourceKind.FEED))
    assert result.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.DNS_ERROR}
    assert hidden.connections == 0


async def test_a_robots_txt_that_leads_to_a_private_address_asks_for_nothing(hostile, hidden):
    hostile.redirect("/robots.txt", hidden.url("/robots.txt"))
    async with Fetcher(settings()) as fetcher:
        await fetcher.fetch(FetchRequest(url=hostile.url("/page"), kind=ResourceKind.ARTICLE))
    assert hidden.connections == 0
    assert "/page" not in hostile.paths()
