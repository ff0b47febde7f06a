"""Which correction notes came or went, and which sentence a note corrects, where it says so."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.changes.links import telling_stems
from pipeline.changes.normal import normalise, words_of
from pipeline.model import Significance, Update

_MIN_STEM = 4  #: letters of a word that is no number
_NUMBER = str.isdigit


def link_corrections(updates: Sequence[Update], corrections: Sequence[str]) -> tuple[Update, ...]:
    """Return the updates, each corrected sentence with the note that tells of it.

    `updates` are judged, `corrections` are the notes that are new. A note says which sentence it corrects by naming
    what stood there and stands there no longer, or what took its place: one number of either, or a word of both.
    """
    notes = [(note, _words(note)) for note in corrections]
    return tuple(
        update
        if update.significance is Significance.CORRECTION or update.old_text is None
        else replace(update, correction=_note_on(update.old_text, update.new_text, notes))
        for update in updates
    )


def notes_not_in(text: str, notes: Sequence[str]) -> tuple[str, ...]:
    """Return the notes of one version that do not stand in the text of the other."""
    known = normalise(text)
    return tuple(note for note in notes if normalise(note) not in known)


def _note_on(old: str, new: str | None, notes: Sequence[tuple[str, frozenset[str]]]) -> str | None:
    before, after = _words(old), _words(new or "")
    gone, came = before - after, after - before
    for note, words in notes:
        named_old, named_new = gone & words, came & words
        numbers = [word for word in named_old | named_new if _NUMBER(word[:1])]
        # A figure alone may be another one's: the note speaks of the same thing besides.
        if (numbers and (before & after & words or len(numbers) > 1)) or (named_old and named_new):
            return note
    return None


def _words(text: str) -> frozenset[str]:
    normal = normalise(text)
    numbers = {word for word in words_of(normal) if _NUMBER(word[:1])}
    return frozenset(numbers | {stem for stem in telling_stems(normal) if len(stem) >= _MIN_STEM and stem.isalpha()})
