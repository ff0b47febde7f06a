"""The supervisor with small real parts. It runs in a process of its own, since it sweeps its descendants."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import UsageError
from pipeline.local import processes
from pipeline.local.parts import Errand, Part
from pipeline.local.processes import Identity
from pipeline.local.state_file import UpState, only_one, running_up
from pipeline.local.supervisor import STOP_SECONDS, Supervisor

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
        self.process.wait(20)
        return time.monotonic() - begun


def eventually(true: Callable[[], bool], explain: Callable[[], str] = str, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {seconds} s: {explain()}")
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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    started: list[Running] = []

    def start(steps: str) -> Running:
        started.append(Running(tmp_path / "home", steps))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end()
    UpState.read(tmp_path / "home").end_parts()


def test_steps_start_in_order_and_stop_in_reverse(start: Callable[[str], Running]) -> None:
    running = start("""
        steps = [
            Part("base", sleeper),
            Errand("errand", lambda: print("errand works", flush=True), needs=["base"]),
            Part("once", python("print('done')"), once=True, needs=["errand"]),
            Part("front", sleeper, needs=["once"], outlives=["side"]),
            Part("side", sleeper, needs=["once"]),
        ]
    """)
    running.wait_for("all ready")
    lines = running.lines()

    def at(text: str) -> int:
        return next(index for index, line in enumerate(lines) if text in line)

    assert at("base|healthy") < at("errand works") < at("errand|done") < at("once|starting") < at("once|done")
    assert at("once|done") < at("front|starting")
    pids = [running.pid(name) for name in ("base", "front", "side")]
    assert all(alive(pid) for pid in pids)
    assert running.end() < 15
    assert running.process.returncode == 0
    assert not any(alive(pid) for pid in pids)
    lines = running.lines()
    assert at("side|stopped") < at("front|stopping") < at("front|stopped") < at("base|stopping")
    assert not (running.home / "up.json").exists()


def test_a_part_that_dies_is_started_again(start: Callable[[str], Running]) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    first = running.pid("worker")
    os.kill(first, signal.SIGKILL)
    running.wait_for("worker|healthy", times=2)
    assert any("worker|restarting|killed by signal 9" in line for line in running.lines())
    second = running.pid("worker")
    assert second != first
    assert alive(second)


def test_the_pause_before_a_restart_grows(start: Callable[[str], Running]) -> None:
    running = start("""steps = [Part("fickle", python("import time; time.sleep(0.3)"))]""")
    running.wait_for("fickle|restarting", times=3)
    pauses = [float(line.split("again in ")[1].split()[0]) for line in running.lines() if "again in" in line]
    assert pauses[:3] == [0.5, 1.0, 2.0]


def test_orphans_of_a_dead_part_end_before_it_starts_again(start: Callable[[str], Running], tmp_path: Path) -> None:
    # Like a scheduler: one worker in its session, and a task in a process group of its own that ignores SIGTERM.
    running = start(f"""
        code = '''
        import os, signal, subprocess, sys, time
        sleep = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(300)"]
        worker = subprocess.Popen(sleep)
        task = subprocess.Popen(sleep, process_group=0)
        with open({str(tmp_path / "pids")!r}, "a") as file:
            print(worker.pid, task.pid, file=file)
        time.sleep(300)
        '''
        import textwrap
        steps = [Part("scheduler", python(textwrap.dedent(code)))]
    """)
    eventually(lambda: len(pids_in(tmp_path / "pids")) == 2)
    running.wait_for("all ready")
    old = pids_in(tmp_path / "pids")
    assert all(alive(pid) for pid in old)
    os.kill(running.pid("scheduler"), signal.SIGKILL)
    eventually(lambda: len(pids_in(tmp_path / "pids")) == 4)
    assert not any(alive(pid) for pid in old)
    assert running.end() < 15
    assert not any(alive(pid) for pid in pids_in(tmp_path / "pids"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to the supervisor")
def test_a_daemon_that_left_its_session_is_swept_at_the_end(start: Callable[[str], Running], tmp_path: Path) -> None:
    running = start(f"""
        code = '''
        import subprocess, sys
        daemon = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
        open({str(tmp_path / "pids")!r}, "w").write(str(daemon.pid))
        '''
        import textwrap
        steps = [Part("launcher", python(textwrap.dedent(code)), once=True), Part("other", sleeper)]
    """)
    running.wait_for("all ready")
    [daemon] = pids_in(tmp_path / "pids")
    assert alive(daemon)
    assert running.end() < 15
    assert not alive(daemon)


def test_running_tasks_are_interrupted_so_that_they_can_be_reported(
    start: Callable[[str], Running], tmp_path: Path
) -> None:
    running = start(f"""
        code = '''
        import signal, subprocess, sys, time
        task = subprocess.Popen([sys.executable, "-c", "import signal, time; "
            "signal.signal(2, signal.SIG_DFL); signal.signal(15, signal.SIG_IGN); time.sleep(300)"], process_group=0)
        def finish(*_):
            open({str(tmp_path / "report")!r}, "w").write(str(task.wait()))
            sys.exit(0)
        signal.signal(signal.SIGTERM, finish)
        print("set", flush=True)
        time.sleep(300)
        '''
        import textwrap
        steps = [Part("scheduler", python(textwrap.dedent(code)), grace_seconds=4)]
    """)
    eventually(lambda: "set" in text_of(running.home / "logs" / "scheduler.log"))
    assert running.end() < 6
    assert (tmp_path / "report").read_text() == "-2"


def test_a_part_that_ignores_everything_is_killed_in_time(start: Callable[[str], Running]) -> None:
    running = start("""
        import pipeline.local.supervisor as s
        s.STOP_SECONDS = 4
        deaf = python("import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); "
                      "time.sleep(300)")
        steps = [Part("a", deaf, grace_seconds=60), Part("b", deaf, grace_seconds=2)]
    """)
    running.wait_for("all ready")
    for name in ("a", "b"):
        eventually(lambda name=name: "deaf" in text_of(running.home / "logs" / f"{name}.log"))  # type: ignore[misc]
    pids = [running.pid(name) for name in ("a", "b")]
    assert running.end() < 8
    assert not any(alive(pid) for pid in pids)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_a_kill_and_a_closed_terminal_stop_everything(
    start: Callable[[str], Running], how: signal.Signals
) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    worker = running.pid("worker")
    assert running.end(how) < 15
    assert running.process.returncode == 0
    assert not alive(worker)


def test_under_nohup_a_closed_terminal_changes_nothing(start: Callable[[str], Running]) -> None:
    running = start("""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        steps = [Part("worker", sleeper)]
    """)
    running.wait_for("all ready")
    running.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert running.process.poll() is None
    assert alive(running.pid("worker"))


@pytest.mark.skipif(not Path("/usr/bin/setsid").exists(), reason="needs setsid of util-linux")
def test_a_real_terminal_that_closes_stops_everything(tmp_path: Path) -> None:
    home = tmp_path / "home"
    steps = "steps = [Part('worker', sleeper)]"
    master, slave = os.openpty()
    command = [sys.executable, "-c", f"{PREAMBLE}\n{steps}\nasyncio.run(main(steps))\n", str(home)]
    # setsid -c makes the terminal the controlling one, as a login does.
    process = subprocess.Popen(["/usr/bin/setsid", "-c", *command], stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    output = b""
    while b"all ready" not in output:
        output += os.read(master, 1000)
    worker = UpState.read(home).parts["worker"].process
    os.close(master)
    process.wait(20)
    assert not worker.is_alive()
    assert not (home / "up.json").exists()


def test_parts_of_a_killed_supervisor_do_not_live_on(start: Callable[[str], Running]) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    worker = running.pid("worker")
    running.end(signal.SIGKILL)
    eventually(lambda: not alive(worker), seconds=10)


def test_the_next_start_ends_what_a_killed_supervisor_and_guard_left(
    start: Callable[[str], Running],
) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    worker = running.pid("worker")
    for child in psutil.Process(running.process.pid).children():
        if "pipeline.local.guard" in child.cmdline():
            child.kill()
    running.end(signal.SIGKILL)
    time.sleep(0.5)
    assert alive(worker)
    assert running_up(running.home) is None
    again = start("""steps = [Part("worker", sleeper)]""")
    again.wait_for("all ready")
    assert not alive(worker)


def test_a_recorded_process_id_that_is_somebody_elses_today_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    try:
        with only_one(tmp_path / "home") as state:
            stale = Identity(bystander.pid, psutil.Process(bystander.pid).create_time() - 3600)
            assert not stale.is_alive()
            assert processes.end_session(stale, signal.SIGTERM, grace=0.1) == 0
            assert state.supervisor == Identity.of(os.getpid())
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_second_start_says_who_runs_and_where(start: Callable[[str], Running]) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    found = running_up(running.home)
    assert found is not None
    assert found.addresses == {"test": "http://127.0.0.1:1"}
    with (
        pytest.raises(UsageError, match=rf"(?s)pid {running.process.pid}.*http://127\.0\.0\.1:1"),
        only_one(running.home),
    ):
        pass
    assert alive(running.pid("worker"))


def test_a_part_that_never_starts_ends_the_start_and_shows_its_log(start: Callable[[str], Running]) -> None:
    running = start("""
        steps = [Part("good", sleeper), Part("bad", python("raise SystemExit('no such port')"))]
        steps[1] = Part("bad", python("raise SystemExit('the disk is full')"), probe=accepts_connections(1))
    """)
    running.process.wait(30)
    assert running.process.returncode == 1
    text = running.output.read_text()
    assert "SupervisorError: bad does not start" in text
    assert "the disk is full" in text
    assert "good|stopped" in text


def test_everything_stops_within_the_promised_time() -> None:
    assert STOP_SECONDS < 15


def test_a_failing_errand_ends_the_start(start: Callable[[str], Running]) -> None:
    running = start("""
        def fail(): raise RuntimeError("the schema is from the future")
        steps = [Part("good", sleeper), Errand("schema", fail, needs=["good"]), Part("late", sleeper, needs=["schema"])]
    """)
    running.process.wait(30)
    assert running.process.returncode == 1
    assert "schema|failed|the schema is from the future" in running.lines()
    assert not any("late|starting" in line for line in running.lines())


def test_a_hung_part_is_replaced(start: Callable[[str], Running], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    running = start(f"""
        import pipeline.local.supervisor as s
        s.HUNG_SECONDS, s._PROBE_HEALTHY_SECONDS = 1.5, 0.2
        code = '''
        import socket, sys, time
        server = socket.create_server(("127.0.0.1", {port}))
        end = time.monotonic() + 2
        server.settimeout(0.1)
        while time.monotonic() < end:
            try: server.accept()[0].close()
            except TimeoutError: pass
        server.close()
        time.sleep(300)
        '''
        import textwrap
        steps = [Part("server", python(textwrap.dedent(code)), probe=accepts_connections({port}))]
    """)
    running.wait_for("no sign of health")
    running.wait_for("server|healthy", times=2)


def test_secrets_of_the_environment_reach_the_part(start: Callable[[str], Running]) -> None:
    running = start("""
        show = python("import os; print(sorted(os.environ))")
        steps = [Part("once", show, {"SECRET": "x"}, once=True)]
    """)
    running.wait_for("once|done")
    running.process.wait(10)
    assert "SECRET" in (running.home / "logs" / "once.log").read_text()
    assert "HOME" not in (running.home / "logs" / "once.log").read_text()


def test_a_part_may_need_only_what_stands_before_it(tmp_path: Path) -> None:
    state = UpState(tmp_path)
    with pytest.raises(ValueError, match="late"):
        Supervisor(state, [Part("late", ["true"], needs=["later"]), Part("later", ["true"])], print)
    with pytest.raises(ValueError, match="twin"):
        Supervisor(state, [Part("twin", ["true"]), Errand("twin", print)], print)


def test_a_state_file_of_before_a_reboot_means_nothing(tmp_path: Path) -> None:
    state = UpState(tmp_path, supervisor=Identity.of(os.getpid()))
    state.write()
    assert UpState.read(tmp_path).supervisor == state.supervisor
    value = json.loads(state.path.read_text())
    value["booted"] -= 1
    state.path.write_text(json.dumps(value))
    assert UpState.read(tmp_path).supervisor is None


def test_a_long_log_is_cut_while_its_writer_goes_on(tmp_path: Path) -> None:
    from pipeline.local.part_logs import cut_if_long, open_log, tail

    path = tmp_path / "x.log"
    with open_log(path) as writer:
        writer.write(b"a" * 100 + b"\nlast\n")
        writer.flush()
        assert not cut_if_long(path, limit=1000)
        assert cut_if_long(path, limit=50)
        writer.write(b"new\n")
        writer.flush()
    assert path.read_bytes() == b"new\n"
    assert tail(tmp_path / "x.log.1", lines=1) == ["last"]
