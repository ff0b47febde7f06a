"""The values that travel between the rooms: frozen dataclasses of every stage, and their enums.

No dict travels; no room reaches into another. Read top to bottom, this module is the flow of the pipeline:
fetch → feed → entry → capture → content → version → updates → facts → events.
It is long because it is the one vocabulary that all rooms share, and half of it is the meaning of each word.
All times are aware UTC datetimes; all text is NFC without NUL; numbers of facts are `Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

# ── enums: the words of the record, as Postgres stores them ─────────────────────────────────────────────────────────


class Follow(StrEnum):
    """Which articles of a feed are followed beyond their first version."""

    DEVELOPING = "developing"
    ALL = "all"


class ArticleStatus(StrEnum):
    """Where an article stands."""

    CANDIDATE = "candidate"  #: known from a feed or a user, not read yet
    FOLLOWING = "following"  #: developing: looked at again and again
    SETTLED = "settled"  #: has gone quiet; looked at again only when its feed entry changes
    WITHDRAWN = "withdrawn"  #: the publisher took it down
    SKIPPED = "skipped"  #: read once, not developing; comes back when its entry changes or gains a marker


class StoryStatus(StrEnum):
    """Where a story stands."""

    DEVELOPING = "developing"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class AliasKind(StrEnum):
    """By what name an article is known."""

    GUID = "guid"
    LINK = "link"
    REDIRECT = "redirect"
    CANONICAL = "canonical"


class Outcome(StrEnum):
    """How one poll or one capture ended. Each attempt has exactly one."""

    # the server answered with the thing itself
    NEW_BODY = "new_body"  #: bytes we have not seen; a capture waits to be recorded
    NOT_MODIFIED = "not_modified"  #: 304
    SAME_BODY = "same_body"  #: 200, byte for byte what we hold
    # what reading a new body came to
    NEW_ENTRIES = "new_entries"  #: feed: at least one entry is new or changed
    NO_NEW_ENTRIES = "no_new_entries"  #: feed: read well, nothing new
    NEW_VERSION = "new_version"  #: article: recorded as a version
    SAME_CONTENT = "same_content"  #: article: other bytes, the same journalism
    # the server answered with something else
    EMPTY = "empty"  #: a body of no bytes or only white space
    NOT_A_FEED = "not_a_feed"  #: neither RSS, RDF, Atom nor JSON Feed
    NOT_HTML = "not_html"  #: a PDF, an image, a video
    NO_TEXT = "no_text"  #: a page in which no article text was found
    WALL = "wall"  #: consent, login or payment wall instead of the article
    CHALLENGE = "challenge"  #: a robot check
    BUSY = "busy"  #: a 200 that says the server is busy or broken
    MOVED_AWAY = "moved_away"  #: redirected to a homepage, a section or another story
    TOO_LARGE = "too_large"  #: cut off at the byte cap
    TRUNCATED = "truncated"  #: fewer bytes than promised, or a broken encoding
    NOT_FOUND = "not_found"  #: 404
    GONE = "gone"  #: 410
    FORBIDDEN = "forbidden"  #: 401, 403, 451
    RATE_LIMITED = "rate_limited"  #: 429, or 503 with Retry-After
    SERVER_ERROR = "server_error"  #: other 5xx
    HTTP_ERROR = "http_error"  #: any other status
    # the server never answered, or was never asked
    TIMEOUT = "timeout"
    DNS_ERROR = "dns_error"
    TLS_ERROR = "tls_error"
    UNREACHABLE = "unreachable"  #: refused, reset, no route, or not speaking HTTP
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BLOCKED_ADDRESS = "blocked_address"  #: the address guard: private, loopback, link-local, not http(s)
    DISALLOWED = "disallowed"  #: robots.txt
    FAILED = "failed"  #: reading raised: a defect of ours; the bytes are kept

    @property
    def is_success(self) -> bool:
        """Whether the source itself is in order (a feed with nothing new is)."""
        return self in _SUCCESSES


_SUCCESSES = frozenset(
    {
        Outcome.NEW_BODY,
        Outcome.NOT_MODIFIED,
        Outcome.SAME_BODY,
        Outcome.NEW_ENTRIES,
        Outcome.NO_NEW_ENTRIES,
        Outcome.NEW_VERSION,
        Outcome.SAME_CONTENT,
    }
)


class UpdateKind(StrEnum):
    """What happened to a sentence."""

    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    MOVED = "moved"  #: another place among its neighbours, with or without an edit
    SPLIT = "split"  #: one old sentence became several; one row for each new one
    MERGED = "merged"  #: several old sentences became one; one row for each old one


class Significance(StrEnum):
    """What an update touches, the weightiest first."""

    FACT = "fact"
    QUOTE = "quote"
    CORRECTION = "correction"
    WORDING = "wording"


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


class FactKind(StrEnum):
    """What a fact counts, measures or reports."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    ARRESTED = "arrested"
    DISPLACED = "displaced"
    EVACUATED = "evacuated"
    RESCUED = "rescued"
    HOSTAGE = "hostage"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    MEASURE = "measure"
    MAGNITUDE = "magnitude"
    DURATION = "duration"
    QUOTE = "quote"

    @property
    def is_casualty(self) -> bool:
        """Whether the fact tells of people in a state."""
        return self in _CASUALTIES


_CASUALTIES = frozenset(
    {
        FactKind.KILLED,
        FactKind.INJURED,
        FactKind.MISSING,
        FactKind.ARRESTED,
        FactKind.DISPLACED,
        FactKind.EVACUATED,
        FactKind.RESCUED,
        FactKind.HOSTAGE,
    }
)


class FactStatus(StrEnum):
    """Whether a fact still stands."""

    CURRENT = "current"
    SUPERSEDED = "superseded"  #: another value took its place (`superseded_by`)
    DROPPED = "dropped"  #: the article no longer says it


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


# ── fetching ────────────────────────────────────────────────────────────────────────────────────────────────────────


class ResourceKind(StrEnum):
    """What a fetch expects; decides byte cap, `Accept` header, and whether robots.txt is asked."""

    FEED = "feed"  #: a user subscribed to it: robots.txt does not apply (common practice)
    ARTICLE = "article"  #: robots.txt applies (RFC 9309)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave for conditional requests, byte for byte as it came (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One thing to fetch. `known_sha256` is the hash of the body we hold, by which `SAME_BODY` is told."""

    url: str
    kind: ResourceKind
    validators: Validators = field(default_factory=Validators)
    known_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """How one fetch ended. `body` is there exactly when `outcome` is `NEW_BODY` or `SAME_BODY`.

    `permanent_url` is the target if every hop was a 301 or 308; `not_before` is Retry-After made absolute;
    `fresh_for_seconds` is the server's own hint how long its answer holds (Cache-Control, then Expires).
    """

    url: str
    final_url: str
    outcome: Outcome
    fetched_at: datetime
    elapsed_seconds: float
    http_status: int | None = None
    body: bytes | None = None
    body_sha256: str | None = None
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)
    permanent_url: str | None = None
    not_before: datetime | None = None
    fresh_for_seconds: float | None = None
    detail: str | None = None


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    home_url: str | None
    language: str | None
    entries: tuple[Entry, ...]
    ttl_seconds: int | None
    problems: tuple[str, ...]


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


# ── articles ────────────────────────────────────────────────────────────────────────────────────────────────────────


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
class Boilerplate:
    """Lines that many articles of one publisher share and that are part of none, as their words in lower case.

    `revision` grows with every change and is part of the extractor's name. `kept` are lines that are never learned.
    """

    revision: int = 0
    lines: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


NO_BOILERPLATE = Boilerplate()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnArticle:
    """What a page turned out to be instead of an article."""

    outcome: Outcome
    detail: str


# ── captures and versions ───────────────────────────────────────────────────────────────────────────────────────────


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One distinct clean content of an article, as the store holds it."""

    version_id: int
    article_id: int
    number: int
    observed_at: datetime
    headline: str
    text: str
    language: str | None
    is_developing: bool
    extractor: str
    content_sha256: str
    capture_id: int
    captured_at: datetime
    live_entries: tuple[LiveEntry, ...] = ()  #: of a live blog: all entries seen so far that its text tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One sentence-level difference. Positions count sentences from 0; the side that has none is null.

    `correction` is the note of the new version that says that this sentence was wrong.
    """

    kind: UpdateKind
    old_position: int | None
    new_position: int | None
    old_text: str | None
    new_text: str | None
    significance: Significance = Significance.WORDING
    correction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sentence lists compared. `links` are (old, new) positions of sentences that are the same one, edited or not.

    Law: `changes.apply_updates(old, comparison.updates)` equals `new` but for what `changes` calls noise.
    """

    updates: tuple[Update, ...]
    links: tuple[tuple[int, int], ...]
    similarity: float  #: 0 (nothing in common) to 1 (equal)


class VersionKind(StrEnum):
    """What sort of new version it is."""

    FIRST = "first"
    UPDATED = "updated"
    REVERTED = "reverted"  #: equal to an earlier version (A, B, A)
    REWRITTEN = "rewritten"  #: below the similarity floor: a new text, not fifty edits


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """Intent: store this as the article's next version.

    With `another_article` the address was used again for something else: the text is new, and the headline as well.
    Then it is to be stored as the first version of a new article that takes the address over.
    """

    kind: VersionKind
    number: int
    content_sha256: str
    sentences: tuple[str, ...]
    comparison: Comparison
    headline_changed: bool
    another_article: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """Intent: a journalist changed nothing; store no version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Intent: the page shows only the beginning of its text, for want of payment; store no version."""


VersionDecision = NewVersion | Unchanged | Preview

# ── facts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One typed claim found in a sentence. `low`/`high` are inclusive; `None` is open on that side.

    `key` is what the fact is about: kind, head of the subject and unit (`killed|people|`). `start`/`end` count
    characters within `sentence`; `position` counts sentences within the version. `parent` is the index, within the
    list the fact came in, of the whole that this is a part of. `converts` is the index of the fact that this one says
    again in another unit ("144 km (89 mi)"): it is read, but is no fact of its own to a ledger.
    """

    key: str
    kind: FactKind
    subject: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    qualifier: str | None
    attribution: str | None
    sentence: str
    position: int
    start: int
    end: int
    negated: bool = False
    hypothetical: bool = False
    background: bool = False
    increment: bool = False
    parent: int | None = None
    converts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFact:
    """A current fact of the ledger, as the store holds it. `position` is in the article's newest version."""

    fact_id: int
    fact: Fact


class NameKind(StrEnum):
    """What a name stands for."""

    PLACE = "place"
    ORGANISATION = "organisation"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that an optional recogniser found in a sentence, counted as in `Fact`. `speaks`: it says the sentence."""

    kind: NameKind
    text: str
    position: int
    speaks: bool = False


class FactChangeKind(StrEnum):
    """What a new version did to a fact."""

    CONFIRMED = "confirmed"  #: still said, same value: nothing is written
    CHANGED = "changed"  #: another value
    REQUALIFIED = "requalified"  #: the same number under another bound, qualifier or source
    ADDED = "added"
    RESTORED = "restored"  #: said again, with the same value, after it had been dropped
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """One entry of a reconciliation. `fact.key` is final: unique among the article's current facts.

    CONFIRMED, CHANGED and REQUALIFIED have both sides, ADDED has `fact` alone, DROPPED has `held` alone. RESTORED
    has both: `held` is the row that was dropped, which stays closed.
    """

    kind: FactChangeKind
    held: HeldFact | None
    fact: Fact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedSentences:
    """The positions of the sentences in which a fact changed, or a quotation, in the old version and in the new.

    A quotation is a fact, too; here it counts among `quotes` alone, and `facts` are all the others.
    """

    old_facts: frozenset[int] = frozenset()
    new_facts: frozenset[int] = frozenset()
    old_quotes: frozenset[int] = frozenset()
    new_quotes: frozenset[int] = frozenset()


# ── stories and schedule ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a story. `details` is JSON-ready."""

    kind: EventKind
    occurred_at: datetime
    summary: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStory:
    """A story that is still developing, as far as grouping needs it."""

    story_id: int
    headline: str
    lead: str
    language: str | None
    publishers: tuple[str, ...]
    last_changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A batch for one task. No host is in two shards of a run. `label` is what the Airflow UI shows."""

    label: str
    ids: tuple[int, ...]
