"""Where a figure is from. All sentences are made up."""

import pytest

from pipeline.facts import extract_facts
from pipeline.facts.places import place_of


@pytest.mark.parametrize(
    ("language", "sentence", "places"),
    [
        ("en", "Floods killed 12 people in Ard and seven in Orrin.", ["ard", "orrin"]),
        ("en", "In Port Arlo, at least nine people were killed.", ["port"]),
        ("en", "Seven people were killed in Arlo and in Orrin nine were hurt.", ["arlo", "orrin"]),
        ("en", "Strikes killed 33 people in Karu and eight in the southern town of Sel.", ["karu", "sel"]),
        ("en", "Twelve people were killed on Friday.", [None]),
        ("en", "Twelve people were killed in the port.", [None]),
        ("de", "Bei Unwettern sind in Ard vier Menschen und in Orrin zwei Menschen getötet worden.", ["ard", "orrin"]),
        ("es", "Murieron 12 personas en Ard y siete en Orrin.", ["ard", "orrin"]),
    ],
)
def test_a_figure_is_of_the_place_beside_it(language: str, sentence: str, places: list[str | None]) -> None:
    assert [place_of(fact) for fact in extract_facts([sentence], language)] == places
