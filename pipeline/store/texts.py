"""Text on its way into Postgres: what it cannot hold, and what its indexes cannot.

The rooms clean their text; this is the last gate, so that one character that slipped through never stops a step.
"""

import hashlib
import json
import re

from psycopg.abc import AdaptContext, Buffer
from psycopg.errors import DataError
from psycopg.types.string import StrDumper, StrDumperUnknown

#: A btree entry holds 2,704 bytes, and a name shares its entry with a scope.
INDEXED_MAX_BYTES = 2000
_KEPT_OF_LONG_NAME = 200

_SURROGATE = re.compile("[\ud800-\udfff]")
# An escaped backslash is taken whole, so that the text `\u0000`, written out, is not mistaken for the character.
_JSON_NUL = re.compile(r"(\\\\)|\\u0000")


def storable(text: str) -> str:
    """Return the text without NUL, which Postgres refuses, and with U+FFFD for half a surrogate pair."""
    text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def json_text(value: object) -> str:
    """Return a value as JSON that `jsonb` takes; what JSON has no word for is written as `str` says it."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    if "\\u0000" in text:
        text = _JSON_NUL.sub(lambda found: found[1] or "", text)
    return storable(text)


def indexed(name: str) -> str:
    """Return a name as an index can hold it: itself, or where it is too long, its beginning and its SHA-256."""
    encoded = storable(name).encode()
    if len(encoded) <= INDEXED_MAX_BYTES:
        return storable(name)
    return f"{storable(name)[:_KEPT_OF_LONG_NAME]}…sha256:{hashlib.sha256(encoded).hexdigest()}"


class StorableText(StrDumper):
    """Sends `str` as it is, and only where Postgres would refuse it, as `storable` has it."""

    def dump(self, obj: str) -> Buffer | None:
        """Return the text in the connection's encoding."""
        try:
            return super().dump(obj)
        except (UnicodeEncodeError, DataError):
            return super().dump(storable(obj))


class StorableUnknown(StrDumperUnknown):
    """The same for text whose type Postgres is to find out."""

    def dump(self, obj: str) -> Buffer | None:
        """Return the text in the connection's encoding."""
        try:
            return super().dump(obj)
        except (UnicodeEncodeError, DataError):
            return super().dump(storable(obj))


def accept_any_text(context: AdaptContext) -> None:
    """Let every `str` that a connection is given be stored."""
    context.adapters.register_dumper(str, StorableText)
    # The last one registered is the default.
    context.adapters.register_dumper(str, StorableUnknown)
