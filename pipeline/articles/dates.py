"""Times as pages write them in their structured data, made aware UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<day>\d{4}[-/]\d{1,2}[-/]\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?\s*(?P<zone>[+\u2212-]\d{1,2}:?\d{2}|[+\u2212-]\d{2}|[a-z]{1,4}\b)?)?",
    re.IGNORECASE,
)
#: as Germans and their neighbours write dates; with slashes, no one knows which is the month
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b(?:,?\s+(?:um\s+)?(\d{1,2})[:.](\d{2})\b)?")
_WRITTEN = re.compile(r"(?:\d{1,2}\.?\s+)?[a-z]{3}", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2})(:\d{2}(?::\d{2})?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
#: hours from UTC of names that mean one zone where news is written; RFC 5322's are read by the standard library too
_ZONES = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "WEST": 1,
    "CEST": 2,
    "EET": 2,
    "SAST": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def parse_time(value: object) -> tuple[datetime, bool] | None:
    """Return an instant in UTC, and whether the source named its zone (where it did not, UTC is assumed).

    Reads ISO 8601 with its usual faults, RFC 5322 dates, "March 10, 2026 7:42 pm", "10.03.2026, 19:42" and Unix seconds
    or milliseconds. Returns `None` for anything else and for instants outside 1990 to 2100. A day without a time of
    day is its midnight.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    try:
        found = _from_epoch(text) or _from_iso(text) or _from_dotted(text) or _from_words(text)
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
    year, month, day = map(int, match["day"].replace("/", "-").split("-"))
    micro = int((match["fraction"] or ".0")[1:7].ljust(6, "0"))
    zone = _zone(match["zone"])
    moment = datetime(
        year,
        month,
        day,
        _hour(int(match["hour"] or 0), match["half"]),
        int(match["minute"] or 0),
        min(int(match["second"] or 0), 59),
        micro,
        tzinfo=zone or UTC,
    )
    return moment.astimezone(UTC), zone is not None


def _hour(hour: int, half: str | None) -> int:
    """Return an hour of the day, of which `half` may say in which half of the day it is ("a", "p")."""
    return hour if half is None or hour > 12 else hour % 12 + 12 * (half.lower() == "p")


def _zone(name: str | None) -> timezone | None:
    if not name:
        return None
    if name[0] not in "+-\u2212":
        known = _ZONES.get(name.upper())
        return None if known is None else timezone(timedelta(hours=known))
    digits = name[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _from_dotted(text: str) -> tuple[datetime, bool] | None:
    match = _DOTTED.match(text)
    if not match:
        return None
    day, month, year, hour, minute = (int(part or 0) for part in match.groups())
    return datetime(year, month, day, hour, minute, tzinfo=UTC), False


def _from_words(text: str) -> tuple[datetime, bool] | None:
    if "," not in text[:5] and not _WRITTEN.match(text):
        return None
    clock = _CLOCK.search(text)
    plain = _CLOCK.sub(r"\1\2", text) if clock else text
    moment = parsedate_to_datetime(plain if ":" in plain else f"{plain} 00:00")
    if clock:
        moment = moment.replace(hour=_hour(int(clock[1]), clock[3]))
    zone = moment.tzinfo or _zone(text.rsplit(maxsplit=1)[-1])
    return moment.replace(tzinfo=zone or UTC).astimezone(UTC), zone is not None
