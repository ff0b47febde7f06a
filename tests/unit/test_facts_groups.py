"""Who some of those were that the sentence before counted. Made-up texts."""

import pytest

from pipeline.facts import extract_facts

TOLL = {
    "en": "Twelve people died in a fire in Ard on Friday.",
    "de": "Zwölf Menschen starben bei einem Brand in Ard.",
    "es": "Doce personas murieron en un incendio en Ard.",
}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Among them were three children."),
        ("en", "They include three children."),
        ("en", "Three of them were children."),
        ("en", "Three children were among the dead."),
        ("en", "Of the dead, three were children."),
        ("en", "At least three of the dead were children."),
        ("de", "Unter ihnen waren drei Kinder."),
        ("de", "Drei von ihnen waren Kinder."),
        ("de", "Unter den Toten sind drei Kinder."),
        ("es", "Entre ellas había tres niños."),
    ],
)
def test_some_of_those_counted_before_are_a_part_of_them(language: str, sentence: str) -> None:
    whole, part = extract_facts([TOLL[language], sentence], language)
    assert (whole.kind.value, whole.low, whole.parent) == ("killed", 12, None)
    assert (part.kind.value, part.low, part.parent) == ("killed", 3, 0)


def test_a_list_of_them_goes_on() -> None:
    facts = extract_facts([TOLL["en"], "They included three children and two guards."], "en")
    assert [(fact.kind.value, fact.low, fact.parent) for fact in facts[1:]] == [("killed", 3, 0), ("killed", 2, 0)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Twelve people died and 20 were hurt.", "Among them were three children."],
        ["Twelve people died.", "The fire broke out at noon.", "Among them were three children."],
        ["Two people died.", "Among them were three children."],
    ],
)
def test_them_of_whom_it_is_not_plain_who_they_are_are_no_part(sentences: list[str]) -> None:
    *_, last = extract_facts(sentences, "en")
    assert (last.kind.value, last.low, last.parent) == ("count", 3, None)


def test_a_named_group_is_told_of_even_where_nobody_counted_it() -> None:
    (fact,) = extract_facts(["Among the injured were two officers."], "en")
    assert (fact.kind.value, fact.low, fact.parent) == ("injured", 2, None)


def test_five_of_them_children_are_children() -> None:
    _, part = extract_facts(["Ten people died in the crash, the police said, five of them children."], "en")
    assert (part.kind.value, part.subject, part.low, part.parent) == ("killed", "children", 5, 0)


def test_a_named_group_larger_than_the_toll_is_no_part_of_it() -> None:
    *_, last = extract_facts(["Two people died.", "Among the dead were three children."], "en")
    assert (last.kind.value, last.low, last.parent) == ("killed", 3, None)


def test_a_list_of_them_ends_where_something_else_is_told() -> None:
    facts = extract_facts([TOLL["en"], "They included three children while two guards left."], "en")
    assert [(fact.kind.value, fact.low, fact.parent) for fact in facts[1:]] == [("killed", 3, 0), ("count", 2, None)]
