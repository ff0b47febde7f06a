"""The supervisor behind `writethru up`: starts the parts in order, keeps them running, and leaves nothing behind.

Why not a ready-made one: `airflow standalone` misses a dead api-server and leaves orphans; supervisord restarts
everything when the terminal closes, and lets running tasks and a killed scheduler's workers live on. Here

- every part runs in a session of its own, by which all its descendants are found (see `processes`);
- a part that ends is started again after a pause that doubles, once its orphans are gone;
- a part whose probe fails for a minute is taken for hung, killed and started again;
- at the end parts stop in the reverse order of their needs, each with a time limit, and a sweep kills what is left;
- should this process be killed itself, a `guard` ends the parts, and the next start makes sure of it.
"""

import asyncio
import os
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.errors import SupervisorError
from pipeline.local import part_logs, ports, processes
from pipeline.local.guard import start_guard
from pipeline.local.parts import Errand, Health, OnStatus, Part, PartState, PartStatus, Step
from pipeline.local.processes import Identity
from pipeline.local.state_file import RecordedPart, UpState

STOP_SECONDS = 12.0
"""All parts together may take this long to stop; then everything is killed."""
FIRST_STARTS = 3
"""A part that was never healthy is tried so often before the whole start is given up."""
HUNG_SECONDS = 60.0
"""A part that was healthy and whose probe fails for so long is killed and started again."""
LONGEST_PAUSE_SECONDS = 30.0
_TICK_SECONDS = 0.1
_PROBE_STARTING_SECONDS = 0.25
_PROBE_HEALTHY_SECONDS = 5.0


@dataclass
class _Run:
    """One life of a part's process."""

    part: Part
    child: "subprocess.Popen[bytes]"
    identity: Identity
    log: Path
    log_start: int
    started: float = field(default_factory=time.time)
    healthy_since: float | None = None

    @property
    def ended(self) -> bool:
        return self.child.poll() is not None

    def how_it_ended(self) -> str:
        code = self.child.returncode
        how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit status {code}"
        last = part_logs.tail(self.log, lines=1, since=self.log_start)
        return f"{how}: {last[0].strip()[:200]}" if last else how


class PortTakenError(SupervisorError):
    """Another program listens on the port of a part; everything that knows that port has to start again with another.

    `part` is the part's name.
    """

    def __init__(self, part: str, port: int) -> None:
        """Name who holds the port."""
        super().__init__(f"port {port} was taken by {ports.holder(port)} before {part} could listen on it")
        self.part = part


class Supervisor:
    """Runs steps; `home/logs/NAME.log` receives what a part prints.

    `state` comes from `state_file.only_one`, which makes sure that a home has one supervisor. `on_status` is called
    in the event loop whenever something about a part changes; what it raises of `OSError` is ignored, because the
    terminal it writes to may be gone.
    """

    def __init__(self, state: UpState, steps: Sequence[Step], on_status: OnStatus) -> None:
        """Check the steps: names must be unique, and needs must name earlier steps (else `ValueError`)."""
        self._state = state
        self._steps = list(steps)
        self._on_status = on_status
        names = [step.name for step in self._steps]
        for index, step in enumerate(self._steps):
            if step.name in names[:index] or not set(step.needs) <= set(names[:index]):
                raise ValueError(f"step {step.name!r} has a name that is taken, or needs a step that is not before it")
        self._ready = {name: asyncio.Event() for name in names}
        self._runs: dict[str, _Run] = {}
        self.all_ready = asyncio.Event()
        """Set as soon as every step is healthy, or done, for the first time."""

    async def run(self, stop: asyncio.Event) -> None:
        """Start all steps and keep the parts running until `stop` is set; return when the last one has stopped.

        Raises `SupervisorError` where a step cannot be brought up, `PortTakenError` where one has lost its port to
        another program; everything is stopped before.
        """
        processes.adopt_orphans()
        strangers = {child.pid for child in psutil.Process().children(recursive=True)}
        guard = start_guard(self._state.home, os.getpid())
        tending = [asyncio.create_task(self._tend(step), name=step.name) for step in self._steps]
        others = [asyncio.create_task(self._announce_ready()), asyncio.create_task(self._keep_logs_short())]
        waiting = asyncio.create_task(stop.wait())
        try:
            # Errands and `once` parts end; only a failure, or the wish to stop, ends the wait.
            pending = {*tending, waiting}
            while not waiting.done() and pending - {waiting}:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {waiting}:
                    task.result()
        finally:
            for task in (*tending, *others, waiting):
                task.cancel()
            await asyncio.gather(*tending, *others, waiting, return_exceptions=True)
            await self._stop_all()
            await asyncio.to_thread(processes.kill_descendants, spare={*strangers, guard.pid})
            self._state.parts.clear()
            self._state.write()
            await asyncio.to_thread(_dismiss, guard)

    # Starting and keeping

    async def _tend(self, step: Step) -> None:
        self._report(step.name, PartState.WAITING)
        for need in step.needs:
            await self._ready[need].wait()
        if isinstance(step, Errand):
            await self._carry_out(step)
        elif step.once:
            await self._run_to_its_end(step)
        else:
            await self._keep_running(step)

    async def _carry_out(self, errand: Errand) -> None:
        self._report(errand.name, PartState.STARTING)
        begun = time.monotonic()
        try:
            await asyncio.to_thread(errand.action)
        except Exception as error:
            self._report(errand.name, PartState.FAILED, str(error))
            raise
        self._finish(errand.name, begun)

    async def _run_to_its_end(self, part: Part) -> None:
        begun = time.monotonic()
        if part.unneeded is None or not await asyncio.to_thread(part.unneeded):
            run = await self._spawn(part)
            deadline = begun + part.start_seconds
            while not run.ended and time.monotonic() < deadline:  # noqa: ASYNC110 - an exit sets no event
                await asyncio.sleep(_TICK_SECONDS)
            if run.child.returncode != 0:
                ended = run.how_it_ended() if run.ended else f"not done after {part.start_seconds:.0f} s"
                raise self._failure(run, ended)
            await self._clear(run)
        self._finish(part.name, begun)

    async def _keep_running(self, part: Part) -> None:
        failures = 0
        while True:
            await self._check_port(part)
            run = await self._spawn(part)
            reason = await self._watch(run)
            await self._clear(run)
            was_stable = run.healthy_since is not None and time.monotonic() - run.healthy_since > HUNG_SECONDS
            failures = 1 if was_stable else failures + 1
            if failures >= FIRST_STARTS and not self._ready[part.name].is_set():
                raise self._failure(run, reason)
            pause = min(0.25 * 2**failures, LONGEST_PAUSE_SECONDS)
            self._report(part.name, PartState.RESTARTING, f"{reason}; again in {pause:.1f} s")
            await asyncio.sleep(pause)

    async def _check_port(self, part: Part) -> None:
        if part.port is not None and not await asyncio.to_thread(ports.is_free, part.port):
            error = await asyncio.to_thread(PortTakenError, part.name, part.port)
            self._report(part.name, PartState.FAILED, str(error))
            raise error

    async def _spawn(self, part: Part) -> _Run:
        self._report(part.name, PartState.STARTING)
        if part.before_start is not None:
            await asyncio.to_thread(part.before_start)
        log = self._state.home / "logs" / f"{part.name.replace(' ', '-')}.log"
        with part_logs.open_log(log) as file:
            log_start = file.seek(0, 2)
            child = subprocess.Popen(  # noqa: ASYNC220 - the short wait for the exec is meant: the child must be ours
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=None if part.environment is None else dict(part.environment),
                start_new_session=True,
                **(part.account.popen_arguments if part.account else {}),  # type: ignore[call-overload]
            )
        identity = Identity.of(child.pid) or Identity(child.pid, time.time())
        run = _Run(part, child, identity, log, log_start)
        self._runs[part.name] = run
        self._state.parts[part.name] = RecordedPart(part.name, identity, part.stop_signal, part.grace_seconds)
        self._state.write()
        return run

    async def _watch(self, run: _Run) -> str:
        """Follow one life of a part until it ends or has to be ended, and return why."""
        begun = good = time.monotonic()
        next_probe = begun
        while True:
            if run.ended:
                return run.how_it_ended()
            now = time.monotonic()
            if now >= next_probe:
                health = await self._probe(run)
                now = time.monotonic()
                if health is Health.GOOD and not run.ended:
                    if run.healthy_since is None:
                        run.healthy_since = now
                        self._report(run.part.name, PartState.HEALTHY, f"after {now - begun:.1f} s")
                        self._ready[run.part.name].set()
                    good = now
                elif health is Health.UNKNOWN and run.healthy_since is not None:
                    good = now
                healthy = run.healthy_since is not None
                next_probe = now + (_PROBE_HEALTHY_SECONDS if healthy else _PROBE_STARTING_SECONDS)
            allowed = HUNG_SECONDS if run.healthy_since is not None else run.part.start_seconds
            if now - good > allowed:
                return f"no sign of health for {allowed:.0f} s"
            await asyncio.sleep(_TICK_SECONDS)

    async def _probe(self, run: _Run) -> Health:
        if run.part.probe is None:
            return Health.GOOD
        try:
            health = await asyncio.wait_for(run.part.probe(run.started), timeout=10)
        except TimeoutError:
            return Health.BAD
        port = run.part.port
        if health is Health.GOOD and port is not None and run.healthy_since is None:
            # Another program of the same kind may have been faster, and answer in our part's place.
            return health if await asyncio.to_thread(processes.listens, run.identity, port) else Health.BAD
        return health

    async def _clear(self, run: _Run) -> None:
        """Make sure that nothing of an ended run is left: a killed scheduler leaves idle workers behind."""
        await asyncio.to_thread(processes.kill_session, run.identity)
        await asyncio.to_thread(run.child.wait)
        processes.reap(run.identity)
        self._runs.pop(run.part.name, None)

    async def _announce_ready(self) -> None:
        for event in self._ready.values():
            await event.wait()
        self.all_ready.set()

    async def _keep_logs_short(self) -> None:
        while True:
            await asyncio.sleep(10)
            for run in list(self._runs.values()):
                await asyncio.to_thread(part_logs.cut_if_long, run.log)

    # Stopping

    async def _stop_all(self) -> None:
        begun = time.monotonic()
        stopped = {step.name: asyncio.Event() for step in self._steps}

        async def stop_in_turn(step: Step) -> None:
            for other in self._steps:
                if step.name in other.needs or other.name in step.outlives:
                    await stopped[other.name].wait()
            run = self._runs.get(step.name)
            if run is not None:
                await self._stop_one(run)
            stopped[step.name].set()

        with suppress(TimeoutError):
            await asyncio.wait_for(_all(stop_in_turn, self._steps), STOP_SECONDS - (time.monotonic() - begun))
        for run in list(self._runs.values()):
            await self._clear(run)
            self._report(run.part.name, PartState.STOPPED, "killed")

    async def _stop_one(self, run: _Run) -> None:
        """Ask a part to stop; half-way through its grace interrupt its tasks; at its end kill what is left."""
        part = run.part
        self._report(part.name, PartState.STOPPING)
        begun = time.monotonic()
        if not run.ended:
            processes.send(run.child.pid, part.stop_signal)
        interrupted = False
        while not run.ended and time.monotonic() - begun < part.grace_seconds:
            if not interrupted and time.monotonic() - begun > part.grace_seconds / 2:
                interrupted = True
                processes.interrupt_groups(run.identity)
            await asyncio.sleep(_TICK_SECONDS)
        detail = f"after {time.monotonic() - begun:.1f} s" if run.ended else "killed"
        await self._clear(run)
        self._report(part.name, PartState.STOPPED, detail)

    # Reporting

    def _finish(self, name: str, begun: float) -> None:
        self._report(name, PartState.DONE, f"after {time.monotonic() - begun:.1f} s")
        self._ready[name].set()

    def _failure(self, run: _Run, reason: str) -> SupervisorError:
        self._report(run.part.name, PartState.FAILED, reason)
        lines = part_logs.tail(run.log, since=run.log_start)
        return SupervisorError("\n  ".join([f"{run.part.name} does not start ({reason}). Log: {run.log}", *lines]))

    def _report(self, name: str, state: PartState, detail: str = "") -> None:
        with suppress(OSError):
            self._on_status(PartStatus(name, state, detail))


async def _all(function: Callable[[Step], Awaitable[None]], steps: Sequence[Step]) -> None:
    await asyncio.gather(*(function(step) for step in steps))


def _dismiss(guard: "subprocess.Popen[bytes]") -> None:
    if guard.stdin is not None:
        guard.stdin.close()
    try:
        guard.wait(5)
    except subprocess.TimeoutExpired:
        guard.kill()
        guard.wait()
