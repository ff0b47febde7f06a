"""Lines that a publisher prints with most of its articles, learned from the articles themselves.

A line that a quarter of a publisher's articles share is the template's: a call for donations, a description of the
paper, a way to send tips. A paragraph of background that a journalist pastes into every article of one story stays far
below that share. What was ever added to an article, edited or taken out of it is a journalist's ("All orders to leave
have been lifted", below every other fire). What holds a digit, a developing marker or a correction is never learned.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.articles import plain
from pipeline.articles.lexicon import SENTENCE_START, finder
from pipeline.model import Boilerplate

ARTICLES_MIN = 20  #: articles of a publisher below which nothing is learned
SHARE_MIN = 0.25  #: of its articles that hold a line of its template
LINES_MAX = 200  #: lines kept of one publisher
_LONGEST = 400  #: characters


def learn_boilerplate(known: Boilerplate, texts: Sequence[str], changed: Iterable[str]) -> Boilerplate:
    """Return what is known of a publisher with the lines added that its articles share.

    `texts` is one an article, `changed` the sentences that came, went or were edited in any of them, which are asked
    for only where a line is shared. A line once learned stays, since it is in no text any more. The same value comes
    back where nothing is new.
    """
    if len(texts) < ARTICLES_MIN:
        return known
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({plain.key(line) for line in text.split("\n") if _may_be_learned(line)})
    taken = {"", *known.lines, *map(plain.key, known.kept)}
    fresh = [key for key, count in sorted(counts.items()) if count >= SHARE_MIN * len(texts) and key not in taken]
    if not fresh:
        return known
    for sentence in changed:
        if not fresh:
            return known
        if key := plain.key(sentence):
            fresh = [line for line in fresh if key not in line]
    lines = (*known.lines, *fresh)[:LINES_MAX]
    if lines == known.lines:
        return known
    return Boilerplate(revision=known.revision + 1, lines=lines, kept=known.kept)


def _may_be_learned(line: str) -> bool:
    if len(line) > _LONGEST or any(character.isdigit() for character in line):
        return False
    return not any(
        finder(section, before=SENTENCE_START).search(line) for section in ("developing", "ended", "correction")
    )
