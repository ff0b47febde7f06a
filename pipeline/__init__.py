"""Writethru: follows developing news stories and keeps what changed, and what is known now, in Postgres.

The flow, and who does what (docs/architecture.md has the picture)::

    feed ─ poll ─▶ entries ─▶ articles due ─ capture ─▶ raw bytes ─ record ─▶ version ─▶ updates ─▶ facts ─▶ events

``steps`` is the only package where the rooms (``fetching``, ``feeds``, ``articles``, ``changes``, ``facts``,
``stories``, ``schedule``, ``store``, ``local``) meet; no room imports another; all of them stand on ``model``,
``errors`` and ``config``.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("writethru")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"
