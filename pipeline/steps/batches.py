"""Fetching many things concurrently in one process, host by host, and handing each result on as it comes in."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from pipeline.config import Settings
from pipeline.errors import NotBegunError
from pipeline.fetching import Fetcher, HostBook, host_of
from pipeline.model import FetchRequest, FetchResult, Outcome

log = structlog.get_logger(__name__)

Asked = tuple[int, FetchRequest]
Handle = Callable[[int, FetchResult], None]
#: So many hosts whose names cannot be looked up, and none that could be reached: the fault is on our side.
LOST_HOSTS = 5
#: Answers that wait to be stored hold no more than this and what is under way; until they are fewer nobody is asked.
BACKLOG_MAX_BYTES = 32 * 2**20


@dataclass(slots=True)
class OwnNetwork:
    """Tells from a run's own results whether it is our network that is down, and not all the publishers."""

    is_up: bool = False  #: whether anybody has answered
    _lost: set[str] = field(default_factory=set)

    @property
    def is_down(self) -> bool:
        """Whether asking anybody else is pointless."""
        return not self.is_up and len(self._lost) >= LOST_HOSTS

    def heard(self, host: str, outcome: Outcome) -> None:
        """Note how a fetch ended."""
        if outcome is Outcome.DNS_ERROR:
            self._lost.add(host)
        elif outcome not in {Outcome.UNREACHABLE, Outcome.TIMEOUT, Outcome.BLOCKED_ADDRESS}:
            self.is_up = True


class _Storing:
    """Stores answers one at a time, in a thread: the connection is one, and parsing must not hold up the sockets."""

    def __init__(self, fetcher: Fetcher, handle: Handle) -> None:
        self._fetcher = fetcher
        self._handle = handle
        self._turn = asyncio.Lock()
        self._waiting_bytes = 0

    async def store(self, number: int, result: FetchResult) -> None:
        """Store one answer. While too many wait for that, the fetcher pauses."""
        size = len(result.body or b"")
        self._waiting_bytes += size
        if self._waiting_bytes > BACKLOG_MAX_BYTES:
            self._fetcher.pause()
        async with self._turn:
            await asyncio.to_thread(self._handle, number, result)
        self._waiting_bytes -= size
        if self._waiting_bytes <= BACKLOG_MAX_BYTES:
            self._fetcher.resume()


def fetch_each(
    requests: Iterable[Asked],
    handle: Handle,
    settings: Settings,
    *,
    budget_seconds: float,
    moments: Mapping[int, datetime] | None = None,
    book: HostBook | None = None,
) -> int:
    """Fetch each request; call `handle(id, result)` for each, one at a time; return how many were left undone.

    Hosts are fetched side by side, one host's requests one after the other; the fetcher paces them and bounds how many
    are under way, and begins none while storing does not keep up. Once the budget is spent nothing new is begun, nor
    where our own network proves to be down; then what could not be looked up is left undone as well, for it says
    nothing of the publishers. Those of which `moments` names one are not begun before it; of one host they have to be
    the last. With `book` the pace of each host is kept together with all other processes. An error of `handle` ends
    the batch: what it had stored stays.
    """
    return asyncio.run(_fetch_each(requests, handle, settings, budget_seconds, moments or {}, book))


async def _fetch_each(
    requests: Iterable[Asked],
    handle: Handle,
    settings: Settings,
    budget_seconds: float,
    moments: Mapping[int, datetime],
    book: HostBook | None,
) -> int:
    queues: dict[str, list[Asked]] = defaultdict(list)
    for asked in requests:
        queues[host_of(asked[1].url)].append(asked)
    deadline = time.monotonic() + budget_seconds
    async with Fetcher(settings, book=book) as fetcher:
        batch = _Batch(fetcher=fetcher, storing=_Storing(fetcher, handle), moments=moments, deadline=deadline)
        # Also those who wait for a turn by then: all hosts' first requests do from the beginning.
        asyncio.get_running_loop().call_later(budget_seconds, fetcher.begin_no_more)
        try:
            async with asyncio.TaskGroup() as group:
                for queue in queues.values():
                    group.create_task(batch.visit(queue))
        except ExceptionGroup as errors:
            # One failure is enough to know; the others are its echo (the same database, the same defect).
            raise errors.exceptions[0] from None
    return await batch.end()


@dataclass(slots=True, kw_only=True)
class _Batch:
    """A batch under way. `deadline` is of the monotonic clock, in seconds."""

    fetcher: Fetcher
    storing: _Storing
    moments: Mapping[int, datetime]
    deadline: float
    left: int = 0
    network: OwnNetwork = field(default_factory=OwnNetwork)
    doubtful: list[tuple[int, FetchResult]] = field(default_factory=list)

    async def visit(self, queue: Sequence[Asked]) -> None:
        """Make the requests of one host, one after the other, and hand on what comes."""
        for done, (number, request) in enumerate(queue):
            wait = _seconds_until(self.moments.get(number))
            if self.network.is_down or time.monotonic() + wait >= self.deadline:
                self.left += len(queue) - done
                return
            await asyncio.sleep(wait)
            try:
                result = await self.fetcher.fetch(request)
            except NotBegunError:
                self.left += len(queue) - done
                return
            self.network.heard(host_of(request.url), result.outcome)
            if result.outcome is Outcome.DNS_ERROR and not self.network.is_up:
                # Ours or the publisher's fault? The end of the run knows.
                self.doubtful.append((number, result))
            else:
                await self.storing.store(number, result)

    async def end(self) -> int:
        """Hand on what was in doubt, but for where the fault was ours; return how many were left undone."""
        if self.network.is_down:
            self.left += len(self.doubtful)
            log.warning("no name of any host can be looked up: the network here is down", left=self.left)
        else:
            for number, result in self.doubtful:
                await self.storing.store(number, result)
        return self.left


def _seconds_until(moment: datetime | None) -> float:
    return 0.0 if moment is None else max(0.0, (moment - datetime.now(UTC)).total_seconds())
