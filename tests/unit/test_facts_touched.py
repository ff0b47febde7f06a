"""Which sentences a reconciliation touches. All sentences are made up."""

from collections.abc import Sequence

from pipeline.facts import extract_facts, reconcile, touched
from pipeline.model import HeldFact, TouchedSentences


def held(*sentences: str) -> list[HeldFact]:
    return [HeldFact(fact_id=number, fact=fact) for number, fact in enumerate(extract_facts(sentences, "en"))]


def touched_by(old: Sequence[str], new: Sequence[str], *, dropped: Sequence[str] = ()) -> TouchedSentences:
    links = [(place, place) for place in range(min(len(old), len(new)))]
    return touched(reconcile(held(*old), extract_facts(new, "en"), links, dropped=held(*dropped)))


def test_what_is_confirmed_touches_nothing_and_what_changed_both_sides() -> None:
    old = ["Police said 12 people were killed.", "Nine cars burned."]
    assert touched_by(old, old) == TouchedSentences()
    assert touched_by(old, [old[0].replace("12", "15"), old[1]]) == TouchedSentences(
        old_facts=frozenset({0}), new_facts=frozenset({0})
    )


def test_what_came_touches_the_new_version_and_what_went_the_old_one() -> None:
    less, more = ["Rain fell."], ["Rain fell.", "Police said 12 people were killed."]
    assert touched_by(less, more) == TouchedSentences(new_facts=frozenset({1}))
    assert touched_by(more, less) == TouchedSentences(old_facts=frozenset({1}))


def test_what_is_said_again_touches_the_new_version_alone() -> None:
    toll = "Police said 12 people were killed."
    assert touched_by([], [toll], dropped=[toll]) == TouchedSentences(new_facts=frozenset({0}))


def test_a_quotation_is_told_apart_from_the_other_facts() -> None:
    old, new = "“We ran for our lives,” said Pia Holm.", "“We walked to the quay,” said Pia Holm."
    assert touched_by([old], [new]) == TouchedSentences(old_quotes=frozenset({0}), new_quotes=frozenset({0}))
