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
class Quote:
    """A quotation's characters `start` to `end` without its marks, and its speaker where one is named."""

    start: int
    end: int
    speaker: str | None


def find_quotes(tokens: Sequence[Token], sources: Sequence[Source]) -> list[Quote]:
    """Return the quotations of a sentence. A mark that is never closed opens none."""
    quotes: list[Quote] = []
    place = 0
    while place < len(tokens):
        if tokens[place].text not in _OPEN:
            place += 1
            continue
        stop = _closing(tokens, place)
        if stop is None:
            break
        words = [token for token in tokens[place + 1 : stop] if token.is_word]
        speaker = _said_behind(tokens, stop, sources) or source_of(sources, place)
        if _is_speech(words, speaker):
            quotes.append(Quote(tokens[place].end, tokens[stop].start, speaker))
        place = stop + 1
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


def _is_speech(words: Sequence[Token], speaker: str | None) -> bool:
    if len(words) < (MIN_WORDS if speaker else MIN_WORDS_UNSAID):
        return False
    long_words = [word for word in words if len(word.text) > 3]
    capitals = sum(word.is_capitalised for word in long_words)
    return not long_words or capitals < 0.7 * len(long_words)
