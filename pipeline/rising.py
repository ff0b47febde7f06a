"""What of a row stays in place when it is put in another order: sentences between two versions, lines on a page."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise


def longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """Return the most of some different numbers that stand in rising order: their longest increasing subsequence.

    Looked for from the end (patience sorting, in n log n): of two that are swapped the second is out of order.
    """
    if all(a < b for a, b in pairwise(numbers)):
        return frozenset(numbers)
    tails: list[int] = []  # the negative of the greatest number with which a row of each length can begin
    behind: dict[int, int | None] = {}
    for number in reversed(numbers):
        at = bisect_left(tails, -number)
        behind[number] = -tails[at - 1] if at else None
        tails[at : at + 1] = [-number]
    kept: set[int] = set()
    rising: int | None = -tails[-1]
    while rising is not None:
        kept.add(rising)
        rising = behind[rising]
    return frozenset(kept)
