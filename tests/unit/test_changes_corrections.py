"""Correction notes and the sentences they correct."""

import pytest

from pipeline.changes import compare, fresh_notes, judge, link_corrections
from pipeline.model import TouchedSentences

BEFORE = (
    "The fire on the quay killed nine people, the harbour office said.",
    "About 140 people were led out of the terminal within 20 minutes.",
    "Mayor Tilda Brandt called for an inquiry.",
)


def corrected(new: tuple[str, ...], note: str) -> list[tuple[str | None, bool]]:
    """Return what each changed sentence says by now, and whether the note tells of it."""
    judged = judge(
        compare(BEFORE, (*new, note)).updates,
        touched=TouchedSentences(),
        corrections=[note],
    )
    return [(update.new_text, update.correction == note) for update in link_corrections(judged, [note])]


def test_a_note_that_names_the_old_figure_is_linked_to_its_sentence_alone() -> None:
    new = (BEFORE[0], BEFORE[1].replace("140", "114"), "Mayor Tilda Brandt asked for an inquiry.")
    note = "Correction: An earlier version said that 140 people were led out of the terminal."
    assert corrected(new, note) == [(new[1], True), (new[2], False), (note, False)]


def test_a_note_that_names_the_wrong_and_the_right_name_is_linked() -> None:
    new = (*BEFORE[:2], BEFORE[2].replace("Brandt", "Holm-Sund"))
    note = "Correction: The mayor is called Holm-Sund. An earlier version called her Brandt."
    assert (new[2], True) in corrected(new, note)


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("Correction: A picture showed another ship.", id="of something else"),
        pytest.param("This article has been corrected.", id="that says nothing"),
    ],
)
def test_a_note_that_names_nothing_of_a_sentence_is_linked_to_none(note: str) -> None:
    new = (BEFORE[0], BEFORE[1].replace("140", "114"), BEFORE[2])
    assert corrected(new, note)[0] == (new[1], False)


def test_a_note_that_spells_a_name_rightly_is_linked_to_the_sentence_that_misspelt_it() -> None:
    new = (BEFORE[0], BEFORE[1].replace("140", "114"), BEFORE[2].replace("Brandt", "Brand"))
    note = "Editor’s note: We have corrected the spelling of Tilda Brand’s name."
    assert corrected(new, note) == [(new[1], False), (new[2], True), (note, False)]
    note = "Correction: An earlier version of this entry misspelled the mayor's name as Brandt."
    assert corrected(new, note) == [(new[1], False), (new[2], True), (note, False)]


def test_a_note_in_words_is_linked_to_the_sentence_whose_number_it_names() -> None:
    old = ("Zes mensen raakten gewond bij het ongeluk, meldt de kustwacht.",)
    new = (old[0].replace("Zes", "Negen"),)
    note = "Correctie: in een eerdere versie van dit artikel stond dat zes mensen gewond raakten."
    judged = judge(compare(old, (*new, note)).updates, touched=TouchedSentences(), corrections=[note], language="nl")
    linked = link_corrections(judged, [note], language="nl")
    assert [update.correction for update in linked] == [note, None]


def test_an_added_sentence_corrects_nothing() -> None:
    note = "Correction: An earlier version said that 140 people were led out."
    assert all(not linked for _, linked in corrected((*BEFORE, "A new pier opens for 140 people."), note))


NOTE = "(This story has been corrected to fix the death toll to 14, not 17, in paragraph 1)"


@pytest.mark.parametrize(
    ("new", "is_fresh"),
    [
        pytest.param(NOTE, False, id="moved"),
        pytest.param(
            "(This story has been corrected to give the death toll as 14, instead of 17, in the first paragraph)",
            False,
            id="reworded",
        ),
        pytest.param("(This story has been corrected to fix the death toll to 13, not 17)", True, id="another figure"),
        pytest.param("(This story has been corrected to fix the name of mayor Holm)", True, id="another matter"),
        pytest.param("(This story has been corrected to fix the death toll in Orrin)", True, id="another name"),
    ],
)
def test_a_note_that_is_moved_or_reworded_is_no_new_one(new: str, is_fresh: bool) -> None:
    text, later = "\n".join((*BEFORE, NOTE)), "\n".join((new, *BEFORE))
    assert fresh_notes(text, [NOTE], later, [new], language="en") == ((new,) if is_fresh else ())


@pytest.mark.parametrize(
    ("old", "new", "language", "is_fresh"),
    [
        ("Correction: The fire killed 14, not 17.", "Correction (Nov. 27): The fire killed 14, not 17.", "en", False),
        (
            "Correction: The fire killed 14, not 17.",
            "This article was amended on 27 November 2026 to say that the fire killed 14 people rather than 17.",
            "en",
            False,
        ),
        ("Correction: The fair opens on May 12.", "Correction: The fair opens on May 14.", "en", True),
        (
            "Correção: a Defesa Civil informou sete mortos, e não oito, como publicado anteriormente.",
            "Errata: diferentemente do que foi publicado, são sete as vítimas, e não oito.",
            "pt",
            False,
        ),
        ("Rectificatif : le bilan est de 7 morts.", "Rectificatif : le bilan est de 8 morts.", "fr", True),
    ],
)
def test_the_day_of_a_note_is_no_figure_and_the_same_two_figures_are_the_same_correction(
    old: str, new: str, language: str, *, is_fresh: bool
) -> None:
    text, later = "\n".join((*BEFORE, old)), "\n".join((new, *BEFORE))
    assert fresh_notes(text, [old], later, [new], language=language) == ((new,) if is_fresh else ())


def test_a_second_note_beside_the_first_is_new() -> None:
    second = "(This story has been corrected to fix the death toll)"
    text = "\n".join((*BEFORE, NOTE))
    assert fresh_notes(text, [NOTE], f"{text}\n{second}", [NOTE, second], language="en") == (second,)
