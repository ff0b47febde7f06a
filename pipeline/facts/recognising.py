"""Names in sentences, found by something other than the rules: the one interface to optional extractors.

The rules need neither a model nor the network, and what they say stands. A recogniser only adds: the names a version
mentions, and the speaker of a sentence for whose figures the rules found no source.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.facts.lexicon import lexicon_for
from pipeline.model import Fact, Name


class Recogniser(Protocol):
    """Finds names. It may raise anything: a version is recorded without names then."""

    def names(self, sentences: Sequence[str]) -> Sequence[Name]:
        """Return the names in a version's sentences, in their order."""
        ...


def speech_verbs(language: str | None) -> frozenset[str]:
    """Return the verbs by which somebody says something, in lower case; none for a language without a lexicon."""
    lexicon = lexicon_for(language)
    return frozenset() if lexicon is None else lexicon.reporting["verbs"]


def with_speakers(facts: Sequence[Fact], names: Sequence[Name]) -> tuple[Fact, ...]:
    """Return the facts, those without a source attributed to the one who speaks in their sentence.

    Only where the rules named nobody in the whole sentence, and where just one name speaks: whom of two, or how far a
    source vouches, the rules know better.
    """
    speakers: dict[int, set[str]] = {}
    for name in names:
        if name.speaks:
            speakers.setdefault(name.position, set()).add(name.text)
    sourced = {fact.position for fact in facts if fact.attribution is not None}
    alone = {position: one for position, (one, *more) in speakers.items() if not more and position not in sourced}
    return tuple(replace(fact, attribution=alone[fact.position]) if fact.position in alone else fact for fact in facts)
