"""Where a figure is from. All sentences are made up."""

import pytest

from pipeline.facts import extract_facts, reconcile
from pipeline.facts.places import place_of


@pytest.mark.parametrize(
    ("language", "sentence", "places"),
    [
        ("en", "Floods killed 12 people in Ard and seven in Orrin.", ["Ard", "Orrin"]),
        ("en", "In Port Arlo, at least nine people were killed.", ["Port Arlo"]),
        ("en", "Seven people were killed in Arlo and in Orrin nine were hurt.", ["Arlo", "Orrin"]),
        ("en", "Strikes killed 33 people in Karu and eight in the southern town of Sel.", ["Karu", "Sel"]),
        ("en", "Twelve people were killed on Friday.", [None]),
        ("en", "Twelve people were killed in the port.", [None]),
        ("de", "Bei Unwettern sind in Ard vier Menschen und in Orrin zwei Menschen getötet worden.", ["Ard", "Orrin"]),
        ("es", "Murieron 12 personas en Ard y siete en Orrin.", ["Ard", "Orrin"]),
    ],
)
def test_a_figure_is_of_the_place_beside_it(language: str, sentence: str, places: list[str | None]) -> None:
    assert [place_of(fact) for fact in extract_facts([sentence], language)] == places


def test_tolls_of_several_places_are_told_with_their_place() -> None:
    sentence = "Floods killed 12 people in Port Arlo Monday and seven in Orrin."
    assert [change.place for change in reconcile([], extract_facts([sentence], "en"), ())] == ["Port Arlo", "Orrin"]


def test_the_tolls_of_one_place_need_no_place() -> None:
    sentence = "Floods killed 12 people and hurt seven in Orrin."
    assert [change.place for change in reconcile([], extract_facts([sentence], "en"), ())] == [None, None]


def test_a_part_of_a_toll_is_told_with_its_place() -> None:
    changes = reconcile([], extract_facts(["Four people died, two of them in Ard."], "en"), ())
    assert [change.place for change in changes] == [None, "Ard"]
