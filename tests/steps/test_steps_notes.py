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
