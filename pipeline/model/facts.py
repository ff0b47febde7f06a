"""Facts, the names beside them, and what a new version did to those that stood."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


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
    has both: `held` is the row that was dropped, which stays closed. `place` names where a toll is from, in an article
    that tells of several places. `retold` says of a DROPPED one that its person is told of by name now, or by role, or
    its people one by one.
    """

    kind: FactChangeKind
    held: HeldFact | None
    fact: Fact | None
    place: str | None = None
    retold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedSentences:
    """The positions of the sentences in which a fact changed, or a quotation, in the old version and in the new.

    A quotation is a fact, too; here it counts among `quotes` alone, and `facts` are all the others.
    """

    old_facts: frozenset[int] = frozenset()
    new_facts: frozenset[int] = frozenset()
    old_quotes: frozenset[int] = frozenset()
    new_quotes: frozenset[int] = frozenset()
