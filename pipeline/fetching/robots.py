"""robots.txt by RFC 9309: which addresses of a site a crawler named `writethru` may ask for.

`read_robots` is pure: bytes in, rules out. `RobotsCache` keeps the rules of each site for as long as they hold.
"""

import asyncio
import re
from dataclasses import dataclass

from protego import Protego

from pipeline.fetching.answers import Silence

#: RFC 9309, 2.5: at least so much must be read, and what lies beyond need not be.
MAX_BYTES = 500 * 1024
#: RFC 9309, 2.2.1: the name that a group of rules can be addressed to.
PRODUCT_TOKEN = "writethru"  # noqa: S105 - a name
#: RFC 9309, 2.4: rules should not be kept longer than a day.
RULES_SECONDS = 24 * 3600.0
#: How long a site is left alone whose robots.txt could not be had.
FAILURE_SECONDS = 300.0
#: A Crawl-delay beyond this is taken for this: it is no part of the standard, and some sites ask for hours.
MAX_CRAWL_DELAY_SECONDS = 30.0

_AGENT_LINE = re.compile(r"^[ \t]*user[- ]?agent[ \t]*[:\s][ \t]*([^#\r\n]*).*$", re.IGNORECASE | re.MULTILINE)
_SOMEBODY_ELSE = "User-agent: somebody-else"


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a site allows. Without a parsed file everything is allowed."""

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
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    return RobotsRules(Protego.parse(_AGENT_LINE.sub(_agent_line, text)))


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
    until: float


class RobotsCache:
    """The rules of each site, by its origin (scheme, host and port). Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def lock(self, origin: str) -> asyncio.Lock:
        """Return the lock under which the file of a site is fetched, so that it is fetched once."""
        return self._locks.setdefault(origin, asyncio.Lock())

    def get(self, origin: str, *, now: float) -> RobotsRules | Silence | None:
        """Return what is known of a site: its rules, why they could not be had, or None where it must be asked."""
        known = self._known.get(origin)
        return known.finding if known is not None and now < known.until else None

    def put(self, origin: str, finding: RobotsRules | Silence, *, now: float) -> None:
        """Keep what was found, for as long as it holds."""
        seconds = RULES_SECONDS if isinstance(finding, RobotsRules) else FAILURE_SECONDS
        self._known[origin] = _Known(finding, now + seconds)
