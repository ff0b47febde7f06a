"""Counting outcomes: each attempt once, in words for a log line."""

from collections import Counter

import structlog

from pipeline.model import Outcome

log = structlog.get_logger(__name__)
# A summary is filled while its step runs, and read when it is over.
Outcomes = Counter[Outcome]


def count(outcomes: Outcomes, outcome: Outcome, *, url: str, detail: str | None) -> None:
    """Count one attempt; where the source is in trouble, name it, so that the log of a step says which one it was."""
    outcomes[outcome] += 1
    if not outcome.is_success:
        log.info("in trouble", url=url, outcome=outcome.value, detail=detail)


def outcome_words(outcomes: Outcomes) -> str:
    """Return "12 not_modified, 3 new_entries, 1 timeout", the most frequent first."""
    return ", ".join(f"{count} {outcome.value}" for outcome, count in outcomes.most_common()) or "nothing due"
