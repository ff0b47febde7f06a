"""Another language is data, not code: German and Spanish are read by the grammar that reads English. Made-up texts."""

import pytest

from pipeline.facts import extract_facts, reconcile
from pipeline.facts.lexicon import languages
from pipeline.model import Fact, FactChangeKind, FactKind, HeldFact

Row = tuple[str, str, float | None, float | None]


def rows(sentence: str, language: str) -> list[Row]:
    """Return kind, phrase, low and high of each numeric fact."""
    return [
        (
            fact.kind.value,
            sentence[fact.start : fact.end],
            None if fact.low is None else float(fact.low),
            None if fact.high is None else float(fact.high),
        )
        for fact in extract_facts([sentence], language)
        if fact.kind is not FactKind.QUOTE
    ]


def test_german_and_spanish_have_a_folder_each() -> None:
    assert {"de", "en", "es"} <= set(languages())


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "Bei einem Beben der Stärke 6,1 sind mindestens 27 Menschen getötet und mehr als 60 verletzt worden.",
            [("magnitude", "6,1", 6.1, 6.1), ("killed", "27", 27, None), ("injured", "60", 60, None)],
        ),
        ("Nahe Tollen starben zwölf Soldaten.", [("killed", "zwölf", 12, 12)]),
        ("Die Zahl der Toten stieg auf 104.", [("killed", "104", 104, 104)]),
        ("15 Tote und 30 Verletzte bei Busunfall", [("killed", "15", 15, 15), ("injured", "30", 30, 30)]),
        ("Ein Mann wurde festgenommen.", [("arrested", "Ein", 1, 1)]),
        ("Am 12. Mai brannten 1.200 Hektar Wald.", [("measure", "1.200", 1200, 1200)]),
        ("Der Hafen kostet 2,5 Milliarden Euro.", [("money", "2,5 Milliarden", 2.5e9, 2.5e9)]),
        ("Er wurde zu acht Jahren Haft verurteilt.", [("duration", "acht", 8, 8)]),
        ("Bis zu 5000 Menschen demonstrierten.", [("count", "5000", None, 5000)]),
        ("Der Schaden wird auf 1,2 Millionen Euro geschätzt.", [("money", "1,2 Millionen", 1.2e6, 1.2e6)]),
        ("Der Schaden wird auf 1,2 Mio. Euro geschätzt.", [("money", "1,2 Mio.", 1.2e6, 1.2e6)]),
        ("Rund 3 Tsd. Menschen wurden evakuiert.", [("evacuated", "3 Tsd.", 3000, 3000)]),
        ("Die Strafe beträgt 1500 Euro.", [("money", "1500", 1500, 1500)]),
        ("Der Verein steht auf dem 3. Platz mit 20 Punkten.", []),
        (
            "Beamte nahmen am Montag 14 Männer und zwei Frauen fest.",
            [("arrested", "14", 14, 14), ("arrested", "zwei", 2, 2)],
        ),
        ("Am Montag nahmen zwölf Beamte den Mann fest.", [("count", "zwölf", 12, 12)]),
        ("Drei Wanderer kamen bei dem Unwetter ums Leben.", [("killed", "Drei", 3, 3)]),
        ("Die Lawine riss zwölf Menschen in den Tod.", [("killed", "zwölf", 12, 12)]),
        ("Helfer brachten 40 Bewohner in Sicherheit.", [("evacuated", "40", 40, 40)]),
        ("Ein 34-Jähriger starb.", [("killed", "Ein", 1, 1)]),
        ("Die Polizei nahm einen 34-Jährigen fest.", [("arrested", "einen", 1, 1)]),
        ("Der 34-Jährige starb.", []),
    ],
)
def test_german(sentence: str, facts: list[Row]) -> None:
    assert rows(sentence, "de") == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "Al menos 27 personas murieron y más de 60 resultaron heridas en un sismo de magnitud 6,1.",
            [("killed", "27", 27, None), ("injured", "60", 60, None), ("magnitude", "6,1", 6.1, 6.1)],
        ),
        ("Fueron rescatadas 14 personas.", [("rescued", "14", 14, 14)]),
        ("Detenidas 14 personas en Karu", [("arrested", "14", 14, 14)]),
        ("Los heridos fueron trasladados 14 horas después.", []),
        ("El ataque mató a 14 soldados norteños.", [("killed", "14", 14, 14)]),
        ("El número de muertos aumentó a 104.", [("killed", "104", 104, 104)]),
        ("El incendio dejó 15 muertos y 30 heridos.", [("killed", "15", 15, 15), ("injured", "30", 30, 30)]),
        ("Un hombre fue detenido.", [("arrested", "Un", 1, 1)]),
        ("El 12 de mayo ardieron 1.200 hectáreas.", [("measure", "1.200", 1200, 1200)]),
        ("La mina produjo 4 000 toneladas.", [("measure", "4 000", 4000, 4000)]),
        ("El 12 de mayo ardieron 1 200 000,5 hectáreas.", [("measure", "1 200 000,5", 1200000.5, 1200000.5)]),
        ("El puerto costará 2,5 millones de euros.", [("money", "2,5 millones", 2.5e6, 2.5e6)]),
        ("El tribunal lo condenó a ocho años de prisión.", [("duration", "ocho", 8, 8)]),
        ("Miles de manifestantes protestan en Tollen.", [("count", "Miles", 2000, None)]),
        ("Un sismo mata al menos a 30 personas en Ard.", [("killed", "30", 30, None)]),
        ("El choque dejó 12 víctimas mortales.", [("killed", "12", 12, 12)]),
        ("El balance de víctimas mortales subió a 63.", [("killed", "63", 63, 63)]),
        ("Tres niños figuran entre los fallecidos.", [("killed", "Tres", 3, 3)]),
        ("El agua obligó a evacuar a 3.500 personas.", [("evacuated", "3.500", 3500, 3500)]),
        ("La multa es de 2000 euros.", [("money", "2000", 2000, 2000)]),
        ("El equipo ganó 3 puntos en 2 partidos.", []),
    ],
)
def test_spanish(sentence: str, facts: list[Row]) -> None:
    assert rows(sentence, "es") == facts


@pytest.mark.parametrize(
    ("sentence", "language", "source"),
    [
        ("Zwölf Menschen starben, teilte das Innenministerium mit.", "de", "das Innenministerium"),
        ("Nach Angaben der Polizei starben zwölf Menschen.", "de", "der Polizei"),
        ("Zwölf Menschen haben nach Angaben der Polizei demonstriert.", "de", "der Polizei"),
        ("Zwölf Menschen starben, laut Amir al-Din unverschuldet.", "de", "Amir al-Din"),
        ("Zwölf Menschen starben, laut der örtlichen Polizei.", "de", "der örtlichen Polizei"),
        ("Según la policía, doce personas fueron detenidas.", "es", "la policía"),
        ("Doce personas murieron, informó el Ministerio del Interior.", "es", "el Ministerio del Interior"),
    ],
)
def test_sources(sentence: str, language: str, source: str) -> None:
    assert {fact.attribution for fact in extract_facts([sentence], language)} == {source}


def _one(sentence: str, language: str) -> Fact:
    (fact,) = extract_facts([sentence], language)
    return fact


def test_what_is_denied_doubtful_or_of_another_year_is_told() -> None:
    assert _one("Im vergangenen Jahr starben 40 Menschen.", "de").background
    assert _one("El año pasado murieron 40 personas.", "es").background
    assert _one("Es könnten 300 Menschen obdachlos werden.", "de").hypothetical
    assert _one("Unas 300 personas podrían quedar sin hogar.", "es").hypothetical


@pytest.mark.parametrize(
    ("old", "new", "language"),
    [
        ("Bei dem Brand starben 12 Menschen.", "Bei dem Brand starben 9 Menschen.", "de"),
        ("En el incendio murieron 12 personas.", "En el incendio murieron 9 personas.", "es"),
    ],
)
def test_a_toll_keeps_one_key_in_every_language(old: str, new: str, language: str) -> None:
    (first,) = reconcile((), extract_facts([old], language), ())
    assert first.fact is not None
    (change,) = reconcile([HeldFact(fact_id=1, fact=first.fact)], extract_facts([new], language), [(0, 0)])
    assert (change.kind, first.fact.key) == (FactChangeKind.CHANGED, "killed|people|")


def test_what_a_sum_was_before_is_background_in_any_scale() -> None:
    now, before = extract_facts(["Der Umsatz sank auf 3,2 Milliarden Euro, nach 3,5 Milliarden Euro im Vorjahr."], "de")
    assert (now.background, before.background) == (False, True)


def test_a_qualifier_before_a_preposition_is_quoted_without_it() -> None:
    assert _one("Un sismo mata al menos a 30 personas en Ard.", "es").qualifier == "al menos"


@pytest.mark.parametrize(
    ("language", "sentence", "source"),
    [
        ("de", "Den Schaden schätzt die Bahn auf 4,5 Millionen Euro.", "die Bahn"),
        ("es", "El fuego se declaró de madrugada y obligó a evacuar a unas 80 personas.", None),
    ],
)
def test_what_stands_before_a_verb_of_speech_and_is_not_its_subject_is_no_source(
    language: str, sentence: str, source: str | None
) -> None:
    assert _one(sentence, language).attribution == source
