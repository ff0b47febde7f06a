"""Feeds per second through the whole poll step, from a local server: `python -m benchmarks.polling`.

5,000 feeds of 20 entries each are polled, in shards as the DAG plans them, as on an ordinary minute: 90 % answer 304,
7 % send the same bytes again (their server knows no validators), 3 % have one entry more than at the poll before.

The poller runs in a process of its own, kept on one core where the platform allows, so `peak_memory_bytes` is that of
one poller; `memory_growth` is its peak at the end over its peak after the first shard: 1.0 is flat. Server and Postgres
are other processes. Hosts are told apart by port, and there is no pause between two requests to one host.

`feeds_parsed_per_second` is `pipeline.feeds.parse_feed` alone, beside bare feedparser on the same bytes with the same
options, in turns.
"""

import asyncio
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import feedparser
from aiohttp import web

from benchmarks.command import main, only_warnings, progress
from benchmarks.database import make_database, own_postgres
from pipeline.config import Settings
from pipeline.feeds import parse_feed
from pipeline.local.postgres import Durability
from pipeline.model import FeedSubscription
from pipeline.steps import add_feeds, plan_polls, poll_feeds
from pipeline.store.connections import connection_to

FEEDS = 5_000
HOSTS = 200
ENTRIES = 20
SHARD = 500
CHANGING = 3  #: of a hundred feeds
WITHOUT_MANNERS = 7  #: of a hundred feeds
PARSE_ROUNDS = 200
LOOPBACK = "127.0.0.1"

_ITEM = """<item><guid isPermaLink="false">{feed}-{entry}</guid>
<title>Report {entry} of desk {feed}: river at {level} metres</title>
<link>http://desk{feed}.invalid/{entry}?utm_source=rss</link><pubDate>Mon, 23 Nov 2026 {hour:02}:15:00 +0000</pubDate>
<description>&lt;p&gt;The river stood at {level} metres at the old bridge, the warden of section {entry} said.&lt;/p&gt;
</description><author>desk{feed}@desk.invalid (Desk {feed})</author><category>Water</category></item>
"""


def feed_document(feed: int, *, entries: int) -> bytes:
    """Return an RSS document of our own with so many entries."""
    items = "".join(
        _ITEM.format(feed=feed, entry=entry, hour=entry % 24, level=2 + entry / 10) for entry in range(entries, 0, -1)
    )
    head = f"<title>Desk {feed}</title><link>http://desk{feed}.invalid/</link><description>Levels</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


# ── the server, in a process of its own ─────────────────────────────────────────────────────────────────────────────


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:16]}"'


def _has_manners(feed: int) -> bool:
    return not CHANGING <= feed % 100 < CHANGING + WITHOUT_MANNERS


async def _answer(request: web.Request) -> web.Response:
    feed = int(request.match_info["feed"])
    more = request.app[_LATER][0] and feed % 100 < CHANGING
    body = feed_document(feed, entries=ENTRIES + more)
    headers = {"ETag": _tag(body)} if _has_manners(feed) else {}
    if headers and request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/rss+xml", headers=headers)


_LATER = web.AppKey("later", list[bool])


def _serve(pipe: "Pipe[object, object]") -> None:
    """Listen on a port for each host; let time pass at the first message, end at the second."""

    async def serve() -> None:
        app = web.Application()
        app[_LATER] = [False]
        app.router.add_get("/{feed}.xml", _answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        for _ in range(HOSTS):
            await web.TCPSite(runner, LOOPBACK, 0).start()
        pipe.send([address[1] for address in runner.addresses])
        await asyncio.to_thread(pipe.recv)
        app[_LATER][0] = True
        pipe.send(None)
        await asyncio.to_thread(pipe.recv)
        await runner.cleanup()

    asyncio.run(serve())


@contextmanager
def _server() -> Iterator[tuple[list[int], "Pipe[object, object]"]]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        ports = ours.recv()
        yield ports, ours
    finally:
        process.terminate()
        process.join()


# ── the poller, in another ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of all feeds took, and the poller's peak of memory after its first shard and at its end."""

    seconds: float
    first_peak_bytes: int
    peak_bytes: int
    outcomes: dict[str, int]


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of Linux counts the parent in, from before the exec
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _poll_all(database_url: str, settings: Settings) -> Polled:
    begun = time.perf_counter()
    first_peak = 0
    outcomes: dict[str, int] = {}
    while shards := plan_polls(database_url, settings):
        for shard in shards:
            done = poll_feeds(database_url, settings, shard.ids)
            for outcome, number in done.outcomes.items():
                outcomes[str(outcome)] = outcomes.get(str(outcome), 0) + number
            first_peak = first_peak or _peak_bytes()
    return Polled(time.perf_counter() - begun, first_peak, _peak_bytes(), outcomes)


def _poller(pipe: "Pipe[object, object]", database_url: str, settings: Settings) -> None:
    only_warnings()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pipe.send(_poll_all(database_url, settings))


def _poll_apart(database_url: str, settings: Settings) -> Polled:
    """Poll all that is due in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    poller = context.Process(target=_poller, args=(theirs, database_url, settings), daemon=True)
    poller.start()
    theirs.close()
    polled: Polled = ours.recv()
    poller.join()
    return polled


def _remember(database_url: str, feeds: dict[int, str]) -> None:
    """Write into the feeds' rows what a poll would have left there, and that they are not due."""
    with connection_to(database_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "update news.feeds set etag = %s, body_sha256 = %s, next_poll_at = now() + interval '1 day' where url = %s",
            [
                (_tag(body) if _has_manners(feed) else None, sha256(body).hexdigest(), url)
                for feed, url in feeds.items()
                for body in [feed_document(feed, entries=ENTRIES)]
            ],
        )


def measure_polls() -> dict[str, object]:
    """Poll all feeds; return what it took."""
    with tempfile.TemporaryDirectory() as home, _server() as (ports, server), own_postgres(Durability.SAFE) as postgres:
        settings = Settings.model_validate(
            {"home": Path(home), "allow_networks": "127.0.0.0/8", "host_gap_seconds": 0, "shard_size": SHARD}
        )
        database_url = make_database(postgres, "polling")
        feeds = {feed: f"http://{LOOPBACK}:{ports[feed % HOSTS]}/{feed}.xml" for feed in range(FEEDS)}
        add_feeds(database_url, settings, [FeedSubscription(url=url, publisher=url) for url in feeds.values()])
        # Only those that will change need their entries in the store.
        _remember(database_url, {feed: url for feed, url in feeds.items() if feed % 100 >= CHANGING})
        before = _poll_apart(database_url, settings)
        progress(f"polling: prepared {FEEDS} feeds, {before.outcomes}")
        server.send(None)
        server.recv()
        with connection_to(database_url) as connection:
            connection.execute("update news.feeds set next_poll_at = now()")
            connection.execute("vacuum analyze")
        polled = _poll_apart(database_url, settings)
        progress(f"polling: polled {FEEDS} feeds in {polled.seconds:.0f} s")
    if sum(polled.outcomes.values()) != FEEDS:
        raise RuntimeError(f"not every feed was polled: {polled.outcomes}")
    return {
        "feeds_per_second": round(FEEDS / polled.seconds, 1),
        "peak_memory_bytes": polled.peak_bytes,
        "memory_growth": round(polled.peak_bytes / polled.first_peak_bytes, 4),
        "outcomes": dict(sorted(polled.outcomes.items())),
    }


def measure_parsing() -> dict[str, object]:
    """Parse documents with ours and with bare feedparser, in turns."""
    ours = theirs = 0.0
    for number in range(PARSE_ROUNDS):
        body = feed_document(number, entries=ENTRIES)
        begun = time.perf_counter()
        feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        between = time.perf_counter()
        parse_feed(body, url="http://desk.invalid/feed", content_type="application/rss+xml", max_entries=2000)
        theirs += between - begun
        ours += time.perf_counter() - between
    return {
        "feeds_parsed_per_second": round(PARSE_ROUNDS / ours, 1),
        "feedparser_feeds_per_second": round(PARSE_ROUNDS / theirs, 1),
        "ratio_to_feedparser": round(theirs / ours, 4),
    }


def run(_data: Path | None = None) -> dict[str, object]:
    """Measure polling and parsing; it makes its own feeds and needs no data."""
    return measure_polls() | measure_parsing()


if __name__ == "__main__":
    main(run, __doc__)
