"""Processes as the supervisor sees them: who is who, which belong together, and how to end all of them.

Every part runs in a session of its own. The session id is the one mark that survives everything a part does to its
descendants: Airflow's LocalExecutor workers and tasks rename themselves, take process groups of their own, and lose
their parent, but stay in the session. A process id is never trusted alone: it is compared with the time of its
creation, so that a number the system gave to somebody else is left alone.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Self

import psutil

_PR_SET_CHILD_SUBREAPER = 36
# The same process shows creation times that differ by a tick or a clock adjustment.
_SAME_TIME_SECONDS = 2.0


@dataclass(frozen=True)
class Identity:
    """A process that was alive at some moment: its id and when it was created (Unix time, seconds)."""

    pid: int
    created: float

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """Return the identity of the living process `pid`, or None."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self | None:
        """Read back what `to_json` gave; None where it is no such thing."""
        try:
            return cls(int(value["pid"]), float(value["created"]))
        except (KeyError, TypeError, ValueError):
            return None

    def to_json(self) -> dict[str, Any]:
        """Return a value for a state file."""
        return asdict(self)

    def is_alive(self) -> bool:
        """Tell whether this very process still runs (a zombie does not)."""
        try:
            process = psutil.Process(self.pid)
            return self._matches(process) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def was_replaced(self) -> bool:
        """Tell whether the process id belongs to somebody else today."""
        try:
            return not self._matches(psutil.Process(self.pid))
        except psutil.Error:
            return False

    def _matches(self, process: psutil.Process) -> bool:
        return abs(process.create_time() - self.created) < _SAME_TIME_SECONDS


def adopt_orphans() -> None:
    """Let descendants that lose their parent become children of this process (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def session_members(leader: Identity) -> list[int]:
    """Return the ids of all living processes in the session that `leader` founded, the leader's own first."""
    if leader.was_replaced():
        return []
    members = []
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == leader.pid and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                members.append(pid)
        except (OSError, psutil.Error):
            continue
    return sorted(members, key=lambda pid: pid != leader.pid)


def listens(leader: Identity, port: int) -> bool:
    """Tell whether a process of the session that `leader` founded listens on a TCP port."""
    for pid in session_members(leader):
        with suppress(psutil.Error):
            for connection in psutil.Process(pid).net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
                    return True
    return False


def send(pid: int, signal_number: signal.Signals) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal_number)


def interrupt_groups(leader: Identity) -> None:
    """Send SIGINT to every process group of the session but the leader's own.

    Those are Airflow's running tasks. Interrupted, they let the scheduler end by itself, and so the next one takes them
    up at once; had it been killed, its job would count as running for another half minute.
    """
    groups = set()
    for pid in session_members(leader):
        with suppress(ProcessLookupError):
            groups.add(os.getpgid(pid))
    groups.discard(leader.pid)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGINT)


def kill_session(leader: Identity, *, seconds: float = 3.0) -> None:
    """Kill whatever is left of a session, those born meanwhile too."""
    deadline = time.monotonic() + seconds
    while (members := session_members(leader)) and time.monotonic() < deadline:
        for pid in members:
            send(pid, signal.SIGKILL)
        time.sleep(0.02)


def end_session(leader: Identity, stop_signal: signal.Signals, *, grace: float) -> int:
    """Ask the leader to stop, wait up to `grace` seconds for the session to empty, and kill the rest.

    Returns how many processes it had. This is the way without an event loop: for leftovers of a supervisor that died.
    """
    members = session_members(leader)
    if not members:
        return 0
    if leader.is_alive():
        send(leader.pid, stop_signal)
        deadline = time.monotonic() + grace
        while leader.is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
    kill_session(leader)
    return len(members)


def reap(leader: Identity) -> None:
    """Collect the exit statuses of adopted orphans of a session; without that they stay as zombies."""
    for child in psutil.Process().children():
        with suppress(OSError, psutil.Error):
            if child.pid != leader.pid and os.getsid(child.pid) == leader.pid:
                os.waitpid(child.pid, os.WNOHANG)


def kill_descendants(*, spare: Collection[int]) -> None:
    """Kill every descendant of this process but those in `spare`."""
    descendants = [child for child in psutil.Process().children(recursive=True) if child.pid not in spare]
    living = []
    for child in descendants:
        with suppress(psutil.Error):
            if child.status() != psutil.STATUS_ZOMBIE:
                child.kill()
                living.append(child)
    psutil.wait_procs(living, timeout=3)
