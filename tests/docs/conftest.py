"""What the tests of the documentation share: the documents and their blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.config import CHECKOUT_DIR
from pipeline.store.connections import Connection, connect

DOCUMENTS = (
    CHECKOUT_DIR / "README.md",
    CHECKOUT_DIR / "CONTRIBUTING.md",
    *sorted((CHECKOUT_DIR / "docs").glob("*.md")),
)

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


@pytest.fixture
def told(told_url: str) -> Iterator[Connection]:
    """An open connection to that record, for reading."""
    with connect(told_url) as connection:
        connection.execute("set default_transaction_read_only = on")
        yield connection
