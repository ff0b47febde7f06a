"""The fetcher against servers that mean it harm. Each ends within its deadline and its cap."""

import asyncio
import gzip
import socket
import tracemalloc

import pytest

from pipeline.fetching import Fetcher, transport
from pipeline.model import Outcome
from tests.unit.asking import FEED, PAGE, article, feed, settings

MIB = 1 << 20


# ── slow ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def drip_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        writer.write(b"X-%d: y\r\n" % number)
        await writer.drain()
        await asyncio.sleep(0.05)


async def say_nothing(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


@pytest.mark.parametrize("script", [drip_body, drip_headers, say_nothing])
async def test_a_server_that_drips_is_left_at_the_deadline(hostile, script):
    hostile.raw("/feed", script)
    async with Fetcher(settings(fetch_total_seconds=0.4)) as fetcher:
        begun = asyncio.get_running_loop().time()
        result = await feed(fetcher, hostile.url("/feed"))
        took = asyncio.get_running_loop().time() - begun
    assert result.outcome is Outcome.TIMEOUT
    assert 0.39 < result.elapsed_seconds <= took


async def test_an_error_page_that_drips_still_tells_its_status(hostile, fetcher, monkeypatch):
    async def drip_error(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 100000\r\n\r\n")
        await drip_body(writer)

    monkeypatch.setattr(transport, "_PEEK_SECONDS", 0.2)
    hostile.raw("/feed", drip_error)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.NOT_FOUND


async def test_all_hops_share_one_deadline(hostile):
    async def hop(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 302 F\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % (len(hostile.asked) + 1))
        await writer.drain()

    for number in range(1, 10):
        hostile.raw(f"/{number}", hop)
    async with Fetcher(settings(fetch_total_seconds=0.5, max_redirects=9)) as fetcher:
        result = await feed(fetcher, hostile.url("/1"))
    assert result.outcome is Outcome.TIMEOUT
    assert len(hostile.asked) <= 3, "with a deadline of its own each hop would have been in time"


async def test_an_address_where_nobody_answers_is_given_up_at_the_connect_deadline():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        # One connection fills a backlog of nought; the next ones hang.
        waiting = [socket.socket() for _ in range(3)]
        try:
            for client in waiting:
                client.setblocking(False)
                client.connect_ex(address)
            async with Fetcher(settings(fetch_connect_seconds=0.3)) as fetcher:
                result = await feed(fetcher, f"http://127.0.0.1:{address[1]}/")
        finally:
            for client in waiting:
                client.close()
    assert result.outcome is Outcome.TIMEOUT


# ── big ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_gzip_bomb_is_cut_at_the_cap(hostile):
    bomb = gzip.compress(b"\0" * (64 * MIB))
    hostile.reply("/feed", bomb, Content_Encoding="gzip")
    async with Fetcher(settings(feed_max_bytes=MIB)) as fetcher:
        tracemalloc.start()
        try:
            result = await feed(fetcher, hostile.url("/feed"))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert result.outcome is Outcome.TOO_LARGE
    assert result.body is None
    assert peak < 8 * MIB


async def test_an_endless_body_is_cut_at_the_cap(hostile):
    sent = 0

    async def pour(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536

    hostile.raw("/feed", pour)
    async with Fetcher(settings(feed_max_bytes=MIB)) as fetcher:
        assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.TOO_LARGE
    assert sent < 20 * MIB


async def test_a_body_announced_as_too_large_is_not_read(hostile):
    hostile.raw("/feed", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    async with Fetcher(settings(feed_max_bytes=MIB)) as fetcher:
        result = await feed(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.TOO_LARGE


async def test_feeds_and_pages_have_caps_of_their_own(hostile):
    hostile.reply("/x", b"<!doctype html>" + b"x" * 2000, Content_Type="text/html")
    async with Fetcher(settings(feed_max_bytes=5000, article_max_bytes=1000)) as fetcher:
        assert (await feed(fetcher, hostile.url("/x"))).outcome is Outcome.NEW_BODY
        assert (await article(fetcher, hostile.url("/x"))).outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-%d: y\r\n" % number for number in range(5000)),
        b"X: " + b"y" * (MIB) + b"\r\n",
    ],
)
async def test_headers_out_of_bounds_are_refused(hostile, fetcher, head):
    hostile.raw("/feed", b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 2\r\n\r\nok")
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE


async def test_the_long_headers_of_real_sites_are_accepted(hostile, fetcher):
    hostile.reply("/feed", FEED, Content_Security_Policy="default-src " + "https://cdn.example " * 700)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY


# ── broken ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def closing(*pieces: bytes, reset: bool = False):
    async def script(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        if reset:
            writer.transport.abort()

    return script


PACKED = gzip.compress(FEED * 50)


@pytest.mark.parametrize(
    "script",
    [
        closing(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + FEED),
        closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<?xml\r\n"),
        closing(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:-20]),
        closing(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\n\r\n" + FEED),
        closing(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: br\r\n\r\n" + PACKED),
        closing(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", FEED, reset=True),
    ],
    ids=["content-length", "chunked", "gzip breaks off", "not gzip", "not offered", "reset"],
)
async def test_a_body_that_is_not_whole_is_truncated(hostile, fetcher, script):
    hostile.raw("/feed", script)
    result = await feed(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.TRUNCATED
    assert result.http_status == 200
    assert result.body is None


async def test_chunks_that_cannot_be_read_end_at_the_deadline_and_not_as_a_body(hostile):
    hostile.raw("/feed", closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<?xml\r\n", b"x\r\n"))
    async with Fetcher(settings(fetch_total_seconds=0.4)) as fetcher:
        result = await feed(fetcher, hostile.url("/feed"))
    # aiohttp's compiled parser leaves the body hanging here, its Python twin raises.
    assert result.outcome in {Outcome.TIMEOUT, Outcome.TRUNCATED}


@pytest.mark.parametrize("script", [closing(), closing(reset=True)], ids=["closed", "reset"])
async def test_a_server_that_hangs_up_is_not_asked_twice(hostile, fetcher, script):
    hostile.raw("/feed", script)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE
    assert len(hostile.asked) == 1


async def test_a_kept_connection_that_the_server_closed_meanwhile_is_opened_anew(hostile, fetcher):
    hostile.reply("/page", PAGE, Content_Type="text/html")
    hostile.raw("/last", closing(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PAGE), PAGE)))
    for path in ("/page", "/last", "/page"):
        result = await article(fetcher, hostile.url(path))
        assert result.outcome is Outcome.NEW_BODY
    assert hostile.connections == 2
    assert len(hostile.asked) == 4


async def test_a_kept_connection_that_is_closed_on_a_request_is_tried_anew_once(hostile, fetcher):
    hostile.reply("/page", PAGE, Content_Type="text/html")
    hostile.raw("/drop", closing())
    assert (await article(fetcher, hostile.url("/page"))).outcome is Outcome.NEW_BODY
    assert (await article(fetcher, hostile.url("/drop"))).outcome is Outcome.UNREACHABLE
    assert [request.path for request in hostile.asked].count("/drop") == 2


@pytest.mark.parametrize("answer", [b"\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 100])
async def test_a_server_that_speaks_no_http_is_unreachable(hostile, fetcher, answer):
    hostile.raw("/feed", closing(answer))
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE


async def test_bytes_behind_the_promised_length_do_not_poison_the_next_answer(hostile, fetcher):
    forged = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>forged"
    hostile.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PAGE), PAGE) + forged)
    hostile.reply("/b", PAGE, Content_Type="text/html")
    first = await article(fetcher, hostile.url("/a"))
    second = await article(fetcher, hostile.url("/b"))
    assert first.outcome in {Outcome.NEW_BODY, Outcome.TRUNCATED}
    assert second.body == PAGE


async def test_a_closed_port_is_unreachable(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert (await feed(fetcher, f"http://127.0.0.1:{port}/")).outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize("host", ["nobody.invalid", "a..invalid", "x" * 70 + ".invalid"])
async def test_a_name_that_does_not_resolve_is_a_dns_error(fetcher, host):
    assert (await feed(fetcher, f"http://{host}/")).outcome is Outcome.DNS_ERROR


# ── and in general ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_fetch_is_cancelled_and_leaves_the_fetcher_in_order(hostile, fetcher):
    hostile.raw("/slow", say_nothing)
    hostile.reply("/feed", FEED)
    slow = [asyncio.create_task(feed(fetcher, hostile.url("/slow"))) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in slow:
        task.cancel()
    ended = await asyncio.gather(*slow, return_exceptions=True)
    assert all(isinstance(error, asyncio.CancelledError) for error in ended)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY


async def test_a_defect_of_ours_is_an_outcome_too(hostile, fetcher):
    await fetcher.__aexit__()
    result = await feed(fetcher, hostile.url("/feed").replace("://", "://me:secret@"))
    assert result.outcome is Outcome.FAILED
    assert "secret" not in repr(result)
