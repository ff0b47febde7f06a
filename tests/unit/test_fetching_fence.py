"""The fence around private addresses, however they are written and whatever leads to them."""

import asyncio

import pytest

from pipeline.fetching import Fetcher
from pipeline.model import Outcome
from tests.unit.asking import FEED, Resolver, feed, settings


@pytest.mark.parametrize("url", ["", "not an address", "ftp://news.example/", "file:///etc/passwd", "http://[::1/"])
async def test_what_is_no_http_address_is_blocked(fetcher, url):
    assert (await feed(fetcher, url)).outcome is Outcome.BLOCKED_ADDRESS


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
        result = await feed(fetcher, f"http://{host}:{hidden.port}/")
    # A trailing dot makes a number or `localhost` a name, which not every resolver knows.
    unknown = {Outcome.DNS_ERROR} if host.endswith(".") else set()
    assert result.outcome in {Outcome.BLOCKED_ADDRESS} | unknown
    assert hidden.connections == 0
    assert "secret" not in repr(result)


async def test_a_redirect_to_a_private_address_is_blocked(hostile, hidden, fetcher):
    hidden.reply("/admin", FEED)
    hostile.redirect("/feed", hidden.url("/admin"))
    result = await feed(fetcher, hostile.url("/feed"))
    assert result.outcome is Outcome.BLOCKED_ADDRESS
    assert hidden.connections == 0


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http://[::1", "gopher://x/"])
async def test_a_redirect_to_what_is_no_http_address_is_blocked(hostile, fetcher, location):
    hostile.redirect("/feed", location)
    assert (await feed(fetcher, hostile.url("/feed"))).outcome is Outcome.BLOCKED_ADDRESS


async def test_a_name_that_turns_to_a_private_address_is_blocked_when_it_does(hostile):
    hostile.reply("/feed", FEED, Connection="close")
    async with (
        HiddenTwin(hostile.port) as connections,
        Fetcher(settings(), resolver=Resolver(["127.0.0.1"], ["127.0.0.2"])) as fetcher,
    ):
        url = f"http://rebinding.example:{hostile.port}/feed"
        assert (await feed(fetcher, url)).outcome is Outcome.NEW_BODY
        fetcher._transport._closing.connector.clear_dns_cache()
        assert (await feed(fetcher, url)).outcome is Outcome.BLOCKED_ADDRESS
    assert connections == []


async def test_a_name_with_a_public_and_a_private_address_never_leads_to_the_private_one(hostile):
    hostile.reply("/feed", FEED)
    async with HiddenTwin(hostile.port) as connections:
        for addresses in (["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"]):
            async with Fetcher(settings(), resolver=Resolver(addresses)) as fetcher:
                result = await feed(fetcher, f"http://mixed.example:{hostile.port}/feed")
                assert result.outcome is Outcome.NEW_BODY
    assert connections == []


async def test_a_name_with_several_private_addresses_is_blocked():
    async with Fetcher(settings(), resolver=Resolver(["10.0.0.1", "192.168.0.1", "127.0.0.2"])) as fetcher:
        assert (await feed(fetcher, "http://inside.example/")).outcome is Outcome.BLOCKED_ADDRESS


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
