"""Pages in other languages: cut into sentences, aligned and told apart well enough to be read."""

import json
from pathlib import Path

import pytest

from pipeline.changes import apply_updates, compare, split_sentences, word_diff
from pipeline.model import UpdateKind

PAGES = Path(__file__).parent / "pages"

#: Sentences of each page, and an edit: a passage of the page, and what a later version says instead.
LANGUAGES = {
    "german": (5, "140", "160"),
    "french": (5, "140", "160"),
    "spanish": (5, "140", "160"),
    "portuguese": (5, "140", "160"),
    "italian": (5, "140", "160"),
    "dutch": (5, "140", "160"),
    "japanese": (6, "１４０", "１６０"),
    "arabic": (5, "140", "160"),
}


def article(name: str) -> tuple[str, str]:
    content = json.loads((PAGES / f"{name}.json").read_text())["article"]
    return "\n".join(content["text"]), content["language"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_sentences_are_cut_where_they_end(name: str) -> None:
    text, language = article(name)
    sentences = split_sentences(text, language)
    assert len(sentences) == LANGUAGES[name][0], sentences
    assert "".join("".join(sentences).split()) == "".join(text.split())


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_changed_figure_is_one_edited_sentence_and_one_changed_word(name: str) -> None:
    text, language = article(name)
    _, was, becomes = LANGUAGES[name]
    assert text.count(was) == 1
    old, new = split_sentences(text, language), split_sentences(text.replace(was, becomes), language)
    (update,) = compare(old, new).updates
    assert update.kind is UpdateKind.EDITED
    pieces = word_diff(update.old_text or "", update.new_text or "")
    assert [piece.text for piece in pieces if piece.op != "equal"] == [was, becomes]


@pytest.mark.parametrize("name", LANGUAGES)
def test_sentences_that_come_go_and_change_places_are_told_as_that(name: str) -> None:
    text, language = article(name)
    old = split_sentences(text, language)
    new = (old[1], old[0], *old[2:-1])
    updates = compare(old, new).updates
    assert sorted(update.kind for update in updates) == [UpdateKind.MOVED, UpdateKind.REMOVED]
    assert apply_updates(old, updates) == new
