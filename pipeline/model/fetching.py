"""What is fetched, and how each attempt ended."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

#: How long a host is left alone that says 429 and not for how long, at the first.
RATE_LIMIT_PAUSE = timedelta(minutes=5)


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
    OUTDATED = "outdated"  #: an earlier version once more: a cache's copy, or one that takes turns
    TOO_LARGE = "too_large"  #: cut off at the byte cap
    TRUNCATED = "truncated"  #: fewer bytes than promised, a broken encoding, or the first half of a text
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
class Booking:
    """A visit that is written down for a host: in how many seconds, or until when the host wants none."""

    wait_seconds: float = 0.0
    held_until: datetime | None = None


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
