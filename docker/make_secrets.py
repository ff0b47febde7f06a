"""Writes the secrets of a docker-compose installation into a volume, once, for its other parts to read.

A secret that `.env` names is taken from there; one that it leaves out is generated. What is in the volume already
stays, so that a restart locks nobody out: the database and the login keep what they were first given.

It is the one part that sees the whole of `.env`, so it names what is misspelt there, too.
"""

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.cli.console import tell_unknown_variables


def fernet_key() -> str:
    """Return a key as Airflow encrypts its connections with: 32 random bytes (cryptography.io, Fernet)."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def token() -> str:
    """Return 32 characters that need no quoting anywhere."""
    return secrets.token_hex(16)


GENERATED: dict[str, Callable[[], str]] = {
    "postgres_password": token,
    "admin_password": token,
    "fernet_key": fernet_key,
    "secret_key": token,
    "jwt_secret": lambda: secrets.token_hex(64),
}


def main() -> None:
    """Write each secret that is not there, and the two files that programs want in a form of their own."""
    folder = Path(os.environ["WRITETHRU_HOME"], "secrets")
    for name, generate in GENERATED.items():
        write_once(folder / name, os.environ.get(f"WRITETHRU_{name.upper()}") or generate())
    password = (folder / "postgres_password").read_text()
    escaped = password.replace("\\", r"\\").replace(":", r"\:")
    write_once(folder / "pgpass", f"*:*:*:writethru:{escaped}\n")
    write_once(folder / "passwords.json", json.dumps({"admin": (folder / "admin_password").read_text()}))
    sys.stdout.write("Log in as admin; the password: docker compose exec api-server cat secrets/admin_password\n")
    sys.stdout.flush()
    tell_unknown_variables()


def write_once(path: Path, text: str) -> None:
    """Write `text` to `path` for its owner alone, whole or not at all, unless the file exists."""
    if path.exists():
        return
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.rename(path)


if __name__ == "__main__":
    main()
