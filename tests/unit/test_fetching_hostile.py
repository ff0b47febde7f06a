"""The fetcher against servers that mean it harm. Each ends within its deadline, its cap and its fence."""

import asyncio
import datetime
import gzip
import socket
import ssl
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.config import Settings
from pipeline.fetching import Fetcher
from pipeline.model import FetchRequest, FetchResult, Outcome, ResourceKind

FEED = b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>"
PAGE = b"<!doctype html><html><p>Eleven people died.</p></html>"
MIB = 1 << 20


def settings(**changed: object) -> Settings:
    values: dict[str, object] = {"host_gap_seconds": 0, "allow_networks": "127.0.0.1/32", "fetch_total_seconds": 5}
    return Settings(**{**values, **changed})


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(settings()) as client:
        yield client


async def fetch(fetcher: Fetcher, url: str, kind: ResourceKind = ResourceKind.FEED) -> FetchResult:
    async with asyncio.timeout(10):
        return await fetcher.fetch(FetchRequest(url=url, kind=kind))


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
    await asyncio.sleep(60)


@pytest.mark.parametrize("script", [drip_body, drip_headers, say_nothing])
async def test_a_server_that_drips_is_left_at_the_deadline(hostile, script):
    hostile.raw("/feed", script)
    async with Fetcher(settings(fetch_total_seconds=0.4)) as fetcher:
        begun = asyncio.get_running_loop().time()
        result = await fetch(fetcher, hostile.url("/feed"))
        assert asyncio.get_running_loop().time() - begun < 0.8
    assert result.outcome is Outcome.TIMEOUT
    assert 0.3 < result.elapsed_seconds < 0.8


async def test_an_error_page_that_drips_still_tells_its_status(hostile):
    async def drip_error(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 100000\r\n\r\n")
        await drip_body(writer)

    hostile.raw("/feed", drip_error)
    async with Fetcher(settings(fetch_total_seconds=0.4)) as fetcher:
        assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.NOT_FOUND


async def test_all_hops_share_one_deadline(hostile):
    async def hop(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 302 F\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % (len(hostile.asked) + 1))
        await writer.drain()

    for number in range(1, 10):
        hostile.raw(f"/{number}", hop)
    async with Fetcher(settings(fetch_total_seconds=0.5, max_redirects=9)) as fetcher:
        result = await fetch(fetcher, hostile.url("/1"))
    assert result.outcome is Outcome.TIMEOUT
    assert len(hostile.asked) == 3
    assert result.elapsed_seconds < 0.8


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
                result = await fetch(fetcher, f"http://127.0.0.1:{address[1]}/")
        finally:
            for client in waiting:
                client.close()
    assert result.outcome is Outcome.TIMEOUT
    assert result.elapsed_seconds < 1


# ── big ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_gzip_bomb_is_cut_at_the_cap(hostile):
    bomb = gzip.compress(b"\0" * (64 * MIB))
    hostile.reply("/feed", bomb, Content_Encoding="gzip")
    async with Fetcher(settings(feed_max_bytes=MIB)) as fetcher:
        tracemalloc.start()
        try:
            result = await fetch(fetcher, hostile.url("/feed"))
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
        assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.TOO_LARGE
    assert sent < 20 * MIB


async def test_a_body_announced_as_too_large_is_not_read(hostile):
    hostile.raw("/feed", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    async with Fetcher(settings(feed_max_bytes=MIB)) as fetcher:
        result = await fetch(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.TOO_LARGE
    assert result.elapsed_seconds < 1


async def test_feeds_and_pages_have_caps_of_their_own(hostile):
    hostile.reply("/x", b"<!doctype html>" + b"x" * 2000, Content_Type="text/html")
    async with Fetcher(settings(feed_max_bytes=5000, article_max_bytes=1000)) as fetcher:
        assert (await fetch(fetcher, hostile.url("/x"))).outcome is Outcome.NEW_BODY
        assert (await fetch(fetcher, hostile.url("/x"), ResourceKind.ARTICLE)).outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-%d: y\r\n" % number for number in range(5000)),
        b"X: " + b"y" * (MIB) + b"\r\n",
    ],
)
async def test_headers_out_of_bounds_are_refused(hostile, fetcher, head):
    hostile.raw("/feed", b"HTTP/1.1 200 OK\r\n" + head + b"Content-Length: 2\r\n\r\nok")
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE


async def test_the_long_headers_of_real_sites_are_accepted(hostile, fetcher):
    hostile.reply("/feed", FEED, Content_Security_Policy="default-src " + "https://cdn.example " * 700)
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY


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
    result = await fetch(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.TRUNCATED
    assert result.http_status == 200
    assert result.body is None


async def test_chunks_that_cannot_be_read_end_at_the_deadline_and_not_as_a_body(hostile):
    hostile.raw("/feed", closing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<?xml\r\n", b"x\r\n"))
    async with Fetcher(settings(fetch_total_seconds=0.4)) as fetcher:
        result = await fetch(fetcher, hostile.url("/feed"))
    # aiohttp's compiled parser leaves the body hanging here, its Python twin raises.
    assert result.outcome in {Outcome.TIMEOUT, Outcome.TRUNCATED}


@pytest.mark.parametrize("script", [closing(), closing(reset=True)], ids=["closed", "reset"])
async def test_a_server_that_hangs_up_is_not_asked_twice(hostile, fetcher, script):
    hostile.raw("/feed", script)
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE
    assert len(hostile.asked) == 1


async def test_a_kept_connection_that_the_server_closed_meanwhile_is_opened_anew(hostile, fetcher):
    hostile.reply("/page", PAGE, Content_Type="text/html")
    hostile.raw("/last", closing(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PAGE), PAGE)))
    for path in ("/page", "/last", "/page"):
        result = await fetch(fetcher, hostile.url(path), ResourceKind.ARTICLE)
        assert result.outcome is Outcome.NEW_BODY
    assert hostile.connections == 2
    assert len(hostile.asked) == 4


async def test_a_kept_connection_that_is_closed_on_a_request_is_tried_anew_once(hostile, fetcher):
    hostile.reply("/page", PAGE, Content_Type="text/html")
    hostile.raw("/drop", closing())
    assert (await fetch(fetcher, hostile.url("/page"), ResourceKind.ARTICLE)).outcome is Outcome.NEW_BODY
    assert (await fetch(fetcher, hostile.url("/drop"), ResourceKind.ARTICLE)).outcome is Outcome.UNREACHABLE
    assert [request.path for request in hostile.asked].count("/drop") == 2


@pytest.mark.parametrize("answer", [b"\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00" * 100])
async def test_a_server_that_speaks_no_http_is_unreachable(hostile, fetcher, answer):
    hostile.raw("/feed", closing(answer))
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.UNREACHABLE


async def test_bytes_behind_the_promised_length_do_not_poison_the_next_answer(hostile, fetcher):
    forged = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>forged"
    hostile.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(PAGE), PAGE) + forged)
    hostile.reply("/b", PAGE, Content_Type="text/html")
    first = await fetch(fetcher, hostile.url("/a"), ResourceKind.ARTICLE)
    second = await fetch(fetcher, hostile.url("/b"), ResourceKind.ARTICLE)
    assert first.outcome in {Outcome.NEW_BODY, Outcome.TRUNCATED}
    assert second.body == PAGE


async def test_a_closed_port_is_unreachable(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert (await fetch(fetcher, f"http://127.0.0.1:{port}/")).outcome is Outcome.UNREACHABLE


@pytest.mark.parametrize("host", ["nobody.invalid", "a..invalid", "x" * 70 + ".invalid"])
async def test_a_name_that_does_not_resolve_is_a_dns_error(fetcher, host):
    assert (await fetch(fetcher, f"http://{host}/")).outcome is Outcome.DNS_ERROR


@pytest.mark.parametrize("url", ["", "not an address", "ftp://news.example/", "file:///etc/passwd", "http://[::1/"])
async def test_what_is_no_http_address_is_blocked(fetcher, url):
    assert (await fetch(fetcher, url)).outcome is Outcome.BLOCKED_ADDRESS


# ── fences ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.2", "2130706434", "0x7f.2", "0177.2", "127.2", "127.0.0.2.", "１２７。0.0.2", "169.254.169.254"),
        *("localhost", "LOCALHOST", "localhost.", "news.example@localhost", "me:secret@127.0.0.2"),
        *("[::1]", "[::ffff:127.0.0.2]", "[::127.0.0.2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[fe80::1%25lo]"),
    ],
)
async def test_a_private_address_in_any_spelling_is_blocked(hidden, host):
    hidden.reply("/", FEED)
    async with Fetcher(settings(allow_networks="")) as fetcher:
        result = await fetch(fetcher, f"http://{host}:{hidden.port}/")
    # A trailing dot makes a number or `localhost` a name, which not every resolver knows.
    unknown = {Outcome.DNS_ERROR} if host.endswith(".") else set()
    assert result.outcome in {Outcome.BLOCKED_ADDRESS} | unknown
    assert hidden.connections == 0
    assert "secret" not in repr(result)


async def test_a_redirect_to_a_private_address_is_blocked(hostile, hidden, fetcher):
    hidden.reply("/admin", FEED)
    hostile.redirect("/feed", hidden.url("/admin"))
    result = await fetch(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.BLOCKED_ADDRESS
    assert hidden.connections == 0


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http://[::1", "gopher://x/"])
async def test_a_redirect_to_what_is_no_http_address_is_blocked(hostile, fetcher, location):
    hostile.redirect("/feed", location)
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.BLOCKED_ADDRESS


class Resolver(AbstractResolver):
    """Answers each question with the next list of addresses, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC) -> list[ResolveResult]:
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def test_a_name_that_turns_to_a_private_address_is_blocked_when_it_does(hostile):
    hostile.reply("/feed", FEED, Connection="close")
    async with (
        HiddenTwin(hostile.port) as connections,
        Fetcher(settings(), resolver=Resolver(["127.0.0.1"], ["127.0.0.2"])) as fetcher,
    ):
        url = f"http://rebinding.example:{hostile.port}/feed"
        assert (await fetch(fetcher, url)).outcome is Outcome.NEW_BODY
        fetcher._transport._closing.connector.clear_dns_cache()
        assert (await fetch(fetcher, url)).outcome is Outcome.BLOCKED_ADDRESS
    assert connections == []


async def test_a_name_with_a_public_and_a_private_address_never_leads_to_the_private_one(hostile):
    hostile.reply("/feed", FEED)
    async with HiddenTwin(hostile.port) as connections:
        for addresses in (["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]):
            async with Fetcher(settings(), resolver=Resolver(addresses)) as fetcher:
                result = await fetch(fetcher, f"http://mixed.example:{hostile.port}/feed")
                assert result.outcome is Outcome.NEW_BODY
    assert connections == []


async def test_a_name_with_several_private_addresses_is_blocked():
    async with Fetcher(settings(), resolver=Resolver(["10.0.0.1", "192.168.0.1", "127.0.0.2"])) as fetcher:
        assert (await fetch(fetcher, "http://inside.example/")).outcome is Outcome.BLOCKED_ADDRESS


class HiddenTwin:
    """A listener on 127.0.0.2 at the same port, which must stay without visitors."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connections: list[object] = []

    async def __aenter__(self) -> list[object]:
        async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connections.append(writer.get_extra_info("peername"))
            writer.close()

        self._server = await asyncio.start_server(note, "127.0.0.2", self._port)
        return self._connections

    async def __aexit__(self, *_: object) -> None:
        self._server.close()


# ── TLS ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate for news.example that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "news.example")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def secure(hostile, certificate):
    """The hostile server's class again, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with type(hostile)().running(context) as server:
        yield server


@pytest.fixture
async def trusting(certificate) -> AsyncIterator[Fetcher]:
    """A fetcher that trusts the test's certificate, and finds every name on loopback."""
    context = ssl.create_default_context(cafile=str(certificate))
    async with Fetcher(settings(), resolver=Resolver(["127.0.0.1"]), ssl_context=context) as client:
        yield client


async def test_a_certificate_that_nobody_signed_is_a_tls_error(secure, fetcher):
    result = await fetch(fetcher, secure.url("/feed"))
    assert result.outcome is Outcome.TLS_ERROR
    assert "self-signed" in (result.detail or "")
    assert secure.asked == []


async def test_a_certificate_for_another_name_is_a_tls_error(secure, trusting):
    secure.reply("/feed", FEED)
    assert (await fetch(trusting, f"https://news.example:{secure.port}/feed")).outcome is Outcome.NEW_BODY
    assert (await fetch(trusting, f"https://other.example:{secure.port}/feed")).outcome is Outcome.TLS_ERROR


async def test_a_plain_server_behind_an_https_address_is_a_tls_error(fetcher):
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert (await fetch(fetcher, url)).outcome is Outcome.TLS_ERROR


async def test_a_redirect_from_https_to_plain_http_is_not_followed(secure, hostile, trusting):
    secure.redirect("/feed", f"http://news.example:{hostile.port}/feed")
    hostile.reply("/feed", FEED)
    result = await fetch(trusting, f"https://news.example:{secure.port}/feed")
    assert result.outcome is Outcome.BLOCKED_ADDRESS
    assert hostile.asked == []


# ── and in general ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_fetch_is_cancelled_and_leaves_the_fetcher_in_order(hostile, fetcher):
    hostile.raw("/slow", say_nothing)
    hostile.reply("/feed", FEED)
    slow = [asyncio.create_task(fetch(fetcher, hostile.url("/slow"))) for _ in range(5)]
    await asyncio.sleep(0.05)
    for task in slow:
        task.cancel()
    ended = await asyncio.gather(*slow, return_exceptions=True)
    assert all(isinstance(error, asyncio.CancelledError) for error in ended)
    assert (await fetch(fetcher, hostile.url("/feed"))).outcome is Outcome.NEW_BODY


async def test_a_defect_of_ours_is_an_outcome_too(hostile, fetcher, caplog):
    await fetcher.__aexit__()
    result = await fetch(fetcher, hostile.url("/feed").replace("://", "://me:secret@"))
    assert result.outcome is Outcome.FAILED
    assert "secret" not in repr(result)
