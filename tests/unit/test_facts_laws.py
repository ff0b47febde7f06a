"""What holds for the facts of any text: they are sound, cost no more than its length, and are worth what is written."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile import LENGTH, PIECES, sentence_of
from pipeline.facts import extract_facts
from pipeline.facts.extract import MAX_FACTS
from pipeline.facts.lexicon import languages
from pipeline.facts.tokens import MAX_CHARACTERS
from pipeline.model import FactKind


def steps(sentence: str) -> int:
    """Count the lines of code that reading a sentence runs."""
    count = 0

    def line(frame: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return line

    outer = sys.gettrace()
    sys.settrace(line)
    try:
        extract_facts([sentence], "en")
    finally:
        sys.settrace(outer)
    return count


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES.keys())
def test_a_hostile_sentence_costs_no_more_than_its_length(piece: str) -> None:
    extract_facts(["12 people died."], "en")
    short, long = (steps(sentence_of(piece, length)) for length in (MAX_CHARACTERS // 4, MAX_CHARACTERS))
    assert long <= 6 * short + 10_000
    assert steps(sentence_of(piece, LENGTH)) <= long * 1.05 + 1_000


def test_a_table_of_figures_ends_somewhere() -> None:
    assert len(extract_facts(["12 people died and 9 cars burned."] * 3000, "en")) <= MAX_FACTS + 2


WORDS = st.sampled_from(
    [
        "12",
        "1,300",
        "two",
        "dozens",
        "of",
        "people",
        "children",
        "were",
        "killed",
        "injured",
        "including",
        "and",
        ",",
        ".",
        "(",
        ")",
        "the",
        "a",
        "said",
        "police",
        "$",
        "%",
        "among",
        "million",
        "at",
        "least",
        "more",
        "than",
        "between",
        "to",
        "from",
        "-",
        "–",
        "“",
        "”",
        "death",
        "toll",
        "rose",
        "half",
        "in",
        "2011",
        "could",
        "no",
        "acres",
        "three-year",
        "5.6",
        "them",
        "aged",
        "and",
        "third",
        "Menschen",
        "starben",
        "darunter",
        "Prozent",
        "der",
        "Polizei",
        "Toten",
        "personas",
        "murieron",
        "al",
        "menos",
        "entre",
        "ellas",
        "km",
        "another",
    ]
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.sampled_from(languages()))
def test_any_text_yields_sound_facts(sentences: list[str], language: str) -> None:
    facts = extract_facts(sentences, language)
    assert facts == extract_facts(sentences, language)
    assert [fact.position for fact in facts] == sorted(fact.position for fact in facts)
    for index, fact in enumerate(facts):
        assert fact.sentence == sentences[fact.position]
        assert 0 <= fact.start < fact.end <= len(fact.sentence)
        assert fact.low is None or fact.high is None or fact.low <= fact.high
        assert fact.low is not None or fact.high is not None or fact.kind is FactKind.QUOTE
        for other in (fact.parent, fact.converts):
            assert other is None or (other != index and facts[other].position <= fact.position)
        assert fact.key.startswith(f"{fact.kind.value}|")
        assert fact.key.count("|") >= 2


SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled(number: int, *, joint: str) -> str:
    """Return a number from 1 to 999,999,999 in words; `joint` stands behind "hundred"."""
    for scale, name in ((1_000_000, "million"), (1000, "thousand")):
        if number >= scale:
            rest = f" {spelled(number % scale, joint=joint)}" if number % scale else ""
            return f"{spelled(number // scale, joint=joint)} {name}{rest}"
    if number >= 100:
        rest = f"{joint}{spelled(number % 100, joint=joint)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    if number < 20:
        return SMALL[number]
    return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 999_999_999), st.sampled_from([" and ", " "]))
def test_law_a_number_is_worth_the_same_in_words_and_in_digits(number: int, joint: str) -> None:
    for written in (spelled(number, joint=joint), str(number), f"{number:,}"):
        assert [fact.low for fact in extract_facts([f"{written} people were injured."], "en")] == [number], written
