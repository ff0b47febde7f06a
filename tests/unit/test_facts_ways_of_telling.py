"""Ways in which developing stories tell their figures: beside older ones, of two sides, with the source in between."""

import pytest

from pipeline.facts import extract_facts
from pipeline.facts.places import place_of
from pipeline.model import Fact


def read(text: str, language: str = "en") -> tuple[Fact, ...]:
    """Return the facts of a text of one sentence a line."""
    return extract_facts(text.split("\n"), language)


def values(text: str, language: str = "en") -> list[tuple[str, float | None]]:
    return [(fact.kind.value, None if fact.low is None else float(fact.low)) for fact in read(text, language)]


@pytest.mark.parametrize(
    ("language", "sentence", "background"),
    [
        ("en", "The crash is the deadliest since 2004, when 19 people died at Harrow.", [True]),
        ("en", "The crash is the deadliest since June 2004, when 19 people died at Harrow.", [True]),
        ("en", "Turnout was 73.1 percent, the highest since 1998, when 75 percent voted.", [False, True]),
        ("en", "Since 2011, when the war began, 500,000 people have died.", [False]),
        ("de", "Es ist das schwerste Unglück seit 1998, als 101 Menschen starben.", [True]),
        (
            "de",
            "Die Beteiligung lag bei 68 Prozent, der höchste Wert seit 1994, als 71 Prozent wählten.",
            [False, True],
        ),
        ("es", "Es el peor accidente desde 1998, cuando murieron 80 personas.", [True]),
    ],
)
def test_what_happened_in_the_year_of_a_record_is_of_another_event(language, sentence, background) -> None:
    assert [fact.background for fact in read(sentence, language)] == background


@pytest.mark.parametrize(
    ("sentence", "background"),
    [
        ("Orlo reported a profit of $412 million, up 18 percent from a year earlier, and cut 1,200 jobs.", [False] * 3),
        ("Sales were 12 percent higher than a year earlier.", [False]),
        ("A year earlier, sales were 12 percent higher.", [True]),
    ],
)
def test_what_a_figure_is_measured_by_takes_it_out_of_no_event(sentence, background) -> None:
    assert [fact.background for fact in read(sentence)] == background


@pytest.mark.parametrize(
    ("sentence", "background"),
    [
        ("The survey first put the magnitude at 7.1.", [True]),
        ("Police initially said nine people had died.", [True]),
        ("The quake, initially reported as magnitude 7.1, lay 10 km off the coast.", [True, False]),
        ("The trains carried 218 passengers, a spokesman said, correcting an earlier figure of 230.", [False]),
    ],
)
def test_what_was_said_earlier_is_not_said_now(sentence, background) -> None:
    assert [fact.background for fact in read(sentence)] == background


@pytest.mark.parametrize(
    ("sentence", "sides"),
    [
        ("President Ivo Marek leads challenger Dana Rusk by 51.2 percent to 46.8 percent.", ["marek", "rusk"]),
        ("Rusk narrowly beat Marek by 50.3% to 48.9% of the vote, the commission said.", ["rusk", "marek"]),
        ("A poll showed Labour leading the Conservatives by 44 percent to 27 percent.", ["labour", "conservative"]),
        ("The bank raised its rate by 0.5 percent to 5 percent.", ["rate", "rate"]),
    ],
)
def test_of_two_shares_by_which_one_leads_the_other_each_has_its_own(sentence, sides) -> None:
    assert [fact.key.split("|")[1] for fact in read(sentence)] == sides


@pytest.mark.parametrize(
    ("sentence", "shares"),
    [
        ("The bank raised its main rate by a quarter of a percentage point to 4.75 percent.", [0.25, 4.75]),
        ("The bank raised its main rate by half a percentage point to 5 percent.", [0.5, 5]),
        ("Half of the members stayed at home.", [50]),
    ],
)
def test_a_part_of_a_percentage_point_is_no_share_of_anything(sentence, shares) -> None:
    facts = read(sentence)
    assert [float(fact.low) for fact in facts] == shares
    assert len({fact.key.split("|")[1] for fact in facts}) == 1


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Six people died, the ministry said on Monday, as a first case was found in Ard.", "the ministry"),
        ("Six people died, the mayor told local radio on Monday, when a bus overturned.", "the mayor"),
        ("The flood killed 23, the World Aid Fund said, nine more than the mayor told.", "the World Aid Fund"),
        ("Six people died in Ard and police said on Monday, before the funerals, that a man was held.", None),
        ("The ministry puts the toll at 14.", "The ministry"),
        ("Police put the number of injured at more than 40.", "Police"),
        ("Guards put 14 dead men in a cell.", None),
        ("A strike killed 12 people on Tuesday, rescue workers said.", "rescue workers"),
        ("The heat has claimed at least 34 lives.", None),
        ("The rebels claimed that the attack cost 14 lives.", "The rebels"),
    ],
)
def test_a_source_is_found_where_the_sentence_goes_on(sentence, source) -> None:
    assert read(sentence)[0].attribution == source


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The heat has claimed at least 34 lives.", [("killed", 34)]),
        ("en", "A second hostage, a cashier, died in hospital.", [("killed", 2)]),
        ("en", "A second hostage was freed.", []),
        ("en", "The magnitude was revised down to 6.8 from 7.0.", [("magnitude", 6.8)]),
        ("de", "Getötet wurden nach Angaben der Polizei drei Menschen.", [("killed", 3)]),
        ("de", "Verletzt wurden in der Nacht mindestens 12 Menschen.", [("injured", 12)]),
        ("de", "Verletzt wurden bei dem Einsatz von 40 Beamten drei Menschen.", [("count", 40), ("injured", 3)]),
        ("de", "Bei dem Brand starben nach Angaben der Feuerwehr drei Menschen.", [("killed", 3)]),
        ("de", "Dort starb in der Nacht ein Mann.", [("killed", 1)]),
        ("de", "Die Polizei nahm nach Hinweisen von 12 Zeugen zwei Männer fest.", [("count", 12), ("arrested", 2)]),
    ],
)
def test_what_befell_them_is_found_where_words_stand_between(language, sentence, expected) -> None:
    assert values(sentence, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nine bodies have been recovered, among them those of two children.",
        "The death toll rose to six when two bodies were found in a flooded house.",
        "Twelve people were killed.\nNine of them died in Ose.",
    ],
)
def test_those_of_a_toll_are_a_part_of_it(text) -> None:
    facts = read(text)
    assert [(fact.kind.value, fact.parent) for fact in facts] == [("killed", None), ("killed", 0)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Police are searching for a girl who went missing from a campsite on Monday.", [("missing", 1)]),
        ("Two men who went missing on Monday were found alive.", [("count", 2)]),
        ("The crash killed a driver and three people who died in hospital.", [("killed", 1), ("killed", 3)]),
        ("Gunmen hold 25 hostages and 400 prisoners.", [("hostage", 25), ("count", 400)]),
    ],
)
def test_what_befell_them_is_told_of_those_it_befell(sentence, expected) -> None:
    assert values(sentence) == expected


def test_a_person_in_a_row_is_one_of_the_people() -> None:
    (fact,) = read("A third person has died.")
    assert (fact.subject, fact.low) == ("people", 3)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("All 62 people on board a plane that crashed off the coast of Sarn were killed.", [("killed", 62)]),
        ("300 people in Ard heard of a plan that militants were killed.", [("count", 300)]),
        ("Twelve people at a camp that soldiers were guarding fled.", [("count", 12)]),
    ],
)
def test_what_is_said_of_a_plane_is_not_said_of_those_aboard(sentence, expected) -> None:
    assert values(sentence) == expected


def test_those_among_them_are_of_the_same_sentence() -> None:
    facts = read("There are 112 wounded.\nThe mayor said 29 people died, among them 11 children.")
    assert [(fact.kind.value, fact.parent) for fact in facts] == [("injured", None), ("killed", None), ("killed", 1)]


def test_a_month_is_no_place() -> None:
    (fact,) = read("A strike on a market in May killed 17 people.")
    assert place_of(fact) is None


@pytest.mark.parametrize(
    ("language", "sentence", "expected"),
    [
        ("en", "The death toll rose to 27, more than 100 people were injured.", [("killed", 27), ("injured", 100)]),
        ("de", "Die Zahl der Toten stieg auf 27, 100 Menschen wurden verletzt.", [("killed", 27), ("injured", 100)]),
        ("de", "Es wurden bei einem neuen Angriff 17 Menschen getötet.", [("killed", 17)]),
        ("de", "Die Bank hebt den Leitzins um einen Viertelprozentpunkt auf 4,5 Prozent an.", [("percent", 4.5)]),
        (
            "es",
            "Marek obtuvo el 50,1 por ciento de los votos frente al 48,3 por ciento.",
            [("percent", 50.1), ("percent", 48.3)],
        ),
        ("es", "El banco subió la tasa un cuarto de punto al 4,75 por ciento.", [("percent", 4.75)]),
        ("es", "Murieron según la policía tres personas.", [("killed", 3)]),
    ],
)
def test_a_figure_is_told_of_nothing_that_stands_beside_it(language, sentence, expected) -> None:
    assert values(sentence, language) == expected


@pytest.mark.parametrize(
    "sentence", ["All but two of the 22 crew members were rescued.", "All except two passengers were killed."]
)
def test_those_left_out_are_not_those_it_befell(sentence) -> None:
    assert [fact.negated for fact in read(sentence) if fact.low == 2] == [True]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The quake measured 6.3 on the Richter scale.", [("magnitude", 6.3)]),
        ("The earthquake, which measured 6.3, struck at a depth of 10 km.", [("magnitude", 6.3), ("measure", 10)]),
        ("The crack that the quake left measured 6.3 km.", [("measure", 6.3)]),
    ],
)
def test_what_a_quake_measured_is_its_magnitude(sentence, expected) -> None:
    assert values(sentence) == expected
