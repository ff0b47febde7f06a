"""The phrase files of the articles room."""

import re

import pytest

from pipeline.articles import lexicon


@pytest.mark.parametrize("section", sorted(lexicon._sections()))
def test_every_phrase_of_a_section_is_a_pattern(section: str) -> None:
    for rule in lexicon.finder(section).rules:
        assert rule.needle == rule.needle.lower()
        re.compile(rule.pattern, re.IGNORECASE)


@pytest.mark.parametrize("section", sorted(lexicon._sections()))
def test_a_narrowed_finder_finds_whatever_stands_in_the_text(section: str) -> None:
    lines = [re.sub(r"\W*\[[^]]*\]|[~$()…]|\|[^)]*", "", phrase.source) for phrase in lexicon.phrases(section)]
    finder = lexicon.finder(section)
    found = [bool(finder.search(line.upper())) for line in lines]
    assert any(found)
    narrowed = finder.narrowed(lexicon.sought("\n".join(line.upper() for line in lines)))
    assert [bool(narrowed.search(line.upper())) for line in lines] == found
    each = [finder.narrowed(lexicon.sought(line.upper())).search(line.upper()) for line in lines]
    assert [bool(match) for match in each] == found
