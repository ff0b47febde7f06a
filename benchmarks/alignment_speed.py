"""How long linking 40 sentences takes, and 2,000, beside comparing their words with difflib.

The versions are made of the sets' own sentences: an eighth is dropped, a quarter has a fifth of its words exchanged,
and behind one in five stands a new one. `align_*` is the linking alone, `compare_*` all of `changes.compare`: moves,
splits, merges and word diffs, too. `ratio_to_word_matcher` is how many times as long as the linking it takes to compare
each of the 40 with each by the words they share in order (`difflib.SequenceMatcher`, none that cannot be the likest),
as trackers do that compare sentences at all. `time_growth_per_sentence` is what linking a sentence costs among 2,000
beside one among 40: 50 where every one is compared with every other, 1 where none is.
"""

import random
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from pipeline.changes import compare, normalise
from pipeline.changes.links import align

SIZES = (40, 2000)
ROUNDS = {40: 25, 2000: 3}
_FEW = 20  #: characters of a line that is no sentence
_DROPPED, _EDITED, _NEW = 0.125, 0.25, 0.2

Versions = tuple[Sequence[str], Sequence[str]]
Way = Callable[[Sequence[str], Sequence[str]], object]


def speed(texts: Sequence[str]) -> dict[str, float]:
    """Return the times in milliseconds of processor time, and what they come to; nothing of too few sentences."""
    sentences = sorted({text for text in texts if len(text) > _FEW})
    if len(sentences) < SIZES[0]:
        return {}
    chance = random.Random(0)
    versions = {size: [_versions(sentences, size, chance) for _ in range(ROUNDS[size])] for size in SIZES}
    few, many = SIZES
    linked_few, compared_few, matched_few = _milliseconds([align, compare, _match_words], versions[few])
    linked_many, compared_many = _milliseconds([align, compare], versions[many])
    return {
        f"align_{few}_milliseconds": round(linked_few, 2),
        f"align_{many}_milliseconds": round(linked_many, 2),
        f"compare_{few}_milliseconds": round(compared_few, 2),
        f"compare_{many}_milliseconds": round(compared_many, 2),
        "ratio_to_word_matcher": round(matched_few / linked_few, 2),
        "time_growth_per_sentence": round(linked_many / many / (linked_few / few), 2),
    }


def _versions(sentences: Sequence[str], size: int, chance: random.Random) -> Versions:
    old = [
        text if turn == 0 else f"{text} {turn}"
        for turn in range(-(-size // len(sentences)))
        for text in chance.sample(sentences, len(sentences))
    ][:size]
    new: list[str] = []
    for text in old:
        fate = chance.random()
        if fate >= _DROPPED:
            new.append(_edited(text, sentences, chance) if fate < _DROPPED + _EDITED else text)
        if chance.random() < _NEW:
            new.append(chance.choice(sentences))
    return [normalise(text) for text in old], [normalise(text) for text in new]


def _edited(text: str, sentences: Sequence[str], chance: random.Random) -> str:
    words = text.split()
    for _ in range(max(1, len(words) // 5)):
        words[chance.randrange(len(words))] = chance.choice(chance.choice(sentences).split())
    return " ".join(words)


def _milliseconds(ways: Sequence[Way], versions: Sequence[Versions]) -> list[float]:
    """Return what each way takes, in turns on each pair of versions: whatever else the machine does meets all alike."""
    taken = [0.0] * len(ways)
    for old, new in versions:
        for place, way in enumerate(ways):
            begun = time.process_time()
            way(old, new)
            taken[place] += time.process_time() - begun
    return [seconds / len(versions) * 1000 for seconds in taken]


def _match_words(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, float]]:
    """Return for each old sentence the new one that is likest by its words, and how like it is."""
    found: list[tuple[int, float]] = []
    split = [text.lower().split() for text in new]
    for text in old:
        matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
        matcher.set_seq2(text.lower().split())
        best, place = 0.0, -1
        for index, words in enumerate(split):
            matcher.set_seq1(words)
            if matcher.quick_ratio() > best and (likeness := matcher.ratio()) > best:
                best, place = likeness, index
        found.append((place, best))
    return found
