"""Times as pages write them, in their structured data and below their headlines, made aware UTC."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from itertools import islice

from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.articles.containers import PROSE
from pipeline.dates import date_words, fold, parse_date, zone_named

_ISO = re.compile(
    r"(?P<day>\d{4}[-/]\d{1,2}[-/]\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?\s*(?P<zone>[+\u2212-]\d{1,2}:?\d{2}|[+\u2212-]\d{2}|[a-z]{1,4}\b)?)?",
    re.IGNORECASE,
)
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_ANOTHER_ZONE = timezone(timedelta(hours=1))
_WIDEST = timedelta(hours=14)  #: between the clocks of one moment
#: begins a date that is written out: its day, perhaps behind its time of day
_WRITTEN = re.compile(
    r"(?<![\d.,:/])(?:\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b\.?|\s[A-Z]{2,4}\b)?,?\s(?:[^\W\d_]{2,9}\.?,?\s)?)?"
    r"(?:\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}"
    r"|\d{1,2}([./])\d{1,2}\1\d{2}(?=,?\s(?:kl\.?\s|um\s|at\s|-\s)?\d{1,2}[:.]\d{2})"
    r"|\d{1,2}(?:\.|er|[.ºª]|st|nd|rd|th)?\s(?:de\s|of\s)?[^\W\d_]{3,12}\.?,?\s(?:del?\s)?\d{4}"
    r"|[^\W\d_]{3,10}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4})",
    re.IGNORECASE,
)
_ELSEWHERE = ("aside", "blockquote", "figure", "footer", "nav")
_MASTHEADS = frozenset({"aside", "body", "footer", "header", "nav"})
_SENTENCE_ENDS = ".!?。"
_CLOCK = re.compile(r"\d\s?[:.h時时시]\s?\d\d(?![.\d])|\d\s?(?:uhr|[ap]\.?m\b)", re.IGNORECASE)
_LINE = 160  #: characters of a line below a headline
_WORDS = 9  #: of a date with its time
_BESIDE_DATE = 12  #: words of its line: names, places, "Published"
_FEW_PARTS = 6  #: children of an element that is one line
_FEW = 2  #: paragraphs, of which the first may be the standfirst
_NEAR = 80  #: elements below the headline
_FAR = 200  #: elements below it, where nothing is above it
_NEAR_ABOVE = 12  #: elements above it
_LEVELS = 3  #: boxes around it in which something may stand above it
_TEASER = 5  #: words of a link that is the title of another story


def parse_time(value: object) -> tuple[datetime, bool] | None:
    """Return an instant in UTC, and whether the source named its zone (where it did not, UTC is assumed).

    Reads ISO 8601 with its usual faults, and all that feeds write. Returns `None` for anything else and for instants
    outside 1990 to 2100. A day without a time of day is its midnight.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    try:
        found = _from_iso(text) or _from_words(text)
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST <= found[0] < _LATEST else None


def choose_time(values: list[object]) -> datetime | None:
    """Return the first readable time, made exact by a later value where it names no zone or only a day.

    A page often states one moment twice, once as local time without its zone, or as a day alone.
    """
    found = [parsed for value in values if (parsed := parse_time(value))]
    if not found:
        return None
    first, zoned = found[0]
    if not zoned and first.time() == time.min:
        first, zoned = next((other for other in found[1:] if _is_of_day(other[0], first)), (first, zoned))
    if not zoned:
        for moment, has_zone in found[1:]:
            # The same minutes and seconds, some zone's offset apart.
            apart = abs(moment - first)
            if has_zone and apart <= _WIDEST and apart.seconds % 900 == 0:
                return moment
    return first


def _is_of_day(moment: datetime, day: datetime) -> bool:
    """Whether a moment with its time of day lies in a day, in whatever zone the day is meant."""
    return moment.time() != time.min and -_WIDEST <= moment - day <= timedelta(days=1) + _WIDEST


def shown_near(heading: HtmlElement, zone: tzinfo) -> str:
    """Return the date that is shown nearest to a headline, in ISO 8601; an empty string where there is none.

    The earliest in the first line below it that shows one, above or behind the standfirst, else what stands right above
    it. `zone` holds for a time of day that names no zone.
    """
    moments = _below(heading, _NEAR) or _above(heading) or _below(heading, _FAR)
    if not moments:
        return ""
    moment, words = min(moments)
    return ((_has_clock(words) and parse_date(words, default_zone=zone)) or moment).isoformat()


def _below(heading: HtmlElement, most: int) -> list[tuple[datetime, str]]:
    """Return the dates of the first line below a headline that shows one, among so many elements."""
    paragraphs = 0
    for element in islice(_following(heading), most):
        text = _line_of(element)
        if (shown := _dates_of_line(text)) and not _is_elsewhere(element):
            return shown
        paragraphs += element.tag == "p" and len(text) > PROSE
        if paragraphs == _FEW:
            break
    return []


def _above(heading: HtmlElement) -> list[tuple[datetime, str]]:
    """Return the dates of the line right above a headline, but for a masthead's: its day changes every day."""
    for element in _preceding(heading):
        text = _line_of(element)
        shown = _dates_of_line(text)
        if shown and not _is_elsewhere(element):
            return [(moment, words) for moment, words in shown if _has_clock(words) or not _is_weekday(text, words)]
    return []


def _is_weekday(text: str, words: str) -> bool:
    """Whether nothing but a weekday stands before the words of a date, as in a masthead."""
    before = plain.key(text.partition(words)[0]).split()
    return bool(before) and all(fold(word) in date_words().ignored for word in before)


def _line_of(element: HtmlElement) -> str:
    return plain.clean(" ".join(element.itertext())) if len(element) <= _FEW_PARTS else ""


def _dates_of_line(text: str) -> list[tuple[datetime, str]]:
    """Return the dates that a line shows, with their words; none of a sentence's, such as a caption."""
    shown = list(written(text)) if 0 < len(text) <= _LINE else []
    if not shown or (text[-1] in _SENTENCE_ENDS and not text.endswith(shown[-1][1])):
        return []
    besides = plain.count_words(text) - sum(plain.count_words(words) for _, words in shown)
    return shown if besides <= _BESIDE_DATE else []


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether a line is beside the story, or tells of another one: in a list of titles with their dates."""
    if next(element.iter(*_ELSEWHERE[1:]), None) is not None:
        return True
    around = [part for part in element.iterancestors(*_ELSEWHERE) if part.tag != "aside" or not _is_line(part)]
    items = [*element.iter("li"), *islice(element.iterancestors("li"), 1)]
    return bool(around) or any(
        plain.count_words(link.text_content()) >= _TEASER for item in items for link in item.iter("a")
    )


def _is_line(box: HtmlElement) -> bool:
    """Whether a box has no more text than a byline with its date."""
    return plain.length(box.text_content()) <= _LINE


def _has_clock(words: str) -> bool:
    return _CLOCK.search(words) is not None


def written(text: str) -> Iterator[tuple[datetime, str]]:
    """Yield the dates that a line shows, each with its words: the longest run of them that is nothing but a date."""
    for match in _WRITTEN.finditer(text):
        words = text[match.start() :].split(maxsplit=_WORDS)[:_WORDS]
        for end in range(len(words), 0, -1):
            run = " ".join(words[:end])
            if moment := parse_date(run):
                yield moment, run
                break


def _following(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that follow a heading, outside of it."""
    element: HtmlElement | None = heading
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter()
        element = element.getparent()


def _preceding(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that stand before a heading, nearest first, in the boxes right around it."""
    element: HtmlElement | None = heading
    seen = 0
    for _ in range(_LEVELS):
        if element is None or element.tag in _MASTHEADS - {"header"}:
            return
        for sibling in element.itersiblings(preceding=True):
            parts = list(sibling.iter())
            if len(parts) > _NEAR_ABOVE or any(part.tag in _MASTHEADS for part in parts):
                return
            for part in parts:
                seen += 1
                if seen > _NEAR_ABOVE:
                    return
                yield part
        element = element.getparent()


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


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if name[0] not in "+-\u2212":
        return zone_named(name)
    digits = name[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone((1 if name[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _from_words(text: str) -> tuple[datetime, bool] | None:
    moment = parse_date(text)
    if moment is None:
        return None
    # Only what names its zone is the same moment wherever it is read.
    return moment, moment == parse_date(text, default_zone=_ANOTHER_ZONE)
