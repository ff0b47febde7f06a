"""Comparing two versions sentence by sentence: the laws, each kind of update, and hostile sizes."""

import json
import os
import subprocess
import sys
import time
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.changes import apply_updates, compare, normalise, split_sentences
from pipeline.changes.comparison import moved_links
from pipeline.changes.noise import essence
from pipeline.model import UpdateKind

BRIDGE = (
    "A bridge over the Karu river collapsed on Monday, killing at least five people, police said.",
    "Rescue teams searched the water through the night with boats and lamps.",
    "The bridge was built in 1961 and carried eight thousand cars a day.",
    "Mayor Tilda Brandt called for an inquiry into its upkeep.",
    "Schools in the valley stay closed until Thursday.",
)


def kinds(old, new) -> list[tuple[UpdateKind, int | None, int | None]]:
    return [(u.kind, u.old_position, u.new_position) for u in compare(old, new).updates]


def test_equal_versions_have_no_update() -> None:
    comparison = compare(BRIDGE, BRIDGE)
    assert comparison.updates == ()
    assert comparison.kept == 1.0
    assert comparison.links == tuple((i, i) for i in range(5))


def test_a_changed_number_is_an_edit() -> None:
    new = (BRIDGE[0].replace("five", "eight"), *BRIDGE[1:])
    (update,) = compare(BRIDGE, new).updates
    assert (update.kind, update.old_position, update.new_position) == (UpdateKind.EDITED, 0, 0)
    assert (update.old_text, update.new_text) == (BRIDGE[0], new[0])


def test_a_decimal_point_is_an_edit() -> None:
    old = ("The river rose 1.5 metres overnight in the old town.",)
    assert kinds(old, ("The river rose 15 metres overnight in the old town.",)) == [(UpdateKind.EDITED, 0, 0)]


def test_a_new_first_sentence_moves_nothing() -> None:
    new = ("Divers found the last missing lorry on Wednesday.", *BRIDGE)
    assert kinds(BRIDGE, new) == [(UpdateKind.ADDED, None, 0)]


def test_newest_first_entries_are_only_added() -> None:
    live = ("Latest", *BRIDGE)
    new = ("Latest", "The water is falling again.", "Power is back in the north.", *BRIDGE)
    assert kinds(live, new) == [(UpdateKind.ADDED, None, 1), (UpdateKind.ADDED, None, 2)]


def test_a_removed_sentence_is_told_where_it_stood() -> None:
    new = (*BRIDGE[:2], *BRIDGE[3:], "The army sent a mobile bridge.")
    assert kinds(BRIDGE, new) == [(UpdateKind.REMOVED, 2, None), (UpdateKind.ADDED, None, 4)]


def test_a_sentence_that_crosses_others_moved() -> None:
    new = (BRIDGE[4], *BRIDGE[:4])
    assert kinds(BRIDGE, new) == [(UpdateKind.MOVED, 4, 0)]


def test_of_two_swapped_sentences_the_one_that_moved_up_moved() -> None:
    assert kinds(BRIDGE[:2], (BRIDGE[1], BRIDGE[0])) == [(UpdateKind.MOVED, 1, 0)]


def test_a_moved_and_edited_sentence_keeps_both_texts() -> None:
    edited = BRIDGE[3].replace("called for", "demanded")
    (update,) = compare(BRIDGE, (edited, *BRIDGE[:3], BRIDGE[4])).updates
    assert (update.kind, update.old_text, update.new_text) == (UpdateKind.MOVED, BRIDGE[3], edited)


def test_a_sentence_that_was_split_has_one_row_for_each_part() -> None:
    old = (
        BRIDGE[0],
        "The bridge, built by the Orlo company in 1961, carried eight thousand cars a day to the harbour.",
        BRIDGE[4],
    )
    new = (
        BRIDGE[0],
        "The bridge was built by the Orlo company in 1961.",
        "It carried eight thousand cars a day to the harbour.",
        BRIDGE[4],
    )
    assert kinds(old, new) == [(UpdateKind.SPLIT, 1, 1), (UpdateKind.SPLIT, 1, 2)]
    assert kinds(new, old) == [(UpdateKind.MERGED, 1, 1), (UpdateKind.MERGED, 2, 1)]


FIRE = "A fire swept through a warehouse in the port of Laru on Friday, officials said."
QUAY = "The harbour master closed the northern quay until further notice."


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (
            ("Five people were killed.", "Another twelve were taken to hospital with burns."),
            "Seven people were killed and another twelve were taken to hospital with burns.",
        ),
        (("Two died.", "Nine were hurt."), "Three died and nine were hurt."),
        (
            ("The quake had a magnitude of 6.1.", "It struck at a depth of 10 kilometres."),
            "The quake, of magnitude 6.3, struck at a depth of 12 kilometres.",
        ),
    ],
)
def test_sentences_that_merge_or_split_while_a_number_changes_are_told_so(parts, whole) -> None:
    merged = [(UpdateKind.MERGED, 1, 1), (UpdateKind.MERGED, 2, 1)]
    assert kinds((FIRE, *parts, QUAY), (FIRE, whole, QUAY)) == merged
    split = [(UpdateKind.SPLIT, 1, 1), (UpdateKind.SPLIT, 1, 2)]
    assert kinds((FIRE, whole, QUAY), (FIRE, *parts, QUAY)) == split


def test_a_short_sentence_of_other_words_beside_one_that_grew_is_no_part_of_it() -> None:
    old = (FIRE, "Two fled.", "Nine were hurt.", QUAY)
    assert (UpdateKind.REMOVED, 1, None) in kinds(old, (FIRE, "Three died and nine were hurt.", QUAY))


def test_typography_is_no_update() -> None:
    old = ('Brandt said: "It was old" -- and left.', "Soft\u00adhyphens vanish.", "A lone line")
    new = ("Brandt  said: “It was old” — and left.", "Softhyphens vanish.", "A\u00a0lone\u200b line")
    assert compare(old, new).updates == ()


def test_another_text_of_a_stamp_or_counter_is_no_update() -> None:
    old = ("Updated 3 hours ago", *BRIDGE, "12 comments")
    new = ("Updated 5 minutes ago", *BRIDGE, "1,312 comments")
    assert compare(old, new).updates == ()


def test_unlike_sentences_are_not_linked() -> None:
    other = ("The finance ministry sold bonds worth two billion crowns.", "Figs are in season.")
    comparison = compare(BRIDGE, other)
    assert comparison.links == ()
    assert comparison.kept == 0.0


def test_sentences_without_spaces_are_aligned_by_letter() -> None:
    old = split_sentences("川に架かる橋が月曜日に崩落し、5人が死亡した。市長は調査を求めた。", "ja")
    new = split_sentences("川に架かる橋が月曜日に崩落し、8人が死亡した。市長は調査を求めた。", "ja")
    assert kinds(old, new) == [(UpdateKind.EDITED, 0, 0)]


def test_arabic_sentences_are_aligned() -> None:
    old = split_sentences("انهار جسر فوق النهر يوم الاثنين وقتل خمسة أشخاص. طالب العمدة بتحقيق.", "ar")
    new = split_sentences("انهار جسر فوق النهر يوم الاثنين وقتل ثمانية أشخاص. طالب العمدة بتحقيق.", "ar")
    assert kinds(old, new) == [(UpdateKind.EDITED, 0, 0)]


PIECES = ["the", "bridge", "fell", "river", "5", "8", "1.5", "police", "said", "“old”", "night", "boats", "—", "a"]
WORDS = st.sampled_from([*PIECES, "Updated", "ago", "3", "hours", ".", "東", "\u200b"])
SENTENCES = st.lists(
    st.lists(WORDS, min_size=1, max_size=9).map(" ".join) | st.text(max_size=8) | st.sampled_from(BRIDGE), max_size=9
)


@given(SENTENCES, SENTENCES)
def test_the_updates_turn_the_old_version_into_the_new(old: list[str], new: list[str]) -> None:
    comparison = compare(old, new)
    applied = apply_updates(old, comparison.updates)
    assert [essence(s) for s in applied] == [essence(s) for s in new]
    assert 0.0 <= comparison.kept <= 1.0
    assert compare(new, applied).updates == ()


@given(SENTENCES)
def test_a_version_equals_itself(sentences: list[str]) -> None:
    assert compare(sentences, sentences).updates == ()


@given(SENTENCES, st.randoms(use_true_random=False))
def test_shuffled_edits_still_apply(sentences: list[str], random) -> None:
    new = [s + " today" if random.random() < 0.3 else s for s in sentences]
    random.shuffle(new)
    assert [essence(s) for s in apply_updates(sentences, compare(sentences, new).updates)] == [essence(s) for s in new]


@given(st.permutations(range(7)))
def test_as_few_as_possible_are_moved(order: list[int]) -> None:
    links = list(enumerate(order))
    moved = moved_links(links)
    kept = [link for link in links if link not in moved]
    assert all(a[1] < b[1] for a, b in pairwise(kept))
    increasing = (
        [new for new, chosen in zip(order, choice, strict=True) if chosen] for choice in product((0, 1), repeat=7)
    )
    assert len(kept) == max(len(run) for run in increasing if run == sorted(run))


def test_updates_of_another_text_are_refused() -> None:
    updates = compare(BRIDGE, (*BRIDGE, "A last line that nobody expected.")).updates
    with pytest.raises(ValueError, match="another text"):
        apply_updates(BRIDGE[:2], updates)


HOSTILE = {
    "equal": (["Same line here."] * 10_000, ["Same line here."] * 10_000),
    "equal but for one word": (["Same line here."] * 10_000, ["Same line there."] * 10_000),
    "two alternating": (["Same line here."] * 10_000, ["Same line here.", "x y z"] * 5_000),
    "one of a megabyte": ([" ".join(f"w{i}" for i in range(150_000))], [" ".join(f"w{i}" for i in range(9, 150_009))]),
    "all numbered": ([f"Row {i} of {i}" for i in range(10_000)], [f"Row {i} of {i + 1}" for i in range(10_000)]),
    "reversed": ([f"Row {i}" for i in range(5_000)], [f"Row {i}" for i in range(5_000, 0, -1)]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_seconds_at_most(name: str) -> None:
    old, new = HOSTILE[name]
    start = time.process_time()
    updates = compare(old, new).updates
    assert time.process_time() - start < 10
    assert [normalise(s) for s in apply_updates(old, updates)] == [normalise(s) for s in new]


@pytest.fixture(scope="module")
def alignment(data_dir: Path) -> dict:
    """What the benchmark of the alignment measures on bullets."""
    return _benchmark("alignment", data_dir / "wikipedia-current-events")


@pytest.mark.parametrize(("name", "least"), [("bullet_match_hard", 0.93), ("bullet_match_gold_600", 0.985)])
def test_edited_bullets_are_linked_as_well_as_measured(alignment: dict, name: str, least: float) -> None:
    assert alignment[name]["edited_link_f1"] >= least


def test_every_revert_is_named_and_no_other(data_dir: Path) -> None:
    figures = _benchmark("reverts", data_dir / "bbc-homepage-headlines")
    assert figures["found"] == figures["reverts"] > 0
    assert figures["false"] == 0


def _benchmark(name: str, data: Path) -> dict:
    checkout = Path(__file__).parents[2]
    command = [sys.executable, "-m", f"benchmarks.{name}", "--data", str(data)]
    run = subprocess.run(command, cwd=checkout, capture_output=True, check=True, env=dict(os.environ))
    return json.loads(run.stdout)


def test_a_sentence_that_a_note_says_was_removed_was_not_edited_into_the_note() -> None:
    story = ("The council approved the plan on Monday.", "Opponents said the plan was too dear.")
    note = "Correction: A sentence saying that opponents called the plan too dear has been removed."
    kinds = [(update.kind, update.old_text or update.new_text) for update in compare(story, (story[0], note)).updates]
    assert sorted(kinds) == [(UpdateKind.ADDED, note), (UpdateKind.REMOVED, story[1])]
