"""Versions, what changed between two of them, and what is decided about a new one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.model.articles import LiveEntry


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
    modified_at: datetime | None = None  #: when the publisher says it was last changed


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
    kept: float  #: how much of the shorter text the longer one still holds: 0 to 1


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
    Then it is to be stored as the first version of a new article that takes the address over. `headline_changed` says
    that the headline says something else: not that a slug came or went before it ("UPDATE 2-", "LIVE:").
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderCopy:
    """Intent: an earlier version was served once more, stamped as older or taking turns with the newest; store none.

    With `translated` it is the article in another language, as a page gives it to readers from elsewhere.
    """

    translated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CutShort:
    """Intent: only the first sentences of the newest version were served, as by a server that failed; store none."""


VersionDecision = NewVersion | Unchanged | Preview | OlderCopy | CutShort
