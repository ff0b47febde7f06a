"""The optional recogniser: a spaCy pipeline that the user has installed, named by `WRITETHRU_SPACY_MODEL`.

Whatever goes wrong with it is logged, and the version is recorded without names: it never holds up the record.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import structlog

from pipeline import facts
from pipeline.languages import language_code
from pipeline.model import Name, NameKind
from pipeline.steps.defects import in_words

log = structlog.get_logger(__name__)

# Longer texts than these are data or an attack; what lies beyond is not read for names.
MAX_SENTENCES = 1_000
MAX_CHARACTERS = 6_000

# The labels of spaCy's own pipelines: OntoNotes for English, WikiNER for most other languages.
_KINDS = {
    "GPE": NameKind.PLACE,
    "LOC": NameKind.PLACE,
    "FAC": NameKind.PLACE,
    "ORG": NameKind.ORGANISATION,
    "PERSON": NameKind.PERSON,
    "PER": NameKind.PERSON,
}
_SUBJECTS = frozenset({"nsubj", "sb"})  # as the English and the German pipelines call them


class SpacyRecogniser:
    """Names as a spaCy pipeline finds them; who speaks by its parser, else by the verb that stands beside a name."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        self._verbs = facts.speech_verbs(pipeline.lang)

    @property
    def language(self) -> str:
        """The ISO 639-1 code of the language the pipeline reads."""
        return str(self._pipeline.lang)

    def names(self, sentences: Sequence[str]) -> Sequence[Name]:
        """Return the places, organisations and people of the sentences."""
        read = [sentence[:MAX_CHARACTERS] for sentence in sentences[:MAX_SENTENCES]]
        return [
            Name(
                kind=_KINDS[span.label_], text=span.text.strip(), position=position, speaks=self._speaks(document, span)
            )
            for position, document in enumerate(self._pipeline.pipe(read))
            for span in document.ents
            if span.label_ in _KINDS and span.text.strip()
        ]

    def _speaks(self, document: Any, span: Any) -> bool:
        if document.has_annotation("DEP"):
            return span.root.dep_ in _SUBJECTS and span.root.head.lower_ in self._verbs
        behind = document[span.end].lower_ if span.end < len(document) else ""
        return behind in self._verbs


@lru_cache(maxsize=2)
def _loaded(model: str) -> SpacyRecogniser | None:
    """Load a pipeline once for each process; one that cannot be loaded is told of once, too."""
    try:
        return SpacyRecogniser(import_module("spacy").load(model))
    except Exception as error:  # noqa: BLE001 - a model is the user's own code: it may raise anything
        log.warning(
            "the spaCy pipeline cannot be loaded, so names are not read; install it, or unset WRITETHRU_SPACY_MODEL",
            model=model,
            error=in_words(error),
        )
        return None


def names_in(model: str | None, sentences: Sequence[str], language: str | None) -> Sequence[Name]:
    """Return the names in a version's sentences: none without a model, in another language, or where it fails."""
    recogniser = _loaded(model) if model else None
    if recogniser is None or language_code(language) != recogniser.language:
        return ()
    try:
        return recogniser.names(sentences)
    except Exception as error:  # noqa: BLE001 - as above
        log.warning("the spaCy pipeline failed on a version", model=model, error=in_words(error))
        return ()
