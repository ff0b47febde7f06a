"""A port that another program takes between being chosen and being listened on."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.local import ports, processes
from pipeline.local.processes import Identity
from pipeline.local.state_file import UpState

SUPERVISE = """
import asyncio, sys
from pathlib import Path
from pipeline.local.parts import *
from pipeline.local.state_file import only_one
from pipeline.local.supervisor import Supervisor
home, port = Path(sys.argv[1]), int(sys.argv[2])
code = '''
import pathlib, socket, sys, time
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.02)
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(60)
'''
command = [sys.executable, "-c", code, str(port), sys.argv[3]]
server = Part("server", command, probe=accepts_connections(port), port=port)
async def main():
    with only_one(home) as state:
        show = lambda s: print(s.name, s.state, s.detail, sep="|", flush=True)
        await Supervisor(state, [server], show).run(asyncio.Event())
asyncio.run(main())
"""


def supervise(home: Path, port: int, *, after: Path) -> "subprocess.Popen[str]":
    """Supervise a server that listens on a port once a file is there."""
    command = [sys.executable, "-c", SUPERVISE, str(home), str(port), str(after)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_part_whose_port_is_taken_is_not_started_and_the_holder_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        out, err = supervise(tmp_path / "home", port, after=tmp_path).communicate(timeout=60)
    assert "server|starting" not in out
    assert f"PortTakenError: port {port} was taken by" in err
    assert f"(pid {os.getpid()})" in err


def test_a_stranger_who_answers_on_the_port_is_not_taken_for_the_part(tmp_path: Path) -> None:
    port = ports.next_free(28700)
    taken = tmp_path / "taken"
    supervisor = supervise(tmp_path / "home", port, after=taken)
    assert supervisor.stdout is not None
    while "starting" not in (line := supervisor.stdout.readline()):
        assert line
    with socket.create_server(("127.0.0.1", port)):
        taken.touch()
        out, err = supervisor.communicate(timeout=60)
    assert "healthy" not in out
    assert "server|restarting" in out  # it could not bind
    assert f"PortTakenError: port {port}" in err


def test_who_listens_is_told_by_session() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        port = ours.getsockname()[1]
        leader = Identity.of(os.getsid(0))
        assert leader is None or processes.listens(leader, port)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
        try:
            stranger = Identity.of(child.pid)
            assert stranger is not None
            assert not processes.listens(stranger, port)
        finally:
            child.kill()
            child.wait()


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="writethru-port-"))
    folder.chmod(0o711)
    yield folder
    UpState.read(folder / "home").end_parts()
    shutil.rmtree(folder)


RACE = """
import asyncio, socket, sys
from pathlib import Path
from pipeline.local.up import UpOptions, up
port, strangers = int(sys.argv[3]), []
def take_the_port(url):
    # The port has been chosen; the api-server does not listen on it yet.
    if not strangers:
        strangers.append(socket.create_server(("127.0.0.1", port)))
home, dags = Path(sys.argv[1]), Path(sys.argv[2])
options = UpOptions(home=home, dags_folder=dags, airflow_port=port, upgrade_schema=take_the_port)
async def main():
    stop = asyncio.Event()
    def ready(addresses):
        print("ready", addresses.airflow, flush=True)
        stop.set()
    show = lambda s: print(s.name, s.state, s.detail, sep="|", flush=True)
    await up(options, on_status=show, on_ready=ready, stop=stop)
asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.airflow
@pytest.mark.timeout(900)
def test_everything_moves_to_another_port_when_the_api_server_loses_its_own(folder: Path) -> None:
    (folder / "dags").mkdir()
    port = ports.next_free(28750)
    command = [sys.executable, "-c", RACE, str(folder / "home"), str(folder / "dags"), str(port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "api-server|restarting|everything starts again on another port" in done.stdout
    [ready] = [line for line in done.stdout.splitlines() if line.startswith("ready")]
    moved = int(ready.rpartition(":")[2])
    assert moved > port
    assert f"api-server|waiting|port {port} is taken by" in done.stdout
