"""The metric of the article-extraction-benchmark: what it counts and what it does not."""

import pytest

from benchmarks.extraction_shingles import shares, summary


def test_equal_words_are_all_shared_whatever_their_punctuation() -> None:
    assert shares("The bridge fell, police said.", "The bridge fell - police said") == (1.0, 0.0, 0.0)


def test_nothing_found_is_all_missing() -> None:
    assert shares("", "one two three four five") == (0.0, 0.0, 1.0)


def test_case_counts() -> None:
    assert shares("one two three four", "One two three four") == (0.0, 0.5, 0.5)


def test_each_page_counts_alike_and_one_without_a_find_has_no_precision() -> None:
    figures = summary([shares("a b c d e", "a b c d e"), shares("", "a b c d")])
    assert figures == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(0.6667), "accuracy": 0.5}
