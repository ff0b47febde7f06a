"""What is no change, and that no number is ever among it."""

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.changes import content_sha256, normalise
from pipeline.changes.noise import essence, noise_of

SAME = [
    ("white space", "Two  words\there\n", "Two words here"),
    ("no-break space", "5\u00a0dead", "5 dead"),
    ("soft hyphen", "inter\u00adnational", "international"),
    ("zero width", "\ufeffwa\u200bter", "water"),
    ("curly quotes", "“It’s”", '"It\'s"'),
    ("low quotes", "„Ja“", '"Ja"'),
    ("angle quotes", "»Ja«", '"Ja"'),
    ("dashes", "the toll – now 8 — rose", "the toll - now 8 - rose"),
    ("spaced dash", "the toll—again", "the toll — again"),
    ("ellipsis", "wait…", "wait..."),
    ("composition", "cafe\u0301", "café"),
    ("full width", "５人死亡", "5人死亡"),
    ("ligature", "ﬁre", "fire"),
    ("misread UTF-8", "Brandtâ€™s cafÃ©", "Brandt’s café"),
    ("misread UTF-8, a byte lost", "â€œGo,â€ she said", "“Go,” she said"),
    ("French spacing", "Vraiment !", "Vraiment!"),
    ("spaced guillemets", "Il a dit «\u202fNous restons\u00a0». Puis rien.", 'Il a dit "Nous restons". Puis rien.'),
    ("reversed guillemets", "Er rief »Ja« und »Nein« .", "Er rief „Ja“ und „Nein“."),
    ("Arabic-Indic digits", "مقتل ١٢ شخصا", "مقتل 12 شخصا"),
    ("Arabic marks", "هل مات ٢٠٪؟ نعم، ربما؛", "هل مات 20%? نعم, ربما;"),
    ("Arabic tatweel", "الـوضع صعب", "الوضع صعب"),
    ("half-width corner brackets", "船長は｢はい｣と話した", "船長は「はい」と話した"),
    ("wave dash", "３〜５人", "3～5人"),
    ("Arabic-Indic separators", "٢٬٥٠٠ متر و٢٫٥ متر", "2,500 متر و2.5 متر"),
]
DIFFERENT = [
    ("decimal point", "1.5 metres", "15 metres"),
    ("digit", "5 dead", "8 dead"),
    ("Arabic-Indic digit", "٥ قتلى", "8 قتلى"),
    ("space around reversed guillemets", "Er rief »Ja« laut", "Er rief »Ja«laut"),
    ("sign", "-5 degrees", "5 degrees"),
    ("spaced digits", "1 5", "15"),
    ("range", "5-8", "58"),
    ("case", "March", "march"),
    ("comma", "eat, Grandma", "eat Grandma"),
    ("accent", "resume", "résumé"),
]


@pytest.mark.parametrize(("name", "one", "other"), SAME, ids=[case[0] for case in SAME])
def test_typography_is_the_same(name: str, one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("name", "one", "other"), DIFFERENT, ids=[case[0] for case in DIFFERENT])
def test_what_a_reader_sees_is_different(name: str, one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


TEXT = st.text(alphabet=st.sampled_from("aé 15.,-–—…'’\"“`()!?\n\u00a0\u00ad\u200b\u0301５٣ﬁ"), max_size=40) | st.text(
    max_size=40
)


@given(TEXT)
@example("? - -")
@example("- - x - - y")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXT)
def test_every_digit_stays_in_its_order(text: str) -> None:
    def digits(s: str) -> list[int]:
        return [unicodedata.decimal(char) for char in re.findall(r"\d", s)]

    assert digits(normalise(text)) == digits(text)


NOISE = [
    ("stamp", ["3 hours ago", "Updated 3 hours ago", "Updated: 14:05 GMT, 2 May 2025", "1 hr 5 min ago", "just now"]),
    (
        "stamp",
        [
            "Last updated on May 2, 2025 at 3:05 p.m. ET",
            "Published 2 May 2025",
            "As of 2 May 2025",
            "Posted 1 hour ago",
        ],
    ),
    ("stamp", ["vor 5 Minuten", "Stand: 02.05.2025 14:05 Uhr", "Il y a 2 heures", "Mis à jour le 3 mai 2025 à 14h05"]),
    (
        "stamp",
        ["Hace 3 horas", "há 3 horas", "5分前", "更新: 2025年5月2日 14:05", "منذ 5 ساعات", "Bijgewerkt: 3 uur geleden"],
    ),
    (
        "stamp",
        [
            "27/11/2026 15:45",
            "2026/11/27 11:20",
            "Nov 27, 2026, 3:33pm EST",
            "Fri 27 Nov 2026 19.15 GMT First published on Fri 27 Nov 2026 10.02 GMT",
            "This article was first published at 06:10 GMT and last updated at 07:10 GMT.",
            "Posted at 9:02 AM, Nov 27, 2026 and last updated 12:31 PM, Nov 27, 2026",
            "Published 27 Nov 2026, 10:02 GMT Updated 51 minutes ago",
            "27.11.2026, 13:05 | Update: 27.11.2026, 13:40",
            "Vandaag, 10:15 • Aangepast vandaag, 11:20",
            "Letztes Update am 27.11.2026, 15:00 Uhr",
            "27/11/2026 10h15 Atualizado 27/11/2026 11h20",
        ],
    ),
    ("stamp", ["Vor 5 Stunden aktualisiert", "Letzte Aktualisierung: vor 5 Minuten", "Mise à jour : il y a 5 min"]),
    ("stamp", ["Última actualización: hace 5 horas", "Hace 5 minutos, actualizado", "Última atualização há 5 horas"]),
    ("stamp", ["Ultimo aggiornamento: 5 ore fa", "5 min geleden aangepast", "Laatste update: 5 uur geleden", "Now"]),
    ("stamp", ["5分前に更新", "最終更新 5分前", "تم التحديث قبل 12 دقيقة", "نُشر منذ 5 دقائق", "آخر تحديث: منذ ساعة"]),
    (
        "counter",
        ["1,237 people have read this article", "4 readers are discussing this", "1.237 Leser", "37 fois partagé"],
    ),
    ("counter", ["Page 1 of 2 Next", "Seite 2 von 3", "1/2ページ", "Weather now: 11°C, cloudy", "閲覧数：1,204"]),
    ("counter", ["12 comments", "1.2K shares", "Comments (12)", "View all 12 comments", "5 min read", "12 Kommentare"]),
    ("stamp", ["Updated 3 hours ago | 12 comments", "3 hours ago · 5 min read"]),
    ("advisory", ["(Adds quotes, background)", "(Recasts with minister's statement)", "(Neu: Details)", "(Updates)"]),
    ("byline", ["By Tilda Brandt", "By Tilda Brandt and John Q. Low", "Von Anna Vogt"]),
]


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in NOISE for line in lines])
def test_lines_that_say_nothing_new(rule: str, line: str) -> None:
    assert noise_of(line) == rule


JOURNALISM = [
    "1,237 people have read the report",
    "4 readers are discussing this in court",
    "Weather: 42°C",
    "Hace 5 horas, 12 muertos",
    "Page 12 of the report was blank",
    "Last week the council said no more about the bridge",
    "The bridge fell 3 hours ago.",
    "5 dead",
    "12 people",
    "At least 12 killed",
    "By hundreds of people",
    "By 2020",
    "May 12",
    "14:05",
    "3 hours",
    "Update: 12 dead",
    "27 November 2026",
    "14:05 | 27 May",
    "2026: 12 dead at 14:05",
    "Updated toll: 12",
    "As of May 2, 12 dead",
    "100 shares sold for $5",
    "5 dead 3 hours ago",
    "12 votes",
    "(Adds paragraph 3)",
    "(Updates death toll to 12)",
    "Adds flavour to soup",
    "(Corrects name of minister)",
    "(He adds that nothing was wrong)",
    "Fire 80% contained | 12 comments",
    "",
]


@pytest.mark.parametrize("line", JOURNALISM)
def test_lines_that_say_something(line: str) -> None:
    assert noise_of(line) is None


def test_two_stamps_are_one_and_no_stamp_is_a_sentence() -> None:
    assert essence("Updated 3 hours ago") == essence("5 minutes ago") != essence("Three hours passed.")


@pytest.mark.parametrize(
    "line", ["Updated " + "1" * 110, "By " + "Aa " * 38, "1," * 59 + "x", "1 hour " * 17, "12 " * 39 + "c"]
)
def test_no_line_is_slow_to_judge(line: str) -> None:
    noise_of("warm")
    start = time.process_time()
    noise_of(line)
    assert time.process_time() - start < 0.2


def test_the_hash_ignores_stamps_paragraphs_and_typography() -> None:
    one = content_sha256("Bridge “falls”", "By Tilda Brandt\nUpdated 3 hours ago\nFive died.\nMore fled.\n12 comments")
    other = content_sha256('Bridge "falls"', "Five died. More fled.\n2 days ago")
    assert one == other


def test_the_hash_sees_every_digit_of_a_sentence_and_the_headline() -> None:
    base = content_sha256("5 dead", "It fell 3 hours ago, police said.")
    assert base != content_sha256("8 dead", "It fell 3 hours ago, police said.")
    assert base != content_sha256("5 dead", "It fell 5 hours ago, police said.")


def test_headline_and_text_are_told_apart() -> None:
    assert content_sha256("a b", "c") != content_sha256("a", "b c")
