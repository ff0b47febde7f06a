"""Articles: whether a story develops, judged only where publishers say it."""

import pytest

from pipeline.articles import markers_in
from pipeline.articles.markers import corrections_in, structured_markers
from pipeline.model import MarkerKind

FILLER = ["The council met on Monday to speak about the harbour wall and its cost."] * 6


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        ("Developing story – more to come", "en"),
        ("Developing story - more to come", "en"),
        ("This is a breaking news story and will be updated.", "en"),
        ("This is a breaking new story - more to follow", "en"),
        ("More details to follow.", "en"),
        ("This story is developing. Check back for updates.", "en"),
        ("More to come...", "en"),
        ("Weitere Informationen in Kürze.", "de"),
        ("Diese Meldung wird laufend aktualisiert.", "de"),
        ("Noticia en desarrollo…", "es"),
        ("Plus d’informations à venir.", "fr"),
        ("Notizia in aggiornamento", "it"),
        ("Mais informações em instantes", "pt"),
        ("Dit artikel wordt bijgewerkt", "nl"),
        ("この記事は随時更新します。", "ja"),
        ("Haber güncelleniyor...", "tr"),
    ],
)
def test_a_note_at_the_end_is_a_marker(phrase: str, language: str) -> None:
    for told in (language, None):
        (marker,) = markers_in("Fire at the port", [*FILLER, phrase], told)
        assert (marker.kind, marker.where) == (MarkerKind.PHRASE, "last")


@pytest.mark.parametrize(
    "sentence",
    [
        "He predicted a dozen more to follow by mid-October, and the rest of the states will vote later this month.",
        "“This is a developing situation,” the mayor said.",
        "Developing countries asked for more time.",
        "The film tells the developing story of two brothers.",
        "The museum's live blog archive was sold.",
        "The report will be updated next year, the ministry said.",
        "More information is available from the council office.",
        "Breaking the news to the family was hard, she said.",
    ],
)
def test_prose_with_the_same_words_is_none(sentence: str) -> None:
    assert markers_in("Fire at the port", [sentence, *FILLER, sentence], "en") == ()


def test_a_marker_in_the_middle_of_a_story_does_not_count() -> None:
    assert markers_in("Fire", [*FILLER, "This is a developing story.", *FILLER], "en") == ()


@pytest.mark.parametrize(
    "headline",
    [
        "BREAKING: Two dead in ferry fire",
        "Breaking news: Two dead in ferry fire",
        "BREAKING Two dead in ferry fire",
        "UPDATE 2-Oil prices rise after fire",
        "LIVE: Fire at the port",
        "Live updates: Fire at the port",
        "Port fire: live updates",
        "Royal couple LIVE: palace speaks",
        "Fire at the port – live",
        "+++ Liveticker +++ Brand im Hafen",
        "Eilmeldung: Brand im Hafen",
        "Última hora: incendio en el puerto",
        "【速報】港で火災",
    ],
)
def test_a_label_in_the_headline_is_a_marker(headline: str) -> None:
    (marker,) = markers_in(headline, FILLER, None)
    assert (marker.kind, marker.where) == (MarkerKind.LABEL, "headline")


@pytest.mark.parametrize(
    "headline",
    [
        "Breaking Bad actor opens a restaurant",
        "How we live: a guide to small flats",
        "Live-Musik im Hafen",
        "Update-Problem bei Fahrkarten",
        "Breaking the ice: ferries return",
        "They live on less than a crown a day",
        "Storm damage: what the council will pay",
    ],
)
def test_a_headline_with_the_same_words_is_none(headline: str) -> None:
    assert markers_in(headline, FILLER, None) == ()


def test_a_live_report_that_is_over_develops_no_more() -> None:
    assert markers_in("Port fire: live updates", [*FILLER, "This live blog is now closed."], "en") == ()
    assert markers_in("Port fire live updates – as it happened", FILLER, "en") == ()


def test_structured_data_marks_live_blogs_and_wire_slugs() -> None:
    found = structured_markers({"LiveBlogPosting"}, ["BC-EU--Ferry Fire,2nd Ld-Writethru"])
    assert {marker.kind for marker in found} == {MarkerKind.LIVE_BLOG, MarkerKind.SLUG}
    assert structured_markers({"NewsArticle"}, ["holdings-writethrough"]) == ()


@pytest.mark.parametrize(
    "note",
    [
        "Correction: the toll was 12, not 21.",
        "Clarification — the mayor spoke on Monday.",
        "An earlier version of this article misstated the toll.",
        "Editor’s note: this story was amended on Tuesday.",
        "This article was amended on 3 March 2026 to correct a name.",
        "Korrektur: Die Zahl war falsch.",
        "In einer früheren Version hieß es, 21 Menschen seien gestorben.",
        "Fe de errores: fueron 12.",
        "Rectificatif : le bilan est de 12 morts.",
        "【訂正】死者数に誤りがありました。",
        "(This Nov. 27 story has been corrected to say 14 people were killed, not 17, in paragraph 1)",
        "(Corrects death toll in first paragraph)",
        "(Corrects to show the mayor spoke on Monday, not Sunday)",
        "(Fixes spelling of the mayor's name)",
        "This version corrects the death toll to 14, instead of 17.",
        "This story has been corrected to show that 14 people died.",
        "A correction was made on Nov. 27, 2026: the toll is 14.",
        "This story was first published on Nov. 27, 2026. It was updated on Nov. 28, 2026, to correct the toll.",
        "Correction appended: the toll is 12, not 21.",
        "Correction 27 November: we gave the toll as 17.",
        "Correction, Nov. 27, 2026, 9:40 a.m.: we gave the toll as 17.",
        "Update 27 November 2026: This article has been amended to reflect a lower toll.",
        "We have corrected the death toll in this story.",
        "This article originally said that 17 people were killed.",
        "The headline of this story has been corrected.",
        "An earlier version gave the toll as 17.",
        "Korrektur vom 27. November 2026, 10.40 Uhr: Die Zahl war falsch.",
        "Hinweis: In einer früheren Fassung war von drei Toten die Rede.",
        "Wir haben die Zahl der Toten korrigiert.",
        "Correction le 27 novembre à 12h : le bilan est de deux morts.",
        "Mise à jour le 27 novembre : cet article a été corrigé.",
        "Esta noticia ha sido corregida: son cinco.",
        "Este texto foi corrigido às 12h.",
        "Questo articolo è stato corretto.",
        "L’articolo è stato corretto alle 12.",
        "L’article a été corrigé à 12h.",
        "Aanvulling 27 november: er vielen twee doden.",
        "تصويب: عدد القتلى 14.",
        "ذكرت نسخة سابقة من هذا الخبر أن عدد القتلى 7.",
        "Mise à jour et correction : la capitaine se nomme Julie Morel.",
        "Diferentemente do que foi publicado, são sete os mortos.",
        "In een vorige versie van dit artikel stond dat zes mensen gewond raakten.",
        "※当初の記事で、人数を七人としていましたが、正しくは八人でした。",
        "人数は正しくは八人でした。おわびして訂正します。",
    ],
)
def test_correction_notes_are_found_whole(note: str) -> None:
    assert corrections_in([*FILLER, note], None) == (note,)


@pytest.mark.parametrize(
    "sentence",
    [
        "Corrections officers said nobody had escaped.",
        "Corrected figures were due on Friday.",
        "The correction came late.",
        "Correction officers counted 14 inmates on Friday.",
        "Corrects itself the market will, he said.",
        "This month's story has been one of loss, the mayor said.",
        "This story originally appeared in the Karu Gazette.",
        "We have corrected course, the minister said.",
        "おわびと訂正を求めて、遺族が会社を訪れた。",
        "大臣は当初の発言を訂正しました。",
    ],
)
def test_prose_about_corrections_is_no_note(sentence: str) -> None:
    assert corrections_in([sentence], None) == ()


def test_a_heading_of_notes_is_a_part_of_the_first_of_them_and_no_note_itself() -> None:
    note = "The wall cost three million, not two."
    assert corrections_in([*FILLER, "Correction", note], "en") == (f"Correction {note}",)
    labelled = f"Clarification: {note}"
    assert corrections_in([*FILLER, "Corrections:", labelled], "en") == (labelled,)
    assert corrections_in([*FILLER, "Correction"], "en") == ("Correction",)
