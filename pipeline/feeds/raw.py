"""An entry as a format gave it, before anything is cleaned: what the readers of XML and of JSON hand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.feeds.text import TextKind

#: The problem of a document that breaks off: the server's validators stand for more than could be read.
CUT_SHORT = "the document is cut short; what stands behind its last whole entry was left out"


@dataclass(frozen=True, slots=True)
class RawText:
    """Text with what its format says it is."""

    value: str = ""
    kind: TextKind = TextKind.GUESS


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item. `links` stand in the order of preference; `guid_may_be_link` is RSS's isPermaLink."""

    guid: str | None
    guid_may_be_link: bool
    links: Sequence[str]
    title: RawText
    summary: RawText
    authors: Sequence[str]
    published: str | None
    updated: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed document as its format gave it."""

    title: RawText
    language: str | None
    ttl_minutes: str | None = None
    update_period: str | None = None
    update_frequency: str | None = None
    entries: Sequence[RawEntry] = ()
    entries_left_out: int = 0
    problems: list[str] = field(default_factory=list)
