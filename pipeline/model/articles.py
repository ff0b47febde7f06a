"""Articles and their captures, and what reading a page gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter

from pipeline.model.feeds import Follow
from pipeline.model.fetching import Outcome, Validators


class ArticleStatus(StrEnum):
    """Where an article stands."""

    CANDIDATE = "candidate"  #: known from a feed or a user, not read yet
    FOLLOWING = "following"  #: developing: looked at again and again
    SETTLED = "settled"  #: has gone quiet; looked at again only when its feed entry changes
    WITHDRAWN = "withdrawn"  #: the publisher took it down
    SKIPPED = "skipped"  #: read once, not developing; comes back when its entry changes or gains a marker


class AliasKind(StrEnum):
    """By what name an article is known."""

    GUID = "guid"
    LINK = "link"
    REDIRECT = "redirect"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One name of an article. Guids are told apart by publisher (`scope`); addresses need none (`""`)."""

    kind: AliasKind
    value: str
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as the store holds it, with what the next capture needs."""

    article_id: int
    story_id: int | None
    publisher: str
    url: str
    fetch_url: str
    status: ArticleStatus
    follow: Follow
    first_seen_at: datetime
    last_changed_at: datetime | None
    last_captured_at: datetime | None
    versions: int
    failures: int
    missing: int
    validators: Validators
    body_sha256: str | None

    @property
    def changes(self) -> int:
        """How often it has changed since its first version."""
        return max(0, self.versions - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A stored capture that waits to be recorded (or is to be read again). 404 and 410 come with an empty body."""

    capture_id: int
    article_id: int
    captured_at: datetime
    outcome: Outcome
    http_status: int | None
    final_url: str
    permanent_url: str | None
    content_type: str | None
    body: bytes
    attempts: int = 0  #: how often reading it has been begun


class MarkerKind(StrEnum):
    """How a page says that its story develops."""

    PHRASE = "phrase"  #: "Developing story - more to come"
    LABEL = "label"  #: "BREAKING:", "LIVE:" before a headline
    LIVE_BLOG = "live_blog"  #: schema.org LiveBlogPosting
    SLUG = "slug"  #: "2nd Ld-Writethru"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One sign that a story develops; `where` is `headline`, `first`, `last` or `structured`."""

    kind: MarkerKind
    phrase: str
    where: str


class Payment(StrEnum):
    """Whether what a page shows may be no more than the beginning of its article, for want of payment."""

    NOT_ASKED = "not asked"
    ASKED = "asked"  #: the text is short, and the page says that whoever pays reads more: it may be all there is
    WALL = "wall"  #: the text is the beginning of the article, before a payment wall


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntry:
    """One entry of a live blog, known by its id (or address) and time."""

    identity: str
    headline: str | None
    text: str
    published_at: datetime | None
    modified_at: datetime | None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """How the entry is told in the text of its live blog: its headline, then its text."""
        lines = (*((self.headline,) if self.headline else ()), *self.text.split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))


def newest_first(entries: Iterable[LiveEntry]) -> tuple[LiveEntry, ...]:
    """Return a live blog's entries in the order of their times; as they come where one of them has no time."""
    given = tuple(entries)
    timed = [(entry.published_at, entry) for entry in given if entry.published_at is not None]
    if len(timed) < len(given):
        return given
    return tuple(entry for _, entry in sorted(timed, key=itemgetter(0), reverse=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The clean content of one page. The same bytes always give the same value.

    `text` is the paragraphs joined by a newline. `corrections` are the correction and editor's notes found,
    which are paragraphs of the text too. `extractor` names the code that read it (`articles.EXTRACTOR`).
    """

    headline: str
    byline: str | None
    text: str
    language: str | None
    published_at: datetime | None
    modified_at: datetime | None
    canonical_url: str | None
    markers: tuple[Marker, ...]
    corrections: tuple[str, ...]
    live_entries: tuple[LiveEntry, ...]
    payment: Payment = Payment.NOT_ASKED
    words: int
    extractor: str

    @property
    def is_developing(self) -> bool:
        """Whether the page itself says there is more to come."""
        return bool(self.markers)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnArticle:
    """What a page turned out to be instead of an article."""

    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """Lines that many articles of one publisher share and that are part of none, as their words in lower case.

    `revision` grows with every change and is part of the extractor's name. `kept` are lines that are never learned.
    """

    revision: int = 0
    lines: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


NO_BOILERPLATE = Boilerplate()
