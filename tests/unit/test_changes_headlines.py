"""Slugs before and behind headlines: how a headline is served is no news, what it says is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.changes.headlines import is_now_corrected, says_otherwise

PLAIN = "Quarry wall gives way, 14 trapped"
SERVED = [
    "UPDATE 1-Quarry wall gives way, 14 trapped",
    "UPDATE 12 - Quarry wall gives way, 14 trapped",
    "WRAPUP 3-BREAKING: Quarry wall gives way, 14 trapped",
    "REFILE-UPDATE 2-Quarry wall gives way, 14 trapped",
    "Update 3: Quarry wall gives way, 14 trapped",
    "WDH/ROUNDUP 2: Quarry wall gives way, 14 trapped",
    "Live: Quarry wall gives way, 14 trapped",
    "LIVE | Quarry wall gives way, 14 trapped",
    "Live – Quarry wall gives way, 14 trapped",
    "BREAKING Quarry wall gives way, 14 trapped",
    "VIDÉO. Quarry wall gives way, 14 trapped",
    "+++ EIL +++ Quarry wall gives way, 14 trapped",
    "[Updated] Quarry wall gives way, 14 trapped",
    "Quarry wall gives way, 14 trapped – as it happened",
    "Quarry wall gives way, 14 trapped - live updates",
    "Exclusive: Quarry wall gives way, 14 trapped (Video)",
    "Watch: Quarry wall gives way, 14 trapped",
]
OTHER = [
    ("UPDATE 2-0 win for Orrin", "UPDATE 3-0 win for Orrin"),
    ("UPDATE 5-year-old found alive", "UPDATE 6-year-old found alive"),
    ("UPDATE 5 dead in quarry", "UPDATE 8 dead in quarry"),
    ("Live-action film wins prize", "Action film wins prize"),
    ("Video-game maker closes", "Game maker closes"),
    ("LIVE-Musik verboten", "Musik verboten"),
    ("Live music banned in Ard", "Music banned in Ard"),
    ("Breaking the quarry's silence", "The quarry's silence"),
    ("Corrections officers strike", "Officers strike"),
    ("Opinion: Close the quarry", "Close the quarry"),
    ("Back from the dead - live and kicking", "Back from the dead"),
    ("Where to watch live", "Where to watch"),
    ("Live", "Update"),
]


@pytest.mark.parametrize("served", SERVED)
def test_a_slug_says_nothing(served: str) -> None:
    assert not says_otherwise(PLAIN, served)
    assert says_otherwise(PLAIN, served.replace("14", "15"))
    assert not is_now_corrected(PLAIN, served)


def test_slugs_of_other_languages_say_nothing() -> None:
    for one, other in [
        ("【速報】採石場が崩壊、14人不明", "採石場が崩壊、14人不明"),
        ("عاجل: انهيار محجر", "انهيار محجر"),
        ("EN DIRECT - Une carrière s'effondre", "Une carrière s'effondre"),
        ("Última hora: se hunde una cantera", "se hunde una cantera"),
        ("ULTIM'ORA: crolla una cava", "crolla una cava"),
        ("Steinbruch stürzt ein: Liveticker", "Steinbruch stürzt ein"),
    ]:
        assert not says_otherwise(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_words_that_look_like_slugs_are_said(one: str, other: str) -> None:
    assert says_otherwise(one, other)


@pytest.mark.parametrize(
    "corrected",
    [
        "CORRECTED-UPDATE 2-Quarry wall gives way, 14 trapped",
        "UPDATE 2-CORRECTED (OFFICIAL)-Quarry wall gives way, 14 trapped",
        "KORREKTUR/ROUNDUP 2: Quarry wall gives way, 14 trapped",
        "Quarry wall gives way, 14 trapped (corrected)",
    ],
)
def test_the_slug_of_a_correction_is_one_when_it_comes(corrected: str) -> None:
    assert is_now_corrected("UPDATE 1-Quarry wall gives way, 12 trapped", corrected)
    assert not is_now_corrected(corrected, corrected)
    assert not is_now_corrected(corrected, PLAIN)
    assert not says_otherwise(PLAIN, corrected)


@given(st.sampled_from([PLAIN, *(other for pair in OTHER for other in pair)]), st.integers(0, 60), st.integers(0, 9))
def test_a_digit_put_into_a_headline_is_said(headline: str, at: int, digit: int) -> None:
    at %= len(headline) + 1
    assert says_otherwise(headline, headline[:at] + str(digit) + headline[at:])


@given(st.sampled_from(SERVED), st.integers(1, 9))
def test_a_figure_behind_a_slug_is_said(served: str, by: int) -> None:
    changed = re.sub("14", str(14 + by), served)
    assert says_otherwise(served, changed)
