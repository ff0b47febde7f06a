"""The sentences that a reconciliation touches, for whoever weighs what changed in them."""

from collections.abc import Iterable, Sequence

from pipeline.model import Fact, FactChange, FactChangeKind, FactKind, TouchedSentences


def touched(changes: Sequence[FactChange]) -> TouchedSentences:
    """Return the sentences whose facts or quotations are not merely confirmed.

    What is said again after it had been dropped touches the new version alone: the old one does not say it.
    """
    changed = [change for change in changes if change.kind is not FactChangeKind.CONFIRMED]
    old = [one.held.fact for one in changed if one.held and one.kind is not FactChangeKind.RESTORED]
    new = [one.fact for one in changed if one.fact]
    return TouchedSentences(
        old_facts=_positions(old, quotes=False),
        new_facts=_positions(new, quotes=False),
        old_quotes=_positions(old, quotes=True),
        new_quotes=_positions(new, quotes=True),
    )


def _positions(facts: Iterable[Fact], *, quotes: bool) -> frozenset[int]:
    return frozenset(fact.position for fact in facts if (fact.kind is FactKind.QUOTE) is quotes)
