"""Feeds, and the entries they bring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.model.fetching import Outcome, Validators


class Follow(StrEnum):
    """Which articles of a feed are followed beyond their first version."""

    DEVELOPING = "developing"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSubscription:
    """A feed somebody wants polled, as OPML or the command line gives it."""

    url: str
    title: str | None = None
    publisher: str | None = None
    language: str | None = None
    follow: Follow = Follow.DEVELOPING
    poll_every: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as the store holds it, with what the next poll needs."""

    feed_id: int
    url: str
    title: str | None
    publisher: str
    language: str | None
    follow: Follow
    poll_every: timedelta
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_outcome: Outcome | None
    failures: int
    validators: Validators
    body_sha256: str | None
    last_news_at: datetime | None = None  #: when a poll last found a new or changed entry
    news_gap_seconds: float | None = None  #: time that usually lies between two such polls
    last_whole_at: datetime | None = None  #: when it last came as a whole document, not as a 304
    moved_to: str | None = None  #: where permanent redirects have led since `moved_since`, `moved_seen` times in a row
    moved_since: datetime | None = None
    moved_seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, cleaned: plain-text title, absolute http(s) link, aware dates or none.

    `identity` tells entries of one feed apart (guid, else link, else content). `content_sha256` covers link,
    title, summary and authors but no dates: it moves exactly when the publisher changed something.
    """

    identity: str
    guid: str | None
    link: str | None
    title: str
    summary: str
    authors: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    content_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed document says. `problems` are counted oddities, in words, for `feeds check`."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    ttl_seconds: int | None
    problems: tuple[str, ...]
