"""When a host may be asked: never more often than its pace, never by too many at once, never while it said not to.

Every request counts: a redirect's next hop and robots.txt as much as the page itself.
`HostPace` is the arithmetic, without a clock; `HostGate` makes callers wait.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.errors import NotBegunError
from pipeline.fetching.addresses import DEFAULT_PORTS
from pipeline.hosts import ascii_host
from pipeline.model import Booking


def host_of(url: str) -> str:
    """Return the unit of pacing: `host:port`, lower-case, the scheme's own port where none is written.

    An address without a host gives the empty string: it will never be asked.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host or (name := ascii_host(host)) is None:
        return ""
    return f"{name}:{port or DEFAULT_PORTS.get(parts.scheme, 0)}"


class HostBook(Protocol):
    """Where several processes write down their visits, so that a host meets one pace and not one for each of them."""

    async def book(self, host: str, *, gap_seconds: float) -> Booking:
        """Write down the next visit that is free; the one after it begins no earlier than `gap_seconds` later."""
        ...


@dataclass(slots=True)
class HostPace:
    """When one host may next be asked. Times are seconds of one monotonic clock.

    A pause of `gap_seconds` follows the end of a request. One that hangs does not hold up the others for ever:
    the pause counted from its start is enough for another to begin beside it.
    """

    gap_seconds: float
    next_start: float = 0.0

    def wait_seconds(self, *, now: float) -> float:
        """Return how long to wait from `now`; 0 where the host may be asked at once."""
        return max(0.0, self.next_start - now)

    def asked(self, *, now: float) -> None:
        """Note that a request goes out, or that one has ended, however it did."""
        self.next_start = max(self.next_start, now + self.gap_seconds)


@dataclass(slots=True)
class _Lane:
    pace: HostPace
    seats: asyncio.Semaphore
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


class HostGate:
    """Lets requests through: first come first served for one host, and only so many at once altogether.

    Whoever waits for one host takes no place from the others.
    """

    def __init__(
        self, *, gap_seconds: float, host_concurrency: int, total_concurrency: int, book: HostBook | None = None
    ) -> None:
        self._gap_seconds = gap_seconds
        self._book = book
        self._host_concurrency = host_concurrency
        self._places = asyncio.Semaphore(total_concurrency)
        self._lanes: dict[str, _Lane] = {}
        self._holds: dict[str, datetime] = {}
        self._open = asyncio.Event()
        self._open.set()
        self._over = asyncio.Event()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[datetime | None]:
        """Wait until the host may be asked and keep its seat for the time of one request.

        Gives None where the request may go out, else the moment before which the host does not want to be asked. Raises
        `NotBegunError` where `begin_no_more` was called before the turn came.
        """
        lane = self._lane(host)
        async with lane.seats:
            held = await self._enter(lane, host)
            try:
                yield held
            finally:
                if held is None:
                    lane.pace.asked(now=_now())
                    self._places.release()

    def hold(self, host: str, *, until: datetime) -> None:
        """Remember that the host must not be asked before then; an earlier promise never shortens a later one."""
        self._holds[host] = max(until, self._holds.get(host, until))

    def slow_down(self, host: str, *, gap_seconds: float) -> None:
        """Take a longer pause between requests to this host; never a shorter one."""
        pace = self._lane(host).pace
        pace.gap_seconds = max(pace.gap_seconds, gap_seconds)

    def pause(self) -> None:
        """Let nobody through until `resume`; requests that are under way go on."""
        self._open.clear()

    def resume(self) -> None:
        """Let requests through again."""
        self._open.set()

    def begin_no_more(self) -> None:
        """Send away all who wait for their turn, and all who come."""
        self._over.set()
        self._open.set()

    async def _enter(self, lane: _Lane, host: str) -> datetime | None:
        """Pass the door, one at a time and a pause apart, and take a place; or say until when the host is held."""
        async with lane.door:
            while True:
                held = self._held_until(host)
                wait = lane.pace.wait_seconds(now=_now())
                if held is not None or wait <= 0:
                    break
                await self._wait(wait)
            if held is None:
                held = await self._take_place(lane, host)
            if held is None:
                lane.pace.asked(now=_now())
            return held

    async def _take_place(self, lane: _Lane, host: str) -> datetime | None:
        """Take a place, at a moment that is booked; or say until when the host is held.

        Nobody keeps a place while waiting for a booked moment, and a moment missed for want of a place is booked anew.
        """
        booked_for: float | None = None
        while True:
            await self._places.acquire()
            try:
                await self._open.wait()
                self._check_time()
                gap = lane.pace.gap_seconds
                if self._book is None or gap <= 0 or (booked_for is not None and _now() - booked_for < gap / 4):
                    return None
                booking = await self._book.book(host, gap_seconds=gap)
                if booking.held_until is None and booking.wait_seconds <= 0:
                    return None
            except BaseException:
                self._places.release()
                raise
            self._places.release()
            if booking.held_until is not None:
                self.hold(host, until=booking.held_until)
                return booking.held_until
            booked_for = _now() + booking.wait_seconds
            await self._wait(booking.wait_seconds)

    async def _wait(self, seconds: float) -> None:
        """Wait so long, but not past the time in which requests are begun: a slow host's pause may be a minute."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        self._check_time()

    def _check_time(self) -> None:
        if self._over.is_set():
            raise NotBegunError("the time in which requests are begun is over")

    def _held_until(self, host: str) -> datetime | None:
        until = self._holds.get(host)
        return until if until is not None and until > datetime.now(UTC) else None

    def _lane(self, host: str) -> _Lane:
        lane = self._lanes.get(host)
        if lane is None:
            seats = asyncio.Semaphore(self._host_concurrency)
            lane = self._lanes[host] = _Lane(pace=HostPace(self._gap_seconds), seats=seats)
        return lane


def _now() -> float:
    return asyncio.get_running_loop().time()
