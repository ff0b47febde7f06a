"""The supervisor with small real parts: how they start, and what becomes of one that dies, hangs or never starts."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.local.parts import Errand, Part
from pipeline.local.ports import next_free
from pipeline.local.state_file import UpState
from pipeline.local.supervisor import Supervisor
from tests.local.supervising import PATIENCE_SECONDS, Running, alive, eventually, pids_in


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


def test_a_part_that_never_starts_ends_the_start_and_shows_its_log(start: Callable[[str], Running]) -> None:
    running = start("""
        steps = [Part("good", sleeper), Part("bad", python("raise SystemExit('no such port')"))]
        steps[1] = Part("bad", python("raise SystemExit('the disk is full')"), probe=accepts_connections(1))
    """)
    running.process.wait(PATIENCE_SECONDS)
    assert running.process.returncode == 1
    text = running.output.read_text()
    assert "SupervisorError: bad does not start" in text
    assert "the disk is full" in text
    assert "good|stopped" in text


def test_a_failing_errand_ends_the_start(start: Callable[[str], Running]) -> None:
    running = start("""
        def fail(): raise RuntimeError("the schema is from the future")
        steps = [Part("good", sleeper), Errand("schema", fail, needs=["good"]), Part("late", sleeper, needs=["schema"])]
    """)
    running.process.wait(PATIENCE_SECONDS)
    assert running.process.returncode == 1
    assert "schema|failed|the schema is from the future" in running.lines()
    assert not any("late|starting" in line for line in running.lines())


def test_a_hung_part_is_replaced(start: Callable[[str], Running], tmp_path: Path) -> None:
    port, hang = next_free(28900), tmp_path / "hang"
    running = start(f"""
        import pipeline.local.supervisor as s
        s.HUNG_SECONDS, s._PROBE_HEALTHY_SECONDS = 1.5, 0.2
        code = '''
        import pathlib, socket, time
        hang = pathlib.Path({str(hang)!r})
        server = socket.create_server(("127.0.0.1", {port}))
        server.settimeout(0.1)
        while not hang.exists():
            try: server.accept()[0].close()
            except TimeoutError: pass
        hang.unlink()
        server.close()
        time.sleep(300)
        '''
        import textwrap
        steps = [Part("server", python(textwrap.dedent(code)), probe=accepts_connections({port}))]
    """)
    running.wait_for("server|healthy")
    hang.touch()
    running.wait_for("no sign of health")
    running.wait_for("server|healthy", times=2)


def test_secrets_of_the_environment_reach_the_part(start: Callable[[str], Running]) -> None:
    running = start("""
        show = python("import os; print(sorted(os.environ))")
        steps = [Part("once", show, {"SECRET": "x"}, once=True)]
    """)
    running.wait_for("once|done")
    running.process.wait(PATIENCE_SECONDS)
    assert "SECRET" in (running.home / "logs" / "once.log").read_text()
    assert "HOME" not in (running.home / "logs" / "once.log").read_text()


def test_a_part_may_need_only_what_stands_before_it(tmp_path: Path) -> None:
    state = UpState(tmp_path)
    with pytest.raises(ValueError, match="late"):
        Supervisor(state, [Part("late", ["true"], needs=["later"]), Part("later", ["true"])], print)
    with pytest.raises(ValueError, match="twin"):
        Supervisor(state, [Part("twin", ["true"]), Errand("twin", print)], print)
