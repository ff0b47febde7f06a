"""What is a fact, what it is worth, and what only looks like one. All sentences are made up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.facts import extract_facts
from pipeline.model import Fact, FactKind


def read(sentence: str) -> tuple[Fact, ...]:
    return extract_facts([sentence], "en")


def short(sentence: str) -> list[tuple[str, str, float | None, float | None]]:
    """Return kind, phrase, low and high of each numeric fact."""
    return [
        (
            fact.kind.value,
            sentence[fact.start : fact.end],
            None if fact.low is None else float(fact.low),
            None if fact.high is None else float(fact.high),
        )
        for fact in read(sentence)
        if fact.kind is not FactKind.QUOTE
    ]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("A ferry sank off Lorrin, killing 14 people.", [("killed", "14", 14, 14)]),
        ("Fourteen people were killed when a ferry sank.", [("killed", "Fourteen", 14, 14)]),
        ("The storm claimed the lives of six villagers.", [("killed", "six", 6, 6)]),
        ("The blast left 31 people dead.", [("killed", "31", 31, 31)]),
        ("The death toll from the landslide near Obera has risen to 87.", [("killed", "87", 87, 87)]),
        ("The toll rose from 80 to 87, rescuers said.", [("killed", "87", 87, 87)]),
        ("Seven bodies were found in the rubble.", [("killed", "Seven", 7, 7)]),
        ("The clinic reported 12 deaths.", [("killed", "12", 12, 12)]),
        ("Police arrested 22 protesters.", [("arrested", "22", 22, 22)]),
        ("Twenty-two protesters are in custody.", [("arrested", "Twenty-two", 22, 22)]),
        ("The flood displaced 4,000 families.", [("displaced", "4,000", 4000, 4000)]),
        ("About 300 homes were evacuated.", [("evacuated", "300", 300, 300)]),
        ("A helicopter crew rescued nine sailors.", [("rescued", "nine", 9, 9)]),
        ("Gunmen abducted 40 pupils.", [("hostage", "40", 40, 40)]),
        ("Five climbers are still unaccounted for.", [("missing", "Five", 5, 5)]),
        ("12 dead, 30 injured in bus crash", [("killed", "12", 12, 12), ("injured", "30", 30, 30)]),
    ],
)
def test_harm_is_told_by_verbs_states_nouns_and_totals(
    sentence: str, facts: list[tuple[str, str, float, float]]
) -> None:
    assert short(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "low", "high", "qualifier"),
    [
        ("At least 12 people were killed.", 12, None, "at least"),
        ("More than 1,200 people were injured.", 1200, None, "more than"),
        ("Up to 50 people were injured.", None, 50, "up to"),
        ("About 70 people were injured.", 70, 70, "about"),
        ("An estimated 70 people were injured.", 70, 70, "estimated"),
        ("Between 20 and 30 people were injured.", 20, 30, None),
        ("20 to 30 people were injured.", 20, 30, None),
        ("Two or three people were injured.", 2, 3, None),
        ("Dozens of people were injured.", 24, None, "dozens"),
        ("Two dozen people were injured.", 24, 24, None),
        ("A dozen houses stand empty.", 12, 12, None),
        ("The school has a few hundred pupils.", 300, None, "a few hundred"),
        ("Tens of thousands of people were injured.", 20000, None, "tens of thousands"),
        ("Several people were injured.", 3, None, "several"),
        ("One hundred and six people were injured.", 106, 106, None),
        ("50 or more people were injured.", 50, None, "or more"),
    ],
)
def test_bounds_and_qualifiers(sentence: str, low: int | None, high: int | None, qualifier: str | None) -> None:
    (fact,) = read(sentence)
    assert (fact.low, fact.high, fact.qualifier) == (
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        qualifier,
    )


@pytest.mark.parametrize(
    ("sentence", "unit", "value", "kind"),
    [
        ("Repairs will cost $2.5 billion.", "USD", "2500000000", "money"),
        ("The fund holds £5m.", "GBP", "5000000", "money"),
        ("The firm owes 40 million euros.", "EUR", "40000000", "money"),
        ("The fire has burned 3,200 acres.", "acres", "3200", "measure"),
        ("The fire has burned 3 000 acres.", "acres", "3000", "measure"),
        ("On May 12 300 acres burned.", "acres", "300", "measure"),
        ("Crews fight a 40-acre fire near Tollen.", "acres", "40", "measure"),
        ("The fire is 35% contained.", "%", "35", "percent"),
        ("The fire is 35 percent contained.", "%", "35", "percent"),
        ("Nearly half of the votes were counted.", "%", "50", "percent"),
        ("A magnitude 6.3 earthquake struck at dawn.", "M", "6.3", "magnitude"),
        ("A 6.3-magnitude quake struck at dawn.", "M", "6.3", "magnitude"),
        ("A court jailed the mayor for 12 years.", "years", "12", "duration"),
    ],
)
def test_measures_carry_their_unit(sentence: str, unit: str, value: str, kind: str) -> None:
    (fact,) = read(sentence)
    assert (fact.kind.value, fact.unit, fact.low) == (kind, unit, Decimal(value))


@pytest.mark.parametrize(
    "sentence",
    [
        "Troops of the 9th Armored Division entered the town.",
        "Troops were back for the first time in more than two years.",
        "The offensive was launched more than two weeks ago.",
        "The vote took place on 14 March 2019.",
        "In 2020 people were killed there.",
        "In 2002 euros took the place of marks.",
        "It happened on May 3, at 5:30 p.m.",
        "Mara Quell, 34, of Obera, saw the fire.",
        "The 17-year-old driver walked home.",
        "Rovers beat United 3-1 after a goalless first half.",
        "The chamber voted 65–63 for the bill.",
        "Flight 370 left at noon.",
        "A C-130 landed beside two F-16s.",
        "Highway 36 is closed beyond Zone 7.",
        "He won the title for the 3rd time in the 1990s.",
        "Call 555-0142 or see page 12.",
        "She scored 23 points in the second half.",
        "The nine-story building collapsed.",
        "In the last 24 hours nothing moved.",
        "The two countries signed a treaty.",
        "The first three arrived at dawn.",
        "No one can say.",
    ],
)
def test_dates_ages_scores_names_and_windows_are_no_facts(sentence: str) -> None:
    assert [fact for fact in read(sentence) if fact.kind is not FactKind.QUOTE] == []


def test_a_part_names_its_whole_and_takes_its_kind() -> None:
    whole, part, other = read("Twelve people were killed, including three children, and 30 others were injured.")
    assert (part.kind, part.parent, part.low) == (FactKind.KILLED, 0, Decimal(3))
    assert (whole.parent, other.parent, other.kind) == (None, None, FactKind.INJURED)


def test_parents_count_over_all_sentences() -> None:
    facts = extract_facts(["Two people were killed.", "Nine were injured, including one child."], "en")
    assert [fact.parent for fact in facts] == [None, None, 1]
    assert [fact.position for fact in facts] == [0, 1, 1]


def test_seriously_injured_are_a_part_of_the_injured() -> None:
    facts = read("Four people were killed and 20 others injured, five critically.")
    assert [(fact.kind.value, fact.low, fact.parent) for fact in facts] == [
        ("killed", 4, None),
        ("injured", 20, None),
        ("injured", 5, 1),
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Five teenagers were shot, two fatally, police said."),
        ("de", "Fünf Menschen wurden verletzt, zwei tödlich."),
        ("es", "Cinco personas resultaron heridas, dos de muerte."),
    ],
)
def test_who_of_the_injured_died_of_it_is_killed_and_one_of_them(language: str, sentence: str) -> None:
    facts = extract_facts([sentence], language)
    assert [(fact.kind.value, fact.low, fact.parent) for fact in facts] == [("injured", 5, None), ("killed", 2, 0)]


def test_a_list_shares_its_verb() -> None:
    assert [kind for kind, *_ in short("Fifteen officers and twelve soldiers have been killed.")] == ["killed"] * 2
    assert [kind for kind, *_ in short("The bomb killed three women and two guards.")] == ["killed"] * 2


def test_soldiers_who_kill_are_not_killed() -> None:
    facts = read("Soldiers said 12 rebels killed 30 villagers.")
    assert ("killed", Decimal(30)) in [(fact.kind.value, fact.low) for fact in facts]
    assert ("killed", Decimal(12)) not in [(fact.kind.value, fact.low) for fact in facts]


def test_an_article_stands_for_one_person_to_whom_something_happened() -> None:
    assert short("A guard was killed and a nurse was injured.") == [("killed", "A", 1, 1), ("injured", "a", 1, 1)]
    assert short("A guard opened the gate.") == []


def test_none_is_zero_and_negated() -> None:
    (fact,) = read("No arrests have been made.")
    assert (fact.kind, fact.low, fact.high, fact.negated) == (FactKind.ARRESTED, 0, 0, True)


@pytest.mark.parametrize(
    ("sentence", "hypothetical"),
    [
        ("The strike could cost 4,000 jobs.", True),
        ("Forty people are feared dead.", True),
        ("The ministry plans to send 400 soldiers.", True),
        ("The ministry sent 400 soldiers.", False),
        ("More rain may fall after a flood killed 12 people.", False),
        ("Forecasters expect gales, but 12 people were killed already.", False),
    ],
)
def test_what_has_not_happened_is_hypothetical(sentence: str, hypothetical: bool) -> None:
    assert [fact.hypothetical for fact in read(sentence)] == [hypothetical]


@pytest.mark.parametrize(
    ("sentence", "background"),
    [
        ("The 1999 quake killed 17,000 people.", True),
        ("In 2004, a similar wave killed 900 people.", True),
        ("A year earlier, floods killed 60 people.", True),
        ("The quake, the worst since 1999, killed 12 people.", False),
        ("The quake killed 12 people.", False),
        ("The war has killed 40,000 people since 2019.", False),
    ],
)
def test_other_events_are_background(sentence: str, background: bool) -> None:
    assert [fact.background for fact in read(sentence)] == [background]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Turnout stood at 18% at eleven, up from 15% four years ago, the election board said."),
        ("en", "Unemployment rose to 6.1%, compared with 5.8% a year earlier."),
        ("de", "Die Quote stieg auf 6,1 Prozent, verglichen mit 5,8 Prozent vor einem Jahr."),
        ("es", "El paro subió al 6,1 por ciento, frente al 5,8 por ciento de hace un año."),
        ("en", "Profit fell to $3.2 billion from $3.5 billion a year earlier."),
        ("en", "Inflation slowed to 3.1 percent in October from 3.4 percent a month earlier."),
    ],
)
def test_of_a_comparison_with_the_past_only_what_is_compared_with_is_background(language: str, sentence: str) -> None:
    assert [fact.background for fact in extract_facts([sentence], language)] == [False, True]


@pytest.mark.parametrize(
    "sentence",
    [
        "A 17-year-old boy, named by police as Eli Ward, has died after a stabbing.",
        "A woman, believed to be in her 40s, has died.",
    ],
)
def test_what_is_said_of_one_person_between_commas_does_not_hide_what_befell_them(sentence: str) -> None:
    assert [(fact.kind, fact.low) for fact in read(sentence)] == [(FactKind.KILLED, 1)]


def test_what_befell_others_adds_to_no_total() -> None:
    text = ["At least six people were killed.", "Another 14 are missing.", "Another two were killed in Orrin."]
    assert [(fact.low, fact.increment) for fact in extract_facts(text, "en")] == [(6, False), (14, False), (2, True)]


def test_who_somebody_is_is_not_somebody_else() -> None:
    assert short("A suspect, a 19-year-old man, is in custody.") == [("arrested", "A", 1, 1)]
    assert [fact.low for fact in read("A nurse, a doctor, and a driver were killed.")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("sentence", "key", "low"),
    [
        ("Twelve of the dead in Karu city were children.", "killed|child|", 12),
        ("Three of the injured were police officers.", "injured|officer|", 3),
    ],
)
def test_who_some_of_the_dead_were_is_told_of_them(sentence: str, key: str, low: int) -> None:
    assert [(fact.key, fact.low) for fact in read(sentence)] == [(key, low)]


def test_the_names_of_some_of_the_dead_count_nobody() -> None:
    assert not read("Two of the dead were identified as Ann Orr and Jo Lind.")


def test_nobody_is_zero() -> None:
    (fact,) = read("No one is missing any longer, the governor said.")
    assert (fact.kind, fact.low, fact.high, fact.negated) == (FactKind.MISSING, 0, 0, True)


def test_some_of_the_dead_are_no_toll() -> None:
    assert short("Three of the dead had been counted twice.") == []


def test_the_next_clause_does_not_inherit_the_verb() -> None:
    facts = read("The cutter rescued 389 people, and 23 crew members stay on board.")
    assert [(fact.kind.value, fact.low) for fact in facts] == [("rescued", 389), ("count", 23)]


def test_increments_add_to_an_earlier_total() -> None:
    assert [fact.increment for fact in read("Another 12 bodies were recovered.")] == [True]
    assert [fact.increment for fact in read("Two people were killed and 46 more injured.")] == [False, False]


def test_a_conversion_names_the_figure_it_converts() -> None:
    main, again = read("The ship lay 144 km (89 mi) off the coast.")
    assert (main.unit, main.low, main.converts) == ("km", 144, None)
    assert (again.unit, again.low, again.converts, again.subject) == ("miles", 89, 0, main.subject)


def test_a_figure_in_brackets_of_the_same_unit_converts_nothing() -> None:
    assert [fact.converts for fact in read("The road is 144 km (80 km of them new) long.")] == [None, None]


def test_a_figure_in_brackets_of_another_kind_converts_nothing() -> None:
    assert [fact.converts for fact in read("It paid $3 million (12% of its debt).")] == [None, None]
    assert [fact.converts for fact in read("He was jailed for two years (24 months of them in a camp).")] == [
        None,
        None,
    ]


def test_what_happened_in_the_year_of_publication_is_no_background() -> None:
    sentence = "Storms in 2031 killed 40 people."
    (undated,) = extract_facts([sentence], "en")
    (same_year,) = extract_facts([sentence], "en", published=date(2031, 11, 2))
    (later,) = extract_facts([sentence], "en", published=date(2033, 1, 2))
    assert [undated.background, same_year.background, later.background] == [True, False, True]


@pytest.mark.parametrize(
    "sentence",
    ["A 3,000-year-old bracelet was stolen.", "The army captured 19 border posts."],
)
def test_things_are_neither_old_nor_arrested(sentence: str) -> None:
    assert [fact for fact in read(sentence) if fact.kind in (FactKind.DURATION, FactKind.ARRESTED)] == []


def test_keys_say_what_a_fact_is_about() -> None:
    keys = [
        fact.key
        for sentence in ("12 people were killed.", "12 others died.", "Two children were killed.", "It burned 9 acres.")
        for fact in read(sentence)
    ]
    assert keys == ["killed|people|", "killed|people|", "killed|child|", "measure||acres"]


@pytest.mark.parametrize("language", [None, "", "xx", "tlh-Latn"])
def test_an_unknown_language_yields_nothing(language: str | None) -> None:
    assert extract_facts(["12 people were killed."], language) == ()


@pytest.mark.parametrize("language", ["en", "EN", "en-GB", "en_US"])
def test_a_language_tag_is_known_by_its_first_part(language: str) -> None:
    assert len(extract_facts(["12 people were killed."], language)) == 1


def test_the_seed_story(data_dir: Path) -> None:
    text = (data_dir / "seed" / "mosul-developing-story.txt").read_text("utf-8")
    facts = [fact for fact in extract_facts(text.splitlines(), "en") if fact.kind is not FactKind.QUOTE]
    assert [(fact.kind, fact.subject, fact.low, fact.high, fact.qualifier) for fact in facts] == [
        (FactKind.COUNT, "forces", 100_000, 100_000, "around"),
        (FactKind.COUNT, "isis members", 5_000, 5_000, "estimated"),
    ]
