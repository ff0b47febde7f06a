"""Names found by a recogniser that the user has installed, and a record that does without one."""

from pathlib import Path

import pytest

from pipeline import steps
from pipeline.model import Name, NameKind
from pipeline.steps import recognise
from pipeline.store import tending

PARAGRAPHS = (
    "The dam above Fairwater held through the night, and Fairwater slept.",
    "Eight people were hurt when a bridge gave way, Tamsin Orley tells listeners.",
    "Engineers of the Orrin Water Board lowered the level of the lake behind it.",
)


@pytest.fixture
def spacy_model(tmp_path: Path) -> str:
    spacy = pytest.importorskip("spacy", reason="spaCy is an optional extra and is not installed")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "GPE", "pattern": "Fairwater"},
            {"label": "ORG", "pattern": "Orrin Water Board"},
            {"label": "PERSON", "pattern": "Tamsin Orley"},
            {"label": "DATE", "pattern": "the night"},
        ]
    )
    folder = tmp_path / "pipeline"
    pipeline.to_disk(folder)
    return str(folder)


def follow(desk, site, model: str | None) -> None:
    steps.follow_urls(desk.url, [site.page("/dam", *PARAGRAPHS)])
    summary = steps.run_round(desk.url, desk.settings.model_copy(update={"spacy_model": model}))
    assert summary.record.versions == 1


def test_a_spacy_pipeline_adds_names_and_the_speaker_of_a_figure(desk, site, spacy_model):
    follow(desk, site, spacy_model)
    assert desk.rows("select kind, name, times, position from news.mentions order by position, name") == [
        {"kind": "place", "name": "Fairwater", "times": 2, "position": 0},
        {"kind": "person", "name": "Tamsin Orley", "times": 1, "position": 1},
        {"kind": "organisation", "name": "Orrin Water Board", "times": 1, "position": 2},
    ]
    assert desk.one("select attribution from news.facts where kind = 'injured'") == {"attribution": "Tamsin Orley"}
    tending.forget_article(desk.connection, desk.one("select article_id from news.articles")["article_id"])
    assert desk.rows("select * from news.mentions") == []


def test_a_model_that_is_not_there_holds_nothing_up(desk, site):
    follow(desk, site, "a_pipeline_that_nobody_installed")
    assert desk.rows("select * from news.mentions") == []
    assert desk.one("select low from news.facts where kind = 'injured'")["low"] == 8


def test_a_model_that_fails_holds_nothing_up(desk, site, monkeypatch):
    class Broken:
        language = "en"

        def names(self, sentences):
            raise MemoryError(f"{len(sentences)} sentences are too many")

    monkeypatch.setattr(recognise, "_loaded", lambda _model: Broken())
    follow(desk, site, "broken")
    assert desk.rows("select * from news.mentions") == []
    assert desk.one("select low from news.facts where kind = 'injured'")["low"] == 8


def test_a_text_in_another_language_than_the_model_is_left_alone(monkeypatch):
    class Greedy:
        language = "en"

        def names(self, sentences):
            raise AssertionError(sentences)

    monkeypatch.setattr(recognise, "_loaded", lambda _model: Greedy())
    assert recognise.names_in("greedy", ["Zwölf Menschen starben."], "de") == ()


def test_names_of_any_recogniser_are_kept_once_with_how_often_and_where(desk, site, monkeypatch):
    class Known:
        language = "en"

        def names(self, sentences):
            return [
                Name(kind=NameKind.PLACE, text="Fairwater", position=position)
                for position, sentence in enumerate(sentences)
                for _ in range(sentence.count("Fairwater"))
            ]

    monkeypatch.setattr(recognise, "_loaded", lambda _model: Known())
    follow(desk, site, "known")
    assert desk.rows("select kind, name, times, position from news.mentions") == [
        {"kind": "place", "name": "Fairwater", "times": 2, "position": 0}
    ]
