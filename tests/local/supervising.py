"""A supervisor in a process of its own, since it sweeps its descendants, and ways to wait for what it does."""

import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pipeline.local.state_file import UpState

#: Whatever is waited for here comes within a second or two, or never.
PATIENCE_SECONDS = 60

PREAMBLE = """
import asyncio, os, signal, subprocess, sys, time
from pathlib import Path
from pipeline.local.parts import *
from pipeline.local.state_file import only_one
from pipeline.local.stop_signals import stopped_by_signals
from pipeline.local.supervisor import Supervisor
home = Path(sys.argv[1])
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it
def python(code): return [sys.executable, "-c", code]
sleeper = python("import time; time.sleep(300)")
def say(status): print(status.name, status.state, status.detail, sep="|", flush=True)
async def main(steps):
    stop = asyncio.Event()
    with only_one(home) as state, stopped_by_signals(stop):
        state.addresses = {"test": "http://127.0.0.1:1"}
        supervisor = Supervisor(state, steps, say)
        async def announce():
            await supervisor.all_ready.wait()
            print("all ready", flush=True)
        announcing = asyncio.create_task(announce())
        try:
            await supervisor.run(stop)
        finally:
            announcing.cancel()
"""


class Running:
    """A supervisor in a child process, whose printed lines can be waited for."""

    def __init__(self, home: Path, steps: str) -> None:
        self.home = home
        self.output = home.with_suffix(".out")
        program = f"{PREAMBLE}\n{textwrap.dedent(steps)}\nasyncio.run(main(steps))\n"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, str(home)], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def lines(self) -> list[str]:
        return self.output.read_text(errors="replace").splitlines()

    def wait_for(self, text: str, *, times: int = 1) -> None:
        eventually(lambda: sum(text in line for line in self.lines()) >= times, lambda: "\n".join(self.lines()))

    def pid(self, name: str) -> int:
        return UpState.read(self.home).parts[name].process.pid

    def end(self, how: signal.Signals = signal.SIGTERM) -> float:
        begun = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(PATIENCE_SECONDS)
        return time.monotonic() - begun


def eventually(true: Callable[[], bool], explain: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {PATIENCE_SECONDS} s: {explain()}")
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def pids_in(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []
