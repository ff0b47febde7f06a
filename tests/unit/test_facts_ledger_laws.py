"""What holds for the facts of an article whatever its versions say. All sentences are made up."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.facts import extract_facts, reconcile
from pipeline.facts.keys import base_key
from pipeline.model import Fact, FactChangeKind
from tests.unit.ledgers import Links, held_after

SENTENCES = st.lists(
    st.sampled_from(
        [
            "At least 12 people were killed, including three children.",
            "Twelve people were killed, police said.",
            "12 people were killed and 40 injured.",
            "The army says 30 people were killed.",
            "The death toll rose to 41.",
            "Three men were killed in Obera and three men were killed in Lorrin.",
            "The fire has burned 3,200 acres and is 35% contained.",
            "The fire has burned 4,100 acres and is 30% contained.",
            "“We will not leave the valley,” Lina Orr said.",
            "Repairs cost $2 million.",
            "56 of the 120 seats were won.",
            "The 1999 quake killed 17,000 people.",
            "Nothing is known.",
        ]
    ),
    max_size=7,
)
LINKS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8)


@settings(max_examples=200, deadline=None)
@given(SENTENCES)
def test_the_same_facts_again_are_all_confirmed(sentences: list[str]) -> None:
    found = extract_facts(sentences, "en")
    held = held_after(reconcile((), found, ()))
    for links in ([(k, k) for k in range(len(sentences))], []):
        again = reconcile(held, found, links)
        assert {change.kind for change in again} <= {FactChangeKind.CONFIRMED}
        assert [change.fact.key for change in again if change.fact] == [one.fact.key for one in held]


@settings(max_examples=100, deadline=None)
@given(SENTENCES)
def test_what_went_and_comes_back_is_restored_as_it_was(sentences: list[str]) -> None:
    found = extract_facts(sentences, "en")
    held = held_after(reconcile((), found, ()))
    assert [change.kind for change in reconcile(held, (), ())] == [FactChangeKind.DROPPED] * len(held)
    back = reconcile((), found, (), dropped=held)
    assert [change.kind for change in back] == [FactChangeKind.RESTORED] * len(held)
    assert sorted(change.fact.key for change in back if change.fact) == sorted(one.fact.key for one in held)


@settings(max_examples=100, deadline=None)
@given(SENTENCES, SENTENCES, LINKS, st.randoms(use_true_random=False))
def test_links_have_no_order(old: list[str], new: list[str], links: Links, random: Random) -> None:
    held = held_after(reconcile((), extract_facts(old, "en"), ()))
    found = extract_facts(new, "en")
    shuffled = [*links, *links[:2]]
    random.shuffle(shuffled)
    assert reconcile(held, found, shuffled) == reconcile(held, found, links)


@settings(max_examples=300, deadline=None)
@given(SENTENCES, SENTENCES, LINKS)
def test_every_fact_is_accounted_for_once(old: list[str], new: list[str], links: Links) -> None:
    held = held_after(reconcile((), extract_facts(old, "en"), ()))
    found = extract_facts(new, "en")
    changes = reconcile(held, found, links)
    assert sorted(change.held.fact_id for change in changes if change.held) == sorted(one.fact_id for one in held)
    kept = [change.fact for change in changes if change.fact]
    assert len({(fact.position, fact.start, fact.end, fact.kind) for fact in kept}) == len(kept)
    assert {_place(fact) for fact in kept} <= {_place(fact) for fact in found}
    assert len({fact.key for fact in kept}) == len(kept)
    for change in changes:
        assert (change.held is None) == (change.kind is FactChangeKind.ADDED)
        assert (change.fact is None) == (change.kind is FactChangeKind.DROPPED)
        if change.held and change.fact:
            assert change.held.fact.kind is change.fact.kind
            assert change.fact.key == change.held.fact.key
        if change.fact and change.fact.parent is not None:
            assert changes[change.fact.parent].fact is not None


@settings(max_examples=100, deadline=None)
@given(SENTENCES, SENTENCES)
def test_nothing_is_dropped_that_is_still_said(old: list[str], more: list[str]) -> None:
    held = held_after(reconcile((), extract_facts(old, "en"), ()))
    changes = reconcile(held, extract_facts([*old, *more], "en"), [(k, k) for k in range(len(old))])
    assert not [change for change in changes if change.kind is FactChangeKind.DROPPED]


def _place(fact: Fact) -> tuple[int, int, int, str]:
    return fact.position, fact.start, fact.end, base_key(fact.key).split("|")[0]
