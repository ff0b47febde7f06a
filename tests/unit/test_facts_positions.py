"""Where a fact that is still stated stands in the newest version. All sentences are made up."""

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
