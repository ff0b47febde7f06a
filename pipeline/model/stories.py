"""Stories, what happened to them, and which of it is told to whoever asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class StoryStatus(StrEnum):
    """Where a story stands."""

    DEVELOPING = "developing"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStory:
    """A story that is still developing, as far as grouping needs it."""

    story_id: int
    headline: str
    lead: str
    language: str | None
    publishers: tuple[str, ...]
    last_changed_at: datetime


class EventKind(StrEnum):
    """What a reader of a story wants to be told."""

    FIRST_SEEN = "first_seen"
    UPDATED = "updated"
    HEADLINE_CHANGED = "headline_changed"
    FACT_CHANGED = "fact_changed"
    CORRECTED = "corrected"
    REVERTED = "reverted"
    REWRITTEN = "rewritten"
    MOVED = "moved"
    JOINED = "joined"
    DEVELOPING = "developing"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    ALERTED = "alerted"  #: a rule that somebody set has been met


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a story. `details` is JSON-ready."""

    kind: EventKind
    occurred_at: datetime
    summary: str
    details: Mapping[str, object] = field(default_factory=dict)


class AlertChange(StrEnum):
    """Which new values a rule tells of."""

    ANY = "any"  #: a first value too
    RISES = "rises"
    FALLS = "falls"


class AlertStatus(StrEnum):
    """How far an alert has come."""

    WAITING = "waiting"  #: to be sent, again if need be
    SENT = "sent"
    FAILED = "failed"  #: given up
