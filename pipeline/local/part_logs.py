"""The log files of the parts: opened for appending, and cut when they grow, while the part keeps writing."""

import shutil
from pathlib import Path
from typing import BinaryIO

LIMIT_BYTES = 5 * 2**20


def open_log(path: Path) -> BinaryIO:
    """Open a log for a child to write to. Appending is what makes `cut_if_long` safe."""
    return path.open("ab")


def cut_if_long(path: Path, *, limit: int = LIMIT_BYTES) -> bool:
    """Move the content of a log above `limit` bytes to a file beside it (`.1`), replacing an older one.

    The file itself stays, because its writer holds it open; what it writes between copy and cut is lost.
    """
    try:
        if path.stat().st_size <= limit:
            return False
        shutil.copyfile(path, path.with_name(f"{path.name}.1"))
        with path.open("r+b") as file:
            file.truncate(0)
    except OSError:
        return False  # a full disk must not stop what still runs
    return True


def tail(path: Path, *, lines: int = 8, since: int = 0) -> list[str]:
    """Return the last lines of a log that stand behind byte `since`, without empty ones."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(min(since, size), size - 16384))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return [line for line in text.splitlines() if line.strip()][-lines:]
