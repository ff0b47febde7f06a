"""The values that travel between the rooms: frozen dataclasses of every stage, and the enums in the record's words.

No dict travels; no room reaches into another. The modules follow the flow of the pipeline, each importing only those
before it: `fetching` → `feeds` → `articles` → `changes` → `facts` → `stories`; `shards` stands beside them.
All of it is imported from here.

All times are aware UTC datetimes; all text is NFC without NUL; numbers of facts are `Decimal`.
"""

from pipeline.model.articles import (
    NO_BOILERPLATE,
    Alias,
    AliasKind,
    Article,
    ArticleStatus,
    Boilerplate,
    Capture,
    Content,
    LiveEntry,
    Marker,
    MarkerKind,
    NotAnArticle,
    Payment,
    newest_first,
)
from pipeline.model.changes import (
    Comparison,
    CutShort,
    NewVersion,
    OlderCopy,
    Preview,
    Significance,
    Unchanged,
    Update,
    UpdateKind,
    Version,
    VersionDecision,
    VersionKind,
)
from pipeline.model.facts import (
    Fact,
    FactChange,
    FactChangeKind,
    FactKind,
    FactStatus,
    HeldFact,
    Name,
    NameKind,
    TouchedSentences,
)
from pipeline.model.feeds import Entry, Feed, FeedSubscription, Follow, ParsedFeed
from pipeline.model.fetching import (
    RATE_LIMIT_PAUSE,
    Booking,
    FetchRequest,
    FetchResult,
    Outcome,
    ResourceKind,
    Validators,
)
from pipeline.model.shards import Shard
from pipeline.model.stories import AlertChange, AlertStatus, Event, EventKind, OpenStory, StoryStatus

__all__ = [
    "NO_BOILERPLATE",
    "RATE_LIMIT_PAUSE",
    "AlertChange",
    "AlertStatus",
    "Alias",
    "AliasKind",
    "Article",
    "ArticleStatus",
    "Boilerplate",
    "Booking",
    "Capture",
    "Comparison",
    "Content",
    "CutShort",
    "Entry",
    "Event",
    "EventKind",
    "Fact",
    "FactChange",
    "FactChangeKind",
    "FactKind",
    "FactStatus",
    "Feed",
    "FeedSubscription",
    "FetchRequest",
    "FetchResult",
    "Follow",
    "HeldFact",
    "LiveEntry",
    "Marker",
    "MarkerKind",
    "Name",
    "NameKind",
    "NewVersion",
    "NotAnArticle",
    "OlderCopy",
    "OpenStory",
    "Outcome",
    "ParsedFeed",
    "Payment",
    "Preview",
    "ResourceKind",
    "Shard",
    "Significance",
    "StoryStatus",
    "TouchedSentences",
    "Unchanged",
    "Update",
    "UpdateKind",
    "Validators",
    "Version",
    "VersionDecision",
    "VersionKind",
    "newest_first",
]
