"""Which correction notes came or went, and which sentence a note corrects, where it says so."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.changes.links import telling_stems
from pipeline.changes.meaning import numbers_in
from pipeline.changes.normal import normalise, words_of
from pipeline.model import Significance, Update

_MIN_STEM = 4  #: letters of a word that is no number
_NUMBER = str.isdigit
#: Share of the telling words of the shorter of two notes that both have where one is the other reworded.
_SAME_NOTE = 0.6
_NAME = re.compile(r"(?<=[^\W_][ ,]) ?([A-Z\u00c0-\u00de][\w'-]*)")


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


def fresh_notes(
    old_text: str, old_notes: Sequence[str], new_text: str, new_notes: Sequence[str], *, language: str | None
) -> tuple[str, ...]:
    """Return the notes of a new version that the old one did not have, not in other words either.

    A note in other words takes the place of one that is gone, has most of its words, and adds neither a number nor a
    name: what is not sure to be said already is told.
    """
    gone = notes_not_in(new_text, old_notes)
    fresh = notes_not_in(old_text, new_notes)
    return tuple(note for note in fresh if not any(_is_reworded(one, note, language) for one in gone))


def _is_reworded(old: str, new: str, language: str | None) -> bool:
    before, after = normalise(old), normalise(new)
    if numbers_in(after, language) - numbers_in(before, language) or _names(after) - _names(before):
        return False
    stems, others = telling_stems(before), telling_stems(after)
    return len(stems & others) >= _SAME_NOTE * min(len(stems), len(others)) > 0


def _names(normal: str) -> frozenset[str]:
    """Return the capitalised words that do not begin a sentence."""
    return frozenset(_NAME.findall(normal))


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
