"""A newsroom that runs: inside an event loop, on a thread of its own for tests, or told of by its state file."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from pipeline.errors import LocalError, NotReachableError
from pipeline.local.newsroom import faults, server
from pipeline.local.newsroom.clock import FastClock, NewsroomClock
from pipeline.local.newsroom.desk import Airing, Desk, edition_at
from pipeline.local.newsroom.publisher import PUBLISHERS
from pipeline.local.newsroom.retelling import retold
from pipeline.local.newsroom.server import LoggedRequest, RequestLog
from pipeline.local.newsroom.story import Story, bundled_stories
from pipeline.local.ports import LOOPBACK
from pipeline.local.private_files import write_private
from pipeline.model import FeedSubscription

STATE_FILE = "newsroom.json"
POLL_EVERY = timedelta(seconds=15)  #: how often the newsroom's feeds want to be polled


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsroomFeed:
    """A feed of the newsroom, as its state file tells of it."""

    url: str
    title: str
    publisher: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a newsroom listens. A port of 0 is chosen by the system; publishers without a port get 0.

    `public_host` is the name under which others reach it; that of `host` unless it is said (a container's, say).
    """

    host: str = LOOPBACK
    public_host: str | None = None
    ports: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Newsroom:
    """A running newsroom: a desk for each publisher by name, and the log of what was asked of it."""

    clock: NewsroomClock
    stories: Sequence[Story]
    publishers: Mapping[str, Desk]
    log: RequestLog
    faults_url: str | None = None

    @property
    def feeds(self) -> tuple[NewsroomFeed, ...]:
        """The feeds to follow: one for each publisher, and the faulty ones where they are served."""
        return (*self._sound_feeds(), *self._faulty_feeds())

    @property
    def faulty_feeds(self) -> dict[str, str]:
        """The addresses of the faulty feeds by fault (`pages`: a sound feed of the faulty pages)."""
        return faults.feed_addresses(self.faults_url) if self.faults_url else {}

    @property
    def faulty_pages(self) -> dict[str, str]:
        """The addresses of the faulty pages by fault."""
        return faults.page_addresses(self.faults_url) if self.faults_url else {}

    def _faulty_feeds(self) -> tuple[NewsroomFeed, ...]:
        return tuple(
            NewsroomFeed(url=url, title=f"{faults.TITLE}: {name}", publisher=faults.TITLE, language="en")
            for name, url in self.faulty_feeds.items()
        )

    def _sound_feeds(self) -> tuple[NewsroomFeed, ...]:
        return tuple(
            NewsroomFeed(
                url=desk.base_url + desk.publisher.feed_path,
                title=desk.publisher.title,
                publisher=desk.publisher.title,
                language=desk.publisher.language,
            )
            for desk in self.publishers.values()
        )

    @property
    def ports(self) -> dict[str, int]:
        """The port of each publisher by name, the misbehaving one's among them."""
        addresses = {name: desk.base_url for name, desk in self.publishers.items()}
        if self.faults_url:
            addresses[faults.NAME] = self.faults_url
        return {name: int(address.rpartition(":")[2]) for name, address in addresses.items()}

    @property
    def subscriptions(self) -> tuple[FeedSubscription, ...]:
        """The feeds as the pipeline subscribes to them."""
        return _subscriptions(self.feeds)

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The latest requests, the newest last."""
        return tuple(self.log.requests)

    def story(self, name: str, *, edition: int = 1) -> Story:
        """Return a story by the name in its file. Raises KeyError where there is none."""
        return retold({story.name: story for story in self.stories}[name], edition)

    def url(self, name: str, *, edition: int = 1) -> str:
        """Return the address at which a story first appears in an edition."""
        story = self.story(name, edition=edition)
        return self.publishers[story.publisher].url(Airing(story, edition), story.slug)

    def addresses(self) -> dict[str, str]:
        """Return the first address of every story in the running edition, by story name."""
        edition = edition_at(self.clock.minutes())
        return {story.name: self.url(story.name, edition=edition) for story in self.stories}


@asynccontextmanager
async def serving(
    stories: Sequence[Story] | None = None,
    clock: NewsroomClock | None = None,
    *,
    place: Place | None = None,
    with_faults: bool = False,
    slow_seconds: float = 60.0,
) -> AsyncIterator[Newsroom]:
    """Serve stories (the bundled ones unless told) on a clock until the block is left.

    `with_faults` adds the publisher whose server misbehaves; its slow answers take `slow_seconds`.
    Raises LocalError where a port that was asked for is taken.
    """
    stories = bundled_stories() if stories is None else stories
    clock = FastClock() if clock is None else clock
    place = place or Place()
    log = RequestLog.empty()
    first_edition = edition_at(clock.minutes())
    runners: list[web.AppRunner] = []
    desks: dict[str, Desk] = {}
    try:
        for publisher in PUBLISHERS:
            desk = Desk(publisher, stories, clock, base_url="", first_edition=first_edition)
            runner, desk.base_url = await _listen(server.application(desk, log), place, publisher.name)
            runners.append(runner)
            desks[publisher.name] = desk
        faults_url = None
        if with_faults:
            app = faults.application(clock, log, slow_seconds=slow_seconds)
            runner, faults_url = await _listen(app, place, faults.NAME)
            runners.append(runner)
        yield Newsroom(clock=clock, stories=stories, publishers=desks, log=log, faults_url=faults_url)
    finally:
        await server.close(runners)


async def _listen(app: web.Application, place: Place, name: str) -> tuple[web.AppRunner, str]:
    wanted = place.ports.get(name, 0)
    try:
        runner, port = await server.listen(app, host=place.host, port=wanted)
    except OSError as error:
        message = f"the newsroom cannot listen on port {wanted} of {place.host} ({error.strerror}): choose another port"
        raise LocalError(message) from error
    return runner, f"http://{place.public_host or place.host}:{port}"


@contextmanager
def newsroom_running(
    stories: Sequence[Story] | None = None,
    *,
    clock: NewsroomClock | None = None,
    place: Place | None = None,
    with_faults: bool = False,
    slow_seconds: float = 60.0,
) -> Iterator[Newsroom]:
    """Serve on a thread of its own until the block is left; `serving` says what may be given and raised."""
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    running: list[Newsroom] = []
    failed: list[BaseException] = []

    async def serve() -> None:
        try:
            async with serving(
                stories, clock, place=place, with_faults=with_faults, slow_seconds=slow_seconds
            ) as newsroom:
                running.append(newsroom)
                started.set()
                await stop.wait()
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            failed.append(error)
        finally:
            started.set()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="newsroom")
    thread.start()
    started.wait()
    try:
        if failed:
            raise failed[0]
        yield running[0]
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join()


def write_state(newsroom: Newsroom, home: Path, *, made_at: str, speed: float) -> Path:
    """Write what a newsroom's users need to know into `home`, in one step, and return the file."""
    state = {
        "made_at": made_at,
        "speed": speed,
        "first_minute": newsroom.clock.minutes(),
        "feeds": [asdict(feed) for feed in newsroom.feeds],
        "ports": newsroom.ports,
        "stories": newsroom.addresses(),
    }
    path = home / STATE_FILE
    write_private(path, json.dumps(state, indent=2) + "\n")
    return path


def subscriptions(state_file: Path) -> tuple[FeedSubscription, ...]:
    """Return the feeds a state file tells of. Raises NotReachableError where it is absent or torn."""
    try:
        feeds = json.loads(state_file.read_text(encoding="utf-8"))["feeds"]
        return _subscriptions([NewsroomFeed(**feed) for feed in feeds])
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"no newsroom is described in {state_file}: start it with python -m pipeline.local.newsroom"
        raise NotReachableError(message) from error


def _subscriptions(feeds: Sequence[NewsroomFeed]) -> tuple[FeedSubscription, ...]:
    return tuple(
        FeedSubscription(
            url=feed.url,
            title=feed.title,
            publisher=feed.publisher,
            language=feed.language,
            poll_every=POLL_EVERY,
        )
        for feed in feeds
    )
