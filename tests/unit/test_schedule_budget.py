"""What a fetch from a host is worth, by how much of its budget was used."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import schedule


@given(worth=st.floats(1, 1e5), used=st.floats(0, 1e6))
def test_a_worth_moves_by_a_quarter_at_most_and_stays_within_its_bounds(worth: float, used: float) -> None:
    after = schedule.next_worth(worth, used=used)
    assert 1.0 <= after <= 1e5
    assert worth / 1.251 <= after <= worth * 1.251


@given(worth=st.floats(1, 1e5), one=st.floats(0, 10), other=st.floats(0, 10))
def test_who_uses_more_pays_no_less(worth: float, one: float, other: float) -> None:
    less, more = (schedule.next_worth(worth, used=used) for used in sorted((one, other)))
    assert less <= more


def test_nine_tenths_of_a_budget_keep_a_worth_as_it_is() -> None:
    assert schedule.next_worth(4.0, used=0.9) == pytest.approx(4.0)


def test_a_host_whose_fetches_thin_out_as_they_grow_dearer_comes_to_rest_within_its_budget() -> None:
    worths = [1.0]
    while len(worths) < 60:
        # Intervals grow with the square root of the worth.
        worths.append(schedule.next_worth(worths[-1], used=3.0 / worths[-1] ** 0.5))
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(worths))
    assert 3.0 / worths[-1] ** 0.5 == pytest.approx(0.9)
