"""Correction notes that come and go."""

from pipeline import steps

TEXT = (
    "A bridge over the Karu river collapsed on Monday, killing at least five people, police said.",
    "Rescue teams searched the water through the night with boats and lamps.",
    "The road on both sides of the river will stay closed until the summer.",
)
NOTE = "Correction: We gave the wrong name of the river at first. The bridge stood over the Karu, not the Tarn."
MARKER = "This is a developing story and will be updated."


def test_every_sentence_of_a_note_is_a_correction_when_it_comes_and_when_it_goes(desk, site):
    site.page("/bridge", *TEXT, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    for paragraphs in ((*TEXT, NOTE, MARKER), (*TEXT, MARKER)):
        site.page("/bridge", *paragraphs)
        desk.make_due()
        desk.round()
    assert desk.column("select kind || ' ' || significance from news.updates order by update_id") == [
        *["added correction"] * 2,
        *["removed correction"] * 2,
    ]


def test_a_note_that_moves_or_is_reworded_is_told_once_and_its_figures_are_no_facts(desk, site):
    corrected = (TEXT[0].replace("five", "four"), *TEXT[1:])
    notes = (
        "(This Nov. 27 story has been corrected to fix the death toll to four, not five, in paragraph 1)",
        "(This Nov. 27 story has been corrected to give the death toll as four, instead of five, in the first line)",
    )
    site.page("/bridge", *TEXT, MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    for paragraphs in ((*corrected, notes[0]), (notes[0], *corrected), (notes[1], *corrected)):
        site.page("/bridge", *paragraphs)
        desk.make_due()
        desk.round()
    assert desk.column("select count(*) from news.versions") == [4]
    assert desk.column("select summary from news.events where kind = 'corrected'") == [notes[0]]
    (wrong, right) = desk.rows(
        "select low, reason from news.facts where kind = 'killed' and not background order by 1 desc"
    )
    assert (wrong["low"], wrong["reason"], right["low"], right["reason"]) == (5, notes[0], 4, None)


def test_the_sentences_of_a_note_in_other_words_are_a_correction_still(desk, site):
    notes = (
        "Correction: The death toll is four, not five, police said.",
        "Fixes: The bridge story gave a wrong number. The death toll is four, not five, police said.",
    )
    site.page("/bridge", *TEXT, notes[0], MARKER)
    steps.follow_urls(desk.url, [f"{site.base}/bridge"])
    desk.round()
    site.page("/bridge", *TEXT, notes[1], MARKER)
    desk.round()
    assert desk.column("select count(*) from news.events where kind = 'corrected'") == [0]
    assert set(desk.column("select significance from news.updates")) == {"correction"}
