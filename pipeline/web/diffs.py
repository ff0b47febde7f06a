"""What changed, ready to be drawn: sentences with their pieces, in the order in which a person reads them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline import changes
from pipeline.changes import Piece
from pipeline.model import Comparison, Update, UpdateKind, Version
from pipeline.web.event_questions import UpdateRow
from pipeline.web.questions import FactPlace

#: Above this many characters a sentence is no sentence: shown as taken out and put in, not word by word.
WORD_DIFF_MOST_CHARS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a diff. `marked` is a fact in it: the text before it, its own, and the text behind it."""

    kind: str
    pieces: tuple[Piece, ...]
    significance: str | None = None
    marked: tuple[str, str, str] | None = None

    @property
    def word(self) -> str:
        """What happened to it, for those who see no colours."""
        return "" if self.kind == "same" else self.kind.capitalize()

    @property
    def old(self) -> tuple[Piece, ...]:
        """What stood there before."""
        return tuple(piece for piece in self.pieces if piece.op != "insert")

    @property
    def new(self) -> tuple[Piece, ...]:
        """What stands there after."""
        return tuple(piece for piece in self.pieces if piece.op != "delete")


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of two sentences, or headlines, word by word."""
    if len(old) + len(new) > WORD_DIFF_MOST_CHARS:
        return tuple(piece for piece in (Piece("delete", old), Piece("insert", new)) if piece.text)
    return changes.word_diff(old, new)


def of_update(row: UpdateRow) -> Sentence:
    """Return one stored update."""
    return _sentence(row.kind, row.old_text, row.new_text, row.significance)


def sentences_of(version: Version) -> tuple[str, ...]:
    """Return a version's sentences, as recording counts them."""
    return changes.split_sentences(version.text, version.language)


def reading(version: Version, fact: FactPlace | None) -> list[Sentence]:
    """Return a version's own sentences, with a fact marked in the one that says it."""
    found = []
    for position, text in enumerate(sentences_of(version)):
        is_it = fact is not None and fact.position == position and fact.sentence == text
        marked = (text[: fact.start], text[fact.start : fact.end], text[fact.end :]) if fact and is_it else None
        found.append(Sentence(kind="same", pieces=(Piece("equal", text),), marked=marked))
    return found


def between(old: Version, new: Version) -> list[Sentence]:
    """Return all sentences of two versions: those of the newer in their order, what is gone where it stood."""
    before, after = sentences_of(old), sentences_of(new)
    return list(_in_order(before, after, changes.compare(before, after)))


def _in_order(before: Sequence[str], after: Sequence[str], comparison: Comparison) -> Iterator[Sentence]:
    touched: dict[int, Update] = {}
    gone: dict[int, Update] = {}
    for update in comparison.updates:
        if update.new_position is not None:
            touched.setdefault(update.new_position, update)
        elif update.old_position is not None:
            gone[update.old_position] = update
    came_from = {new: old for old, new in comparison.links}
    waiting = sorted(gone)
    for position, text in enumerate(after):
        origin = came_from.get(position)
        while origin is not None and waiting and waiting[0] < origin:
            yield _sentence("removed", before[waiting.pop(0)], None)
        change = touched.get(position)
        if change is None:
            yield Sentence(kind="same", pieces=(Piece("equal", text),))
        else:
            yield _sentence(change.kind.value, change.old_text, change.new_text)
    for position in waiting:
        yield _sentence("removed", before[position], None)


def _sentence(kind: str, old: str | None, new: str | None, significance: str | None = None) -> Sentence:
    if old is None or new is None:
        pieces: tuple[Piece, ...] = (Piece("insert", new or "") if old is None else Piece("delete", old),)
    elif kind in {UpdateKind.SPLIT, UpdateKind.MERGED}:
        pieces = (Piece("equal", new),)  # word by word against a part of itself says nothing
    else:
        pieces = words_changed(old, new)
    return Sentence(kind=kind, pieces=pieces, significance=significance)
