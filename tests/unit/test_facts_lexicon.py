"""The lexicons as data: what stands in a list can be found by it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from tomllib import loads
from typing import Any

import pytest

from pipeline.facts import lexicon
from pipeline.facts.lexicon import Lexicon, all_lexicons, languages
from pipeline.facts.tokens import lowers

#: Compared with a qualifier or a word as it is written, with a word and a sign together, or by a pattern.
NOT_TOKENS = {"approximate", "reached", "deadline", "titles", "signs", "of", "hedges"}
FOLDER = Path(lexicon.__file__).parent / "lexicons"


def word_lists(words: Lexicon) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the name and the words of each list whose words are looked up one by one."""
    for field in fields(words):
        value = getattr(words, field.name)
        if isinstance(value, frozenset):
            yield field.name, value
        elif isinstance(value, dict):
            lists = {name: table for name, table in value.items() if isinstance(table, frozenset)}
            yield from lists.items() if lists else [(field.name, frozenset(value))]


@pytest.mark.parametrize("words", all_lexicons(), ids=languages())
def test_what_is_looked_up_word_by_word_is_a_word_that_a_sentence_can_hold(words: Lexicon) -> None:
    lists = [(name, word) for name, table in word_lists(words) for word in table if name not in NOT_TOKENS]
    assert len(lists) > 1000
    assert [(name, word) for name, word in lists if word and lowers(word) != (word,)] == []


def files(language: str) -> dict[str, dict[str, Any]]:
    return {path.name: loads(path.read_text("utf-8")) for path in (FOLDER / language).glob("*.toml")}


def shape(table: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the lists of a file, each with the names that lead to it."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from shape(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


@pytest.mark.parametrize("language", languages())
def test_no_list_names_a_word_twice(language: str) -> None:
    for file, table in files(language).items():
        for name, words in shape(table):
            if isinstance(words, list):
                assert [word for word, count in Counter(words).items() if count > 1] == [], f"{file}: {name}"


@pytest.mark.parametrize("language", sorted(set(languages()) - {"en"}))
def test_every_language_has_the_lists_of_the_pattern(language: str) -> None:
    pattern = files("en")
    for file in ("context.toml", "grammar.toml", "modality.toml", "reporting.toml", "qualifiers.toml"):
        lists = {name for name, _ in shape(files(language)[file])}
        assert lists == {name for name, _ in shape(pattern[file])}, file
