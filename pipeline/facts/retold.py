"""Which of the facts that are gone are told without their number: "a man has died" as "John Holm, 58, has died"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.facts.claims import core
from pipeline.facts.lexicon import Lexicon, lexicon_for
from pipeline.facts.tokens import tokenise
from pipeline.model import FactChange, FactChangeKind, FactKind


def with_retold(
    changes: Sequence[FactChange], sentences: Sequence[str], language: str | None
) -> tuple[FactChange, ...]:
    """Return the changes, of the dropped ones each marked that tells of one person whose fate is told still.

    `sentences` are those of the new version, in `language`. Who has a name by now, or is "the driver", is counted no
    longer, and yet nothing was taken back.
    """
    lexicon = lexicon_for(language)
    if lexicon is None:
        return tuple(changes)
    counted = {change.fact.position for change in changes if change.fact is not None and change.fact.kind.is_casualty}
    uncounted = [sentence for position, sentence in enumerate(sentences) if position not in counted]
    return tuple(
        replace(change, retold=True) if _is_retold(change, uncounted, lexicon) else change for change in changes
    )


def _is_retold(change: FactChange, sentences: Sequence[str], lexicon: Lexicon) -> bool:
    if change.kind is not FactChangeKind.DROPPED or change.held is None:
        return False
    gone = change.held.fact
    is_one = gone.kind.is_casualty and core(gone) == (Decimal(1),) and not (gone.negated or gone.hypothetical)
    return is_one and any(_tells_of(gone.kind, sentence, lexicon) for sentence in sentences)


def _tells_of(kind: FactKind, sentence: str, lexicon: Lexicon) -> bool:
    tokens = tokenise(sentence)
    for place in range(len(tokens)):
        for phrases in (lexicon.did, lexicon.passive):
            told = phrases.at(tokens, place)
            if told is not None and told[0] is kind:
                return True
    return False
