"""How long a feed asks to be left alone: RSS `ttl`, and the syndication module's update period and frequency."""

import re
from typing import Final

#: RSS 1.0 syndication module; misspellings seen in the wild included (mediacloud/rss-fetcher lists them).
_PERIOD_SECONDS: Final = {
    "hourly": 3600,
    "hour": 3600,
    "daily": 86_400,
    "dayly": 86_400,
    "day": 86_400,
    "weekly": 7 * 86_400,
    "monthly": 30 * 86_400,
    "yearly": 365 * 86_400,
}
#: Beyond this no hint is believed.
MAX_TTL_SECONDS: Final = 30 * 86_400

_WHOLE: Final = re.compile(r"\s*([0-9]{1,7})(?:\.0*)?\s*(?:min(?:ute)?s?)?\s*\Z", re.ASCII | re.IGNORECASE)
_DECIMAL: Final = re.compile(r"\s*([0-9]{1,7}(?:\.[0-9]{1,4})?)\s*\Z", re.ASCII)


def ttl_seconds(ttl_minutes: str | None, update_period: str | None, update_frequency: str | None) -> int | None:
    """Return the seconds a feed says it stays as it is, or None where it says nothing that makes sense.

    `ttl` is in minutes (RSS 2.0) and goes before the syndication module, which is period divided by frequency.
    """
    if ttl_minutes and (match := _WHOLE.match(ttl_minutes)):
        seconds = 60 * int(match[1])
        if seconds > 0:
            return min(seconds, MAX_TTL_SECONDS)
    period = _PERIOD_SECONDS.get((update_period or "").strip().lower())
    if period is None:
        return None
    match = _DECIMAL.match(update_frequency or "1")
    frequency = float(match[1]) if match else 1.0
    if frequency <= 0:
        return None
    return min(max(60, round(period / frequency)), MAX_TTL_SECONDS)
