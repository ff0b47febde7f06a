"""Values as the pages write them: numbers, times, ages, facts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from pipeline import facts, stories

_STEPS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
_FOUND = re.compile("\x02(.*?)\x03", re.DOTALL)
_GREAT = ((Decimal(10**9), "billion"), (Decimal(10**6), "million"))


class Valued(Protocol):
    """Whatever has the value of a fact."""

    @property
    def low(self) -> Decimal | None:
        """Least value."""

    @property
    def high(self) -> Decimal | None:
        """Greatest value."""

    @property
    def unit(self) -> str | None:
        """Unit."""

    @property
    def qualifier(self) -> str | None:
        """Hedge."""


def number_text(value: Decimal | float) -> str:
    """Return a number as newspapers write it: "27,000", and "9.4 million" where nothing is lost by it."""
    number = Decimal(str(value))
    for size, name in _GREAT:
        if abs(number) >= size and number % (size / 100) == 0:
            return f"{stories.number_text(number / size)} {name}"
    return stories.number_text(number)


def bounds_text(low: Decimal | float | None, high: Decimal | float | None) -> str:
    """Return "27", "at least 27", "up to 40" or "3–5"; "no number" where both sides are open."""
    if low is not None and high is not None:
        return number_text(low) if low == high else f"{number_text(low)}–{number_text(high)}"
    if low is not None:
        return f"at least {number_text(low)}"
    return f"up to {number_text(high)}" if high is not None else "no number"


def value_text(low: Any, high: Any, unit: str | None, qualifier: str | None) -> str:
    """Return a fact's value, hedged as it was written."""
    value = facts.hedged(low, high, qualifier, written=number_text) or bounds_text(low, high)
    return f"{value} {unit}" if unit else value


def fact_text(fact: Valued) -> str:
    """Return a fact's value, hedged as it was written."""
    return value_text(fact.low, fact.high, fact.unit, fact.qualifier)


def fact_line(fact: Mapping[str, Any]) -> Markup:
    """Return "27 killed", "8 roads" or "24 million USD", its value set off."""
    value = value_text(fact["low"], fact["high"], fact["unit"], fact["qualifier"])
    name = "" if fact["kind"] == "money" and not fact["subject"] else stories.fact_name(fact["kind"], fact["subject"])
    return Markup("<strong>{}</strong> {}").format(value, name)


def found_text(passage: str) -> Markup:
    """Return a passage cut out of a text, with the words marked that a search has put between U+0002 and U+0003."""
    parts = _FOUND.split(passage)
    marked = [Markup("<mark>{}</mark>").format(one) if place % 2 else escape(one) for place, one in enumerate(parts)]
    return Markup("… {} …").format(Markup("").join(marked))


def found_words(passage: str) -> tuple[str, list[str]]:
    """Return such a passage without its marks, and the words that were marked."""
    return _FOUND.sub(r"\1", passage), _FOUND.findall(passage)


def span_text(span: timedelta) -> str:
    """Return a length of time in its greatest unit: "3 d", "5 min"."""
    seconds = abs(span.total_seconds())
    for length, unit in _STEPS:
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return "0 s"


def ago_text(at: datetime, now: datetime) -> str:
    """Return "5 min ago", or "in 5 min"."""
    span = now - at
    if abs(span.total_seconds()) < 1:
        return "now"
    return f"in {span_text(span)}" if span < timedelta() else f"{span_text(span)} ago"


def moment_text(at: datetime) -> str:
    """Return a time of UTC as a person writes it."""
    return at.astimezone(UTC).strftime("%-d %b %Y, %H:%M")


def whole_second(at: datetime) -> datetime:
    """Return the first whole second that is not before a time, in UTC: what a form's field can hold.

    Cut off instead, the field of "the newest" would ask for what was known just before it.
    """
    whole = at.astimezone(UTC).replace(microsecond=0)
    return whole + timedelta(seconds=1) if whole < at else whole


def field_text(at: datetime) -> str:
    """Return a time as a field of a form holds it: UTC, at `whole_second`."""
    return whole_second(at).strftime("%Y-%m-%dT%H:%M:%S")


def stamp(at: datetime) -> str:
    """Return a time as an address can carry it: UTC, to the microsecond, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_tag(at: datetime | None, *, now: datetime | None = None) -> Markup:
    """Return a time as a `<time>` element; with `now`, as an age with the time behind it."""
    if at is None:
        return Markup("–")
    shown = ago_text(at, now) if now else moment_text(at)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(stamp(at), moment_text(at), shown)


def web_address(url: str | None) -> str | None:
    """Return an address if it leads to the web; anything else (`javascript:`) is no link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
