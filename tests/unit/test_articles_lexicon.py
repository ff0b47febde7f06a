"""The phrase files of the articles room."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import lexicon


@pytest.mark.parametrize("section", sorted(lexicon._sections()))
def test_every_phrase_of_a_section_is_a_pattern(section: str) -> None:
    for rule in lexicon.finder(section).rules:
        assert rule.needle == lexicon.sought(rule.needle).folded
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


@pytest.mark.parametrize("section", sorted(lexicon._sections()))
@given(data=st.data())
def test_whatever_matches_a_phrase_has_the_words_it_is_looked_for_by(section: str, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(lexicon.phrases(section)))
    text = data.draw(st.from_regex(re.compile(phrase.pattern, re.IGNORECASE)))
    match = re.search(phrase.pattern, text, re.IGNORECASE)
    assert match
    assert phrase.needle in lexicon.sought(text).folded
    for words in phrase.words:
        assert words & lexicon.sought(text).words, phrase.source


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("more to come", [{"more"}, {"to"}, {"come"}]),
        ("[an] update", [{"update"}]),
        ("develop[ing] story", [{"story"}]),
        ("(story|this article) is [still] updated", [{"is"}, {"updated"}, {"story", "article"}]),
        ("with (agencies|agency (inputs|reports)|wires)", [{"with"}, {"agencies", "agency", "wires"}]),
        ("(story [remains here]|x)", []),
        ("pre(view|fix)", []),
        ("we'll see", [{"see"}]),
        ("続きを読む", []),
    ],
)
def test_a_phrase_is_looked_for_by_its_whole_words(source: str, words: list[set[str]]) -> None:
    assert list(lexicon.compile_phrase(source, "en").words) == words


def test_capitals_of_a_language_with_two_letters_i_are_found() -> None:
    assert lexicon.finder("live", language="tr").search("CANLI")
