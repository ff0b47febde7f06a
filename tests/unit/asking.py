"""How the tests of the fetcher ask a server on the loopback, and what it answers."""

import asyncio
import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.config import Settings
from pipeline.fetching import Fetcher
from pipeline.model import FetchRequest, FetchResult, ResourceKind

FEED = b"<?xml version='1.0'?><rss version='2.0'><channel><title>Quakes</title></channel></rss>"
PAGE = b"<!doctype html><html><title>Quake</title><p>Eleven people died.</p></html>"
DISALLOW_ALL = b"User-agent: *\nDisallow: /\n"


#: A fetch that a test does not give less has as long as this; a test fails where one is not over sooner by itself.
PATIENCE_SECONDS = 60


def settings(**changed: object) -> Settings:
    values: dict[str, object] = {
        "host_gap_seconds": 0,
        "allow_networks": "127.0.0.1/32",
        "fetch_total_seconds": 2 * PATIENCE_SECONDS,
        "fetch_connect_seconds": 2 * PATIENCE_SECONDS,
    }
    return Settings(**{**values, **changed})


async def feed(fetcher: Fetcher, url: str, **known: object) -> FetchResult:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await fetcher.fetch(FetchRequest(url=url, kind=ResourceKind.FEED, **known))


async def article(fetcher: Fetcher, url: str, **known: object) -> FetchResult:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await fetcher.fetch(FetchRequest(url=url, kind=ResourceKind.ARTICLE, **known))


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
