"""What a reader of a story is told, and what not."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import (
    ArticleStatus,
    Comparison,
    EventKind,
    Fact,
    FactChange,
    FactChangeKind,
    FactKind,
    HeldFact,
    Marker,
    MarkerKind,
    NewVersion,
    Update,
    UpdateKind,
    VersionKind,
)
from pipeline.stories import Happening, events_of, fact_name
from pipeline.stories.events import fact_event, number_text, value_text
from tests.unit.contents import content_of, version

AT = datetime(2016, 11, 3, 12, 0, tzinfo=UTC)
FOLLOWING, CANDIDATE, SETTLED, WITHDRAWN, SKIPPED = (
    ArticleStatus.FOLLOWING,
    ArticleStatus.CANDIDATE,
    ArticleStatus.SETTLED,
    ArticleStatus.WITHDRAWN,
    ArticleStatus.SKIPPED,
)

MARKER = Marker(kind=next(iter(MarkerKind)), phrase="More to come", where="last")
CONTENT = content_of("Dam holds", "The dam holds.", markers=(MARKER,))
PREVIOUS = version(content_of("Dam in danger", "The dam shakes."))
FACT = Fact(
    key="killed|people|",
    kind=FactKind.KILLED,
    subject="people",
    low=Decimal(12),
    high=None,
    unit=None,
    qualifier="at least",
    attribution="police",
    sentence="At least 12 people died, police said.",
    position=0,
    start=9,
    end=11,
)


def decision(kind: VersionKind = VersionKind.UPDATED, *updates: Update, headline_changed: bool = False) -> NewVersion:
    return NewVersion(
        kind=kind,
        number=1 if kind is VersionKind.FIRST else 2,
        content_sha256="y",
        sentences=("The dam holds.",),
        comparison=Comparison(updates=updates, links=(), similarity=0.5),
        headline_changed=headline_changed,
    )


def update(kind: UpdateKind, old: int | None = 0, new: int | None = 0) -> Update:
    return Update(
        kind=kind,
        old_position=old,
        new_position=new,
        old_text=None if old is None else "old",
        new_text=None if new is None else "new",
    )


def happening(**values: object) -> Happening:
    base = Happening(at=AT, status_before=FOLLOWING, status_after=FOLLOWING, content=CONTENT, previous=PREVIOUS)
    return replace(base, **values)


def kinds(one: Happening) -> list[EventKind]:
    return [event.kind for event in events_of(one)]


def changed(kind: FactChangeKind, new: Fact | None = FACT, old: Fact | None = None) -> FactChange:
    return FactChange(kind=kind, held=HeldFact(fact_id=1, fact=old) if old else None, fact=new)


def test_a_first_version_is_first_seen_then_joined_then_developing():
    first = happening(decision=decision(VersionKind.FIRST), previous=None, status_before=CANDIDATE, joined_story=True)
    assert kinds(first) == [EventKind.FIRST_SEEN, EventKind.JOINED, EventKind.DEVELOPING]
    assert events_of(first)[-1].summary == "Developing: “More to come”"


def test_a_first_version_of_an_ordinary_article_is_first_seen_and_no_more():
    one = happening(decision=decision(VersionKind.FIRST), previous=None, status_before=CANDIDATE, status_after=SKIPPED)
    assert kinds(one) == [EventKind.FIRST_SEEN]


def test_an_update_counts_sentences_and_a_split_once():
    rows = [
        update(UpdateKind.ADDED, old=None),
        update(UpdateKind.SPLIT, old=3, new=4),
        update(UpdateKind.SPLIT, old=3, new=5),
        update(UpdateKind.MERGED, old=7, new=9),
        update(UpdateKind.MERGED, old=8, new=9),
        update(UpdateKind.REMOVED, old=10, new=None),
        update(UpdateKind.REMOVED, old=11, new=None),
    ]
    (event,) = events_of(happening(decision=decision(VersionKind.UPDATED, *rows)))
    assert event.summary == "Updated: 1 added, 1 split, 1 merged, 2 removed"
    assert event.details == {"version": 2, "added": 1, "split": 1, "merged": 1, "removed": 2}


def test_a_headline_alone_is_its_own_event():
    (event,) = events_of(happening(decision=decision(headline_changed=True)))
    assert event.kind is EventKind.HEADLINE_CHANGED
    assert event.details == {"old": "Dam in danger", "new": "Dam holds"}


@pytest.mark.parametrize(
    ("kind", "told"), [(VersionKind.REVERTED, EventKind.REVERTED), (VersionKind.REWRITTEN, EventKind.REWRITTEN)]
)
def test_a_reversal_and_a_rewriting_are_no_updates(kind, told):
    assert kinds(happening(decision=decision(kind, update(UpdateKind.EDITED)))) == [told]


@pytest.mark.parametrize("kind", [VersionKind.UPDATED, VersionKind.REVERTED])
def test_a_slug_that_comes_or_goes_before_a_headline_is_no_event(kind):
    assert kinds(happening(decision=decision(kind))) == []


def test_a_toll_that_is_one_of_several_is_told_with_its_place():
    change = replace(changed(FactChangeKind.ADDED), place="Port Arlo")
    event = fact_event(change, AT)
    assert event.summary.startswith("killed (Port Arlo): ")
    assert event.details["place"] == "Port Arlo"


HIGHER = replace(FACT, low=Decimal(27))


@pytest.mark.parametrize(
    ("kind", "new", "old", "told"),
    [
        (FactChangeKind.ADDED, FACT, None, True),
        (FactChangeKind.DROPPED, None, FACT, True),
        (FactChangeKind.CONFIRMED, FACT, FACT, False),
        (FactChangeKind.CONFIRMED, FACT, replace(FACT, qualifier="more than"), False),
        (FactChangeKind.CHANGED, HIGHER, FACT, True),
        (FactChangeKind.REQUALIFIED, replace(FACT, high=Decimal(12), qualifier=None), FACT, True),
        (FactChangeKind.REQUALIFIED, replace(FACT, attribution="the mayor"), FACT, False),
        (FactChangeKind.REQUALIFIED, FACT, replace(FACT, hypothetical=True), True),
        (FactChangeKind.CHANGED, replace(FACT, negated=True), FACT, True),
        (FactChangeKind.RESTORED, FACT, FACT, True),
        (FactChangeKind.ADDED, replace(FACT, increment=True), None, True),
        (FactChangeKind.ADDED, replace(FACT, increment=True, negated=True), None, False),
        (FactChangeKind.RESTORED, replace(FACT, kind=FactKind.COUNT), replace(FACT, kind=FactKind.COUNT), False),
        (FactChangeKind.ADDED, replace(FACT, kind=FactKind.COUNT), None, False),
        (FactChangeKind.CHANGED, replace(HIGHER, kind=FactKind.COUNT), replace(FACT, kind=FactKind.COUNT), True),
        (FactChangeKind.CHANGED, replace(HIGHER, background=True), replace(FACT, background=True), False),
        (FactChangeKind.CHANGED, replace(HIGHER, kind=FactKind.QUOTE), replace(FACT, kind=FactKind.QUOTE), False),
    ],
)
def test_figures_of_the_event_itself_are_told_and_tolls_even_when_they_come_and_go(kind, new, old, told):
    one = happening(
        decision=decision(VersionKind.UPDATED, update(UpdateKind.EDITED)), fact_changes=[changed(kind, new, old)]
    )
    assert (EventKind.FACT_CHANGED in kinds(one)) is told


def test_a_toll_of_one_who_is_named_by_now_is_not_said_to_be_gone():
    gone = FactChange(kind=FactChangeKind.DROPPED, held=HeldFact(fact_id=1, fact=FACT), fact=None, retold=True)
    assert events_of(happening(decision=decision(), fact_changes=[gone])) == ()


def test_of_a_rewritten_text_only_a_toll_that_moved_is_told():
    changes = [
        changed(FactChangeKind.CHANGED, HIGHER, FACT),
        changed(FactChangeKind.ADDED),
        changed(FactChangeKind.CHANGED, replace(HIGHER, kind=FactKind.COUNT), replace(FACT, kind=FactKind.COUNT)),
        changed(FactChangeKind.DROPPED, None, FACT),
    ]
    one = happening(decision=decision(VersionKind.REWRITTEN), fact_changes=changes)
    assert [event.summary for event in events_of(one)][1:] == ["killed: at least 12 → at least 27 (police)"]


def test_a_correction_note_is_told_in_its_own_words():
    one = happening(decision=decision(), new_corrections=["Correction: it was 12."])
    assert [(event.kind, event.summary) for event in events_of(one)] == [
        (EventKind.CORRECTED, "Correction: it was 12.")
    ]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (FOLLOWING, WITHDRAWN, [EventKind.WITHDRAWN]),
        (WITHDRAWN, FOLLOWING, [EventKind.RESTORED]),
        (SKIPPED, FOLLOWING, [EventKind.DEVELOPING]),
        (SETTLED, FOLLOWING, [EventKind.DEVELOPING]),
        (FOLLOWING, SETTLED, [EventKind.SETTLED]),
        (CANDIDATE, SKIPPED, []),
        (FOLLOWING, FOLLOWING, []),
    ],
)
def test_a_change_of_status_is_told_once(before, after, told):
    assert kinds(happening(content=None, previous=None, status_before=before, status_after=after)) == told


@pytest.mark.parametrize(("before", "told"), [(CANDIDATE, "Followed from now on"), (SETTLED, "Changing again")])
def test_who_is_followed_without_a_promise_is_told_by_what_it_was(before, told):
    (event,) = events_of(happening(content=None, previous=None, status_before=before))
    assert (event.kind, event.summary) == (EventKind.DEVELOPING, told)


def test_a_move_names_the_new_address():
    (event,) = events_of(happening(moved_to="http://localhost/b"))
    assert (event.kind, event.details) == (EventKind.MOVED, {"url": "http://localhost/b"})


def test_a_fact_that_is_gone_says_what_is_no_longer_said():
    event = fact_event(changed(FactChangeKind.DROPPED, None, FACT), AT)
    assert event.summary == "killed: at least 12 is no longer said"
    assert (event.details["old"], event.details["new"]) == ({"low": 12.0, "high": None, "qualifier": "at least"}, None)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "at least 12"),
        ({"qualifier": None}, "at least 12"),
        ({"high": Decimal(12), "qualifier": None}, "12"),
        ({"high": Decimal(12), "qualifier": "about"}, "about 12"),
        ({"low": Decimal(3), "high": Decimal(5)}, "3 to 5"),
        ({"low": None, "high": Decimal(5), "qualifier": None}, "up to 5"),
        ({"low": None, "high": None, "qualifier": "dozens"}, "dozens"),
        ({"low": Decimal(24), "qualifier": "dozens", "sentence": "Dozens died.", "start": 0, "end": 6}, "dozens"),
        ({"qualifier": "or more", "sentence": "Twelve or more died.", "start": 0, "end": 6}, "12 or more"),
        (
            {"high": Decimal(12), "qualifier": "or so", "sentence": "Some 12 or so died.", "start": 5, "end": 7},
            "12 or so",
        ),
        ({"low": None, "high": None, "qualifier": None}, "(no number)"),
        ({"low": Decimal(100000), "high": Decimal(100000), "qualifier": None}, "100,000"),
        ({"low": Decimal("6.30"), "high": Decimal("6.30"), "qualifier": None, "unit": "M"}, "6.3 M"),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(values, text):
    assert value_text(replace(FACT, **values)) == text


def test_a_fact_that_is_back_and_one_without_a_subject_or_source_read_as_sentences():
    again = fact_event(changed(FactChangeKind.RESTORED, FACT, FACT), AT)
    assert again.summary == "killed: at least 12 is said again (police)"
    assert (again.details["old"], again.details["attribution"]) == (again.details["new"], "police")
    damage = replace(FACT, kind=FactKind.MONEY, subject="", unit="USD", attribution=None)
    assert fact_event(changed(FactChangeKind.ADDED, damage), AT).summary == "money: at least 12 USD"


@pytest.mark.parametrize(
    ("kind", "subject", "name"),
    [
        ("killed", "people", "killed"),
        ("killed", "pilgrims", "killed, pilgrims"),
        ("missing", "missing", "missing"),
        ("count", "roads", "roads"),
        ("measure", "harbour fire", "harbour fire"),
        ("percent", "contained", "contained"),
        ("magnitude", "earthquake", "magnitude, earthquake"),
        ("money", "", "money"),
    ],
)
def test_an_event_calls_a_fact_by_the_name_that_the_pages_show(kind, subject, name):
    fact = replace(FACT, kind=FactKind(kind), subject=subject)
    assert fact_name(kind, subject) == name
    assert fact_event(changed(FactChangeKind.ADDED, fact), AT).summary.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"hypothetical": True}, "possibly at least 12"),
        ({"negated": True}, "not at least 12"),
        ({"negated": True, "low": Decimal(0), "high": Decimal(0), "qualifier": None}, "0"),
        ({"parent": 0, "high": Decimal(12), "qualifier": None}, "12 of them (police)"),
        ({"increment": True, "high": Decimal(12), "qualifier": None}, "another 12"),
        ({"sentence": "Dozens died.", "start": 0, "end": 6, "low": Decimal(24), "qualifier": "dozens"}, "dozens"),
    ],
)
def test_an_event_says_what_takes_a_figure_out_of_plain_fact(values, text):
    assert fact_event(changed(FactChangeKind.ADDED, replace(FACT, **values)), AT).summary.startswith(f"killed: {text}")


@given(number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_number_in_words_is_the_number(number):
    assert Decimal(number_text(number).replace(",", "")) == number
