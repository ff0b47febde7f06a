"""What the tests of the documentation share: the documents, their blocks, and a record filled by the newsroom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from pipeline.config import CHECKOUT_DIR, Settings
from pipeline.local.newsroom import ManualClock, newsroom_running
from pipeline.local.postgres import EmbeddedPostgres
from pipeline.steps import add_feeds, run_round, tend_store
from pipeline.store.connections import Connection, connect

DOCUMENTS = (
    CHECKOUT_DIR / "README.md",
    CHECKOUT_DIR / "CONTRIBUTING.md",
    *sorted((CHECKOUT_DIR / "docs").glob("*.md")),
)

# Story-minutes at which the newsroom is looked at: an earthquake's toll rises and is corrected between them, a page
# moves, one vanishes for good (which takes two looks).
LOOKS = (0, 600, 1650, 2700, 3300, 4500, 4800, 4810)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document."""

    document: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


def blocks(language: str) -> list[Block]:
    """Return the blocks of all documents that are in a language."""
    return [
        Block(document, text.count("\n", 0, fence.start()) + 1, fence[1], fence[2])
        for document in DOCUMENTS
        for text in [document.read_text(encoding="utf-8")]
        for fence in _FENCE.finditer(text)
        if fence[1] == language
    ]


@pytest.fixture(scope="session")
def told_url(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a record into which the newsroom's stories have been told from beginning to end."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("create database told template template strategy file_copy")
    url = cluster.url("told")
    settings = Settings.model_validate(
        {
            "home": tmp_path_factory.mktemp("told"),
            "allow_networks": "127.0.0.0/8",
            "host_gap_seconds": 0,
            "poll_min_seconds": 1,
            "capture_min_seconds": 1,
            "capture_max_seconds": 1,
        }
    )
    clock = ManualClock()
    with newsroom_running(clock=clock) as newsroom:
        add_feeds(url, settings, newsroom.subscriptions)
        for minute in LOOKS:
            clock.advance(minute - clock.minutes())
            with connect(url) as connection:
                connection.execute("update news.feeds set next_poll_at = now()")
                connection.execute("update news.articles set next_capture_at = now() where status = 'following'")
            run_round(url, settings, capture_budget_seconds=60)
    tend_store(url, settings.model_copy(update={"settle_after_seconds": 0.001}))
    yield url
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute("drop database told with (force)")


@pytest.fixture
def told(told_url: str) -> Iterator[Connection]:
    """An open connection to that record, for reading."""
    with connect(told_url) as connection:
        connection.execute("set default_transaction_read_only = on")
        yield connection
