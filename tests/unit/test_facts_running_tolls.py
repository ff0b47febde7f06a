"""Tolls that are told by a place in a row, by what they passed, by one more, and from nobody on. Made-up texts."""

import pytest

from pipeline.facts import extract_facts, reconcile
from pipeline.model import Fact, FactChangeKind, HeldFact


def figures(text: str, language: str = "en") -> list[tuple[str, int | None, int | None]]:
    """Return kind, low and high of each figure of a text of one sentence a line."""
    return [
        (fact.kind.value, *(None if bound is None else int(bound) for bound in (fact.low, fact.high)))
        for fact in extract_facts(text.split("\n"), language)
    ]


@pytest.mark.parametrize(
    ("language", "sentence", "kind", "total"),
    [
        ("en", "A third person has died after the crash, police said.", "killed", 3),
        ("en", "A fifth victim was found dead on Saturday.", "killed", 5),
        ("en", "The blaze killed a fourth firefighter.", "killed", 4),
        ("en", "A twenty-first body was recovered.", "killed", 21),
        ("en", "A 12th victim died overnight.", "killed", 12),
        ("en", "A second death in custody was confirmed.", "killed", 2),
        ("en", "A second British tourist has died in Laru.", "killed", 2),
        ("en", "Police arrested a third suspect.", "arrested", 3),
        ("de", "Ein dritter Mensch ist gestorben.", "killed", 3),
        ("de", "Ein fünftes Opfer wurde tot gefunden.", "killed", 5),
        ("es", "Una tercera persona murió en Ard.", "killed", 3),
    ],
)
def test_who_makes_them_that_many_tells_their_number(language: str, sentence: str, kind: str, total: int) -> None:
    assert figures(sentence, language) == [(kind, total, total)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("One person died and a second was injured.", [("killed", 1, 1), ("injured", 1, 1)]),
        ("Two men were killed.\nA third was wounded.", [("killed", 2, 2), ("injured", 1, 1)]),
        ("Ten people were hurt.\nA third person died.", [("injured", 10, 10), ("killed", 3, 3)]),
    ],
)
def test_a_row_may_count_all_whom_something_befell(sentence: str, expected: list[tuple[str, int, int]]) -> None:
    assert figures(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A third of the people died.", [("percent", 33, 33)]),
        ("A third were injured.", []),
        ("Half were killed.", []),
        ("The second victim, a woman of 34, died at the scene.", []),
        ("A second lieutenant was killed.", [("killed", 1, 1)]),
        ("A fourth grade teacher was killed.", [("killed", 1, 1)]),
        ("A third shop was burnt.", []),
    ],
)
def test_a_share_a_rank_and_one_of_those_known_are_no_toll(sentence: str, expected: list[tuple[str, int, int]]) -> None:
    assert figures(sentence) == expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The death toll has passed 100, officials said."),
        ("en", "The death toll crossed the 100 mark."),
        ("en", "The number of dead topped 100."),
        ("de", "Die Zahl der Toten hat 100 überschritten."),
        ("es", "La cifra de muertos superó los 100."),
    ],
)
def test_a_toll_that_passed_a_figure_is_open_above(language: str, sentence: str) -> None:
    assert figures(sentence, language) == [("killed", 100, None)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "There were no reports of injuries."),
        ("de", "Verletzt wurde niemand."),
        ("es", "No hubo heridos."),
    ],
)
def test_nobody_is_read_however_it_is_said(language: str, sentence: str) -> None:
    assert figures(sentence, language) == [("injured", 0, 0)]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Another person died in hospital."),
        ("en", "No other deaths were reported."),
        ("de", "Ein weiterer Mensch starb."),
        ("es", "Otra persona murió."),
    ],
)
def test_one_more_and_no_more_leave_out_those_counted_before(language: str, sentence: str) -> None:
    (fact,) = extract_facts([sentence], language)
    assert fact.increment


def test_a_total_goes_on_as_the_total_and_not_as_the_one_who_died_since() -> None:
    old = extract_facts(["Two people died in a crash on the Karu bridge."], "en")
    new = extract_facts(["Another person has died after a crash on the Karu bridge, bringing the toll to three."], "en")
    assert _told(old, new) == [("killed", None, 1), ("killed", 2, 3)]


def test_the_first_who_is_hurt_changes_nobody() -> None:
    old = extract_facts(["No one was hurt in the fire, the brigade said."], "en")
    new = extract_facts(["One person was hurt in the fire, the brigade said."], "en")
    assert _told(old, new) == [("injured", 0, 1)]


def _told(old: tuple[Fact, ...], new: tuple[Fact, ...]) -> list[tuple[str, int | None, int | None]]:
    held = [HeldFact(fact_id=number, fact=fact) for number, fact in enumerate(old)]
    return [
        (
            change.fact.kind.value if change.fact else "gone",
            int(change.held.fact.low) if change.held and change.held.fact.low is not None else None,
            int(change.fact.low) if change.fact and change.fact.low is not None else None,
        )
        for change in reconcile(held, new, {(0, 0)})
        if change.kind is not FactChangeKind.CONFIRMED
    ]


def test_the_first_who_dies_ends_that_nobody_did_whoever_it_is() -> None:
    old = extract_facts(["The outbreak is spreading in Tarn.", "No deaths have been reported."], "en")
    new = extract_facts(["A child has died of measles in Tarn."], "en")
    assert _told(old, new) == [("killed", 0, 1)]
    assert _told(new, old) == [("killed", 1, 0)]


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "A hiker who had been missing since Sunday was found alive.", [("rescued", 1, 1)]),
        ("en", "Three children who had been missing were rescued.", [("rescued", 3, 3)]),
        ("en", "Two hikers who had been missing since Sunday were found dead.", [("killed", 2, 2)]),
        ("en", "Four people have been missing since Monday.", [("missing", 4, 4)]),
    ],
)
def test_who_had_been_missing_is_not_so_any_more(
    language: str, sentence: str, expected: list[tuple[str, int, int]]
) -> None:
    assert figures(sentence, language) == expected


@pytest.mark.parametrize(("sentence", "adds"), [("One of the injured died.", True), ("Two hostages died.", False)])
def test_who_was_counted_as_injured_adds_to_the_dead(sentence: str, adds: bool) -> None:
    (fact,) = extract_facts([sentence], "en")
    assert (fact.kind.value, fact.increment) == ("killed", adds)


def test_one_of_the_injured_is_the_first_to_die_where_no_toll_was_told() -> None:
    assert not any(fact.increment for fact in extract_facts(["Nine were hurt.", "One of the injured died."], "en"))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("One of two hikers who had been missing was found dead.", [("killed", 1, 1), ("count", 2, 2)]),
        ("Two of the three skiers missing since Friday were found dead.", [("killed", 2, 2), ("missing", 3, 3)]),
        ("Four of the nine people missing since Friday were rescued.", [("rescued", 4, 4), ("missing", 9, 9)]),
        ("One of the six people who were hurt has died.", [("killed", 1, 1), ("injured", 6, 6)]),
        ("One of five people taken to hospital on Friday has died.", [("killed", 1, 1), ("injured", 5, 5)]),
        ("Two of the nine people injured on Friday are in custody.", [("arrested", 2, 2), ("injured", 9, 9)]),
    ],
)
def test_the_fate_of_some_stands_behind_what_is_said_of_all(
    sentence: str, expected: list[tuple[str, int, int]]
) -> None:
    assert figures(sentence) == expected


def test_a_toll_that_says_what_a_place_in_a_row_does_is_one_fact() -> None:
    assert figures("A fourth person has died, bringing the death toll to four.") == [("killed", 4, 4)]
    assert figures("A third firefighter died, bringing the toll to 12.") == [("killed", 3, 3), ("killed", 12, 12)]


def test_the_fourth_is_counted_on_from_all_who_were_missing() -> None:
    told = figures("Two of the three skiers missing since Friday were found dead.\nA fourth was rescued alive.")
    assert told[-1] == ("rescued", 1, 1)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Three of the eight crew members were killed.", [("killed", 3, 3), ("count", 8, 8)]),
        ("Two of the nine injured have died.", [("killed", 2, 2), ("injured", 9, 9)]),
        ("Two of the six hostages were killed.", [("killed", 2, 2), ("hostage", 6, 6)]),
        ("Five of the 20 homes were evacuated.", [("evacuated", 5, 5), ("count", 20, 20)]),
        ("Two of the 14 people on board were killed.", [("killed", 2, 2), ("count", 14, 14)]),
        ("Two of the five killed in the crash were children.", [("killed", 2, 2), ("killed", 5, 5)]),
    ],
)
def test_what_some_suffered_is_not_told_of_all(sentence: str, expected: list[tuple[str, int, int]]) -> None:
    assert figures(sentence) == expected
