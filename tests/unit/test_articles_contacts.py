"""Lines that say how to write to somebody: a reporter's go, an appeal to witnesses is news."""

import pytest

from pipeline.articles.cleaning import clean_lines, furniture

NOBODY = furniture([], [])


@pytest.mark.parametrize(
    "line",
    [
        "ines.calloway@harbour-times.example",
        "• Email: ines.calloway@harbour-times.example",
        "Write to Ines Calloway at ines@harbour-times.example",
        "Write to Ines Calloway at ines@harbour-times.example.",
        "정덕현 칼럼니스트 jung@paper.example",
    ],
)
def test_a_reporters_address_is_no_text(line: str) -> None:
    assert clean_lines([line], NOBODY, None) == []


@pytest.mark.parametrize(
    "line",
    [
        "Anyone who saw the car is asked to write to witness@orrin-police.example.",
        "Witnesses can write to witness@orrin-police.example",
        "Hinweise nimmt die Polizei unter Telefon 0123 456 oder hinweise@polizei.example entgegen",
        "Call 555 0123 or write to Tips at tips@orrin-police.example",
    ],
)
def test_an_appeal_to_witnesses_is_text(line: str) -> None:
    assert clean_lines([line], NOBODY, None) == [line]
