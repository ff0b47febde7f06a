"""Rows of Postgres as values: those that fit a dataclass one to one, and those of `model` that do not."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import zstandard

from pipeline.model import (
    Article,
    ArticleStatus,
    Capture,
    Fact,
    FactKind,
    Feed,
    Follow,
    HeldFact,
    LiveEntry,
    Outcome,
    Validators,
    Version,
)
from pipeline.store.connections import Connection
from pipeline.store.statements import statement

Row = Mapping[str, Any]
RowT = TypeVar("RowT")
#: A spreadsheet takes a cell that begins so for a formula, also where it stands in quotation marks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Cap on what a stored body may unpack to; the fetcher's own cap is far below it.
UNPACKED_MAX_BYTES = 256 * 2**20


def rows_as(
    kind: type[RowT], connection: Connection, name: str, values: Mapping[str, object] | None = None
) -> tuple[RowT, ...]:
    """Return the rows of a named statement, each as a value of a dataclass that has its columns."""
    return tuple(kind(**row) for row in connection.execute(statement(name), values))


def the_row(connection: Connection, name: str, values: Mapping[str, object] | None = None) -> Row:
    """Return the row of a named statement that always gives one: an insert that returns, an aggregate."""
    row = connection.execute(statement(name), values).fetchone()
    if row is None:  # pragma: no cover - a defect of the statement
        raise RuntimeError(f"{name} returned no row")
    return row


def columns_of(value: Any) -> dict[str, Any]:
    """Return the fields of a value (a dataclass with slots) by their names; `asdict` would copy each of them deeply."""
    return {name: getattr(value, name) for name in value.__slots__}


def compress(body: bytes) -> bytes:
    """Compress a body for `captures.body` (zstd, RFC 8878)."""
    return zstandard.ZstdCompressor(level=9).compress(body)


def decompress(body: bytes) -> bytes:
    """Return the body that `compress` was given."""
    return zstandard.ZstdDecompressor().decompress(body, max_output_size=UNPACKED_MAX_BYTES)


def feed_of(row: Row) -> Feed:
    """Read a row of `feeds`."""
    values = dict(row)
    validators = Validators(etag=values.pop("etag"), last_modified=values.pop("last_modified"))
    values["follow"] = Follow(row["follow"])
    values["last_outcome"] = Outcome(row["last_outcome"]) if row["last_outcome"] else None
    return Feed(**values, validators=validators)


def article_of(row: Row) -> Article:
    """Read a row of `articles`."""
    values = dict(row)
    validators = Validators(etag=values.pop("etag"), last_modified=values.pop("last_modified"))
    values["status"] = ArticleStatus(row["status"])
    values["follow"] = Follow(row["follow"])
    return Article(**values, validators=validators)


def capture_of(row: Row) -> Capture:
    """Read a row of `captures`; a capture without a body (404, 410) has an empty one."""
    values = dict(row)
    values["outcome"] = Outcome(row["outcome"])
    values["body"] = decompress(row["body"]) if row["body"] is not None else b""
    return Capture(**values)


def version_of(row: Row) -> Version:
    """Read a row of `versions`."""
    entries = tuple(_live_entry(entry) for entry in row["live_entries"] or ())
    return Version(**{**row, "live_entries": entries})


def _live_entry(value: Mapping[str, str | None]) -> LiveEntry:
    moments = {
        key: datetime.fromisoformat(at) if (at := value[key]) else None for key in ("published_at", "modified_at")
    }
    return LiveEntry(identity=value["identity"] or "", headline=value["headline"], text=value["text"] or "", **moments)


def live_entry_values(entry: LiveEntry) -> dict[str, str | None]:
    """Return a live blog's entry as `versions.live_entries` holds it."""
    return {
        "identity": entry.identity,
        "headline": entry.headline,
        "text": entry.text,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "modified_at": entry.modified_at.isoformat() if entry.modified_at else None,
    }


def held_fact_of(row: Row) -> HeldFact:
    """Read a row of `facts`."""
    values = dict(row)
    fact_id = values.pop("fact_id")
    values["kind"] = FactKind(row["kind"])
    return HeldFact(fact_id=fact_id, fact=Fact(**values))


def json_number(value: Decimal | None) -> int | float | None:
    """Return a fact's number as JSON can carry it: an integer where it is one."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def cell_text(text: str) -> str:
    """Return text as a cell of CSV can carry it: behind an apostrophe where a spreadsheet would run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
