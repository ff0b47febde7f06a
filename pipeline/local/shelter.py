"""A place for Postgres to live where root's folders are closed to the account it runs under.

Postgres refuses to run as root, and so runs as an ordinary account, which may not pass a folder like `/root`. A
checkout there is common in containers. Rather than to open such a folder, data and binaries are then kept in
`/var/lib/writethru`; `postgres` in the home is a link to the data.
"""

import hashlib
import shutil
from pathlib import Path

from pipeline.errors import EmbeddedPostgresError
from pipeline.local.private_files import locked
from pipeline.local.unprivileged import Account

SHELTER = Path("/var/lib/writethru")


def data_folder(home: Path, account: Account | None, *, shelter: Path = SHELTER) -> Path:
    """Return the folder of the cluster of `home`: in it where `account` can get there, else in the shelter.

    A cluster stays where it was made. Raises `EmbeddedPostgresError` where neither place will do.
    """
    folder = home / "postgres"
    if folder.is_symlink():
        return folder.readlink()
    if account is None:
        return folder
    blocked = account.blocked_at(home)
    if blocked is None:
        return folder
    if folder.exists():
        raise EmbeddedPostgresError(
            f"{_why(account, blocked, home)}, but {folder} was made when it could. Let it pass through "
            f"(chmod o+x {blocked}), or move {home} to where it can and set WRITETHRU_HOME"
        )
    kept = _open_folder(shelter, account, f"{_why(account, blocked, home)}")
    kept = kept / f"{home.name}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    folder.symlink_to(kept)
    return kept


def binaries_folder(binaries: Path, account: Account | None, *, shelter: Path = SHELTER) -> Path:
    """Return a folder with the programs in `binaries` (`…/bin`) that `account` can run; some 40 MB may be copied.

    Raises `EmbeddedPostgresError` where there is no place for a copy.
    """
    blocked = account.blocked_at(binaries) if account is not None else None
    if account is None or blocked is None:
        return binaries
    package = binaries.parent.parent
    status = (binaries / "postgres").stat()
    # Another version, or another build of it, has another size or time, and gets a copy of its own.
    name = f"{binaries.parent.name}-{status.st_size:x}-{int(status.st_mtime):x}"
    copy = _open_folder(shelter, account, _why(account, blocked, binaries)) / name
    with locked(shelter / "copying"):  # by one of several first commands
        if not copy.exists():
            draft = copy.with_name(f".{name}")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(binaries.parent, draft / package.name / binaries.parent.name, symlinks=True)
            # The programs look for their libraries here, by a path relative to their own.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            for folder in (draft, draft / package.name):
                folder.chmod(0o755)
            draft.rename(copy)
    return copy / binaries.relative_to(package.parent)


def _why(account: Account, blocked: Path, goal: Path) -> str:
    return f"Postgres refuses to run as root, and {account.name!r}, as whom it runs, may not pass {blocked} to {goal}"


def _open_folder(shelter: Path, account: Account, why: str) -> Path:
    try:
        shelter.mkdir(parents=True, exist_ok=True)
        shelter.chmod(0o711)
    except OSError as error:
        raise EmbeddedPostgresError(f"{why}; a place in {shelter} cannot be made either: {error}") from error
    blocked = account.blocked_at(shelter)
    if blocked is not None:
        raise EmbeddedPostgresError(
            f"{why}, nor {blocked} to {shelter}. Put the checkout and WRITETHRU_HOME elsewhere (/opt, /srv), or run "
            "writethru as an ordinary user"
        )
    return shelter
