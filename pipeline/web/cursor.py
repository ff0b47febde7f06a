"""Where a reader of events stands: the number up to which he has read, and the numbers that were missing below it.

Events get their numbers before their transactions end, so number 8 may be there when 7 is not yet. A reader who only
remembered "8" would never be told of 7. So his cursor names what was missing, `8-7`, and he is asked nothing more.
"""

import re
from dataclasses import dataclass

WINDOW = 200
"""How far below the newest number a missing one is waited for. Numbers of transactions that failed stay missing."""
MOST_MISSING = 50
_LARGEST = 2**62
_FORM = re.compile(r"(\d{1,19})(?:-(\d{1,19}(?:\.\d{1,19}){0,199}))?")


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
    found = _FORM.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text[:60]!r} is no place among the events: give the number of an event")
    after = int(found[1])
    missing = frozenset(int(one) for one in found[2].split(".")) if found[2] else frozenset()
    if after > _LARGEST or any(one > after for one in missing):
        raise ValueError(f"{text[:60]!r} is no place among the events: a missing number stands above the last one")
    return Cursor(after, missing)
