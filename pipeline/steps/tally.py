"""Counting outcomes: each attempt once, in words for a log line."""

from collections import Counter

from pipeline.model import Outcome

# A summary is filled while its step runs, and read when it is over.
Outcomes = Counter[Outcome]


def outcome_words(outcomes: Outcomes) -> str:
    """Return "12 not_modified, 3 new_entries, 1 timeout", the most frequent first."""
    return ", ".join(f"{count} {outcome.value}" for outcome, count in outcomes.most_common()) or "nothing due"
