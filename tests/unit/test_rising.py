"""What stays in place when a row is put in another order."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.rising import longest_rising


def rises(numbers: tuple[int, ...]) -> bool:
    return all(a < b for a, b in pairwise(numbers))


@given(st.lists(st.integers(0, 50), unique=True, max_size=9))
def test_it_rises_in_the_order_of_the_row_and_none_that_rises_is_longer(numbers: list[int]) -> None:
    kept = longest_rising(numbers)
    assert rises(tuple(number for number in numbers if number in kept))
    assert not any(map(rises, combinations(numbers, len(kept) + 1)))


def test_of_two_that_are_swapped_the_second_is_out_of_order() -> None:
    assert longest_rising([1, 3, 2, 4]) == {1, 3, 4}
