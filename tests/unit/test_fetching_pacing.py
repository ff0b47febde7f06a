import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import NotBegunError
from pipeline.fetching.pacing import HostGate, HostPace
from pipeline.model import Booking
from tests.unit.leaping import in_leaping_time


@given(gap=st.floats(0, 60), times=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=20))
def test_no_request_starts_within_the_pause_after_the_one_before(gap, times):
    pace, now, ended = HostPace(gap), 0.0, None
    for idle, duration in times:
        now += idle
        now += pace.wait_seconds(now=now)
        assert ended is None or now >= ended + gap - 1e-9
        pace.asked(now=now)
        now += duration
        pace.asked(now=now)
        ended = now


def test_a_request_that_hangs_holds_others_up_for_one_pause_only():
    pace = HostPace(2.0)
    pace.asked(now=10.0)
    assert pace.wait_seconds(now=11.0) == 1.0
    assert pace.wait_seconds(now=12.0) == 0.0


def gate(*, gap: float = 0.0, host: int = 2, total: int = 32) -> HostGate:
    return HostGate(gap_seconds=gap, host_concurrency=host, total_concurrency=total)


class Crowd:
    """Visitors that note when they were let in and how many were in together."""

    def __init__(self, door: HostGate, *, stay: float) -> None:
        self.door, self.stay = door, stay
        self.entered: dict[str, list[float]] = {}
        self.inside: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.most_in_all = 0

    async def visit(self, host: str) -> None:
        async with self.door.turn(host) as held:
            assert held is None
            self.entered.setdefault(host, []).append(asyncio.get_running_loop().time())
            self.inside[host] = self.inside.get(host, 0) + 1
            self.most[host] = max(self.most.get(host, 0), self.inside[host])
            self.most_in_all = max(self.most_in_all, sum(self.inside.values()))
            await asyncio.sleep(self.stay)
            self.inside[host] -= 1


@in_leaping_time
async def test_one_host_is_asked_by_so_many_at_once_and_no_more():
    crowd = Crowd(gate(host=2), stay=0.01)
    await asyncio.gather(*(crowd.visit("a:80") for _ in range(10)))
    assert crowd.most == {"a:80": 2}


@in_leaping_time
async def test_all_hosts_together_are_asked_by_so_many_at_once_and_no_more():
    crowd = Crowd(gate(host=2, total=5), stay=0.01)
    await asyncio.gather(*(crowd.visit(f"{number}:80") for number in range(20)))
    assert crowd.most_in_all == 5


@in_leaping_time
async def test_the_pause_is_kept_for_each_host_by_itself():
    crowd = Crowd(gate(gap=0.05), stay=0.0)
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(crowd.visit(host) for _ in range(4) for host in ("a:80", "b:80")))
    for entered in crowd.entered.values():
        assert [at - begun for at in entered] == pytest.approx([0, 0.05, 0.1, 0.15])


@in_leaping_time
async def test_those_who_wait_for_a_slow_host_take_no_place_from_the_others():
    crowd = Crowd(gate(gap=10.0, total=1), stay=0.0)
    slow = [asyncio.create_task(crowd.visit("slow:80")) for _ in range(5)]
    async with asyncio.timeout(2):
        await asyncio.gather(*(crowd.visit(f"{number}:80") for number in range(5)))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


@in_leaping_time
async def test_a_cancelled_visitor_leaves_no_place_taken():
    crowd = Crowd(gate(host=1, total=1), stay=0.05)
    visitors = [asyncio.create_task(crowd.visit("a:80")) for _ in range(4)]
    await asyncio.sleep(0.01)
    for visitor in visitors:
        visitor.cancel()
    await asyncio.gather(*visitors, return_exceptions=True)
    async with asyncio.timeout(1):
        async with crowd.door.turn("a:80") as held:
            assert held is None


@in_leaping_time
async def test_a_held_host_lets_nobody_in_and_keeps_nobody_waiting():
    door = gate(gap=10.0)
    until = datetime.now(UTC) + timedelta(hours=1)
    door.hold("a:80", until=until)
    door.hold("a:80", until=until - timedelta(minutes=30))
    async with asyncio.timeout(1):
        for _ in range(5):
            async with door.turn("a:80") as held:
                assert held == until
        async with door.turn("b:80") as held:
            assert held is None


@in_leaping_time
async def test_a_host_is_asked_again_once_the_hold_is_over():
    door = gate()
    door.hold("a:80", until=datetime.now(UTC) - timedelta(seconds=1))
    async with door.turn("a:80") as held:
        assert held is None


class SharedBook:
    """A book in memory that any number of gates write in, as processes do in Postgres."""

    def __init__(self) -> None:
        self.next: dict[str, float] = {}
        self.held: dict[str, datetime] = {}

    async def book(self, host: str, *, gap_seconds: float) -> Booking:
        await asyncio.sleep(0)
        if (until := self.held.get(host)) is not None:
            return Booking(held_until=until)
        now = asyncio.get_running_loop().time()
        at = max(now, self.next.get(host, now))
        self.next[host] = at + gap_seconds
        return Booking(wait_seconds=at - now)


def booked(book: SharedBook, *, gap: float, total: int = 32) -> HostGate:
    return HostGate(gap_seconds=gap, host_concurrency=2, total_concurrency=total, book=book)


@in_leaping_time
async def test_gates_that_share_a_book_keep_one_pace_between_them():
    book = SharedBook()
    crowds = [Crowd(booked(book, gap=0.03), stay=0.0) for _ in range(4)]
    await asyncio.gather(*(crowd.visit("a:80") for crowd in crowds for _ in range(3)))
    entered = sorted(at for crowd in crowds for at in crowd.entered["a:80"])
    assert entered == pytest.approx([visit * 0.03 for visit in range(12)])


@in_leaping_time
async def test_who_waits_for_a_booked_moment_takes_no_place_from_the_others():
    book = SharedBook()
    book.next["a:80"] = asyncio.get_running_loop().time() + 0.2
    crowd = Crowd(booked(book, gap=0.01, total=1), stay=0.0)
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(crowd.visit("a:80"), crowd.visit("b:80"))
    assert crowd.entered["b:80"][0] == begun
    assert crowd.entered["a:80"][0] == pytest.approx(begun + 0.2)


@in_leaping_time
async def test_a_hold_that_another_process_wrote_down_is_kept():
    book = SharedBook()
    book.held["a:80"] = datetime.now(UTC) + timedelta(minutes=5)
    async with booked(book, gap=0.01).turn("a:80") as held:
        assert held == book.held["a:80"]


@in_leaping_time
async def test_a_visitor_who_is_cancelled_while_waiting_for_a_booked_moment_leaves_no_place_taken():
    book = SharedBook()
    book.next["a:80"] = asyncio.get_running_loop().time() + 60
    door = booked(book, gap=0.01, total=1)
    waiting = asyncio.create_task(Crowd(door, stay=0.0).visit("a:80"))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.wait_for(Crowd(door, stay=0.0).visit("b:80"), timeout=1)


@in_leaping_time
async def test_who_waits_for_a_pause_to_end_is_sent_away_when_no_more_are_begun():
    door = gate(gap=60)
    await Crowd(door, stay=0.0).visit("a:80")
    waiting = asyncio.create_task(Crowd(door, stay=0.0).visit("a:80"))
    await asyncio.sleep(0.01)
    door.begin_no_more()
    with pytest.raises(NotBegunError):
        await asyncio.wait_for(waiting, timeout=1)


@in_leaping_time
async def test_who_waits_for_a_booked_moment_is_sent_away_when_no_more_are_begun():
    book = SharedBook()
    book.next["a:80"] = asyncio.get_running_loop().time() + 60
    door = booked(book, gap=0.01)
    waiting = asyncio.create_task(Crowd(door, stay=0.0).visit("a:80"))
    await asyncio.sleep(0.01)
    door.begin_no_more()
    with pytest.raises(NotBegunError):
        await asyncio.wait_for(waiting, timeout=1)
