"""What the tests of the command line share: a record told by the newsroom, and ways to call commands."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog

from pipeline.cli import main
from pipeline.config import settings
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.store.connections import Connection, connect
from tests.telling import tell

PROGRAM = Path(sys.executable).with_name("writethru")
#: Story-minutes at which the newsroom is looked at: a toll rises and is corrected between them.
LOOKS = (0, 600, 1650)


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


Call = Callable[..., Said]


@pytest.fixture(scope="session")
def told_url(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a record into which the newsroom told the beginning of its stories. For reading."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database told_cli template template strategy file_copy")
    url = cluster.url("told_cli")
    tell(url, tmp_path_factory.mktemp("told"), LOOKS)
    yield url
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database told_cli with (force)")


@pytest.fixture
def told(told_url: str) -> Iterator[Connection]:
    """An open connection to that record."""
    with connect(told_url) as connection:
        connection.execute("set default_transaction_read_only = on")
        yield connection


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the machine leaks in, and none of the command line's leaks out."""
    for name in os.environ:
        if name.startswith(("WRITETHRU_", "PG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WRITETHRU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    settings.cache_clear()
    yield
    settings.cache_clear()
    structlog.reset_defaults()
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call a command in this process, with the settings given as keywords."""

    def call(*arguments: object, **variables: object) -> Said:
        for name, value in variables.items():
            monkeypatch.setenv(f"WRITETHRU_{name.upper()}", str(value))
        settings.cache_clear()
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return call


@pytest.fixture
def ask(call: Call, told_url: str) -> Call:
    """Call a command on the record that the newsroom told."""
    return lambda *arguments: call(*arguments, database_url=told_url)


@pytest.fixture
def own(call: Call, database_url: str) -> Call:
    """Call a command on this test's own, empty record."""
    return lambda *arguments, **variables: call(*arguments, database_url=database_url, **variables)


def environment(**variables: object) -> dict[str, str]:
    return {**os.environ, **{f"WRITETHRU_{name.upper()}": str(value) for name, value in variables.items()}}


@pytest.fixture
def run() -> Call:
    """Run a command as a process of its own, with the settings given as keywords."""

    def run(*arguments: object, stdin: bytes = b"", **variables: object) -> Said:
        command = [str(PROGRAM), *map(str, arguments)]
        done = subprocess.run(
            command, env=environment(**variables), capture_output=True, input=stdin, timeout=60, check=False
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@dataclass(slots=True)
class Started:
    """A command that goes on, with a line of its output at a time."""

    process: "subprocess.Popen[str]"

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def said_on_stderr(self, text: str) -> None:
        assert self.process.stderr is not None
        while text not in (line := self.process.stderr.readline()):
            assert line, f"ended without saying {text!r}"

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(50)


@pytest.fixture
def start() -> Iterator[Callable[..., Started]]:
    """Start a command that goes on, as a process of its own."""
    with ExitStack() as stack:

        def start(*arguments: object, program: Sequence[str] = (str(PROGRAM),), **variables: object) -> Started:
            process = subprocess.Popen(
                [*program, *map(str, arguments)],
                env=environment(**variables),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # A runner in the background has Ctrl-C ignored, and so would its children; a terminal's have not.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
            )
            stack.callback(_close, process)
            return Started(process)

        yield start


def _close(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.kill()
    with process:  # closes its pipes
        pass


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that Postgres can reach when the tests run as root, which pytest's own folders do not let through."""
    with tempfile.TemporaryDirectory(prefix="writethru-cli-") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        try:
            yield home
        finally:
            if (home / "postgres").exists():
                EmbeddedPostgres(home).stop()
