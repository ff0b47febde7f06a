"""Words in quotation marks that somebody said, with their speaker."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts.attribution import Source, source_of
from pipeline.facts.tokens import Token

# Fewer words are scare quotes, names or titles.
MIN_WORDS = 3
# Without a named speaker only a longer passage is surely speech.
MIN_WORDS_UNSAID = 5
_NEAR = 12  # tokens between a quotation and its verb of speech
_OPEN = frozenset('“«„"')


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands between quotation marks, at tokens `first` and `stop`, and how many words that is."""

    first: int
    stop: int
    words: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation's characters `start` to `end` without its marks, and its speaker where one is named."""

    start: int
    end: int
    speaker: str | None


def find_passages(tokens: Sequence[Token]) -> list[Passage]:
    """Return the passages in quotation marks that may be speech. A mark that is never closed opens none."""
    passages: list[Passage] = []
    place = 0
    while place < len(tokens):
        if tokens[place].text not in _OPEN:
            place += 1
            continue
        stop = _closing(tokens, place)
        if stop is None:
            break
        words = [token for token in tokens[place + 1 : stop] if token.is_word]
        if len(words) >= MIN_WORDS and not _is_title(words):
            passages.append(Passage(place, stop, len(words)))
        place = stop + 1
    return passages


def find_quotes(tokens: Sequence[Token], passages: Sequence[Passage], sources: Sequence[Source]) -> list[Quote]:
    """Return the passages that somebody said."""
    quotes: list[Quote] = []
    for passage in passages:
        speaker = _said_behind(tokens, passage.stop, sources) or source_of(sources, passage.first)
        if speaker or passage.words >= MIN_WORDS_UNSAID:
            quotes.append(Quote(tokens[passage.first].end, tokens[passage.stop].start, speaker))
    return quotes


def _said_behind(tokens: Sequence[Token], stop: int, sources: Sequence[Source]) -> str | None:
    """Return who speaks right behind a quotation that ends in a comma: "...," Lina Orr said in reply to critics."""
    behind = tokens[stop + 1].text if stop + 1 < len(tokens) else ""
    if tokens[stop - 1].text not in ",?!" and behind != ",":
        return None
    for source in sources:
        if stop < source.verb <= stop + _NEAR:
            marks = any(token.text in _OPEN for token in tokens[stop + 1 : source.verb])
            return None if marks else source.name
    return None


def _closing(tokens: Sequence[Token], place: int) -> int | None:
    opening = tokens[place].text
    wanted = {'"': '"', "“": "”", "«": "»", "„": "“”"}[opening]
    for stop in range(place + 1, len(tokens)):
        if tokens[stop].text in wanted:
            return stop
    return None


def _is_title(words: Sequence[Token]) -> bool:
    long_words = [word for word in words if len(word.text) > 3]
    return bool(long_words) and sum(word.is_capitalised for word in long_words) >= 0.7 * len(long_words)
