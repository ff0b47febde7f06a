"""Values of facts as they are written where their sentence is not at hand."""

from decimal import Decimal

import pytest

from pipeline.facts import hedged


@pytest.mark.parametrize(
    ("low", "high", "qualifier", "text"),
    [
        (90, None, "more than", "more than 90"),
        (None, 3000, "fewer than", "fewer than 3000"),
        (240, 240, "about", "about 240"),
        (5000, 5000, "estimated", "estimated 5000"),
        (40, None, "or more", "40 or more"),
        (40, 40, "or so", "40 or so"),
        (12, None, "mindestens", "mindestens 12"),
        (12, None, "oder mehr", "12 oder mehr"),
        (12, None, "al menos", "al menos 12"),
    ],
)
def test_a_hedge_stands_where_its_sentence_had_it(low: int | None, high: int | None, qualifier: str, text: str) -> None:
    low_and_high = [None if value is None else Decimal(value) for value in (low, high)]
    assert hedged(*low_and_high, qualifier, written=str) == text


@pytest.mark.parametrize(
    ("low", "high", "qualifier"),
    [(200, None, "hundreds"), (12, 12, "a dozen"), (3, 5, "about"), (None, None, "at least"), (12, 12, None)],
    ids=["a word for a number", "another", "a range", "no number", "no hedge"],
)
def test_what_has_no_hedge_of_one_number_is_left_to_others(
    low: int | None, high: int | None, qualifier: str | None
) -> None:
    low_and_high = [None if value is None else Decimal(value) for value in (low, high)]
    assert hedged(*low_and_high, qualifier, written=str) is None
