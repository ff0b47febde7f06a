"""Which articles tell the same story.

A new article joins a story when their headlines and first words share enough rare words: the cosine of their
word weights, words weighted by how few of the open stories use them (inverse document frequency over the candidates
themselves, so that the words of the day weigh little). A wrong merge mixes the facts of two events and cannot be
undone, so the bar is high and a missed one is preferred.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from pipeline.model import Content, OpenStory

JOIN_WINDOW = timedelta(hours=72)  #: a story that has been quiet for longer is not joined any more
JOIN_SIMILARITY = 0.2  #: cosine from which two articles tell the same story; unrelated pages stay below 0.14
SHARED_NAMES_MIN = 4  #: capitalised or numeric words in common, whatever the cosine
LEAD_CHARACTERS = 1500
HEADLINE_WEIGHT = 2  #: how often a word of the headline counts

_WORD = re.compile(r"[^\W_]{2,}(?:['’-][^\W_]+)*")
_POSSESSIVE = ("'s", "’s")


def join(content: Content, *, publisher: str, stories: Sequence[OpenStory], now: datetime) -> int | None:
    """Return the number of the story that an article's first version tells too, or `None` for a story of its own.

    Only stories in the same language, changed within `JOIN_WINDOW`, and not yet told by this publisher are asked: a
    publisher's second article on one event is more often another angle than the same story again.
    """
    candidates = [
        story
        for story in stories
        if story.language == content.language
        and publisher not in story.publishers
        and now - story.last_changed_at <= JOIN_WINDOW
    ]
    told = {story.story_id: _told(story.headline, story.lead) for story in candidates}
    mine = _told(content.headline, content.text[:LEAD_CHARACTERS])
    alike = [number for number, one in told.items() if len(mine.names & one.names) >= SHARED_NAMES_MIN]
    if not alike:
        return None
    weights = _inverse_frequencies([mine, *told.values()])
    vector = _vector(mine, weights)
    similarity, best = max((_cosine(vector, _vector(told[number], weights)), -number) for number in alike)
    return -best if similarity >= JOIN_SIMILARITY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The words of a headline and first paragraphs, how often each is used, and those that look like names."""

    counts: Counter[str]
    names: frozenset[str]


@lru_cache(maxsize=2000)  # every new article is compared with the same stories
def _told(headline: str, lead: str) -> _Told:
    title, words = _WORD.findall(headline), _WORD.findall(lead)
    counts = Counter(word.lower() for word in words)
    for word in title:
        counts[word.lower()] += HEADLINE_WEIGHT
    return _Told(counts=counts, names=_names([*title, *words]))


def _names(told: Sequence[str]) -> frozenset[str]:
    """Return words that look like names or numbers: capitalised and never written small, or beginning with a digit."""
    words = [word[:-2] if word.endswith(_POSSESSIVE) else word for word in told]
    small = {word for word in words if word[0].islower()}
    return frozenset(
        word.lower()
        for word in words
        if len(word) > 3 and (word[0].isupper() or word[0].isdigit()) and word.lower() not in small
    )


def _inverse_frequencies(texts: Sequence[_Told]) -> dict[str, float]:
    """Weigh words by rarity; a small number of candidates is padded, so that no word counts for nothing."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.counts.keys())
    total = len(texts) + 10
    return {word: math.log(total / (count + 0.5)) for word, count in counts.items()}


def _vector(text: _Told, weights: dict[str, float]) -> dict[str, float]:
    return {word: (1 + math.log(count)) * weights[word] for word, count in text.counts.items() if len(word) > 3}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    dot = sum(value * other.get(word, 0.0) for word, value in one.items())
    norm = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return dot / norm if norm else 0.0
