"""Which sentence of the new version is which of the old one.

Method, in the order of cost: equal sentences by common prefix, common suffix, longest common subsequence and hash;
for the rest, candidates by an inverted index over the rarest words, scored by words weighted with their rarity and by
word order (Indel similarity), taken best first with a bonus for neighbours that are linked alike; then what is left
over is tried as a part of a sentence that split, or a piece of one that merged, whatever figures it tells now.

A weak likeness counts only where it stands out: the threshold rises with the best rival of either sentence. That is
what keeps sentences of one article, which all share its names, from being linked to one another when the text is
written anew (on the two halves of English articles, which have nothing to link: 10 false links per 100 sentences
instead of 34, at the same recall of real edits). Every step is bounded for hostile input.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from rapidfuzz.distance import Indel

from pipeline.changes.meaning import begins_note, number_words
from pipeline.changes.normal import words_of

#: A pair that scores below is two different sentences. Chosen on `bullet_match_gold_600`, `bullet_match_hard` and
#: halves of articles, one setting for all. Sentences of fewer than `_SHORT` words must score `_SHORT_EXTRA` more.
THRESHOLD = 0.2
_SHORT = 6
_SHORT_EXTRA = 0.12
#: The threshold rises by as much as the best rival scores above `_RIVAL_FREE`, but never above `_SURE`.
_RIVAL_FREE = 0.1
_SURE = 0.44
#: Rarity-weighted words against word order in the score.
_WORDS_SHARE = 0.75
#: What linked neighbours on both sides are worth, at most.
_CONTEXT = 0.08
#: Share of a left-over sentence that the unexplained part of its neighbour's partner must hold: all of a sentence of
#: fewer than `_WHOLE_BELOW` words.
_PART = 0.7
_WHOLE_BELOW = 4
#: Bounds. Cells of a comparison of word or sentence lists (bits of memory); posting entries looked at per sentence;
#: candidates scored per sentence; words of a sentence whose order is looked at.
MAX_CELLS = 60_000_000
_MAX_POSTINGS = 250
_MAX_CANDIDATES = 8
_MAX_ORDERED = 600

_COMMON_WORDS = """
the a an of to in and on for with at by from as that is was were are be been has have had it its this which who said
says he she they his her their but or not than after over will would could also more about into de la le les et des du
en un une que el los las y por con para der die das und den von zu mit im ist che di il e o do da em
"""


@dataclass(frozen=True, slots=True)
class Link:
    """Old and new position of one sentence; `score` is 1 for equal sentences."""

    old: int
    new: int
    score: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """One-to-one links, and the parts of sentences that split (by old position) or merged (by new position)."""

    links: tuple[Link, ...]
    splits: dict[int, tuple[int, ...]] = field(default_factory=dict)
    merges: dict[int, tuple[int, ...]] = field(default_factory=dict)


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Link two lists of sentences, given in the form in which they are compared."""
    exact = dict(_equal_pairs(old, new))
    taken = set(exact.values())
    rest_old = [position for position in range(len(old)) if position not in exact]
    rest_new = [position for position in range(len(new)) if position not in taken]
    equal = [Link(a, b, 1.0) for a, b in exact.items()]
    if not rest_old or not rest_new:
        return Alignment(tuple(sorted(equal, key=_by_old)))
    lexicon = _Lexicon(old, new, rest_old, rest_new)
    matching = _Matching(lexicon, exact, len(old), len(new))
    matching.take_best(_candidates(lexicon))
    splits, merges = matching.parts()
    return Alignment(tuple(sorted([*equal, *matching.links], key=_by_old)), splits, merges)


def _by_old(link: Link) -> int:
    return link.old


# ── equal sentences ─────────────────────────────────────────────────────────────────────────────────────────────────


def _equal_pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, shorter = 0, min(len(old), len(new))
    while first < shorter and old[first] == new[first]:
        yield first, first
        first += 1
    tail = 0
    while tail < shorter - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
        yield len(old) - tail, len(new) - tail
    middle_old, middle_new = old[first : len(old) - tail], new[first : len(new) - tail]
    used_old: set[int] = set()
    used_new: set[int] = set()
    if len(middle_old) * len(middle_new) <= MAX_CELLS:
        for block in Indel.opcodes(middle_old, middle_new):
            if block.tag == "equal":
                for step in range(block.src_end - block.src_start):
                    a, b = block.src_start + step, block.dest_start + step
                    used_old.add(a)
                    used_new.add(b)
                    yield first + a, first + b
    # What the subsequence left out moved: the k-th left-over copy is the k-th.
    waiting: dict[str, list[int]] = defaultdict(list)
    for b in range(len(middle_new) - 1, -1, -1):
        if b not in used_new:
            waiting[middle_new[b]].append(b)
    for a, sentence in enumerate(middle_old):
        if a not in used_old and waiting.get(sentence):
            yield first + a, first + waiting[sentence].pop()


# ── words and their weights ─────────────────────────────────────────────────────────────────────────────────────────


def _stems(words: Iterable[str]) -> list[str]:
    """Return what inflected forms of each word share, crudely and in any language: its first five letters."""
    return [word[:5] for word in words]


_COMMON_STEMS = frozenset(_stems(_COMMON_WORDS.split()))


def telling_stems(normal: str) -> frozenset[str]:
    """Return the stems of a normalised line's words but those that every line has."""
    return frozenset(_stems(words_of(normal))) - _COMMON_STEMS


class _Sentence:
    """The words of one sentence, ready for comparison."""

    __slots__ = ("bag", "is_note", "length", "order", "position", "weight")

    def __init__(self, position: int, normal: str) -> None:
        self.position = position
        self.is_note = begins_note(normal)
        stems = _stems(words_of(normal))
        self.length = len(stems)
        # Common words stand in the same order in any two sentences.
        self.order = [stem for stem in stems[:_MAX_ORDERED] if stem not in _COMMON_STEMS]
        self.bag = Counter(stems)
        self.weight = 1e-9


class _Lexicon:
    """The sentences that are not linked yet, and how much each of their words says."""

    def __init__(self, old: Sequence[str], new: Sequence[str], rest_old: list[int], rest_new: list[int]) -> None:
        self._texts = old, new
        self.old = {position: _Sentence(position, old[position]) for position in rest_old}
        self.new = {position: _Sentence(position, new[position]) for position in rest_new}
        found: Counter[str] = Counter()
        for sentence in (*self.old.values(), *self.new.values()):
            found.update(sentence.bag.keys())
        total = len(rest_old) + len(rest_new)
        if len(old) <= 400:  # the linked sentences tell which words the whole article repeats
            for position in set(range(len(old))) - self.old.keys():
                found.update(set(_stems(words_of(old[position]))))
                total += 1
        self.weights = {
            word: log(1 + total / (0.5 + count)) * (0.3 if word in _COMMON_STEMS else 0.7 if word[0].isdigit() else 1.0)
            for word, count in found.items()
        }
        for sentence in (*self.old.values(), *self.new.values()):
            sentence.weight += self.weigh(sentence.bag)

        self._postings: dict[str, list[int]] = defaultdict(list)
        for sentence in self.new.values():
            for word in sentence.bag:
                self._postings[word].append(sentence.position)

    def nearest(self, sentence: _Sentence) -> list[int]:
        """Return the new positions that share most with an old sentence, looked up by its rarest words."""
        overlap: dict[int, float] = {}
        looked = 0
        known = [(posted, word) for word in sentence.bag if (posted := self._postings.get(word))]
        known.sort(key=lambda item: len(item[0]))
        for posted, word in known:
            looked += len(posted)
            if looked > _MAX_POSTINGS:
                break
            weight = self.weights[word]
            for position in posted:
                overlap[position] = overlap.get(position, 0.0) + weight
        if len(overlap) <= _MAX_CANDIDATES:
            return list(overlap)
        own, new = sentence.weight, self.new
        ranked = sorted([(shared / (own + new[at].weight), -at) for at, shared in overlap.items()], reverse=True)
        return [-at for _, at in ranked[:_MAX_CANDIDATES]]

    def is_note_on_story(self, one: _Sentence, other: _Sentence) -> bool:
        """Whether of an old and a new sentence one is a correction note, and the other is none and stands behind none.

        A note may have the words of the sentence that it corrects, or tells to be gone.
        """
        text, position = (self._texts[0], one.position) if other.is_note else (self._texts[1], other.position)
        return position == 0 or not begins_note(text[position - 1])

    def weigh(self, bag: Counter[str]) -> float:
        weights = self.weights
        return sum([weights[word] * count for word, count in bag.items()])

    def shared(self, one: Counter[str], other: Counter[str]) -> float:
        if len(other) < len(one):
            one, other = other, one
        weights = self.weights
        shared = 0.0
        for word, count in one.items():
            if theirs := other.get(word):
                shared += weights[word] * (min(theirs, count))
        return shared

    def holds(self, rest: Counter[str], sentence: _Sentence, figures: frozenset[str]) -> bool:
        """Whether words that nothing explains yet tell what a sentence does, be it with other figures."""
        bag, weights = sentence.bag, self.weights
        shared, weight = self.shared(bag, rest), sentence.weight
        for figure in figures:
            shared -= weights[figure] * min(bag[figure], rest.get(figure, 0))
            weight -= weights[figure] * bag[figure]
        least = _PART if sentence.length >= _WHOLE_BELOW else 1.0
        return shared >= least * weight - 1e-6 and bool(bag.keys() - figures - _COMMON_STEMS)


def _figures(bag: Counter[str]) -> frozenset[str]:
    """Return which stems of a sentence are numbers."""
    spoken = _spoken_figures()
    return frozenset(stem for stem in bag if stem[0].isdigit() or stem in spoken)


@lru_cache(maxsize=1)
def _spoken_figures() -> frozenset[str]:
    return frozenset(_stems(number_words()))


# ── candidates ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    old: int
    new: int
    threshold: float


def _candidates(lexicon: _Lexicon) -> list[_Candidate]:
    scored: dict[tuple[int, int], float] = {}
    for sentence in lexicon.old.values():
        for position in lexicon.nearest(sentence):
            other = lexicon.new[position]
            if sentence.is_note is other.is_note or not lexicon.is_note_on_story(sentence, other):
                scored[sentence.position, position] = _similarity(lexicon, sentence, other)
    best_old: dict[int, list[float]] = defaultdict(list)
    best_new: dict[int, list[float]] = defaultdict(list)
    for (old, new), score in scored.items():
        best_old[old].append(score)
        best_new[new].append(score)
    for scores in (*best_old.values(), *best_new.values()):
        scores.sort(reverse=True)
    return [
        _Candidate(score, old, new, _threshold(lexicon, old, new, _rival(score, best_old[old], best_new[new])))
        for (old, new), score in scored.items()
        if score >= THRESHOLD - _CONTEXT
    ]


def _rival(score: float, *bests: list[float]) -> float:
    """Return the best score of another pair of either sentence, given the scores of each, the best first."""
    return max(best[0] if best[0] != score else best[1] if len(best) > 1 else 0.0 for best in bests)


def _threshold(lexicon: _Lexicon, old: int, new: int, rival: float) -> float:
    shorter = min(lexicon.old[old].length, lexicon.new[new].length)
    base = THRESHOLD + (_SHORT_EXTRA if shorter < _SHORT else 0.0)
    return min(base + max(0.0, rival - _RIVAL_FREE), _SURE)


def _similarity(lexicon: _Lexicon, one: _Sentence, other: _Sentence) -> float:
    shared = lexicon.shared(one.bag, other.bag)
    dice = 2 * shared / (one.weight + other.weight)
    contained = shared / min(one.weight, other.weight)
    order = Indel.normalized_similarity(one.order, other.order) if one.order and other.order else dice
    score = _WORDS_SHARE * dice + (1 - _WORDS_SHARE) * order
    shorter = min(one.length, other.length)
    if contained > 0.75 and shorter >= _SHORT - 1:  # a sentence that lost or gained a clause
        score = max(score, 0.5 * score + 0.475 * contained * min(1.0, shorter / 8))
    return score


# ── best first ──────────────────────────────────────────────────────────────────────────────────────────────────────


class _Matching:
    """Links that grow best first; what is linked already speaks for its neighbours."""

    def __init__(self, lexicon: _Lexicon, exact: dict[int, int], old_count: int, new_count: int) -> None:
        self._lexicon = lexicon
        self._to_new = dict(exact)
        self._to_old = {new: old for old, new in exact.items()}
        self._last_old, self._last_new = old_count - 1, new_count - 1
        self.links: list[Link] = []

    def _context(self, old: int, new: int) -> float:
        before = (old == 0 and new == 0) or (old > 0 and self._to_new.get(old - 1) == new - 1)
        after = (old == self._last_old and new == self._last_new) or self._to_new.get(old + 1) == new + 1
        return _CONTEXT * (before + after) / 2

    def take_best(self, candidates: list[_Candidate]) -> None:
        heap = [(-c.score - self._context(c.old, c.new), c.old, c.new, c.score, c.threshold) for c in candidates]
        heapq.heapify(heap)
        while heap:
            believed, old, new, score, threshold = heapq.heappop(heap)
            if old in self._to_new or new in self._to_old:
                continue
            with_context = score + self._context(old, new)
            if with_context > -believed + 1e-9:  # a neighbour was linked since this was pushed
                heapq.heappush(heap, (-with_context, old, new, score, threshold))
                continue
            if with_context >= threshold:
                self._to_new[old] = new
                self._to_old[new] = old
                self.links.append(Link(old, new, min(score, 0.999)))

    def parts(self) -> tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]:
        """Return the left-over sentences that are parts of a split (by old position) or of a merge (by new one)."""
        old, new = self._lexicon.old, self._lexicon.new
        splits = self._pieces(new, old, self._to_old, self._to_new)
        merges = self._pieces(old, new, self._to_new, self._to_old)
        # A pair is either split or merged: where both claim it, the split stands.
        merges = {whole: pieces for whole, pieces in merges.items() if self._to_old[whole] not in splits}
        return splits, merges

    def _pieces(
        self,
        side: dict[int, _Sentence],
        other: dict[int, _Sentence],
        partner_of: dict[int, int],
        back: dict[int, int],
    ) -> dict[int, tuple[int, ...]]:
        lexicon = self._lexicon
        found: dict[int, list[int]] = defaultdict(list)
        rest: dict[int, Counter[str]] = {}
        for position, sentence in side.items():
            if position in partner_of:
                continue
            figures: frozenset[str] | None = None
            for step in (-1, 1, -2, 2):
                whole = partner_of.get(position + step)
                if whole is None or whole not in other:
                    continue
                if whole not in rest:
                    rest[whole] = other[whole].bag - side[back[whole]].bag
                if figures is None:
                    figures = _figures(sentence.bag)
                if lexicon.holds(rest[whole], sentence, figures):
                    rest[whole] -= sentence.bag
                    found[whole].append(position)
                    break
        return {whole: tuple(sorted([back[whole], *pieces])) for whole, pieces in found.items()}
