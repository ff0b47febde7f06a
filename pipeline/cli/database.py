"""Which database a command works on, and how it is there when the command runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.cli.console import note
from pipeline.config import settings
from pipeline.local import postgres
from pipeline.local.state_file import running_up
from pipeline.store import migrations
from pipeline.store.connections import Connection, connection_to


def demo_home() -> Path:
    """Return where the demo keeps its state: beside the real one, never in it."""
    return settings().home / "demo"


def home_in_use() -> Path:
    """Return the home that commands work on: the demo's while it runs and `up` does not."""
    home = settings().home
    if running_up(home) is None and running_up(demo_home()) is not None:
        note(f"Using the demo that runs in {demo_home()}.")
        return demo_home()
    return home


@contextmanager
def database() -> Iterator[str]:
    """Yield the database's address, ready for use.

    With `WRITETHRU_DATABASE_URL` that is the user's own, taken as it is (`writethru db upgrade` is his to run). Else
    the embedded one: started where it does not run, its schema upgraded, and stopped again by the last who needs it.
    """
    own = settings().database_url
    if own is not None:
        yield own
        return
    with postgres.running(home_in_use()) as server:
        server.ensure_databases()
        url = server.url()
        for name in migrations.upgrade(url):
            note(f"schema: applied {name}")
        yield url


@contextmanager
def connection() -> Iterator[Connection]:
    """Yield an open connection to that database."""
    with database() as url, connection_to(url, application="writethru cli") as opened:
        yield opened
