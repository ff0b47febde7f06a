"""`up.json`: who runs in a home folder, written by `writethru up` and read by every other command."""

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.errors import UsageError
from pipeline.local.private_files import make_home, read_json, try_lock, write_private
from pipeline.local.processes import Identity, end_session


@dataclass(frozen=True)
class RecordedPart:
    """A part as the state file names it."""

    name: str
    process: Identity
    stop_signal: signal.Signals
    grace_seconds: float


@dataclass
class UpState:
    """The running `up` of one home: its own process, its addresses (without passwords), its parts in start order."""

    home: Path
    supervisor: Identity | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    parts: dict[str, RecordedPart] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self.home / "up.json"

    @classmethod
    def read(cls, home: Path) -> "UpState":
        """Return what the file says, which may be of an `up` that is gone; empty where there is none."""
        value = read_json(home / "up.json")
        state = cls(home)
        if value.get("booted") != _boot_time():
            return state  # process ids of before the last restart of the machine mean nothing
        state.supervisor = Identity.from_json(value.get("supervisor") or {})
        state.addresses = dict(value.get("addresses") or {})
        for name, part in (value.get("parts") or {}).items():
            process = Identity.from_json(part)
            if process is not None:
                stop_signal = signal.Signals(part["stop_signal"])
                state.parts[name] = RecordedPart(name, process, stop_signal, float(part["grace_seconds"]))
        return state

    def write(self) -> None:
        """Replace the file."""
        parts: Mapping[str, object] = {
            part.name: {
                **part.process.to_json(),
                "stop_signal": int(part.stop_signal),
                "grace_seconds": part.grace_seconds,
            }
            for part in self.parts.values()
        }
        value = {
            "booted": _boot_time(),
            "supervisor": self.supervisor.to_json() if self.supervisor else None,
            "addresses": self.addresses,
            "parts": parts,
        }
        write_private(self.path, json.dumps(value, indent=1))

    def remove(self) -> None:
        """Delete the file: nothing runs here any more."""
        self.path.unlink(missing_ok=True)

    def end_parts(self) -> None:
        """End whatever still runs of the recorded parts, the last started first."""
        for part in reversed(self.parts.values()):
            end_session(part.process, part.stop_signal, grace=part.grace_seconds)


def running_up(home: Path) -> UpState | None:
    """Return the state of the `up` that runs in `home` at this moment, or None."""
    state = UpState.read(home.expanduser().resolve())
    return state if state.supervisor is not None and state.supervisor.is_alive() else None


@contextmanager
def only_one(home: Path) -> Iterator[UpState]:
    """Hold `home` for one supervisor and yield its fresh state; what a killed one left running is ended first.

    Raises `UsageError` naming process and addresses where one runs already. The kernel frees the hold with us.
    """
    home = make_home(home)
    hold = try_lock(home / "up.lock")
    if hold is None:
        raise UsageError(_who_runs(home))
    try:
        UpState.read(home).end_parts()
        state = UpState(home, supervisor=Identity.of(os.getpid()))
        state.write()
        try:
            yield state
        finally:
            if not state.parts:
                state.remove()
    finally:
        os.close(hold)


def _who_runs(home: Path) -> str:
    state = UpState.read(home)
    pid = state.supervisor.pid if state.supervisor else None
    addresses = "".join(f"\n  {name}: {address}" for name, address in state.addresses.items())
    advice = f"stop it with Ctrl-C in its terminal, or: kill {pid}" if pid else "it is just starting"
    return f"writethru already runs in {home}{f' (pid {pid})' if pid else ''}; {advice}{addresses}"


def _boot_time() -> int:
    # Rounded generously: the kernel's figure moves by a second when the clock is adjusted.
    return round(psutil.boot_time() / 100)
