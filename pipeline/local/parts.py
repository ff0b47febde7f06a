"""What a supervisor runs, as data: parts that live on, errands that end, and what is reported of them."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.local import ports
from pipeline.local.unprivileged import Account


class PartState(StrEnum):
    """Where a part stands."""

    WAITING = "waiting"
    STARTING = "starting"
    HEALTHY = "healthy"
    RESTARTING = "restarting"
    DONE = "done"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class PartStatus:
    """One line about one part, sent whenever it changes."""

    name: str
    state: PartState
    detail: str = ""


class Health(StrEnum):
    """What a probe says of a part whose process lives."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    """The probe could not find out, because something else is down; no reason to restart this part."""


Probe = Callable[[float], Awaitable[Health]]
"""Asked with the Unix time at which the part's process was started; must answer within some seconds, and not raise."""


@dataclass(frozen=True)
class Part:
    """A process that is kept running; or, with `once`, one that has to end well before others may start."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    """The whole environment of the process; None for our own. Secrets belong here, never into `command`."""
    probe: Probe | None = None
    """None: healthy as long as the process lives."""
    port: int | None = None
    """The port of the loopback on which it, and nobody else, is to listen."""
    needs: Sequence[str] = ()
    """Names of steps that must be healthy, or done, before this one starts, and that are stopped only after it."""
    outlives: Sequence[str] = ()
    """Names of further parts that are stopped before this one, though it may start beside them."""
    once: bool = False
    unneeded: Callable[[], bool] | None = None
    """For `once`: asked in a thread just before the start; when true the part counts as done."""
    before_start: Callable[[], object] | None = None
    """Called in a thread before every start, first and later ones."""
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 4.0
    """How long it may take to stop before it is killed."""
    start_seconds: float = 120.0
    """How long it may take to become healthy."""


@dataclass(frozen=True)
class Errand:
    """A function that is called once, in a thread, before others may start; what it raises ends the whole start."""

    name: str
    action: Callable[[], object]
    needs: Sequence[str] = ()
    outlives: Sequence[str] = field(default=(), init=False)


Step = Part | Errand
OnStatus = Callable[[PartStatus], object]


def accepts_connections(port: int) -> Probe:
    """Return a probe that is content when `port` of the loopback accepts connections."""

    async def probe(_started: float) -> Health:
        return Health.GOOD if await asyncio.to_thread(ports.answers, port) else Health.BAD

    return probe
