"""Who is looking, and what he may do.

Served alone the pages are for everybody who reaches them, and a login with the installation's password opens the few
writes. Behind Airflow, Airflow's own login decides both (`airflow_plugin`). A write needs a token that only a page of
ours can know, whoever asks.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from fastapi import Request

SESSION_COOKIE = "writethru_session"
SESSION_SECONDS = 12 * 3600
FAILED_LOGIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking. `token` is what a form of his must carry."""

    name: str
    may_write: bool
    token: str


class Access(Protocol):
    """How viewers are told apart."""

    @property
    def dependencies(self) -> Sequence[Any]:
        """What FastAPI asks before every page: it raises where nobody may look."""

    @property
    def has_login(self) -> bool:
        """Whether the pages have a login of their own."""

    @property
    def framed_by(self) -> str:
        """Who may show the pages in a frame, as `frame-ancestors` has it."""

    def viewer(self, request: Request) -> Viewer | None:
        """Return who is looking; nobody in particular is none."""


class PasswordAccess:
    """Everybody may read; who knows the password may write. Sessions are signed, and end with the process."""

    dependencies: Sequence[Any] = ()
    framed_by = "'none'"

    def __init__(self, password: str | None) -> None:
        """Take the password; without one nobody may write."""
        self._password = password
        self._key = secrets.token_bytes(32)
        self._one_at_a_time = threading.Lock()

    @property
    def has_login(self) -> bool:
        """Whether there is a password to log in with."""
        return self._password is not None

    def log_in(self, password: str) -> str | None:
        """Return the value of a session cookie, or none if the password is wrong, which takes a while to hear."""
        if self._password is None or not hmac.compare_digest(password.encode(), self._password.encode()):
            with self._one_at_a_time:  # so that guessing many at once is no faster
                time.sleep(FAILED_LOGIN_SECONDS)
            return None
        ends = f"{int(time.time()) + SESSION_SECONDS}.{secrets.token_urlsafe(12)}"
        return f"{ends}.{self._sign('session', ends)}"

    def viewer(self, request: Request) -> Viewer | None:
        """Return who is logged in."""
        ends, _, signature = request.cookies.get(SESSION_COOKIE, "").rpartition(".")
        if not ends or not hmac.compare_digest(signature.encode(), self._sign("session", ends).encode()):
            return None
        if int(ends.partition(".")[0]) < time.time():
            return None
        return Viewer("admin", may_write=True, token=self._sign("form", ends))

    def _sign(self, purpose: str, value: str) -> str:
        return hmac.new(self._key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def is_same_origin(request: Request) -> bool:
    """Tell whether a request comes from a page of ours, as far as the browser says, or from a program that is none."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def is_token_right(viewer: Viewer, token: str) -> bool:
    """Tell whether a form carries the viewer's token."""
    return hmac.compare_digest(viewer.token.encode(), token.encode())
