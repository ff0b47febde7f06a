"""Where a reader of events stands: the number up to which he has read, and the numbers that were missing below it.

Events get their numbers before their transactions end, so number 8 may be there when 7 is not yet. A reader who only
remembered "8" would never be told of 7. So his cursor names what was missing, `8-7`, and he is asked nothing more.
"""

import re
from dataclasses import dataclass

WINDOW = 200
"""How far below the newest number a missing one is waited for. Numbers of transactions that failed stay missing."""
MOST_MISSING = 50
PATTERN = "^[0-9]{1,18}(-[0-9]{1,18}([.][0-9]{1,18}){0,99})?$"
"""How a cursor looks in writing."""
_FORM = re.compile(PATTERN)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the row of events."""

    after: int
    missing: frozenset[int] = frozenset()

    def __str__(self) -> str:
        if not self.missing:
            return str(self.after)
        return f"{self.after}-{'.'.join(map(str, sorted(self.missing)))}"


def read_cursor(text: str) -> Cursor:
    """Read what `str` wrote; a plain event number will do. Raises `ValueError` if it is neither."""
    if not _FORM.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no place among the events: give the number of an event")
    after, _, missing = text.partition("-")
    return Cursor(int(after), frozenset(map(int, missing.split("."))) if missing else frozenset())
