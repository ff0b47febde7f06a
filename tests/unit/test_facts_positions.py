"""Where a fact that is still stated stands in the newest version. All sentences are made up."""

from dataclasses import replace

from pipeline.facts import extract_facts
from pipeline.facts.positions import locate
from pipeline.model import HeldFact


def test_a_held_fact_takes_the_place_of_its_sentence_in_the_newest_version() -> None:
    (then,) = extract_facts(["Police said 12 people were killed."], "en")
    now = extract_facts(["Rain fell.", "Nine cars burned.", "On Monday police said 12 people were killed."], "en")
    (located,) = locate([HeldFact(fact_id=7, fact=then)], now)
    assert (located.fact_id, located.fact.position, located.fact.key) == (7, 2, then.key)
    assert located.fact.sentence[located.fact.start : located.fact.end] == "12"


def test_a_fact_that_is_not_found_keeps_what_its_row_says() -> None:
    held = HeldFact(fact_id=7, fact=extract_facts(["Police said 12 people were killed."], "en")[0])
    assert locate([held], extract_facts(["Nine cars burned."], "en")) == (held,)


def test_the_exact_place_counts_before_the_subject_and_that_before_what_is_nearest() -> None:
    sentences = ["Nine men were hurt.", "Nine women were hurt.", "Nine men were hurt."]
    first, women, last = extract_facts(sentences, "en")
    later = [first, replace(women, position=2), replace(last, position=3)]
    held = [HeldFact(fact_id=k, fact=fact) for k, fact in enumerate((last, women))]
    assert [one.fact.position for one in locate(held, later)] == [3, 2]
    reworded = extract_facts(["Police: nine women hurt.", "Police: nine men hurt."], "en")
    assert [one.fact.position for one in locate(held, reworded)] == [1, 0]


def test_a_fact_is_not_found_where_a_figure_only_converts_another() -> None:
    (miles,) = extract_facts(["The ship lay 89 miles off the coast."], "en")
    now = extract_facts(["The ship lay 144 km (89 mi) off the coast."], "en")
    assert [fact.unit for fact in now] == ["km", "miles"]
    held = HeldFact(fact_id=7, fact=miles)
    assert locate([held], now) == (held,)
