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
from datetime import datetime, timedelta

from pipeline.model import Content, OpenStory

JOIN_WINDOW = timedelta(hours=72)  #: a story that has been quiet for longer is not joined any more
JOIN_SIMILARITY = 0.2  #: cosine from which two articles tell the same story; unrelated pages stay below 0.14
SHARED_NAMES_MIN = 4  #: capitalised or numeric words in common, whatever the cosine
LEAD_CHARACTERS = 1500
HEADLINE_WEIGHT = 2  #: how often a word of the headline counts

_WORD = re.compile(r"[^\W_]{2,}(?:['’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s$")


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
    if not candidates:
        return None
    texts = [(story.headline, story.lead) for story in candidates]
    mine = (content.headline, content.text[:LEAD_CHARACTERS])
    weights = _inverse_frequencies([mine, *texts])
    vector = _vector(mine, weights)
    names = _names(mine)
    best: tuple[float, int] | None = None
    for story, text in zip(candidates, texts, strict=True):
        if len(names & _names(text)) < SHARED_NAMES_MIN:
            continue
        similarity = _cosine(vector, _vector(text, weights))
        if similarity >= JOIN_SIMILARITY and (best is None or similarity > best[0]):
            best = (similarity, story.story_id)
    return best[1] if best else None


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _names(text: tuple[str, str]) -> set[str]:
    """Return words that look like names or numbers: capitalised and never written small, or beginning with a digit."""
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(" ".join(text))]
    small = {word for word in words if word[0].islower()}
    return {
        word.lower()
        for word in words
        if len(word) > 3 and (word[0].isupper() or word[0].isdigit()) and word.lower() not in small
    }


def _inverse_frequencies(texts: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Weigh words by rarity; a small number of candidates is padded, so that no word counts for nothing."""
    counts: Counter[str] = Counter()
    for headline, lead in texts:
        counts.update(set(_words(f"{headline} {lead}")))
    total = len(texts) + 10
    return {word: math.log(total / (count + 0.5)) for word, count in counts.items()}


def _vector(text: tuple[str, str], weights: dict[str, float]) -> dict[str, float]:
    headline, lead = text
    counts = Counter(_words(lead[:LEAD_CHARACTERS]) + HEADLINE_WEIGHT * _words(headline))
    return {word: (1 + math.log(count)) * weights[word] for word, count in counts.items() if len(word) > 3}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    dot = sum(value * other.get(word, 0.0) for word, value in one.items())
    norm = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return dot / norm if norm else 0.0
