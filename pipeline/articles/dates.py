"""Times as pages write them in their structured data, made aware UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def parse_time(value: object) -> tuple[datetime, bool] | None:
    """Return an instant in UTC, and whether the source named its zone (where it did not, UTC is assumed).

    Reads ISO 8601 with its usual faults, RFC 5322 dates and Unix seconds or milliseconds. Returns `None` for anything
    else and for instants outside 1990 to 2100. A day without a time of day is its midnight.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    try:
        found = _from_epoch(text) or _from_iso(text) or _from_mail(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found and _EARLIEST <= found[0] < _LATEST else None


def choose_time(values: list[object]) -> datetime | None:
    """Return the first readable time, taking a later value's word for the zone where the first names none.

    A page often states one moment twice, once as local time without its zone.
    """
    found = [parsed for value in values if (parsed := parse_time(value))]
    if not found:
        return None
    first, zoned = found[0]
    if not zoned:
        for moment, has_zone in found[1:]:
            # The same minutes and seconds, some zone's offset apart.
            apart = abs(moment - first)
            if has_zone and apart <= timedelta(hours=14) and apart.seconds % 900 == 0:
                return moment
    return first


def _from_epoch(text: str) -> tuple[datetime, bool] | None:
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC), True


def _from_iso(text: str) -> tuple[datetime, bool] | None:
    match = _ISO.match(text)
    if not match:
        return None
    year, month, day = map(int, match["day"].split("-"))
    micro = int((match["fraction"] or ".0")[1:7].ljust(6, "0"))
    moment = datetime(
        year,
        month,
        day,
        int(match["hour"] or 0),
        int(match["minute"] or 0),
        min(int(match["second"] or 0), 59),
        micro,
        tzinfo=_zone(match["zone"]),
    )
    return moment.astimezone(UTC), match["zone"] is not None


def _zone(name: str | None) -> timezone:
    if name is None or name[0] not in "+-":
        return UTC
    digits = name[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone((-1 if name[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _from_mail(text: str) -> tuple[datetime, bool] | None:
    if "," not in text[:5] and not text[:1].isalpha():
        return None
    moment = parsedate_to_datetime(text)
    zoned = moment.tzinfo is not None
    return (moment if zoned else moment.replace(tzinfo=UTC)).astimezone(UTC), zoned
