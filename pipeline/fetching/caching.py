"""What HTTP says about asking again: validators, Retry-After, freshness. Pure.

Headers come as a multidict with case-insensitive keys. Validators are stored and sent back byte for byte: a server may
compare them as it likes (RFC 9110, 8.8), so they are never parsed, trimmed or made up.
"""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from multidict import MultiMapping

from pipeline.model import Validators

#: The last moment we name. A Retry-After beyond it means "never", and this is far enough.
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
#: RFC 9111, 1.2.2: a greater number of seconds may be read as this one.
_MAX_DELTA_SECONDS = 2**31

_SECONDS = re.compile(r"([0-9]+)(?:\.[0-9]*)?", re.ASCII)
_DIRECTIVE = re.compile(r'([A-Za-z0-9_-]+)\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s,;]*))?')


def conditional_headers(validators: Validators) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110, 13.1): both validators, where both are held."""
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return {name: value for name, value in pairs if value and value.isprintable()}


def received_validators(headers: MultiMapping[str]) -> Validators:
    """Return the validators of an answer as they came. What is no text (Postgres could not keep it) is dropped."""
    return Validators(etag=_text(headers.get("ETag")), last_modified=_text(headers.get("Last-Modified")))


def refreshed_validators(held: Validators, headers: MultiMapping[str]) -> Validators:
    """Return what to hold after a 304: a validator it gives replaces ours, one it omits stays (RFC 9111, 3.2)."""
    fresh = received_validators(headers)
    return Validators(etag=fresh.etag or held.etag, last_modified=fresh.last_modified or held.last_modified)


def same_validators(held: Validators, given: Validators) -> bool:
    """Whether an answer names the representation we hold. The ETag decides; Last-Modified only where it has none."""
    if held.etag or given.etag:
        return held.etag == given.etag
    return held.last_modified is not None and held.last_modified == given.last_modified


def retry_after(headers: MultiMapping[str], now: datetime) -> datetime | None:
    """Return Retry-After made absolute (RFC 9110, 10.2.3), in seconds or as a date; None where there is none to read.

    Never earlier than the header says. A date is also read against the server's own `Date`, so that a server whose
    clock is slow gets the pause it meant. Bounds are the schedule's business, not this function's.
    """
    value = headers.get("Retry-After", "").strip()
    seconds = _seconds(value)
    if seconds is not None:
        return _later(now, seconds)
    until = http_date(value)
    if until is None:
        return None
    server_now = http_date(headers.get("Date", ""))
    if server_now is None:
        return until
    return max(until, _later(now, (until - server_now).total_seconds()))


def fresh_for_seconds(headers: MultiMapping[str], now: datetime) -> float | None:
    """Return how long the server says its answer holds from now on (RFC 9111, 4.2); None where it says nothing.

    `max-age` first, then `Expires` against the server's own `Date`; the time spent in caches (`Age`) is taken off.
    `no-cache` and `no-store` promise nothing, whatever stands beside them.
    """
    directives = _cache_control(", ".join(headers.getall("Cache-Control", [])))
    if "no-cache" in directives or "no-store" in directives:
        return None
    lifetime: float | None = _seconds(directives.get("max-age", ""))
    if lifetime is None:
        expires = headers.get("Expires")
        if expires is None:
            return None
        until = http_date(expires)
        if until is None:  # "0" and other non-dates mean: stale already (RFC 9111, 5.3)
            return 0.0
        lifetime = (until - (http_date(headers.get("Date", "")) or now)).total_seconds()
    age = _seconds(headers.get("Age", "").strip()) or 0
    return float(min(max(lifetime - age, 0), _MAX_DELTA_SECONDS))


def http_date(value: str) -> datetime | None:
    """Read a date in any of the three forms of RFC 9110, 5.6.7; None for anything else."""
    try:
        moment = parsedate_to_datetime(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _seconds(value: str) -> int | None:
    """Read delta-seconds. Some servers send a fraction, which is rounded up."""
    match = _SECONDS.fullmatch(value)
    if match is None:
        return None
    whole = match[1].lstrip("0")
    # More digits than any date can use; int() refuses thousands of them.
    if len(whole) > 15:
        return 10**15
    return int(whole or "0") if match[1] == value else math.ceil(float(value))


def _later(now: datetime, seconds: float) -> datetime:
    try:
        return min(now + timedelta(seconds=seconds), FAR_FUTURE)
    except OverflowError:
        return FAR_FUTURE


def _cache_control(value: str) -> dict[str, str]:
    return {match[1].lower(): (match[2] or "").strip('"') for match in _DIRECTIVE.finditer(value)}


def _text(value: str | None) -> str | None:
    return value if value and value.isprintable() else None
