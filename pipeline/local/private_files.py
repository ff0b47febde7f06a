"""Files of the home folder that nobody else may read, and the locks beside them."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def make_home(home: Path) -> Path:
    """Create the home folder, and `logs` in it, where they are missing, and return its real path.

    Only its owner may list it. Root's is passable for others (0711), because Postgres, which refuses to run as root,
    must reach its own folder inside.
    """
    home = home.expanduser().resolve()
    if not home.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    (home / "logs").mkdir(mode=0o700, exist_ok=True)
    return home


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step; only the owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept in `path`; one is made, and kept with mode 0600, where there is none."""
    if not path.exists() or not path.read_text(encoding="utf-8").strip():
        write_private(path, make() + "\n")
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in `path`, or an empty one where the file is absent or torn."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` alone, waiting for whoever holds it. The kernel frees it should we die."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """Take the lock file `path` if nobody is in the way and return its descriptor (close it to let go), else None."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
