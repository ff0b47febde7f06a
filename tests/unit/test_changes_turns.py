"""Contents and headlines that are served in turn."""

from datetime import timedelta

import pytest

from pipeline.changes import decide_version, takes_turns
from pipeline.model import NewVersion
from tests.unit.contents import AT, content_of, version

FIRE = content_of("Fire at Tarn mill", "A fire broke out at the mill.\nIt hurt two workers.")
MORE = content_of("Fire at Tarn mill", "A fire broke out at the mill.\nIt hurt four workers.")
LATER = content_of("Fire at Tarn mill", "A fire broke out at the mill.\nIt hurt four workers and a guard.")
TRIED = content_of("Mill burns in Tarn", FIRE.text)


def is_turn(*served) -> bool:
    """Whether the last of the contents served only takes a turn, all before it being versions."""
    *before, last = served
    versions = [version(content, number) for number, content in enumerate(before, 1)]
    earlier = {one.content_sha256 for one in versions} - {versions[-1].content_sha256}
    decision = decide_version(versions[-1], last, earlier)
    assert isinstance(decision, NewVersion)
    return takes_turns(decision, last, versions[-1], [(one.content_sha256, one.headline) for one in versions])


@pytest.mark.parametrize("other", [MORE, TRIED])
def test_the_third_reversal_is_a_turn(other) -> None:
    assert not is_turn(FIRE, other, FIRE)
    assert not is_turn(FIRE, other, FIRE, other)
    assert is_turn(FIRE, other, FIRE, other, FIRE)


def test_a_new_text_is_no_turn_after_however_many() -> None:
    assert not is_turn(*[FIRE, MORE] * 3, LATER)


def test_a_reversal_to_a_version_that_took_no_turn_is_told() -> None:
    assert not is_turn(LATER, *[FIRE, MORE] * 3, LATER)


def test_three_headlines_take_turns_once_each_has_come_back() -> None:
    third = content_of("Workers flee burning mill", FIRE.text)
    assert not is_turn(FIRE, TRIED, third, FIRE, TRIED, third)
    assert is_turn(FIRE, TRIED, third, FIRE, TRIED, third, FIRE)


def test_headlines_go_on_taking_turns_above_a_new_text() -> None:
    tried_later = content_of(TRIED.headline, LATER.text)
    assert is_turn(FIRE, TRIED, FIRE, TRIED, LATER, tried_later)


def test_what_is_stamped_anew_is_a_journalists() -> None:
    stamped = [
        content_of(FIRE.headline, text, modified_at=AT + timedelta(minutes=minute))
        for minute, text in enumerate([FIRE.text, MORE.text, FIRE.text, MORE.text, FIRE.text])
    ]
    assert not is_turn(*stamped)
