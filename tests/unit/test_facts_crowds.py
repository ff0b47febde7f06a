"""Who a toll's people were, told one by one or together, and the only one who goes on in a toll. Made-up sentences."""

import pytest

from pipeline.facts import extract_facts, reconcile
from pipeline.model import FactChange
from tests.unit.ledgers import held_after

TWO = "A gunman opened fire at a mall, killing two people, police said."
ONE_BY_ONE = "A gunman opened fire at a mall, killing a 17-year-old girl and a security guard, police said."
THREE = "A third person has died after a gunman opened fire at a mall, police said."


def step(old: str, new: str, links: tuple[tuple[int, int], ...] = ((0, 0),)) -> list[FactChange]:
    held = held_after(reconcile((), extract_facts([old], "en"), ()))
    return list(reconcile(held, extract_facts([new], "en"), links))


def told(changes: list[FactChange]) -> list[tuple[str, str, str, bool]]:
    """Return verdict, subject before, subject now and whether it is told otherwise, of each change."""
    return [
        (
            change.kind.value,
            change.held.fact.subject if change.held else "",
            change.fact.subject if change.fact else "",
            change.retold,
        )
        for change in changes
    ]


def test_a_toll_whose_people_are_told_of_one_by_one_has_not_fallen_to_one() -> None:
    assert told(step(TWO, ONE_BY_ONE)) == [
        ("added", "", "girl", False),
        ("added", "", "security guard", False),
        ("dropped", "people", "", True),
    ]


def test_a_crowd_that_is_split_into_groups_is_none_of_them() -> None:
    changes = step("The bus had 27 people on board.", "The bus had 19 farmers and eight guards on board.")
    assert [change.kind.value for change in changes] == ["added", "added", "dropped"]


def test_a_toll_that_holds_those_told_of_one_by_one_is_nobodys_own() -> None:
    assert told(step(ONE_BY_ONE, THREE)) == [
        ("added", "", "people", False),
        ("dropped", "girl", "", True),
        ("dropped", "security guard", "", True),
    ]


def test_a_toll_of_whom_too_few_are_told_of_goes_on_as_one_of_them() -> None:
    three = TWO.replace("two", "three")
    assert [change.retold for change in step(three, ONE_BY_ONE)] == [False, False]


@pytest.mark.parametrize(
    ("old", "new", "verdicts"),
    [
        ("A body was found in a burned home, the sheriff said.", "The fire killed one man.", ["confirmed"]),
        ("A man was killed by a tree.", "Odette has killed at least four people.", ["changed"]),
        ("Twelve people were killed in Ard.", "Police killed a gunman.", ["added", "dropped"]),
        ("Twenty officers were injured.", "Nine people were injured on the coast.", ["added", "dropped"]),
    ],
)
def test_the_only_one_goes_on_as_the_toll_that_holds_it(old: str, new: str, verdicts: list[str]) -> None:
    changes = step(old, new, ())
    assert [change.kind.value.replace("requalified", "confirmed") for change in changes] == verdicts
