"""Dates as feeds write them, to aware UTC times.

feedparser reads `BST`, `CEST` and `IST` silently as UTC and gives up on others; email.utils ignores `GMT+9`, dateutil
takes it for nine hours *behind* Greenwich. A time that is hours wrong is worse than none, so this reader either
understands every part of a date or returns None. Zone and month names are data files: `data/zones.tsv`,
`data/date_words.toml`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from pipeline.dates.words import date_words, fold, zone_named

_MAX_CHARACTERS: Final = 120
#: 1990-01-01 to 2100-01-01: numbers outside are no times of a news feed.
_EPOCH_RANGE_SECONDS: Final = (631_152_000, 4_102_444_800)
#: Offsets in use go from -12:00 to +14:00.
_OFFSET_RANGE_MINUTES: Final = (-12 * 60, 14 * 60)

_ISO: Final = re.compile(
    r"""(?P<year>\d{4})
        (?: -?W(?P<week>\d{2})-?(?P<weekday>[1-7])
          | -(?P<ordinal>\d{3})(?!\d)
          | [-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?
          | (?P<cmonth>\d{2})(?P<cday>\d{2})
        )?
        (?:(?:\s*[t,]\s*|\s+)(?P<time>\d.*))?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"""(?P<hour>\d{1,2})
        (?: \s?(?:[:h時时시]|uhr)\s?(?P<minute>\d{1,2})?
            (?:\s?[:m分분]\s?(?P<second>\d{1,2})(?:[.,]\d+)?\s?[秒초]?)?
            (?:[分분]|m(?![a-z]))?
          | (?P<cminute>[0-5]\d)(?P<csecond>[0-5]\d)?(?:[.,]\d+)?(?=$|\s|z|[+-])
        )""",
    re.VERBOSE | re.ASCII,
)
_CLOCK: Final = re.compile(r"(?<![\d:])\d{1,2}\s?(?::\s?\d|[時时시]|h\d\d|\s?uhr\b)", re.ASCII)
_DOTTED_CLOCK: Final = re.compile(
    r"(?<![\d.])(?:(?<=\bore )|(?<=\bkl )|(?<=\bkl\. )"
    r"|(?=\d{1,2}\.\d{2}\s?(?:uhr|[ap]\.?m|bst|ces?t|gmt|utc)\b))(\d{1,2})\.(\d{2})(?![\d.])",
    re.ASCII,
)
_OFFSET: Final = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])\s?(\d{1,2})(?::?(\d{2}))?(?![\d:])", re.ASCII)
_COMMENT: Final = re.compile(r"\([^()]*+\)")
#: a zone that stands in brackets behind a time of day: "19:25 (GMT+7)"
_ZONE_IN_BRACKETS: Final = re.compile(
    r"(?<=[\dm.])\s?\(((?:gmt|utc)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[a-z]{3,4})\)\Z", re.ASCII
)
_EAST_ASIAN_DATE: Final = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?", re.ASCII)
_TOKEN: Final = re.compile(
    r"(?P<number>\d+)|(?P<word>[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u097f]|\.(?=[^\W\d_]))*)"
)
_DIGITS: Final = re.compile(r"\d{8,19}(?:\.\d+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day, perhaps with its zone; `days` is 1 for 24:00:00."""

    hour: int = 0
    minute: int = 0
    second: int = 0
    zone: tzinfo | None = None
    days: int = 0


def parse_date(text: str, *, default_zone: tzinfo = UTC) -> datetime | None:
    """Return the time that `text` names as an aware UTC time, or None where any part of it is not understood.

    Reads RFC 5322 and RFC 850 dates and what has become of them in feeds, ISO 8601 with its partial, compact, ordinal
    and week forms, dates in words of some twenty languages, and Unix times in seconds, milliseconds or microseconds.
    `default_zone` holds where no zone is named. A date alone is its midnight; 24:00:00 is the next day's; a leap second
    is the second after. Ambiguous `03/04/2022` is None, and so are the zero dates that mean "not set" (the Unix time 0,
    year 1). Future dates are returned as they are.
    """
    if len(text) > _MAX_CHARACTERS:
        return None
    folded = _tidy(text)
    if _DIGITS.match(folded):
        return _from_digits(folded, default_zone)
    try:
        found = _parse_iso(folded, default_zone) or _parse_words(folded, default_zone)
    except (ValueError, OverflowError):
        return None
    return None if found is None or found.timestamp() == 0 or found.year == 1 else found


def _tidy(text: str) -> str:
    """Return `text` with one kind of everything: digits, dashes, case, spaces, accents; without comments."""
    if text.isascii():
        return " ".join(_without_comments(text.lower()).split()).strip(" ,;.")
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)
    return " ".join(fold(_without_comments(plain)).split()).strip(" ,;.")


def _without_comments(text: str) -> str:
    """Return `text` without what stands in brackets, but for a zone where it is the only one."""
    bracketed = _ZONE_IN_BRACKETS.search(text)
    if (
        bracketed
        and not _OFFSET.search(text[: bracketed.start()])
        and (len(bracketed[1]) > 4 or zone_named(bracketed[1]))
    ):
        text = f"{text[: bracketed.start()]} {bracketed[1]}"
    return _COMMENT.sub(" ", text)


def _from_digits(digits: str, default_zone: tzinfo) -> datetime | None:
    """Read a bare number: `20220728`, `20220728043505`, or a Unix time."""
    whole = digits.partition(".")[0]
    formats = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
    if len(whole) in formats:
        try:
            return datetime.strptime(whole, formats[len(whole)]).replace(tzinfo=default_zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    scale = {9: 1, 10: 1, 13: 1000, 16: 1_000_000, 19: 1_000_000_000}.get(len(whole))
    if scale is None:
        return None
    seconds = int(whole) // scale
    earliest, latest = _EPOCH_RANGE_SECONDS
    return datetime.fromtimestamp(seconds, UTC) if earliest <= seconds < latest else None


def _parse_iso(text: str, default_zone: tzinfo) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year = int(match["year"])
    if match["week"]:
        day = date.fromisocalendar(year, int(match["week"]), int(match["weekday"]))
    elif match["ordinal"]:
        day = date(year, 1, 1) + timedelta(days=int(match["ordinal"]) - 1)
        if day.year != year:
            return None
    else:
        day = date(year, int(match["month"] or match["cmonth"] or 1), int(match["day"] or match["cday"] or 1))
    clock = _read_clock(match["time"]) if match["time"] else _Clock()
    return _join(day, clock, default_zone) if clock else None


def _parse_words(text: str, default_zone: tzinfo) -> datetime | None:
    text = _EAST_ASIAN_DATE.sub(r"\1-\2-\3 ", text)
    text = _DOTTED_CLOCK.sub(r"\1:\2", text)
    clock_start = _CLOCK.search(text)
    if clock_start is None:
        day, zone = _read_day(text)
        return _join(day, _Clock(zone=zone), default_zone) if day else None
    before, rest = text[: clock_start.start()], text[clock_start.start() :]
    # "2:05 PM" and "오후 2:05": the half of the day may stand before the time.
    before, half = _take_half(re.sub(r"(?<=\d)t\Z", "", before))
    year_behind = re.search(r"\s(\d{4})\Z", rest)
    if year_behind and re.search(r"\d", before) and not re.search(r"\d{4}", before):
        # asctime puts the year last: "Thu Jul 28 04:35:05 UTC 2022".
        before, rest = f"{before} {year_behind[1]}", rest[: year_behind.start()]
    clock_text, day_text = rest, before
    if not re.search(r"\d", before):
        # "04:35, 28 July 2022": the time stands first.
        match = _TIME.match(rest)
        if match is None:
            return None
        clock_text, day_text = _split_behind_clock(rest, match.end())
    clock = _read_clock(clock_text, half=half)
    day, zone = _read_day(day_text)
    if day is None or clock is None:
        return None
    return _join(day, clock, clock.zone or zone or default_zone)


def _split_behind_clock(text: str, end: int) -> tuple[str, str]:
    """Divide "14:05 GMT, 28 July 2022" behind what belongs to the time."""
    words = date_words()
    while token := re.compile(r"[\s,]*([^\W\d_][\w.]*)", re.ASCII).match(text, end):
        if token[1].strip(".") not in words.halves and zone_named(token[1]) is None:
            break
        end = token.end()
    return text[:end], text[end:]


def _take_half(before: str) -> tuple[str, str | None]:
    words = date_words()
    head, _, last = before.rstrip(" ,").rpartition(" ")
    half = words.halves.get(last.strip("."))
    return (head, half) if half else (before, None)


def _read_clock(text: str, *, half: str | None = None) -> _Clock | None:
    """Read a time of day with all that may follow it: half of the day, offset, zone name, words that mean nothing."""
    match = _TIME.match(text)
    if match is None:
        return None
    hour = int(match["hour"])
    minute = int(match["minute"] or match["cminute"] or 0)
    second = int(match["second"] or match["csecond"] or 0)
    rest = text[match.end() :]
    zone: tzinfo | None = None
    offset = _OFFSET.search(rest)
    if offset:
        zone = _offset_zone(offset)
        if zone is None:
            return None
        rest = f"{rest[: offset.start()]} {rest[offset.end() :]}"
    for word in _words(rest):
        if word in date_words().halves:
            half = date_words().halves[word]
        elif (named := zone_named(word)) is not None:
            zone = zone or named
        elif word not in date_words().ignored:
            return None
    if re.search(r"\d", rest):
        return None
    if half and not 1 <= hour <= 12 and half == "am":
        return None
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return _clock(hour, minute, second, zone)


def _clock(hour: int, minute: int, second: int, zone: tzinfo | None) -> _Clock | None:
    if (hour, minute, second) == (24, 0, 0):
        return _Clock(zone=zone, days=1)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return _Clock(hour, minute, second, zone)


def _offset_zone(match: re.Match[str]) -> timezone | None:
    """Read "+0900", "+9", "GMT+09:00": the sign is that of RFC 5322, east is plus, whatever stands before it."""
    minutes = 60 * int(match[2]) + int(match[3] or 0)
    minutes = -minutes if match[1] == "-" else minutes
    earliest, latest = _OFFSET_RANGE_MINUTES
    if not earliest <= minutes <= latest or int(match[3] or 0) > 59:
        return None
    return timezone(timedelta(minutes=minutes))


def _read_day(text: str) -> tuple[date | None, tzinfo | None]:
    """Read the parts of a date in any order that is not ambiguous; a zone may stand behind a date without a time."""
    numbers: list[str] = []
    months: list[int] = []
    zone: tzinfo | None = None
    words = date_words()
    for match in _TOKEN.finditer(text):
        if match["number"]:
            numbers.append(match["number"])
            continue
        word = match["word"].strip(".")
        if month := words.months.get(word):
            months.append(month)
        elif numbers and word not in words.ignored:
            zone = zone_named(word)
            if zone is None:
                return None, None
    if not months:
        return _from_numbers(numbers, text), zone
    # "mar. 28 juil.": where a weekday reads like a month, the month is the later word.
    return _from_month(numbers, months[-1]), zone


def _from_month(numbers: list[str], month: int) -> date | None:
    if len(numbers) != 2:
        return None
    first, second = numbers
    day, year = (second, first) if len(first) == 4 else (first, second)
    if len(day) > 2:
        return None
    full_year = _full_year(year)
    return date(full_year, month, int(day)) if full_year is not None else None


def _from_numbers(numbers: list[str], text: str) -> date | None:
    """Read year-month-day, day.month.year, and of the two slashed orders the one that is possible."""
    if len(numbers) != 3:
        return None
    first, second, third = (int(number) for number in numbers)
    if len(numbers[0]) == 4:
        return date(first, second, third)
    year = _full_year(numbers[2])
    if year is None:
        return None
    if re.search(r"\d\.\s?\d", text) or first > 12 or first == second:
        return date(year, second, first)
    return date(year, first, second) if second > 12 else None


def _full_year(year: str) -> int | None:
    """Read two-digit years as RFC 5322 does: 00 to 49 are of this century."""
    if len(year) == 4:
        return int(year)
    if len(year) == 2:
        return int(year) + (2000 if int(year) < 50 else 1900)
    return None


def _join(day: date, clock: _Clock, default_zone: tzinfo) -> datetime:
    local = datetime(day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=clock.zone or default_zone)
    return local.astimezone(UTC) + timedelta(days=clock.days, seconds=clock.second)


def _words(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        if match["word"]:
            yield match["word"].strip(".")
