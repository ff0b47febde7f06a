"""Who says a fact, and who a quotation is from. All sentences are made up."""

import pytest

from pipeline.facts import extract_facts
from pipeline.model import Fact, FactKind


def read(sentence: str) -> tuple[Fact, ...]:
    return extract_facts([sentence], "en")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("The health ministry said 12 people were killed.", "The health ministry"),
        ("Twelve people were killed, police said on Monday.", "police"),
        ("Twelve people were killed, said the interior ministry.", "the interior ministry"),
        ("According to the Red Cross, 12 people were killed.", "the Red Cross"),
        ("Regional governor Ada Muster told reporters that 12 people were killed.", "Ada Muster"),
        ("Lina Orr, a nurse at the clinic, said 12 people were killed.", "Lina Orr"),
        ("Lina Orr, head of the clinic, said the flood killed 12 people.", "Lina Orr"),
        ("Lina Orr, head of the clinic, told The Tarn Times that 12 people were killed.", "Lina Orr"),
        ("Twelve people were killed, Lina Orr told the Tarn Times.", "Lina Orr"),
        ("Lina Orr, who runs the clinic, told The Tarn Times that 12 people were killed.", "Lina Orr"),
        ("She said 12 people were killed.", None),
        ("Twelve people were killed.", None),
        ("Twelve people were reported dead.", None),
    ],
)
def test_attribution_is_a_name_or_nothing(sentence: str, source: str | None) -> None:
    assert [fact.attribution for fact in read(sentence)] == [source]


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        (
            "At least six people died, the coast guard said, adding that 11 others were missing.",
            ["the coast guard"] * 2,
        ),
        ("At dawn a boat sank, saying goodbye to 11 people.", [None]),
        ("US says 12 people died.", ["US"]),
        ("Ann Orr asks for help, saying that 12 people died.", ["Ann Orr"]),
    ],
)
def test_who_goes_on_speaking_is_the_one_who_spoke(sentence: str, sources: list[str | None]) -> None:
    assert [fact.attribution for fact in read(sentence)] == sources


def test_two_sources_in_one_sentence_keep_their_own_figures() -> None:
    facts = read("The army says 30 rebels were killed, while the Red Cross says 200 civilians were killed.")
    assert [(fact.low, fact.attribution) for fact in facts] == [(30, "The army"), (200, "the Red Cross")]


def test_a_source_vouches_for_what_it_says_and_not_for_what_the_writer_adds() -> None:
    assert [fact.attribution for fact in read("Norland pledges $20 million for the port over 15 years.")] == [
        "Norland",
        None,
    ]
    quote_and_count = read('The panel reports that "the dam was never safe at all," listing four flaws and two cracks.')
    assert {fact.attribution for fact in quote_and_count if fact.kind is FactKind.COUNT} == {None}
    (dead,) = read("The council announces an inquiry after 12 people died in a fire.")
    assert dead.attribution is None
    (dead,) = read("The council announced 12 people had died in a fire.")
    assert dead.attribution == "The council"


def test_quotes_need_three_words_and_keep_their_speaker() -> None:
    sentence = "“We will not leave the valley,” Lina Orr said."
    (quote,) = read(sentence)
    assert (quote.kind, quote.attribution) == (FactKind.QUOTE, "Lina Orr")
    assert sentence[quote.start : quote.end] == "We will not leave the valley,"
    assert read("It was a “brutal” winter.") == ()
