"""However the supervisor is ended, its parts end with it, and in time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pipeline.local.state_file import UpState, running_up
from pipeline.local.supervisor import STOP_SECONDS
from tests.local.supervising import PATIENCE_SECONDS, PREAMBLE, Running, alive, eventually, pids_in, text_of


def test_everything_stops_within_the_promised_time() -> None:
    assert STOP_SECONDS < 15


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
    running.end()
    assert (tmp_path / "report").read_text() == "-2"


def test_a_part_that_ignores_everything_is_killed_in_time(start: Callable[[str], Running]) -> None:
    running = start("""
        import pipeline.local.supervisor as s
        s.STOP_SECONDS = 4
        deaf = python("import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); "
                      "time.sleep(300)")
        steps = [Part("a", deaf, grace_seconds=600), Part("b", deaf, grace_seconds=2)]
    """)
    running.wait_for("all ready")
    for name in ("a", "b"):
        eventually(lambda name=name: "deaf" in text_of(running.home / "logs" / f"{name}.log"))  # type: ignore[misc]
    pids = [running.pid(name) for name in ("a", "b")]
    running.end()
    assert {"a|stopped|killed", "b|stopped|killed"} <= set(running.lines())
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
    process.wait(PATIENCE_SECONDS)
    assert not worker.is_alive()
    assert not (home / "up.json").exists()


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


def test_parts_of_a_killed_supervisor_do_not_live_on(start: Callable[[str], Running]) -> None:
    running = start("""steps = [Part("worker", sleeper)]""")
    running.wait_for("all ready")
    worker = running.pid("worker")
    running.end(signal.SIGKILL)
    eventually(lambda: not alive(worker))


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
