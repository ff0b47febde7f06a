"""The smallest edits that change what a sentence says: one digit, a "not", a currency. None may pass as noise."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.changes import content_sha256
from pipeline.changes.noise import essence

SENTENCES = [
    "5 dead in bridge collapse.",
    "The bridge fell 5 minutes ago, police said.",
    "The depth was 1.5 metres at 12:30 on Monday.",
    "Rovers won 3-2 (1-1) after extra time.",
    "Some 2,000 people fled the 21st district.",
    "Shares fell 4.7% to $12.05, down from €13.",
    "It was the 3rd quake since 2019, of magnitude 6.1.",
    "Updated figures put the toll at 17.",
    "By 9 p.m. 140 comments had been read to the court.",
    "Bei dem Unglück starben 5 Menschen, 12 wurden verletzt.",
    "Le bilan est passé à 8 morts, selon la préfecture.",
    "Hace 3 horas murieron 14 personas en el puente.",
    "事故で5人が死亡し、12人がけがをした。",
    "地震は午前5時30分に起きた。",
    "قتل ٥ أشخاص وأصيب ١٢ آخرون.",
]
DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩０１２３４５６７８９"


def counts(sentence: str, edited: str) -> None:
    assert essence(sentence) != essence(edited)
    assert content_sha256("Bridge", sentence) != content_sha256("Bridge", edited)
    assert content_sha256(sentence, "Text.") != content_sha256(edited, "Text.")


@settings(deadline=None)  # the first call compiles the rules
@given(st.sampled_from(SENTENCES), st.integers(0, 200), st.sampled_from(DIGITS))
def test_a_digit_put_in_anywhere_counts(sentence: str, at: int, digit: str) -> None:
    at %= len(sentence) + 1
    counts(sentence, sentence[:at] + digit + sentence[at:])


@settings(deadline=None)  # the first call compiles the rules
@given(st.sampled_from(SENTENCES), st.integers(0, 200), st.integers(1, 9))
def test_a_digit_altered_or_dropped_counts(sentence: str, which: int, by: int) -> None:
    places = [match.start() for match in re.finditer(r"\d", sentence)]
    at = places[which % len(places)]
    counts(sentence, sentence[:at] + str((int(sentence[at]) + by) % 10) + sentence[at + 1 :])
    counts(sentence, sentence[:at] + sentence[at + 1 :])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("He did not resign.", "He did resign."),
        ("Er trat nicht zurück.", "Er trat zurück."),
        ("Il n'a pas démissionné.", "Il a démissionné."),
        ("No dimitió.", "Dimitió."),
        ("Não renunciou.", "Renunciou."),
        ("Non si è dimesso.", "Si è dimesso."),
        ("Hij trad niet af.", "Hij trad af."),
        ("彼は辞任しなかった。", "彼は辞任した。"),
        ("لم يستقل الوزير.", "يستقل الوزير."),
        ("It cost $5m.", "It cost €5m."),
        ("It cost £5m.", "It cost $5m."),
        ("It cost 5m yen (¥).", "It cost 5m won (₩)."),
        ("It rose 5%.", "It rose 5‰."),
        ("It was -5 degrees.", "It was 5 degrees."),
        ("It was −5 degrees.", "It was 5 degrees."),
        ("It is 1.5 metres.", "It is 15 metres."),
        ("At 12:30 it fell.", "At 12.30 it fell."),
        ("Some 2,000 fled.", "Some 2.000 fled."),
        ("By Tilda Brandt's count, it fell.", "By Pia Holm's count, it fell."),
    ],
)
def test_a_small_word_or_sign_counts(old: str, new: str) -> None:
    counts(old, new)
