"""Attacks on the fetcher beyond slow and big bodies: each ends within its deadline, and little is read of it."""

import asyncio
import contextlib
import gzip
import itertools
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from pipeline.config import Settings
from pipeline.errors import NotAFeedError
from pipeline.feeds import parse_feed
from pipeline.fetching import Fetcher
from pipeline.model import FetchRequest, FetchResult, Outcome, ResourceKind

MIB = 1 << 20
#: For what would never end. All else ends by itself, and has as long as it needs on a slow machine.
DEADLINE_SECONDS = 1.0
PATIENCE_SECONDS = 60
#: What a server may get rid of beyond what is read: buffers of both ends of a connection.
BUFFERS_BYTES = 8 * MIB
#: What one fetch may hold in memory at the most: the cap, and as much again while a piece is joined to it.
MEMORY_BYTES = 4 * MIB

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


def settings(total_seconds: float = 2 * PATIENCE_SECONDS) -> Settings:
    return Settings(
        host_gap_seconds=0,
        allow_networks="127.0.0.1/32",
        fetch_total_seconds=total_seconds,
        fetch_connect_seconds=2 * PATIENCE_SECONDS,
        feed_max_bytes=MIB,
    )


async def fetched(url: str, kind: ResourceKind = ResourceKind.FEED, **limits: float) -> FetchResult:
    async with Fetcher(settings(**limits)) as fetcher, asyncio.timeout(PATIENCE_SECONDS):
        return await fetcher.fetch(FetchRequest(url=url, kind=kind))


@contextlib.contextmanager
def measured() -> Iterator[list[int]]:
    """Give a list in which the most memory held during the block stands at its end."""
    peaks: list[int] = []
    tracemalloc.start()
    try:
        yield peaks
        peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()


def endless(head: bytes, piece: bytes, sent: list[int]) -> Script:
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
    result = await fetched(hostile.url("/feed"), total_seconds=DEADLINE_SECONDS)
    assert result.outcome in {Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.UNREACHABLE, Outcome.TOO_LARGE}
    assert result.body is None
    assert sum(sent) < 20 * MIB


def bomb(*codings: Callable[[bytes], bytes], pours: bytes = b"\0") -> bytes:
    body = pours * (64 * MIB // len(pours))
    for coding in codings:
        body = coding(body)
    return body


@pytest.mark.parametrize(
    ("coding", "body", "outcome"),
    [
        ("gzip", bomb(gzip.compress), Outcome.TOO_LARGE),
        ("deflate", bomb(zlib.compress), Outcome.TOO_LARGE),
        ("gzip, gzip", bomb(gzip.compress, gzip.compress), Outcome.TOO_LARGE),
        ("gzip, gzip, gzip", bomb(gzip.compress, gzip.compress, gzip.compress), Outcome.TRUNCATED),
        ("br", bomb(gzip.compress), Outcome.TRUNCATED),
        ("zstd", bomb(gzip.compress), Outcome.TRUNCATED),
    ],
    ids=["gzip", "deflate", "gzip in gzip", "three deep", "brotli, which was not offered", "zstd, neither"],
)
async def test_a_bomb_is_cut_at_the_cap_within_the_deadline(hostile, coding, body, outcome):
    hostile.reply("/feed", body, Content_Encoding=coding)
    with measured() as peaks:
        result = await fetched(hostile.url("/feed"))
    assert result.outcome is outcome
    assert result.body is None
    assert peaks[-1] < MEMORY_BYTES


@pytest.mark.parametrize(
    ("head", "outcome"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", Outcome.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", Outcome.TOO_LARGE),
        (b"HTTP/1.1 404 No\r\nConnection: close\r\n\r\n", Outcome.NOT_FOUND),
        (b"HTTP/1.1 302 F\r\nLocation: /feed\r\nConnection: close\r\n\r\n", Outcome.TOO_MANY_REDIRECTS),
        (b"HTTP/1.1 206 Some\r\nConnection: close\r\n\r\n", Outcome.HTTP_ERROR),
    ],
    ids=["no length", "a length beyond the cap", "an error page", "a redirect", "a status that brings nothing"],
)
async def test_a_body_that_never_ends_is_left_at_the_cap_whatever_it_belongs_to(hostile, head, outcome):
    sent: list[int] = []
    hostile.raw("/feed", endless(head, b"x" * 65536, sent))
    with measured() as peaks:
        result = await fetched(hostile.url("/feed"))
    assert result.outcome is outcome
    assert result.body is None
    assert peaks[-1] < MEMORY_BYTES
    assert sum(sent) < MIB + BUFFERS_BYTES


async def test_no_more_is_read_than_a_content_length_that_lies_promises(hostile):
    sent: list[int] = []
    feed = b"<rss version='2.0'><channel/></rss>"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(feed), feed)
    hostile.raw("/feed", endless(head, b"x" * 65536, sent))
    result = await fetched(hostile.url("/feed"))
    assert result.body in {feed, None}
    assert sum(sent) < MIB + BUFFERS_BYTES


@pytest.mark.parametrize("promised", [len(b"<rss/>") + 1, MIB])
async def test_a_content_length_that_promises_more_than_comes_ends_within_the_deadline(hostile, promised):
    async def silent_after(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n<rss/>" % promised)
        await writer.drain()
        await asyncio.sleep(3600)

    hostile.raw("/feed", silent_after)
    result = await fetched(hostile.url("/feed"), total_seconds=DEADLINE_SECONDS)
    assert (result.outcome, result.body) == (Outcome.TIMEOUT, None)


@pytest.mark.parametrize(
    "head",
    [b"".join(b"X-%d: y\r\n" % number for number in range(5000)), b"X: " + b"y" * MIB + b"\r\n"],
    ids=["5,000 headers", "one of a mebibyte"],
)
async def test_headers_beyond_the_cap_are_left_within_the_deadline(hostile, head):
    sent: list[int] = []
    hostile.raw("/feed", endless(b"HTTP/1.1 200 OK\r\n" + head, b"X: y\r\n" * 1000, sent))
    with measured() as peaks:
        result = await fetched(hostile.url("/feed"))
    assert (result.outcome, result.body) == (Outcome.UNREACHABLE, None)
    assert peaks[-1] < MEMORY_BYTES
    assert sum(sent) < BUFFERS_BYTES


async def test_an_entity_bomb_is_refused_before_it_can_grow(hostile):
    names = "abcdefghijklmnop"
    declared = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in itertools.pairwise(names))
    doctype = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{declared}]>'
    hostile.reply("/feed", f"{doctype}<rss><channel><title>&p;</title></channel></rss>".encode())
    result = await fetched(hostile.url("/feed"))
    assert result.body is not None
    begun = time.process_time()
    with measured() as peaks:  # noqa: SIM117 - what is raised must not end the measurement
        with pytest.raises(NotAFeedError, match="ENTITY"):
            parse_feed(result.body, url=result.final_url, content_type=None, max_entries=10)
    assert time.process_time() - begun < DEADLINE_SECONDS
    assert peaks[-1] < MEMORY_BYTES


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def say_nothing(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def drip_a_record(writer: asyncio.StreamWriter) -> None:
    # The head of a handshake record of 16,000 bytes, which then come one by one.
    writer.write(b"\x16\x03\x03\x3e\x80\x02\x00\x3e\x7c")
    while True:
        writer.write(b"\x00")
        await writer.drain()
        await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def before_tls(script: Script) -> AsyncIterator[str]:
    """Listen on loopback and do as the script says with whoever comes to begin a handshake; give the address."""
    tasks: set[asyncio.Task[None]] = set()

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await script(writer)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("script", [say_nothing, drip_a_record])
async def test_a_tls_handshake_that_never_ends_is_left_at_the_deadline(script):
    async with before_tls(script) as url:
        result = await fetched(url, total_seconds=DEADLINE_SECONDS)
    assert (result.outcome, result.body) == (Outcome.TIMEOUT, None)


async def test_bytes_without_end_in_place_of_a_tls_handshake_are_left_within_the_deadline():
    sent: list[int] = []
    async with before_tls(endless(b"", b"\x16\x03\x03" * 20_000, sent)) as url:
        result = await fetched(url)
    assert result.outcome in {Outcome.TLS_ERROR, Outcome.UNREACHABLE}
    assert sum(sent) < BUFFERS_BYTES


# ── where a redirect leads ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cookie_is_not_carried_from_one_hop_to_the_next_nor_is_where_one_came_from(hostile):
    hostile.reply("/robots.txt", b"User-agent: *\nAllow: /\n", Set_Cookie="robots=1; Path=/")
    hostile.reply("/a", status=302, Location="/b", Set_Cookie="first=1; Path=/")
    hostile.reply("/b", status=302, Location=hostile.url("/c"), Set_Cookie="second=1; Path=/")
    hostile.reply("/c", b"<!doctype html><p>Eleven people died.</p>", Content_Type="text/html")
    async with Fetcher(settings()) as fetcher:
        for kind in ResourceKind:
            result = await fetcher.fetch(FetchRequest(url=hostile.url("/a"), kind=kind))
            assert result.outcome is Outcome.NEW_BODY
    assert hostile.paths() == ["/a", "/b", "/c", "/robots.txt", "/a", "/b", "/c"]
    for request in hostile.asked:
        assert not {"cookie", "referer", "authorization"} & request.headers.keys()


@pytest.mark.parametrize(
    "location",
    [
        "http://user:secret@127.0.0.2/",
        "http://news.example@127.0.0.2/",
        "http://2130706434/",
        "http://0x7f.2/",
        "http://0177.0.0.2/",
        "http://127.2/",
        "http://127.0.0.2./",
        "HTTP://127.0.0.2/",
        "http://[64:ff9b::7f00:2]/",
        "http://[::ffff:127.0.0.2]/",
        "http://[::FFFF:7F00:2]/",
        "http://[2002:7f00:2::]/",
        "http://[::127.0.0.2]/",
        "http://127.0.0.2%00.example/",
        "http+unix://%2Frun%2Fdocker.sock/info",
        "http://127。0。0。2/",
        "http://１２７.0.0.2/",
    ],
)
async def test_a_redirect_that_hides_where_it_leads_reaches_nothing(hostile, hidden, location):
    hidden.reply("/", b"secret")
    scheme, _, rest = location.partition("://")
    host, _, path = rest.partition("/")
    location = f"{scheme}://{host}:{hidden.port}/{path}"
    hostile.redirect("/feed", location)
    result = await fetched(hostile.url("/feed"))
    assert result.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.DNS_ERROR}
    assert hidden.connections == 0
    assert hostile.paths() == ["/feed"]
    async with Fetcher(settings().model_copy(update={"allow_networks": ()})) as fetcher:
        result = await fetcher.fetch(FetchRequest(url=location, kind=ResourceKind.FEED))
    assert result.outcome in {Outcome.BLOCKED_ADDRESS, Outcome.DNS_ERROR}
    assert hidden.connections == 0


async def test_a_robots_txt_that_leads_to_a_private_address_asks_for_nothing(hostile, hidden):
    hostile.redirect("/robots.txt", hidden.url("/robots.txt"))
    await fetched(hostile.url("/page"), ResourceKind.ARTICLE)
    assert hidden.connections == 0
    assert "/page" not in hostile.paths()


DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"
PADDING = b"# nothing to see here\n"


@pytest.mark.parametrize("piece", [PADDING * 3000, b"#" * 65536], ids=["lines", "one line"])
async def test_a_robots_txt_without_end_counts_by_its_beginning(hostile, piece):
    sent: list[int] = []
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    hostile.raw("/robots.txt", endless(head + DISALLOW_ALL, piece, sent))
    with measured() as peaks:
        result = await fetched(hostile.url("/page"), ResourceKind.ARTICLE)
    assert result.outcome is Outcome.DISALLOWED
    assert hostile.paths() == ["/robots.txt"]
    assert peaks[-1] < 2 * MEMORY_BYTES
    assert sum(sent) < MIB + BUFFERS_BYTES


async def test_a_robots_txt_that_is_a_bomb_counts_by_its_beginning(hostile):
    body = gzip.compress(DISALLOW_ALL + PADDING * (64 * MIB // len(PADDING)))
    hostile.reply("/robots.txt", body, Content_Encoding="gzip")
    with measured() as peaks:
        result = await fetched(hostile.url("/page"), ResourceKind.ARTICLE)
    assert result.outcome is Outcome.DISALLOWED
    assert hostile.paths() == ["/robots.txt"]
    assert peaks[-1] < 2 * MEMORY_BYTES


async def test_a_robots_txt_that_drips_keeps_us_from_the_page_at_the_deadline(hostile):
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + DISALLOW_ALL)
        while True:
            writer.write(b"#")
            await writer.drain()
            await asyncio.sleep(0.02)

    hostile.raw("/robots.txt", drip)
    result = await fetched(hostile.url("/page"), ResourceKind.ARTICLE, total_seconds=DEADLINE_SECONDS)
    assert result.outcome is Outcome.TIMEOUT
    assert "/page" not in hostile.paths()
