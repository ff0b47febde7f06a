"""Moments as people type them."""

import re
from datetime import UTC, datetime, time, timedelta

import typer

_AGO = re.compile(r"(\d{1,9})\s*(s|m|h|d)(?:\s+ago)?", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FORMS = "a date or time (2026-11-23, 2026-11-23T14:30, with or without an offset; else local), 14:30 today, or 90m ago"


def moment(text: str) -> datetime:
    """Return the moment that a person means, with its offset; local time where none is said.

    Raises `typer.BadParameter`, with the forms that are understood.
    """
    now = datetime.now(UTC).astimezone()
    typed = text.strip()
    try:
        if ago := _AGO.fullmatch(typed):
            return now - timedelta(**{_UNITS[ago[2].lower()]: int(ago[1])})
        if len(typed) <= len("14:30:00") and ":" in typed:
            return datetime.combine(now.date(), time.fromisoformat(typed)).astimezone()
        return datetime.fromisoformat(typed).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise typer.BadParameter(f"{text!r} is no moment; understood are {FORMS}.") from error
