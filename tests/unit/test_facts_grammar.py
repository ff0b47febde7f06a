"""How sentences are built around a figure: asides, lists, left-out nouns, names with numbers. All are made up."""

from decimal import Decimal

import pytest

from pipeline.facts import extract_facts


def said(sentence: str) -> list[tuple[str, str, str]]:
    """Return kind, phrase and subject of each numeric fact."""
    facts = extract_facts([sentence], "en")
    return [(fact.kind.value, sentence[fact.start : fact.end], fact.subject) for fact in facts if fact.low is not None]


def kinds(sentence: str) -> list[tuple[str, str]]:
    return [(kind, phrase) for kind, phrase, _ in said(sentence)]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("At least 61 people, mostly refugees, are missing off Orrin.", [("missing", "61")]),
        ("Eleven people, including Ann Lee, Bo Ray, and Cy Dow, are killed.", [("killed", "Eleven")]),
        ("About 40 people, police said, were hurt.", [("injured", "40")]),
        ("Four clerks at a firm that was building a tower, are arrested.", [("arrested", "Four")]),
        ("Nine bandits, two soldiers and a wrangler are killed.", [("killed", "Nine"), ("killed", "two")]),
        ("In all, 27 inmates at the Orrin prison are found dead.", [("killed", "27")]),
        ("Two members of the U.S. Coast Guard are shot in Arlo.", [("injured", "Two")]),
        (
            "The toll rises to 132 killed, 191 missing, 44,000 displaced.",
            [
                ("killed", "132"),
                ("missing", "191"),
                ("displaced", "44,000"),
            ],
        ),
        ("About 20 members of the guard and nine rebels are killed.", [("killed", "20"), ("killed", "nine")]),
        ("Ten clerks sheltering, including four men, are killed.", [("killed", "Ten"), ("killed", "four")]),
        ("Ten clerks are trapped, and 40 others are rescued.", [("count", "Ten"), ("rescued", "40")]),
        ("Missiles kill seven people in Arlo and three in Orrin.", [("killed", "seven"), ("killed", "three")]),
        ("The deaths and injuries of several clerks followed.", [("killed", "several")]),
        ("One of two guards who were shot on Friday dies.", [("killed", "One"), ("injured", "two")]),
    ],
)
def test_what_stands_between_people_and_their_harm(sentence: str, facts: list[tuple[str, str]]) -> None:
    assert kinds(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("A plane with 49 people, including five children, is missing.", [("count", "49"), ("count", "five")]),
        ("With 12 people on board, the ship, a ferry, was evacuated.", [("count", "12")]),
        ("Two suspects fled the scene.", [("count", "Two")]),
        ("Seven elephants are killed by a train.", [("count", "Seven")]),
        ("A man, 34, was killed.", [("killed", "A")]),
        (
            "Some 34 were hurt, including three badly, and a train carrying 100 people is stuck.",
            [("injured", "34"), ("injured", "three"), ("count", "100")],
        ),
        (
            "Some 34 were hurt, including two nurses, a guard and nine boys.",
            [("injured", "34"), ("injured", "two"), ("injured", "a"), ("injured", "nine")],
        ),
        ("Ann Orr, a former guard, died.", []),
    ],
)
def test_what_is_said_of_others_is_not_said_of_those_counted(sentence: str, facts: list[tuple[str, str]]) -> None:
    assert kinds(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Torland sends 10 F-35 jets.", [("count", "10", "f-35 jets")]),
        ("It fired 53 ballistic and cruise missiles.", [("count", "53", "ballistic and cruise missiles")]),
        ("They bought five Type 26 frigates.", [("count", "five", "type 26 frigates")]),
        ("Two U.S. military aircraft landed.", [("count", "Two", "u.s. military aircraft")]),
        ("He urges the 27 member states.", [("count", "27", "member states")]),
        ("Five French embassy workers left.", [("count", "Five", "french embassy workers")]),
        ("Two United Nations aid workers left.", [("count", "Two", "united nations aid workers")]),
        ("17 MPs abstained.", [("count", "17", "mps")]),
        ("At least 12 died and 25 are swept away.", [("killed", "12", "people"), ("count", "25", "people")]),
        ("Fifty walkers rest, 20 of which are lost.", [("count", "Fifty", "walkers"), ("count", "20", "walkers")]),
        ("The number of cases in Orrin rises to 146.", [("count", "146", "cases")]),
        ("Several homes collapsed.", [("count", "Several", "homes")]),
        ("It happened at several homes in several towns.", []),
    ],
)
def test_what_is_counted(sentence: str, facts: list[tuple[str, str, str]]) -> None:
    assert said(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("They unveiled a 23-meter-tall statue.", "23", "metres"),
        ("The bus fell 800 m (2,600 ft) down a cliff.", "800", "metres"),
        ("The bag weighs 9 ounces.", "9", "ounces"),
        ("He was fined US$309M for it.", "309000000", "USD"),
        ("He was fined S/18 million for it.", "18000000", "PEN"),
        ("The plan costs 50 billion kroner.", "50000000000", "kroner"),
        ("A judge orders five months of preventive detention.", "5", "months"),
        ("She was jailed for 11 and a half years.", "11.5", "years"),
        ("The law shortens stays from 90 days to 30 days.", "90", "days"),
        ("The law lengthens terms from five to seven years.", "5", "years"),
    ],
)
def test_measures_and_sums(sentence: str, value: str, unit: str) -> None:
    fact = extract_facts([sentence], "en")[0]
    assert (fact.low, fact.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "A Cessna 441 aircraft crashes near Orrin.",
        "Workers of Local 90 are frustrated.",
        "More than 1 in 10 young children have one.",
        "Both were scientists at 3M for long.",
        "Each pole cost 620m/- to build.",
        "They want zero emissions.",
        "A strong storm or two exists.",
        "The main two are these.",
        "The mother of three says so.",
        "The two hostages' names are known.",
        "She raced in the 24 Hours of Norrvik.",
    ],
)
def test_names_prices_and_ratios_are_no_facts(sentence: str) -> None:
    assert said(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Ann Orr, a doctor at a clinic, said the toll had reached 13.", "Ann Orr"),
        ("According to Torland's state media, three men died.", "Torland's state media"),
        ("Rebels claim to have killed three soldiers.", "Rebels"),
        ("The house passes an amendment stating that 12 people died.", None),
        ("Air Orrin says it will fly again after a deal with a union, which represents 900 clerks.", None),
        ("Strikes on alleged Torlandic bases killed 12 people.", None),
    ],
)
def test_who_says_so(sentence: str, source: str | None) -> None:
    assert extract_facts([sentence], "en")[-1].attribution == source


@pytest.mark.parametrize(
    ("language", "sentence", "facts"),
    [
        ("en", "Tarn Oil climbed 2.1% to $81.40 a barrel.", [("percent", "2.1%"), ("money", "$81.40")]),
        ("en", "Its profit rose 12% to 1.3 billion euros.", [("percent", "12%"), ("money", "1.3 billion")]),
        ("en", "It wants 3% to 5% of the port.", [("percent", "3% to 5%")]),
        ("en", "It wants 3% to 5 percent of the port.", [("percent", "3% to 5 percent")]),
        ("es", "Las acciones subieron 3,4% a 12,60 euros.", [("percent", "3,4%"), ("money", "12,60")]),
    ],
)
def test_a_share_and_the_price_it_leads_to_are_no_range(
    language: str, sentence: str, facts: list[tuple[str, str]]
) -> None:
    found = extract_facts([sentence], language)
    assert [(fact.kind.value, sentence[fact.start : fact.end]) for fact in found] == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Two men aged 24 and 31 were killed.", [("killed", "Two")]),
        ("Three brothers aged 8, 11 and 14 are missing.", [("missing", "Three")]),
        ("The dead were aged between 30 and 41.", []),
        ("Officers aged 30 to 40 and 12 soldiers marched.", [("count", "12")]),
        ("They were aged 20 and 12 people were hurt.", [("injured", "12")]),
    ],
)
def test_a_row_of_ages_counts_nobody_and_hides_nothing(sentence: str, facts: list[tuple[str, str]]) -> None:
    assert kinds(sentence) == facts


@pytest.mark.parametrize("sentence", ["A gunman fled the scene.", "Two gunmen fled the scene."])
def test_who_flees_from_the_police_is_not_displaced(sentence: str) -> None:
    assert "displaced" not in [kind for kind, _ in kinds(sentence)]


@pytest.mark.parametrize(
    ("language", "sentence", "subject"),
    [
        ("en", "Shares of Orlo rose 3% on Friday.", "orlo"),
        ("en", "Prices in May gained 3%.", "prices"),
        ("en", "Norvik reported a rise of 3%.", "rise"),
        ("de", "Die Preise sind im Mai um 2,4 Prozent gestiegen.", "preise"),
        ("de", "Der Schaden liegt weiterhin bei 40 Prozent.", "schaden"),
        ("de", "Es brannten 40 Hektar trockener Wald nieder.", "trockener wald"),
        ("es", "La inflación bajó al 3,1 %.", "inflación"),
        ("en", "The source of the leak lay 3 km upstream of Orrin.", "source"),
        ("en", "The reserve near Orrin, opened in May, spans 40 acres.", "reserve"),
        ("en", "Crews dug round a marsh that covers 12 acres.", "marsh"),
        ("en", "The lake at Orrin measures 40 acres.", "lake"),
        ("en", "A hunger strike at the mill lasted for 40 days.", "strike"),
        ("en", "A column of ash rising 900 metres stood over Orrin.", "ash"),
        ("en", "Voter turnout 61%.", "turnout"),
        ("en", "Turnout at Orrin is put at 61%.", "turnout"),
        ("en", "Trains between Orrin and Karu are delayed by 40 minutes.", "trains"),
        ("en", "When the gale came it blew at 90 mph.", ""),
        ("en", "A resident of Orrin was jailed for ten years.", "resident"),
        ("de", "Der Park im Norden von Orrin umfasst 40 Hektar.", "park"),
        ("de", "Der Pegel der Lohe stieg auf 4,2 Meter.", "pegel"),
        ("es", "El parque nacional de Orrin ocupa 40 hectáreas.", "parque nacional"),
        ("es", "El epicentro se situó a 8 km al norte de Orrin.", "epicentro"),
        ("es", "En el norte, p. ej. en la costa, ardieron 40 hectáreas.", "costa"),
    ],
)
def test_what_is_measured_is_a_thing_and_not_what_it_did_or_when(language: str, sentence: str, subject: str) -> None:
    (fact,) = extract_facts([sentence], language)
    assert fact.subject == subject


def test_a_span_of_years_and_months_is_one_fact() -> None:
    facts = extract_facts(["He is sentenced to five years and six months in prison."], "en")
    assert [(fact.low, fact.unit) for fact in facts] == [(Decimal("5.493151"), "years")]


def test_shares_that_add_up_are_parts_of_their_whole() -> None:
    facts = extract_facts(["Five hikers, four from Arlo and one from Orrin, are killed."], "en")
    assert [(int(fact.low or 0), fact.parent) for fact in facts] == [(5, None), (4, 0), (1, 0)]


def test_only_a_word_of_error_makes_a_sentence_a_correction() -> None:
    jets, note = extract_facts(["Jets erroneously drop eight bombs.", "We erroneously said 12 people died."], "en")
    assert (jets.background, note.background) == (False, True)


@pytest.mark.parametrize(
    ("language", "sentence", "low", "high", "qualifier"),
    [
        ("en", "Divers say 14 people or more were rescued.", 14, None, "at least"),
        ("en", "Some 14 people or more were rescued.", 14, None, "at least"),
        ("en", "14 people or fewer were rescued.", None, 14, "up to"),
        ("en", "14-plus people were rescued.", 14, None, "at least"),
        ("en", "14+ people were rescued.", 14, None, "at least"),
        ("en", "14 people, if not more, were rescued.", 14, None, "at least"),
        ("en", "Repairs cost $14m+ so far.", 14_000_000, None, "at least"),
        ("en", "The blaze covers 14 acres or more.", 14, None, "at least"),
        ("en", "The storm brought 90+ mph winds.", 90, None, "at least"),
        ("de", "14 Menschen oder mehr wurden gerettet.", 14, None, "mindestens"),
        ("es", "Fueron rescatadas 14 personas o más.", 14, None, "al menos"),
    ],
)
def test_a_hedge_behind_what_is_counted_is_read(
    language: str, sentence: str, low: int | None, high: int | None, qualifier: str
) -> None:
    (fact,) = extract_facts([sentence], language)
    assert (fact.low, fact.high, fact.qualifier) == (low, high, qualifier)
    assert fact.kind.value != "count"


@pytest.mark.parametrize("sentence", ["14 people or more than half stayed.", "The gap was 14 - plus the wall fell."])
def test_what_only_looks_like_a_hedge_behind_is_none(sentence: str) -> None:
    assert all(fact.low == fact.high for fact in extract_facts([sentence], "en"))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("WHO said 14 people had died.", "WHO"),
        ("At least 14 people have died, WHO said.", "WHO"),
        ("The doctors at WHO said 14 people had died.", "The doctors at WHO"),
        ("IT said 14 people were hurt.", "IT"),
        ("It said 14 people were hurt.", None),
        ("A nurse who said 14 people had died was held.", None),
        ("WHO SAID 14 PEOPLE DIED?", None),
        ("HE SAID 14 PEOPLE DIED", None),
    ],
)
def test_capitals_make_a_name_of_a_small_word_where_not_all_is_in_capitals(sentence: str, source: str | None) -> None:
    (fact,) = extract_facts([sentence], "en")
    assert fact.attribution == source


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Two hikers, Ada Holm and Petar Valin, are missing.", [("missing", "Two")]),
        ("Two firms, Orrin Steel and Holm Mills, are missing.", [("count", "Two")]),
        ("Divers pulled five people from the rubble.", [("rescued", "five")]),
        ("Divers pulled 12 bodies from the rubble.", [("killed", "12")]),
        ("Twelve bodies were pulled from the rubble.", [("killed", "Twelve")]),
        ("Seven miners have been brought out.", [("rescued", "Seven")]),
        ("Seven boxes have been brought out.", [("count", "Seven")]),
        ("Ambulances took 12 people to hospital.", [("injured", "12")]),
        ("12 officers took the man into custody.", [("count", "12")]),
        ("The gunmen took 12 people hostage.", [("hostage", "12")]),
        ("The bank told 400 clerks to leave.", [("count", "400")]),
        ("A man was charged with murder on Friday after three people were shot.", [("injured", "three")]),
    ],
)
def test_people_between_a_verb_and_its_end_or_named_behind_it(sentence: str, facts: list[tuple[str, str]]) -> None:
    assert kinds(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Police freed one of three men arrested over the fire.", [("arrested", "three")]),
        ("One of the three men arrested over the fire was freed.", [("arrested", "three")]),
        ("Three of the ten missing hikers were found.", [("count", "Three"), ("missing", "ten")]),
        ("They arrested 12, three of whom have since been released.", [("arrested", "12"), ("count", "three")]),
        ("Three of the 12 people injured remain in hospital.", [("injured", "Three"), ("injured", "12")]),
        ("Two of the five people arrested were charged.", [("arrested", "Two"), ("arrested", "five")]),
        ("It freed three of the 50 hostages.", [("hostage", "three"), ("hostage", "50")]),
    ],
)
def test_of_whom_it_is_over_nothing_is_told_as_if_it_were_not(sentence: str, facts: list[tuple[str, str]]) -> None:
    assert kinds(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("Some 420 homes are damaged and 12 have burned.", [("homes", 420, False), ("homes", 12, False)]),
        ("Some 420 homes could burn and 12 people were hurt.", [("homes", 420, False), ("people", 12, False)]),
        ("It is expected to grow and at least 12 people have died.", [("people", 12, False)]),
        ("If the dam breaks and 12 people are hurt, it closes.", [("people", 12, True)]),
        ("Six others were hurt and 40 are in hospital.", [("others", 6, False), ("people", 40, False)]),
    ],
)
def test_behind_and_a_subject_of_its_own_begins(sentence: str, facts: list[tuple[str, int, bool]]) -> None:
    assert [(fact.subject, fact.low, fact.hypothetical) for fact in extract_facts([sentence], "en")] == facts
