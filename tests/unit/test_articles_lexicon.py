"""The phrase files of the articles room."""

import re

import pytest

from pipeline.articles import lexicon


@pytest.mark.parametrize("section", sorted(lexicon._sections()))
def test_every_phrase_of_a_section_is_a_pattern(section: str) -> None:
    for needle, pattern in lexicon.finder(section).rules:
        assert needle == needle.lower()
        re.compile(pattern, re.IGNORECASE)
