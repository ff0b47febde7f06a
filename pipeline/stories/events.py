"""From what changed to what a reader is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from pipeline.model import (
    ArticleStatus,
    Content,
    Event,
    EventKind,
    Fact,
    FactChange,
    FactChangeKind,
    FactKind,
    NewVersion,
    UpdateKind,
    Version,
    VersionKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """All that the record step knows about one capture of one article.

    `decision` is `None` where the page brought no version (it moved, vanished, came back, settled).
    """

    at: datetime
    status_before: ArticleStatus
    status_after: ArticleStatus
    decision: NewVersion | None = None
    content: Content | None = None
    previous: Version | None = None
    fact_changes: Sequence[FactChange] = ()
    joined_story: bool = False
    moved_to: str | None = None
    new_corrections: Sequence[str] = field(default_factory=tuple)


def events_of(happening: Happening) -> tuple[Event, ...]:
    """Return the events that a capture brought, in the order in which they are to be told."""
    events: list[Event] = []
    if happening.decision and happening.content:
        events += _version_events(happening, happening.decision, happening.content)
    if happening.moved_to:
        events.append(_event(happening, EventKind.MOVED, f"Moved to {happening.moved_to}", url=happening.moved_to))
    events += _status_events(happening)
    return tuple(events)


def _version_events(happening: Happening, decision: NewVersion, content: Content) -> list[Event]:
    events: list[Event] = []
    if decision.kind is VersionKind.FIRST:
        events.append(_event(happening, EventKind.FIRST_SEEN, f"First seen: {content.headline}"))
        if happening.joined_story:
            events.append(_event(happening, EventKind.JOINED, f"Another article tells this story: {content.headline}"))
        return events
    if decision.kind is VersionKind.REVERTED:
        # What has neither is a slug that came before the headline, or went.
        if decision.comparison.updates or decision.headline_changed:
            events.append(_event(happening, EventKind.REVERTED, "Back to an earlier version", version=decision.number))
    elif decision.kind is VersionKind.REWRITTEN:
        events.append(
            _event(happening, EventKind.REWRITTEN, "Rewritten: hardly a sentence in common", version=decision.number)
        )
    elif decision.comparison.updates:
        counts = _counts(decision)
        summary = "Updated: " + ", ".join(f"{count} {word}" for word, count in counts.items())
        events.append(_event(happening, EventKind.UPDATED, summary, version=decision.number, **counts))
    if decision.headline_changed and happening.previous:
        events.append(
            _event(
                happening,
                EventKind.HEADLINE_CHANGED,
                f"Headline: {content.headline}",
                old=happening.previous.headline,
                new=content.headline,
            )
        )
    events += [_event(happening, EventKind.CORRECTED, note, note=note) for note in happening.new_corrections]
    told = _is_told_of_rewritten if decision.kind is VersionKind.REWRITTEN else _is_told
    events += [fact_event(change, happening.at) for change in happening.fact_changes if told(change)]
    return events


def _status_events(happening: Happening) -> list[Event]:
    before, after = happening.status_before, happening.status_after
    if before is after:
        return []
    if before is ArticleStatus.WITHDRAWN:
        return [_event(happening, EventKind.RESTORED, "The article is back")]
    if after is ArticleStatus.FOLLOWING:
        phrases = [marker.phrase for marker in happening.content.markers] if happening.content else []
        if phrases:
            summary = f"Developing: “{phrases[0]}”"
        elif before is ArticleStatus.CANDIDATE:
            summary = "Followed from now on"  # its feed or a user wants it, whatever the page says
        else:
            summary = "Changing again"
        return [_event(happening, EventKind.DEVELOPING, summary, markers=phrases)]
    if after is ArticleStatus.SETTLED:
        return [_event(happening, EventKind.SETTLED, "Settled: no change for a while")]
    if after is ArticleStatus.WITHDRAWN:
        return [_event(happening, EventKind.WITHDRAWN, "Withdrawn: the publisher took it down")]
    return []


def _counts(decision: NewVersion) -> dict[str, int]:
    """Count sentences by what happened to them. A split or merge has several rows and counts once."""
    counts: dict[str, int] = {}
    seen: set[tuple[UpdateKind, int | None]] = set()
    for update in decision.comparison.updates:
        if update.kind in {UpdateKind.SPLIT, UpdateKind.MERGED}:
            one = (update.kind, update.old_position if update.kind is UpdateKind.SPLIT else update.new_position)
            if one in seen:
                continue
            seen.add(one)
        counts[update.kind.value] = counts.get(update.kind.value, 0) + 1
    return counts


def _is_told(change: FactChange) -> bool:
    """Tell whether a reader wants to hear of it: a number of the event itself, no background and no quote."""
    fact = change.fact or (change.held.fact if change.held else None)
    if fact is None or change.kind is FactChangeKind.CONFIRMED:
        return False
    if fact.kind is FactKind.QUOTE or fact.background or (fact.increment and fact.negated):
        return False  # "no more bodies were found" is no toll
    if change.retold:
        return False  # who has died is named by now
    is_again = change.kind is FactChangeKind.RESTORED
    if change.held and change.fact and not is_again and _reads_alike(change.held.fact, change.fact):
        return False  # another source for the same figure: kept in the ledger, but no news
    # A count that comes or goes with its sentence is told by the update already; a toll is always worth a line.
    return change.kind in {FactChangeKind.CHANGED, FactChangeKind.REQUALIFIED} or fact.kind.is_casualty


def _reads_alike(one: Fact, other: Fact) -> bool:
    """Tell whether two facts state the same figure in the same way; what was feared and has happened is news."""
    stances = [(fact.negated, fact.hypothetical, fact.background, value_text(fact)) for fact in (one, other)]
    return stances[0] == stances[1]


def _is_told_of_rewritten(change: FactChange) -> bool:
    """Tell the same where the whole text is new: what comes and goes with it is no news, but a toll that moves is."""
    fact = change.fact
    return change.kind is FactChangeKind.CHANGED and fact is not None and fact.kind.is_casualty and _is_told(change)


def fact_event(change: FactChange, at: datetime) -> Event:
    """Tell of one fact that changed: "killed: 12 → 27 (interior ministry)"."""
    old = change.held.fact if change.held else None
    new = change.fact
    fact = new or old
    if fact is None:
        raise ValueError("a fact change has a side")
    name = fact_name(fact.kind, fact.subject)
    name += f" ({change.place})" if change.place else ""
    behind = " of them" if new and new.parent is not None else ""
    behind += f" ({new.attribution})" if new and new.attribution else ""
    if change.kind is FactChangeKind.RESTORED:
        summary = f"{name}: {_told_text(fact)} is said again{behind}"
    elif old and new:
        summary = f"{name}: {_told_text(old)} → {_told_text(new)}{behind}"
    elif new:
        summary = f"{name}: {_told_text(new)}{behind}"
    else:
        summary = f"{name}: {_told_text(fact)} is no longer said"
    details = {
        "change": change.kind.value,
        "key": fact.key,
        "kind": fact.kind.value,
        "subject": fact.subject,
        "unit": fact.unit,
        "place": change.place,
        "attribution": new.attribution if new else None,
        "old": _bounds(old),
        "new": _bounds(new),
    }
    return Event(kind=EventKind.FACT_CHANGED, occurred_at=at, summary=summary, details=details)


def fact_name(kind: str, subject: str) -> str:
    """Return what a fact is about: "killed", "killed, pilgrims", "roads" for a count of them."""
    if not subject or (FactKind(kind).is_casualty and subject in {"people", kind}):
        return str(kind)
    # Of these the unit, or nothing, says what kind of number it is.
    is_number = kind in {FactKind.COUNT, FactKind.MEASURE, FactKind.PERCENT}
    return subject if is_number else f"{kind}, {subject}"


def _told_text(fact: Fact) -> str:
    """Return a fact's value with what takes it out of plain fact: "possibly 40", "not 40", "another 12"."""
    is_none = fact.low == fact.high == 0
    stances = (
        (fact.hypothetical, "possibly"),
        (fact.negated and not is_none, "not"),
        (fact.increment, "another"),
    )
    return " ".join([*(word for holds, word in stances if holds), value_text(fact)])


def value_text(fact: Fact) -> str:
    """Return a fact's value as a person would write it: "at least 27", "100,000", "40 %", "3 to 5", "dozens"."""
    unit = f" {fact.unit}" if fact.unit else ""
    if fact.qualifier and fact.sentence[fact.start : fact.end].casefold() == fact.qualifier:
        return f"{fact.qualifier}{unit}"
    if fact.low is not None and fact.high is not None and fact.low != fact.high:
        return f"{number_text(fact.low)} to {number_text(fact.high)}{unit}"
    number = fact.low if fact.low is not None else fact.high
    if number is None:
        return fact.qualifier or "(no number)"
    if fact.qualifier and fact.sentence[fact.end :].lstrip().casefold().startswith(fact.qualifier):
        return f"{number_text(number)}{unit} {fact.qualifier}"  # "40 or more"
    hedge = fact.qualifier or ("at least" if fact.high is None else "up to" if fact.low is None else "")
    return f"{hedge} {number_text(number)}{unit}".lstrip()


def number_text(value: Decimal) -> str:
    """Return a number with thousands separators and no idle zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bounds(fact: Fact | None) -> dict[str, object] | None:
    if fact is None:
        return None
    return {
        "low": None if fact.low is None else float(fact.low),
        "high": None if fact.high is None else float(fact.high),
        "qualifier": fact.qualifier,
    }


def _event(happening: Happening, kind: EventKind, summary: str, **details: object) -> Event:
    return Event(kind=kind, occurred_at=happening.at, summary=summary, details=details)
