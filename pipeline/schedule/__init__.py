"""When to look again: at feeds by their rhythm, at articles by their age, their hour and how often they have changed.

`moments` says when a feed or an article is due; `feeds` how often a feed has news; `rhythm` how long to wait for a
change of an article; `fitting` finds a publisher's rhythm in its own articles. Everything here is pure: states and
`now` in, a moment out.
"""

from pipeline.schedule.budget import next_worth
from pipeline.schedule.feeds import Move, News, move_after, news_after, usual_interval_seconds, wants_whole
from pipeline.schedule.fitting import History, fit_rhythm
from pipeline.schedule.moments import (
    FETCH_WORTH_MINUTES,
    MISSING_BEFORE_WITHDRAWN,
    PROMISE_PATIENCE,
    RETRY_AFTER_MAX_SECONDS,
    TRIES,
    Bounds,
    Pace,
    check_interval_minutes,
    has_settled,
    host_pause,
    next_capture,
    next_poll,
)
from pipeline.schedule.rhythm import DAY_PARTS, DEFAULT_RHYTHM, QUIET_SPANS, Rhythm, minute_of_day, read_rhythm, rhythms

__all__ = [
    "DAY_PARTS",
    "DEFAULT_RHYTHM",
    "FETCH_WORTH_MINUTES",
    "MISSING_BEFORE_WITHDRAWN",
    "PROMISE_PATIENCE",
    "QUIET_SPANS",
    "RETRY_AFTER_MAX_SECONDS",
    "TRIES",
    "Bounds",
    "History",
    "Move",
    "News",
    "Pace",
    "Rhythm",
    "check_interval_minutes",
    "fit_rhythm",
    "has_settled",
    "host_pause",
    "minute_of_day",
    "move_after",
    "news_after",
    "next_capture",
    "next_poll",
    "next_worth",
    "read_rhythm",
    "rhythms",
    "usual_interval_seconds",
    "wants_whole",
]
