"""A Postgres for one measurement, thrown away afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.local.ports import next_free
from pipeline.local.postgres import Durability, EmbeddedPostgres, running
from pipeline.store.migrations import upgrade

FIRST_PORT = 26432


@contextmanager
def own_postgres(durability: Durability) -> Iterator[EmbeddedPostgres]:
    """Lend an embedded Postgres with an empty home of its own."""
    with tempfile.TemporaryDirectory(prefix="writethru-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # run as root, Postgres is another user, who has to pass through
        with running(home, durability=durability, port=next_free(FIRST_PORT)) as postgres:
            yield postgres


def make_database(postgres: EmbeddedPostgres, name: str) -> str:
    """Make a database with the schema and nothing in it; return its address."""
    postgres.ensure_database(name)
    url = postgres.url(name)
    upgrade(url)
    return url
