"""robots.txt by RFC 9309: which addresses of a site a crawler named `writethru` may ask for.

`read_robots` is pure: bytes in, rules out. `RobotsCache` keeps the rules of each site for as long as they hold, also
on disk: every capture task is a process of its own, and a site must not be asked for its rules each minute.
"""

import asyncio
import contextlib
import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from protego import Protego

from pipeline.fetching.answers import Silence
from pipeline.hosts import is_ip_address

#: RFC 9309, 2.5: at least so much must be read, and what lies beyond need not be.
MAX_BYTES = 500 * 1024
#: RFC 9309, 2.2.1: the name that a group of rules can be addressed to.
PRODUCT_TOKEN = "writethru"  # noqa: S105 - a name
#: RFC 9309, 2.4: rules should not be kept longer than a day.
RULES_HOLD = timedelta(hours=24)
#: How long a site is left alone whose robots.txt could not be had.
FAILURE_HOLDS = timedelta(minutes=5)
#: A Crawl-delay beyond this is taken for this: it is no part of the standard, and some sites ask for hours.
MAX_CRAWL_DELAY_SECONDS = 30.0

_AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*[:\s][ \t]*([^#\r\n]*).*$", re.IGNORECASE | re.MULTILINE)
_SOMEBODY_ELSE = "User-agent: somebody-else"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a site allows. Without a file (`text` is empty) everything is allowed."""

    text: str = ""
    _parsed: Protego | None = None

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        return self._parsed is None or bool(self._parsed.can_fetch(url, PRODUCT_TOKEN))

    @property
    def crawl_delay_seconds(self) -> float:
        """The pause that the site asks for between two requests; 0 where it does not."""
        delay = self._parsed.crawl_delay(PRODUCT_TOKEN) if self._parsed is not None else None
        return min(float(delay or 0), MAX_CRAWL_DELAY_SECONDS)


#: RFC 9309, 2.3.1.3: a site without a robots.txt (any 4xx) allows everything.
ALLOW_ALL = RobotsRules()


def read_robots(body: bytes) -> RobotsRules:
    """Read a robots.txt; what is no rule in it is passed over."""
    return _read_text(body[:MAX_BYTES].decode("utf-8-sig", "replace"))


def _read_text(text: str) -> RobotsRules:
    if not text.strip():
        return ALLOW_ALL
    return RobotsRules(text, Protego.parse(_AGENT_LINE.sub(_agent_line, text)))


def _agent_line(match: re.Match[str]) -> str:
    # Protego takes a group for "write" as meant for us too, and keeps every rule once for each agent it is meant for,
    # which a hostile file of many agents turns into gigabytes. So all agents but us and * get one name.
    agent = match[1].strip().lower()
    product = agent.partition("/")[0].strip()
    if agent == "*" or product == PRODUCT_TOKEN:
        return f"User-agent: {product}"
    return _SOMEBODY_ELSE


@dataclass(frozen=True, slots=True)
class _Known:
    finding: RobotsRules | Silence
    found_at: datetime

    def holds(self, now: datetime) -> bool:
        age = now - self.found_at
        return timedelta(0) <= age < (RULES_HOLD if isinstance(self.finding, RobotsRules) else FAILURE_HOLDS)


class RobotsCache:
    """The rules of each site, by its origin (scheme, host and port).

    A folder that cannot be written is done without. Sites that are addressed by number or as localhost are tests and
    neighbours, which change hands too quickly to be remembered on disk.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def lock(self, origin: str) -> asyncio.Lock:
        """Return the lock under which the file of a site is fetched, so that it is fetched once."""
        return self._locks.setdefault(origin, asyncio.Lock())

    def get(self, origin: str, *, now: datetime) -> RobotsRules | Silence | None:
        """Return what is known of a site: its rules, why they could not be had, or None where it must be asked."""
        known = self._known.get(origin) or self._load(origin)
        if known is None or not known.holds(now):
            return None
        self._known[origin] = known
        return known.finding

    def put(self, origin: str, finding: RobotsRules | Silence, *, now: datetime) -> None:
        """Keep what was found, for as long as it holds. Failures are not kept on disk."""
        self._known[origin] = _Known(finding, now)
        path = self._path(origin)
        if path is None or not isinstance(finding, RobotsRules):
            return
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Written beside and moved into place: another task may be reading.
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps({"origin": origin, "found_at": now.isoformat(), "text": finding.text}))
            draft.replace(path)

    def _load(self, origin: str) -> _Known | None:
        path = self._path(origin)
        if path is None:
            return None
        try:
            stored = json.loads(path.read_text())
            return _Known(_read_text(str(stored["text"])), datetime.fromisoformat(stored["found_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _path(self, origin: str) -> Path | None:
        if self._folder is None or _is_transient(urlsplit(origin).hostname or ""):
            return None
        return self._folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"


def delete_outdated(folder: Path, *, now: datetime) -> int:
    """Delete the files of rules that no longer hold, and drafts of tasks that were killed; return how many."""
    deleted = 0
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):  # another was faster
                if now.timestamp() - path.stat().st_mtime >= RULES_HOLD.total_seconds():
                    path.unlink()
                    deleted += 1
    return deleted


def _is_transient(host: str) -> bool:
    return is_ip_address(host) or host == "localhost" or host.endswith(".localhost")
