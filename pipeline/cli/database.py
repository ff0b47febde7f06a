"""Which home and database a command works on, and how they are there when the command runs."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.cli.console import note, working
from pipeline.config import Settings, settings
from pipeline.errors import ConfigurationError, EmbeddedPostgresError, NotReachableError
from pipeline.local import newsroom, postgres
from pipeline.local.state_file import running_up
from pipeline.store import migrations
from pipeline.store.connections import Connection, connection_to

STARTING_UP_SECONDS = 60.0
_SCHEMES = ("postgresql", "postgres")


def demo_home() -> Path:
    """Return where the demo keeps its state: beside the real one, never in it."""
    return settings().home / "demo"


def uses_demo() -> bool:
    """Tell whether commands work on the demo: it runs, `up` does not, and no other database is asked for."""
    return (
        settings().database_url is None and running_up(settings().home) is None and running_up(demo_home()) is not None
    )


def settings_in_use() -> Settings:
    """Return the settings, or those of the demo while commands work on it: its newsroom is on the loopback."""
    if not uses_demo():
        return settings()
    prefix = "WRITETHRU_"
    of_demo: dict[str, Any] = {
        name.removeprefix(prefix).lower(): value for name, value in newsroom.DEMO_SETTINGS.items()
    }
    return Settings(home=demo_home(), **of_demo)


@contextmanager
def database(*, upgrade: bool = True) -> Iterator[str]:
    """Yield the database's address, ready for use.

    With `WRITETHRU_DATABASE_URL` that is the user's own, taken as it is (`writethru db upgrade` is his to run). Else
    the embedded one: started where it does not run, its schema upgraded (unless told not to), and stopped again by the
    last who needs it. Raises `ConfigurationError` if the address is none.
    """
    own = settings().database_url
    if own is not None:
        yield checked(own)
        return
    home = settings().home
    if uses_demo():
        home = demo_home()
        note(f"Using the demo that runs in {home}.")
    if running_up(home) is not None:
        _wait_for_up(home)
    with _embedded(home) as url:
        if upgrade:
            for name in migrations.upgrade(url):
                note(f"schema: applied {name}")
        yield url


def revive() -> None:
    """Start the embedded Postgres of a command that goes on, where it has died meanwhile.

    One that `up` runs is for `up` to start. What cannot be mended now is told, and left to the next try.
    """
    home = demo_home() if uses_demo() else settings().home
    if settings().database_url is not None or running_up(home) is not None:
        return
    try:
        postgres.EmbeddedPostgres(home).ensure_running(stop_with_last_user=True)
    except EmbeddedPostgresError as error:
        note(str(error))


@contextmanager
def connection() -> Iterator[Connection]:
    """Yield an open connection to that database."""
    with database() as url, connection_to(url, application="writethru cli") as opened:
        yield opened


@contextmanager
def _embedded(home: Path) -> Iterator[str]:
    with ExitStack() as stack:
        with working("Postgres starts"):
            server = stack.enter_context(postgres.running(home))
        yield server.url()


def _wait_for_up(home: Path) -> None:
    """Leave it to a running `up` to start Postgres: two servers on one data folder would be in each other's way."""
    server = postgres.EmbeddedPostgres(home)
    deadline = time.monotonic() + STARTING_UP_SECONDS
    with working("Postgres starts"):
        while not server.is_running() and running_up(home) is not None:
            if time.monotonic() > deadline:
                raise NotReachableError(
                    f"`writethru up` runs in {home}, but its Postgres does not answer: see {server.log}"
                )
            time.sleep(0.2)


def checked(url: str) -> str:
    """Return the address of a Postgres as it is. Raises `ConfigurationError` if it is none."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in _SCHEMES and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        # Not shown as it is: there may be a password in it.
        raise ConfigurationError(
            "WRITETHRU_DATABASE_URL is no address of a Postgres: it must read "
            "postgresql://user:password@host:port/database"
        )
    return url
