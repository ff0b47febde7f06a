"""The word diff of an edited sentence."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.changes import Piece, word_diff

TEXT = st.text(alphabet=st.sampled_from("ab 12.,$%'’-é東\n"), max_size=40) | st.text(max_size=40)


@given(TEXT, TEXT)
def test_both_sentences_come_back(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.op != "insert") == old
    assert "".join(p.text for p in pieces if p.op != "delete") == new
    assert all(p.text for p in pieces)
    assert all(a.op != b.op for a, b in pairwise(pieces))


@given(TEXT)
def test_equal_sentences_have_no_change(text: str) -> None:
    assert all(piece.op == "equal" for piece in word_diff(text, text))


def test_numbers_change_as_a_whole() -> None:
    assert word_diff("killing 1,240 people", "killing 1,260 people") == (
        Piece("equal", "killing "),
        Piece("delete", "1,240"),
        Piece("insert", "1,260"),
        Piece("equal", " people"),
    )
    assert Piece("delete", "$2.5") in word_diff("worth $2.5 billion", "worth $25 billion")
    assert Piece("delete", "40%") in word_diff("now 40% contained", "now 60% contained")


def test_a_space_between_two_changes_belongs_to_them() -> None:
    assert word_diff("the big fire burns", "the small flood burns") == (
        Piece("equal", "the "),
        Piece("delete", "big fire"),
        Piece("insert", "small flood"),
        Piece("equal", " burns"),
    )


def test_what_is_written_without_spaces_is_not_shown_as_one_word() -> None:
    old, new = "同社の田中一郎社長は市に５人を送った。", "同社の鈴木花子専務は市に八人を送った。"
    assert word_diff(old, new) == (
        Piece("equal", "同社の"),
        Piece("delete", "田中一郎社長"),
        Piece("insert", "鈴木花子専務"),
        Piece("equal", "は市に"),
        Piece("delete", "５"),
        Piece("insert", "八"),
        Piece("equal", "人を送った。"),
    )


def test_a_number_that_stayed_is_never_shown_as_changed() -> None:
    assert Piece("equal", " 5 ") in word_diff("killing 5 people", "injuring 5 women")


def test_a_megabyte_takes_seconds_at_most() -> None:
    old = " ".join(f"w{i}" for i in range(120_000))
    new = " ".join(f"w{i * 7 % 120_000}" for i in range(120_000))
    start = time.process_time()
    word_diff(old, new)
    assert time.process_time() - start < 5
