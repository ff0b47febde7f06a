"""What a new version does to the facts an article holds. All sentences are made up."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pipeline.facts import extract_facts, reconcile, with_retold
from pipeline.model import FactChange, FactChangeKind, FactKind, HeldFact
from tests.unit.ledgers import Links, held_after


def first(*sentences: str) -> list[HeldFact]:
    return held_after(reconcile((), extract_facts(sentences, "en"), ()))


def step(old: Sequence[str], new: Sequence[str], links: Links) -> tuple[FactChange, ...]:
    return reconcile(first(*old), extract_facts(new, "en"), links)


def told(changes: Sequence[FactChange]) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    """Return verdict, key, old and new low of each change."""
    return [
        (
            change.kind.value,
            (change.fact or change.held.fact).key if change.fact or change.held else "",
            change.held.fact.low if change.held else None,
            change.fact.low if change.fact else None,
        )
        for change in changes
    ]


def test_a_toll_may_rise_and_fall() -> None:
    old = ["At least 12 people were killed in the quake."]
    assert told(step(old, ["At least 27 people were killed in the quake."], [(0, 0)])) == [
        ("changed", "killed|people|", 12, 27)
    ]
    assert told(step(old, ["At least 9 people were killed in the quake."], [(0, 0)])) == [
        ("changed", "killed|people|", 12, 9)
    ]


def test_the_same_number_written_otherwise_is_confirmed() -> None:
    changes = step(["Thirteen people were killed."], ["13 people were killed."], [(0, 0)])
    assert [change.kind for change in changes] == [FactChangeKind.CONFIRMED]


@pytest.mark.parametrize(
    ("new", "verdict"),
    [
        ("At least 70 people were injured.", "requalified"),
        ("70 people were injured.", "requalified"),
        ("Around 70 people were injured.", "confirmed"),
        ("About 70 people were injured, police said.", "requalified"),
        ("About 71 people were injured.", "changed"),
        ("About 70 people were killed.", "added"),
    ],
)
def test_another_bound_or_source_requalifies(new: str, verdict: str) -> None:
    changes = step(["About 70 people were injured."], [new], [(0, 0)])
    assert changes[0].kind.value == verdict


def test_what_is_no_longer_said_is_dropped_and_what_is_new_is_added() -> None:
    changes = step(
        ["Two people were killed.", "The fire burned 300 acres."],
        ["Two people were killed.", "Nine people are missing."],
        [(0, 0)],
    )
    assert told(changes) == [
        ("confirmed", "killed|people|", 2, 2),
        ("added", "missing|people|", None, 9),
        ("dropped", "measure||acres", 300, None),
    ]


def test_the_headline_toll_keeps_its_key_when_its_sentence_is_rewritten() -> None:
    changes = step(
        ["At least 12 people were killed when a quake struck Obera on Monday."],
        ["Rescuers dug through the night.", "The death toll has risen to 27, the ministry said."],
        [],
    )
    assert told(changes) == [("changed", "killed|people|", 12, 27)]


def test_a_headline_toll_is_not_taken_by_a_part_or_by_another_event() -> None:
    changes = step(
        ["At least 12 people were killed on Monday."],
        ["The 1999 quake killed 17,000 people."],
        [],
    )
    assert [change.kind.value for change in changes] == ["added", "dropped"]


def test_one_fact_said_in_headline_and_body_is_one_fact_and_the_attributed_mention_wins() -> None:
    changes = reconcile(
        (),
        extract_facts(
            ["Quake kills 12 people in Obera", "Twelve people were killed, the ministry said.", "It burned for days."],
            "en",
        ),
        (),
    )
    assert [(change.fact.attribution, change.fact.position) for change in changes if change.fact] == [
        ("the ministry", 1)
    ]


def test_two_equal_figures_of_one_sentence_are_two_facts() -> None:
    changes = reconcile(
        (), extract_facts(["Three men were killed in Obera and three men were killed in Lorrin."], "en"), ()
    )
    assert [change.fact.key for change in changes if change.fact] == ["killed|man|", "killed|man|#2"]


def test_rivals_keep_their_own_keys_over_versions() -> None:
    old = ["The army says 30 people were killed.", "The rebels say 90 people were killed."]
    new = ["The army says 31 people were killed.", "The rebels say 95 people were killed."]
    assert told(step(old, new, [(0, 0), (1, 1)])) == [
        ("changed", "killed|people|", 30, 31),
        ("changed", "killed|people|#2", 90, 95),
    ]


def test_two_tolls_of_two_places_that_change_their_order_are_confirmed() -> None:
    old = ["Floods killed 14 people in Ard and seven in Orrin, officials said."]
    changes = step(old, ["Floods killed seven people in Orrin and 14 in Ard, officials said."], [(0, 0)])
    assert {change.kind for change in changes} == {FactChangeKind.CONFIRMED}


def test_a_toll_follows_its_place_and_not_the_number_of_another() -> None:
    old = ["Floods killed 12 people in Ard and seven in Orrin."]
    new = ["Floods killed 14 people in Ard and 12 in Orrin."]
    assert told(step(old, new, [(0, 0)])) == [
        ("changed", "killed|people|", 12, 14),
        ("changed", "killed|people|#2", 7, 12),
    ]
    swapped = ["Floods killed 12 people in Orrin and 14 in Ard."]
    assert sorted(told(step(old, swapped, [(0, 0)]))) == [
        ("changed", "killed|people|", 12, 14),
        ("changed", "killed|people|#2", 7, 12),
    ]


def test_places_whose_names_begin_alike_are_two_and_a_longer_name_is_the_same_place() -> None:
    old = ["Floods killed 12 people in New Orrin and seven in New Sel."]
    assert sorted(told(step(old, ["Floods killed 12 people in New Sel and 14 in New Orrin."], [(0, 0)]))) == [
        ("changed", "killed|people|", 12, 14),
        ("changed", "killed|people|#2", 7, 12),
    ]
    longer = step(["Floods killed 12 people in Karu."], ["Floods killed 14 people in Karu City."], [(0, 0)])
    assert told(longer) == [("changed", "killed|people|", 12, 14)]


def test_the_toll_of_one_place_is_not_taken_for_that_of_another() -> None:
    old = "Air strikes killed at least 33 people in Karu city and eight in the town of Sel on Friday, they said."
    new = "Air strikes killed at least 44 people in Karuland on Friday, 35 of them in Karu city, the ministry said."
    changes = told(step([old], [new], [(0, 0)]))
    assert ("dropped", "killed|people|#2", 8, None) in changes
    assert {after for verdict, _, _, after in changes if verdict == "changed"} <= {35, 44}


def test_a_headline_toll_follows_its_place_into_other_words() -> None:
    changes = step(["Floods killed 12 people in Karu."], ["Floods killed 14 people in Morvan's capital."], [(0, 0)])
    assert told(changes) == [("changed", "killed|people|", 12, 14)]


def test_a_dropped_rival_leaves_the_other_its_key() -> None:
    old = ["The army says 30 people were killed.", "The rebels say 90 people were killed."]
    changes = step(old, ["The rebels say 90 people were killed."], [(1, 0)])
    assert told(changes) == [("confirmed", "killed|people|#2", 90, 90), ("dropped", "killed|people|", 30, None)]


def test_a_part_names_the_change_of_its_whole() -> None:
    found = extract_facts(
        ["Quake kills 12 people", "Police said 12 people were killed, including three children."], "en"
    )
    changes = reconcile((), found, ())
    whole = next(change.fact for change in changes if change.fact and change.fact.low == 12)
    part = next(change.fact for change in changes if change.fact and change.fact.low == 3)
    assert part.parent is not None
    assert changes[part.parent].fact is whole
    assert whole.attribution == "Police"


def test_a_sum_restated_in_another_currency_is_the_same_sum() -> None:
    old = ["The fund raised US$8.2 million for the port."]
    (change,) = step(old, ["The fund raised €7 million (US$8.2 million) for the port."], [(0, 0)])
    assert (change.kind, change.fact and change.fact.key) == (FactChangeKind.CHANGED, "money||EUR")


def test_a_conversion_that_comes_or_goes_is_no_change() -> None:
    plain, converted = ["The ship lay 144 km off the coast."], ["The ship lay 144 km (89 mi) off the coast."]
    assert [change.kind for change in step(plain, converted, [(0, 0)])] == [FactChangeKind.CONFIRMED]
    assert [change.kind for change in step(converted, plain, [(0, 0)])] == [FactChangeKind.CONFIRMED]


def test_the_one_crowd_of_a_sentence_is_the_one_crowd_it_became() -> None:
    old = ["Thousands of Norland activists march against the dam."]
    new = ["Over 20,000 protesters march against the dam."]
    (change,) = step(old, new, [(0, 0)])
    assert change.kind is FactChangeKind.CHANGED
    assert {change.kind for change in step(old, new, [])} == {FactChangeKind.ADDED, FactChangeKind.DROPPED}


def test_a_longer_history_keeps_one_key() -> None:
    versions = [
        ["At least 12 people were killed in Obera."],
        ["At least 27 people were killed in Obera and nine are missing."],
        ["The toll from the quake stands at 41.", "Four people are missing."],
        ["Officials corrected the toll to 38 people dead.", "Nobody is missing any more."],
    ]
    held: list[HeldFact] = []
    keys: list[str] = []
    for sentences in versions:
        changes = reconcile(held, extract_facts(sentences, "en"), [(0, 0)])
        held = held_after(changes)
        keys += [change.fact.key for change in changes if change.fact and change.fact.kind is FactKind.KILLED]
    assert set(keys) == {"killed|people|"}
    assert len(keys) == len(versions)


def test_the_share_of_one_party_is_not_taken_for_that_of_the_other() -> None:
    old = "The Greens lead with 31 percent, ahead of the Liberals with 28 percent."
    new = "The Liberals lead with 30 percent, ahead of the Greens with 29 percent."
    assert ("changed", "percent|liberal|%", 28, 29) not in told(step([old], [new], [(0, 0)]))


def test_a_share_of_what_is_worded_anew_is_changed() -> None:
    changes = step(
        ["The fund will take 40 percent of the port."], ["The fund will take 49 percent of the offer."], [(0, 0)]
    )
    assert [(change.kind.value, change.fact and change.fact.low) for change in changes] == [("changed", 49)]


def test_a_number_that_is_only_denied_is_no_other_number() -> None:
    changes = step(["It will revoke its 34% tariff."], ["It does not revoke its 34% tariff."], [(0, 0)])
    assert [change.kind for change in changes] == [FactChangeKind.REQUALIFIED]


def test_the_one_who_died_stands_once() -> None:
    assert len(first("One person was killed in Orrin.", "A woman was killed when a wall fell.")) == 1
    assert len(first("One person was killed in Orrin.", "A woman was injured when a wall fell.")) == 2
    assert len(first("One man was killed in Orrin.", "A woman was killed when a wall fell.")) == 2


def test_a_figure_is_known_by_the_words_beside_it_where_another_comes_before_it() -> None:
    old = ["Orlo is recalling 61,000 heaters after nine of them caught fire."]
    new = ["Orlo is recalling 118,000 heaters, including 40,000 in Tarn, after 14 of them caught fire."]
    assert told(step(old, new, [(0, 0)])) == [
        ("changed", "count|heater|", 61000, 118000),
        ("added", "count|heater|#3", None, 40000),
        ("changed", "count|heater|#2", 9, 14),
    ]


@pytest.mark.parametrize(
    ("old", "new", "verdicts"),
    [
        ("The index was up 0.3% at noon.", "The index closed down 0.2% at night.", {"added", "dropped"}),
        ("The index rose 0.3% at noon.", "The index fell 0.3% at night.", {"added", "dropped"}),
        ("The index was up 0.3% at noon.", "The index closed 0.5% higher at night.", {"changed"}),
        ("Inflation stood at 3.1%, up from 3%.", "Inflation stood at 3.3%, down from 3.4%.", {"changed"}),
    ],
)
def test_a_rise_is_not_the_fall_that_followed_it(old: str, new: str, verdicts: set[str]) -> None:
    assert {change.kind.value for change in step([old], [new], [(0, 0)])} == verdicts


@pytest.mark.parametrize(
    ("old", "new", "told_now"),
    [
        # Nobody, then somebody of any kind; and the other way.
        ("No deaths were reported in Orrin.", "A child was killed in Orrin.", [("changed", 0, 1)]),
        ("A child was killed in Orrin.", "No deaths were reported in Orrin.", [("changed", 1, 0)]),
        # Another unit that the text does not convert is another sum.
        (
            "The fund raised US$8 million.",
            "The fund raised €7 million.",
            [("added", None, 7_000_000), ("dropped", 8_000_000, None)],
        ),
        # One crowd became two: neither is known to be the one it was.
        (
            "Thousands of activists march.",
            "Over 200 protesters and 300 students march.",
            [("added", None, 200), ("added", None, 300), ("dropped", 2000, None)],
        ),
        # Things are no crowd.
        ("About 200 trucks burn.", "About 300 houses burn.", [("added", None, 300), ("dropped", 200, None)]),
    ],
)
def test_what_goes_on_as_what(old: str, new: str, told_now: list[tuple[str, int | None, int | None]]) -> None:
    assert [(verdict, before, after) for verdict, _, before, after in told(step([old], [new], [(0, 0)]))] == told_now


def test_one_person_and_one_woman_of_the_same_sentence_are_two() -> None:
    assert len(first("One person was killed and a woman was killed in Orrin.")) == 2


def test_a_quote_is_the_same_whoever_moves_it_and_another_in_other_words() -> None:
    old = ["“We will not leave the valley,” Lina Orr said."]
    moved = step(old, ["It rained.", "“We will not leave the valley!” Lina Orr said."], [])
    assert [change.kind for change in moved] == [FactChangeKind.CONFIRMED]
    other = step(old, ["“We will never leave the valley,” Lina Orr said."], [(0, 0)])
    assert {change.kind for change in other} == {FactChangeKind.ADDED, FactChangeKind.DROPPED}


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("Coverage stands at 71%.", "Coverage stands at 73%, up from 71% last month.", (71, 73)),
        ("The fine was $4 million.", "The fine was $3 million, down from $4 million.", (4_000_000, 3_000_000)),
    ],
)
def test_a_figure_goes_on_as_the_new_one_and_not_as_what_that_is_compared_with(
    old: str, new: str, change: tuple[int, int]
) -> None:
    changed = [one for one in step([old], [new], [(0, 0)]) if one.kind is FactChangeKind.CHANGED]
    assert [(one.held.fact.low, one.fact.low) for one in changed if one.held and one.fact] == [change]


@pytest.mark.parametrize(
    ("old", "new", "retold"),
    [
        ("One person has died in the crash.", "Carl Mott, 58, has died in the crash.", True),
        ("A man died in the crash.", "The driver of the truck died in the crash.", True),
        ("A man died in the crash.", "The driver of the truck was hurt.", False),
        ("Four people died in the crash.", "The guards died in the crash.", False),
    ],
)
def test_one_who_is_named_by_now_is_dropped_and_yet_told_of(old: str, new: str, retold: bool) -> None:
    changes = with_retold(step([old], [new], [(0, 0)]), [new], "en")
    dropped = [change for change in changes if change.kind is FactChangeKind.DROPPED]
    assert [change.retold for change in dropped] == [retold]


def test_the_share_of_votes_counted_is_not_taken_for_that_of_a_candidate() -> None:
    old = "With 85% of votes counted, Ada Holm has 50.2%, against 44.3% for Petar Valin."
    new = "Ada Holm has won with 50.9% of the vote, against 43.8% for Petar Valin."
    changed = [one for one in step([old], [new], [(0, 0)]) if one.kind is FactChangeKind.CHANGED]
    assert [(one.fact.subject, one.held.fact.low) for one in changed if one.held and one.fact] == [
        ("petar valin", Decimal("44.3"))
    ]
