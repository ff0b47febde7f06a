"""Which correction notes came or went, and which sentence a note corrects, where it says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from pipeline.changes.links import telling_stems
from pipeline.changes.meaning import numbers_in
from pipeline.changes.normal import normalise
from pipeline.model import Significance, Update

_MIN_STEM = 4  #: letters of a word that is no number
#: Share of the telling words of the shorter of two notes that both have where one is the other reworded.
_SAME_NOTE = 0.6
_SAME_FIGURES = 2  #: numbers that two notes share, and no others, where both tell of one correction
_MISSPELT = 0.6  #: likeness of two spellings of one name
_NAME = re.compile(r"(?<=[^\W_][ ,]) ?([A-Z\u00c0-\u00de][\w'-]*)")
_DATE = r"(?:\d{1,2}(?:\.|er)? (?:d[e'] ?)?[^\W\d_]{3,10}\b|[^\W\d_]{3,9}\.? \d{1,2}\b)(?:,? (?:de )?\d{4}\b)?"
#: The day of a note: "Correction (Nov. 27):", "Rettifica del 27 novembre:", "This article was amended on 27 November".
_NOTE_DATE = re.compile(
    rf"^[^:.\d]{{0,40}}?{_DATE}(?=[^:]{{0,30}}:)"
    rf"|(?:(?:amend|correct|updat|revis)ed|korrigiert|corrigée?|corregid[ao]|corrigid[ao]|corrett[ao]|gecorrigeerd)"
    rf"(?: [^\W\d_]{{2,3}})? (?:{_DATE}|\d{{1,2}}[:.h]\d{{2}}\b)",
    re.IGNORECASE,
)


def link_corrections(
    updates: Sequence[Update], corrections: Sequence[str], *, language: str | None = None
) -> tuple[Update, ...]:
    """Return the updates, each corrected sentence with the note that tells of it.

    `updates` are judged, `corrections` are the notes that are new, in `language`. A note says which sentence it
    corrects by naming what stood there and stands there no longer, or what took its place: one number of either, a word
    of both, or a spelling of a name.
    """
    notes = [(note, _Words.of(note, language)) for note in corrections]
    return tuple(
        update
        if update.significance is Significance.CORRECTION or update.old_text is None or not notes
        else replace(update, correction=_note_on(update.old_text, update.new_text, notes, language))
        for update in updates
    )


def notes_that_differ(
    old_text: str, old_notes: Sequence[str], new_text: str, new_notes: Sequence[str]
) -> tuple[str, ...]:
    """Return the notes that stand in one version alone: what came, what went, what was put in other words."""
    return (*_notes_not_in(old_text, new_notes), *_notes_not_in(new_text, old_notes))


def fresh_notes(
    old_text: str, old_notes: Sequence[str], new_text: str, new_notes: Sequence[str], *, language: str | None
) -> tuple[str, ...]:
    """Return the notes of a new version that the old one did not have, not in other words either.

    A note in other words takes the place of one that is gone, has most of its words, and adds neither a number nor a
    name: what is not sure to be said already is told.
    """
    gone = _notes_not_in(new_text, old_notes)
    fresh = _notes_not_in(old_text, new_notes)
    return tuple(note for note in fresh if not any(_is_reworded(one, note, language) for one in gone))


def _notes_not_in(text: str, notes: Sequence[str]) -> tuple[str, ...]:
    known = normalise(text)
    return tuple(note for note in notes if normalise(note) not in known)


def _is_reworded(old: str, new: str, language: str | None) -> bool:
    before, after = (_NOTE_DATE.sub("", normalise(note)) for note in (old, new))
    figures, others = numbers_in(before, language), numbers_in(after, language)
    if others - figures or _names(after) - _names(before):
        return False
    if figures.keys() == others.keys() and len(others) >= _SAME_FIGURES:
        return True
    stems, told = telling_stems(before), telling_stems(after)
    return len(stems & told) >= _SAME_NOTE * min(len(stems), len(told)) > 0


def _names(normal: str) -> frozenset[str]:
    """Return the capitalised words that do not begin a sentence."""
    return frozenset(name.removesuffix("'s").rstrip("'-") for name in _NAME.findall(normal))


@dataclass(frozen=True, slots=True)
class _Words:
    """What of a sentence or note can name something: its numbers by value, its long words, its names."""

    numbers: frozenset[str]
    stems: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str, language: str | None) -> "_Words":
        normal = normalise(text)
        stems = frozenset(stem for stem in telling_stems(normal) if len(stem) >= _MIN_STEM and stem.isalpha())
        return cls(frozenset(numbers_in(normal, language)), stems, _names(normal))


def _note_on(old: str, new: str | None, notes: Sequence[tuple[str, _Words]], language: str | None) -> str | None:
    before, after = _Words.of(old, language), _Words.of(new or "", language)
    came_and_gone, stayed = (
        before.numbers ^ after.numbers,
        (before.numbers & after.numbers) | (before.stems & after.stems),
    )
    for note, words in notes:
        numbers = came_and_gone & words.numbers
        # A figure alone may be another one's: the note speaks of the same thing besides.
        if numbers and (len(numbers) > 1 or stayed & (words.numbers | words.stems)):
            return note
        if (before.stems - after.stems) & words.stems and (after.stems - before.stems) & words.stems:
            return note
        if _is_respelt(before.names - after.names, after.names - before.names, words.names):
            return note
    return None


def _is_respelt(gone: frozenset[str], came: frozenset[str], named: frozenset[str]) -> bool:
    """Whether one name took the place of another that is spelt much like it, and a note names either."""
    return any(
        Indel.normalized_similarity(wrong, right) >= _MISSPELT
        for wrong in gone
        for right in came
        if wrong in named or right in named
    )
