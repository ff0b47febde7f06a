"""Facts that come back, and facts that a note takes back. All sentences are made up."""

from pipeline.facts import explained, extract_facts, reconcile, without_notes
from pipeline.model import FactChangeKind, FactKind, HeldFact

TOLL = "The flood killed 14 people in Tollen."
NOTE = "Correction: An earlier version of this article said 14 people were killed; it was 12."


def held(*sentences: str) -> list[HeldFact]:
    changes = reconcile((), extract_facts(sentences, "en"), ())
    return [HeldFact(fact_id=k, fact=change.fact) for k, change in enumerate(changes) if change.fact]


def test_a_dropped_fact_that_is_said_again_is_restored_under_its_key() -> None:
    gone = held(TOLL)
    (change,) = reconcile((), extract_facts([TOLL], "en"), (), dropped=gone)
    assert (change.kind, change.held) == (FactChangeKind.RESTORED, gone[0])
    assert change.fact is not None
    assert change.fact.key == gone[0].fact.key


def test_another_value_is_not_restored() -> None:
    other = "The flood killed 15 people in Tollen."
    (change,) = reconcile((), extract_facts([other], "en"), (), dropped=held(TOLL))
    assert change.kind is FactChangeKind.ADDED


def test_what_stands_is_not_restored() -> None:
    (change,) = reconcile(held(TOLL), extract_facts([TOLL], "en"), [(0, 0)], dropped=held(TOLL))
    assert change.kind is FactChangeKind.CONFIRMED


def test_a_note_explains_the_change_whose_number_it_names() -> None:
    new = ["The flood killed 12 people in Tollen.", "About 300 homes were evacuated."]
    old = held(TOLL, "About 200 homes were evacuated.")
    changes = reconcile(old, extract_facts(new, "en"), [(0, 0), (1, 1)])
    reasons = explained(changes, [NOTE], "en")
    assert [(changes[place].fact.low, note) for place, note in reasons.items() if changes[place].fact] == [(12, NOTE)]


def test_a_note_without_numbers_explains_nothing() -> None:
    changes = reconcile(held(TOLL), extract_facts(["The flood killed 12 people in Tollen."], "en"), [(0, 0)])
    assert explained(changes, ["Correction: the name of the mayor was misspelt."], "en") == {}
    assert explained(changes, [NOTE], "xx") == {}


def test_what_a_correction_note_repeats_is_background() -> None:
    assert {fact.background for fact in extract_facts([NOTE], "en")} == {True}


def test_what_stands_in_a_note_is_background_however_it_is_worded() -> None:
    note = "This version puts right that 14 people were killed. It was 12 people who died."
    found = without_notes(extract_facts([TOLL, *note.replace(". ", ".\n").split("\n")], "en"), [note])
    assert [(fact.low, fact.background) for fact in found] == [(14, False), (14, True), (12, True)]


def test_a_note_explains_what_it_closes_and_not_what_newly_stands() -> None:
    added = reconcile((), extract_facts(["The flood killed 12 people in Tollen."], "en"), ())
    assert explained(added, [NOTE], "en") == {}
    dropped = reconcile(held(TOLL), (), ())
    assert explained(dropped, ["No number here.", NOTE], "en") == {0: NOTE}


def test_what_somebody_said_in_a_note_stays_what_they_said() -> None:
    note = "“We counted 14 people twice on Monday,” said the mayor."
    found = without_notes(extract_facts([note], "en"), [note])
    assert {fact.kind: fact.background for fact in found} == {FactKind.COUNT: True, FactKind.QUOTE: False}
