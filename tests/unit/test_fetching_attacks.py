"""Attacks on the fetcher beyond slow and big bodies: each ends within its deadline, and little is read of it."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from pipeline.config import Settings
from pipeline.fetching import Fetcher
from pipeline.model import FetchRequest, Outcome, ResourceKind

MIB = 1 << 20
DEADLINE_SECONDS = 0.5
SENT_MOST_BYTES = 6 * MIB  #: a cap's worth, and what the sockets between hold


def settings() -> Settings:
    return Settings(
        host_gap_seconds=0,
        allow_networks="127.0.0.1/32",
        fetch_total_seconds=DEADLINE_SECONDS,
        feed_max_bytes=MIB,
    )


def canned(head: bytes, body: bytes = b""):
    async def script(writer: asyncio.StreamWriter, sent: list[int]) -> None:
        for start in range(0, len(head + body), 16384):
            piece = (head + body)[start : start + 16384]
            writer.write(piece)
            await writer.drain()
            sent.append(len(piece))

    return script


def forever(head: bytes, piece: bytes, pause_seconds: float = 0.0):
    async def script(writer: asyncio.StreamWriter, sent: list[int]) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            sent.append(len(piece))
            await asyncio.sleep(pause_seconds)

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
    script = forever(head, piece, 0.001)
    hostile.raw("/feed", lambda writer: script(writer, sent))
    async with Fetcher(settings()) as fetcher, asyncio.timeout(10):
        result = await fetcher.fetch(FetchRequest(url=hostile.url("/feed"), kind=ResourceKind.FEED))
    assert result.outcome in {Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.UNREACHABLE, Outcome.TOO_LARGE}
    assert result.body is None
    assert result.elapsed_seconds < DEADLINE_SECONDS + 0.5
    # The parser throws a chunk's extension away as it comes, so only the deadline ends that one.
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


# ── every attack, against its deadline and its cap ──────────────────────────────────────────────────────────────────


def bomb(coding: str, packed: bytes):
    return canned(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(packed)),
        packed,
    )


ZEROS = b"\0" * (64 * MIB)
OK = b"HTTP/1.1 200 OK\r\n"
ATTACKS = {
    "says nothing": forever(b"", b"", 0.05),
    "drips its headers": forever(OK, b"X-A: b\r\n", 0.05),
    "drips its body": forever(OK + b"Content-Length: 100000\r\n\r\n", b"x", 0.05),
    "headers without end": forever(OK, b"X-A: b\r\n" * 1000),
    "a header without end": forever(OK + b"X-A: ", b"b" * 16384),
    "5,000 headers": canned(OK + b"".join(b"X-%d: y\r\n" % number for number in range(5000)) + b"\r\n"),
    "a body without end": forever(OK + b"\r\n", b"x" * 16384),
    "chunks without end": forever(CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
    "a chunk of any size": canned(CHUNKED + b"f" * 100_000),
    "a length beyond the cap": canned(OK + b"Content-Length: 999999999999\r\n\r\n"),
    "a length that lies upwards": canned(OK + b"Content-Length: 5000\r\n\r\n", b"x" * 100),
    "a length below nought": canned(OK + b"Content-Length: -5\r\n\r\n", b"x" * 100),
    "two lengths": canned(OK + b"Content-Length: 5\r\nContent-Length: 500000\r\n\r\n", b"x" * 100),
    "a gzip bomb": bomb("gzip", gzip.compress(ZEROS)),
    "a deflate bomb": bomb("deflate", zlib.compress(ZEROS)),
    "a bomb within a bomb": bomb("gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
    "a coding within itself fifty times": bomb(", ".join(["gzip"] * 50), gzip.compress(ZEROS)),
    "a coding that nobody offered": bomb("br", b"\x5b\xff\xff\x03\x00" * 1000),
    "a bomb that says it is not packed": canned(OK + b"Content-Encoding: identity\r\n\r\n", gzip.compress(ZEROS)),
    "redirects without end": forever(b"HTTP/1.1 302 F\r\nLocation: /", b"a" * 16384),
}


@pytest.mark.parametrize("kind", [ResourceKind.FEED, ResourceKind.ARTICLE], ids=["feed", "robots.txt of a page"])
@pytest.mark.parametrize("attack", ATTACKS)
async def test_every_attack_ends_within_its_deadline_and_its_cap(hostile, attack, kind):
    sent: list[int] = []
    script = ATTACKS[attack]
    path = "/feed" if kind is ResourceKind.FEED else "/robots.txt"
    hostile.raw(path, lambda writer: script(writer, sent))
    hostile.reply("/page", b"<p>Eleven people died.</p>")
    async with Fetcher(settings()) as fetcher, asyncio.timeout(10):
        tracemalloc.start()
        try:
            begun = asyncio.get_running_loop().time()
            asked = FetchRequest(url=hostile.url("/feed" if kind is ResourceKind.FEED else "/page"), kind=kind)
            result = await fetcher.fetch(asked)
            took = asyncio.get_running_loop().time() - begun
            _, held = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert took < 2 * DEADLINE_SECONDS + 0.5, "a page's robots.txt and the page have a deadline each"
    assert len(result.body or b"") <= MIB
    assert held < 8 * MIB, "no more is held than a cap's worth and what its decoding needs"
    assert sum(sent) < SENT_MOST_BYTES


async def test_a_handshake_that_never_ends_is_left_at_the_deadline():
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Fetcher(settings()) as fetcher, asyncio.timeout(10):
        result = await fetcher.fetch(FetchRequest(url=f"https://127.0.0.1:{port}/", kind=ResourceKind.FEED))
    assert result.outcome is Outcome.TIMEOUT
    assert result.elapsed_seconds < DEADLINE_SECONDS + 0.5


async def test_a_cookie_is_not_carried_from_hop_to_hop(hostile):
    hostile.reply("/feed", status=302, Location="/next", Set_Cookie="seen=1; Path=/")
    hostile.reply("/next", b"<rss version='2.0'><channel/></rss>")
    async with Fetcher(settings()) as fetcher:
        result = await fetcher.fetch(FetchRequest(url=hostile.url("/feed"), kind=ResourceKind.FEED))
    assert result.outcome is Outcome.NEW_BODY
    assert [request.headers.get("cookie") for request in hostile.asked] == [None, None]
