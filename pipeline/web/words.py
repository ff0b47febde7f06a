"""Values as the pages write them: numbers, times, ages, facts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlsplit

from markupsafe import Markup

_STEPS = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))
CASUALTIES = frozenset({"killed", "injured", "missing", "arrested", "displaced", "evacuated", "rescued", "hostage"})


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
    """Return a number with thousands separators and no idle zeros."""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def bounds_text(low: Decimal | float | None, high: Decimal | float | None) -> str:
    """Return "27", "at least 27", "up to 40" or "3–5"; "no number" where both sides are open."""
    if low is not None and high is not None:
        return number_text(low) if low == high else f"{number_text(low)}–{number_text(high)}"
    if low is not None:
        return f"at least {number_text(low)}"
    return f"up to {number_text(high)}" if high is not None else "no number"


def value_text(low: Any, high: Any, unit: str | None, qualifier: str | None) -> str:
    """Return a fact's value, hedged as it was written."""
    value = bounds_text(low, high)
    if qualifier and low is not None and low == high:
        value = f"{qualifier} {value}"
    return f"{value} {unit}" if unit else value


def fact_text(fact: Valued) -> str:
    """Return a fact's value, hedged as it was written."""
    return value_text(fact.low, fact.high, fact.unit, fact.qualifier)


def fact_line(fact: Mapping[str, Any]) -> str:
    """Return "27 killed", or "90,000 acres" for a fact that is no casualty."""
    value = value_text(fact["low"], fact["high"], fact["unit"], fact["qualifier"])
    kind, subject = fact["kind"], fact["subject"]
    if kind in CASUALTIES:
        value = f"{value} {kind}"
    elif kind in {"magnitude", "duration"}:
        value = f"{kind} {value}"
    return f"{value} ({subject})" if subject and subject not in {"people", kind} else value


def fact_name(kind: str, subject: str) -> str:
    """Return what a fact is about: "killed, people"."""
    return f"{kind}, {subject}" if subject else kind


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
