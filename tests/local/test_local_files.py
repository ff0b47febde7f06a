"""What the supervisor keeps on disk: who runs and where, and the logs of its parts."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pipeline.errors import UsageError
from pipeline.local import processes
from pipeline.local.part_logs import cut_if_long, open_log, tail
from pipeline.local.processes import Identity
from pipeline.local.state_file import UpState, only_one, running_up
from tests.local.supervising import Running, alive


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


def test_a_state_file_of_before_a_reboot_means_nothing(tmp_path: Path) -> None:
    state = UpState(tmp_path, supervisor=Identity.of(os.getpid()))
    state.write()
    assert UpState.read(tmp_path).supervisor == state.supervisor
    value = json.loads(state.path.read_text())
    value["booted"] -= 1
    state.path.write_text(json.dumps(value))
    assert UpState.read(tmp_path).supervisor is None


def test_a_long_log_is_cut_while_its_writer_goes_on(tmp_path: Path) -> None:
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
