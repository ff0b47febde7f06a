"""The newsroom as a process of its own, and inside an event loop."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import LocalError, NotReachableError
from pipeline.local.newsroom import STATE_FILE, FastClock, ManualClock, Place, newsroom_running, serving, subscriptions
from pipeline.local.ports import next_free

Get = Callable[..., Any]


@contextmanager
def process(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "pipeline.local.newsroom", "--home", str(home), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            for _ in range(4):
                assert running.stdout.readline()
            yield running
        finally:
            running.kill()


def state(home: Path) -> dict[str, object]:
    return json.loads((home / STATE_FILE).read_text())


def test_a_process_writes_where_it_listens_and_ends_at_once_on_sigterm(tmp_path: Path, get: Get):
    with process(tmp_path, "--ports", "0", "0", "0", "0") as running:
        feeds = subscriptions(tmp_path / STATE_FILE)
        assert [get(feed.url).status for feed in feeds] == [200] * 4
        running.send_signal(signal.SIGTERM)
        assert running.wait(50) == 0, "aiohttp waits for a minute where it is not told otherwise"


def test_a_restarted_process_keeps_its_ports_and_begins_a_new_edition(tmp_path: Path, get: Get):
    ports: list[str] = []
    for _ in range(4):
        ports.append(str(next_free(28950, taken=[int(port) for port in ports])))
    with process(tmp_path, "--ports", *ports):
        before = state(tmp_path)
    with process(tmp_path):
        after = state(tmp_path)
        assert after["feeds"] == before["feeds"]
        assert set(after["stories"].values()).isdisjoint(before["stories"].values())
        assert get(before["stories"]["mosul"]).status == 200
        assert "first time in two years" in get(after["stories"]["mosul"]).text


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(LocalError, match=str(port)),
            newsroom_running(clock=ManualClock(), place=Place(ports={"harbour": port})),
        ):
            pytest.fail("it must not start")


def test_no_state_file_is_said_in_words(tmp_path: Path):
    with pytest.raises(NotReachableError, match="no newsroom is described"):
        subscriptions(tmp_path / STATE_FILE)


async def test_the_clock_begins_with_the_first_page_read_and_not_with_the_feeds(get: Get):
    import asyncio

    clock = FastClock(speed=60)
    async with serving(clock=clock) as newsroom:
        await asyncio.to_thread(get, newsroom.feeds[0].url)
        assert clock.minutes() == 0
        await asyncio.to_thread(get, newsroom.url("mosul"))
        await asyncio.sleep(0.05)
        assert clock.minutes() > 1
