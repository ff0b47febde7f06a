"""The account that Postgres runs under when we are root, since it refuses to run as root."""

import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import EmbeddedPostgresError

PREFERRED_ACCOUNTS = ("postgres", "pgserver", "_postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged account of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def popen_arguments(self) -> Mapping[str, object]:
        """The arguments of `subprocess.Popen` that start a child under this account, with no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def blocked_at(self, path: Path) -> Path | None:
        """Return the first folder on the way to `path`, itself included, that this account may not pass, or None."""
        for folder in [*reversed(path.parents), path]:
            if not folder.exists():
                return None
            status = folder.stat()
            if status.st_uid == self.uid:
                allowed = status.st_mode & stat.S_IXUSR
            elif status.st_gid == self.gid:
                allowed = status.st_mode & stat.S_IXGRP
            else:
                allowed = status.st_mode & stat.S_IXOTH
            if not allowed:
                return folder
        return None


def account_for_postgres() -> Account | None:
    """Return the account to switch to, or None where we are an ordinary user and need none.

    Raises `EmbeddedPostgresError` where we are root and the machine has none of the usual accounts.
    """
    if os.geteuid() != 0:
        return None
    for name in PREFERRED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(
        f"Postgres refuses to run as root, and this machine has none of the accounts {', '.join(PREFERRED_ACCOUNTS)}: "
        "create one (useradd --system postgres), or run writethru as an ordinary user"
    )
