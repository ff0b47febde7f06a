"""What an update touches."""

import pytest

from pipeline.changes import compare, judge
from pipeline.changes.meaning import numbers_in
from pipeline.model import Significance, TouchedSentences, Update, UpdateKind

FACT, QUOTE, CORRECTION, WORDING = (
    Significance.FACT,
    Significance.QUOTE,
    Significance.CORRECTION,
    Significance.WORDING,
)
NOTHING = TouchedSentences()


def judged(
    old: str | None, new: str | None, *, notes: tuple[str, ...] = (), language: str | None = None
) -> Significance:
    kind = UpdateKind.EDITED if old and new else UpdateKind.ADDED if new else UpdateKind.REMOVED
    update = Update(
        kind=kind,
        old_position=0 if old else None,
        new_position=0 if new else None,
        old_text=old,
        new_text=new,
    )
    (row,) = judge([update], touched=NOTHING, corrections=notes, language=language)
    return row.significance


CASES = [
    ("digits", "The fire burned 40 acres.", "The fire burned 60 acres.", FACT),
    ("a number written out", "Two men were held.", "Three men were held.", FACT),
    ("a figure spelled otherwise", "Twelve boats sank.", "12 boats sank.", WORDING),
    ("separators", "It cost 1500 crowns.", "It cost 1,500 crowns.", WORDING),
    ("millions in a letter", "The ship cost $3m.", "The ship cost $3 million.", WORDING),
    ("another scale in a letter", "The ship cost £3m.", "The ship cost £3bn.", FACT),
    ("metres", "The wave was 3m high.", "The wave was 3 metres high.", WORDING),
    ("scale", "It cost 5 million crowns.", "It cost 5 billion crowns.", FACT),
    ("decimal point", "It rose 1.5 metres.", "It rose 15 metres.", FACT),
    ("place in a list", "1. Who can vote?", "2. Who can vote?", WORDING),
    ("words", "The fire burned quickly.", "The fire burned slowly.", WORDING),
    ("quoted words", "“We ran,” Holm said.", "“We walked,” Holm said.", QUOTE),
    ("speaker", "“We ran,” Pia Holm said.", "“We ran,” Jo Lind said.", QUOTE),
    ("speaker behind the verb", "“We ran,” said Pia Holm.", "“We ran,” said Jo Lind.", QUOTE),
    ("source of reported speech", "Police said the road was shut.", "Witnesses said the road was shut.", QUOTE),
    ("quotation marks only", "He called it 'a mess', \"again\".", "He called it ‘a mess’, “again”.", WORDING),
    ("single marks for double ones", "‘We won’t run,’ Holm said.", "“We won’t run,” Holm said.", WORDING),
    ("single marks around a part of a quotation", "‘We ran. We hid.", "“We ran. We hid.", WORDING),
    ("words in single marks", "‘We ran,’ Holm said.", "‘We walked,’ Holm said.", QUOTE),
    ("day of a dateline", "MARLOW, Nov. 27 (AP) - A ship sank.", "MARLOW, Nov. 28 (AP) - A ship sank.", WORDING),
    ("figure behind a dateline", "MARLOW, Nov. 27 (AP) - 5 died.", "MARLOW, Nov. 28 (AP) - 6 died.", FACT),
    ("possessives", "The workers' camp and the '90s.", "The workers' homes and the '90s.", WORDING),
    ("what stands around a quotation", "“We ran,” Holm said in tears.", "“We ran,” Holm said, in tears.", WORDING),
    ("Japanese quotation", "市長は「行く」と述べた。", "市長は「行かない」と述べた。", QUOTE),
    ("Japanese numeral", "五人が死亡した。", "八人が死亡した。", FACT),
    ("Japanese numeral in digits", "十二人が死亡した。", "12人が死亡した。", WORDING),
    ("Japanese scale", "3万人が避難した。", "3億人が避難した。", FACT),
    ("Japanese word that begins like a numeral", "雨が降った。", "一方、三重県では十分な雨が降った。", WORDING),
    ("Chinese numeral", "事故造成五人死亡。", "事故造成十五人死亡。", FACT),
    ("added quotation", None, "“We ran,” Holm said.", QUOTE),
    ("removed quotation", "“We ran,” Holm said.", None, QUOTE),
    ("added plain sentence", None, "The road was shut.", WORDING),
    ("correction note", None, "Correction: an earlier version said 50 died; it was 40.", CORRECTION),
    ("editor's note", None, "Editor’s note: the name of the river was wrong.", CORRECTION),
    ("earlier version", None, "An earlier version of this article misspelled a name.", CORRECTION),
    ("German", None, "Korrektur: Der Fluss heißt Karu.", CORRECTION),
    ("Japanese", None, "【訂正】川の名前が違いました。", CORRECTION),
    ("corrections as a topic", "Corrections officers left.", "Corrections officers stayed.", WORDING),
]


@pytest.mark.parametrize(("name", "old", "new", "meaning"), CASES, ids=[case[0] for case in CASES])
def test_meaning(name: str, old: str | None, new: str | None, meaning: Significance) -> None:
    assert judged(old, new) is meaning


def test_a_sentence_of_a_known_note_is_a_correction() -> None:
    note = "The river was named wrongly in our first report. It is the Karu."
    assert judged(None, "The river was named wrongly in our first report.", notes=(note,)) is CORRECTION
    assert judged(None, "Nobody was named in it.", notes=(note,)) is WORDING
    assert judged("It is the Karu.", None, notes=(note,)) is CORRECTION


@pytest.mark.parametrize(
    ("language", "note", "sentence"),
    [
        ("nl", "Correctie: eerder stond hier dat er drie doden waren. Dat klopt niet.", "Dat klopt niet."),
        ("ja", "訂正：死者の数が誤っていました。正しくは二人です。", "正しくは二人です。"),
    ],
)
def test_a_short_sentence_of_a_note_is_a_correction(language: str, note: str, sentence: str) -> None:
    assert judged(None, sentence, notes=(note,), language=language) is CORRECTION
    assert judged(None, sentence[:-2] + "。", notes=(note,), language=language) is WORDING


def test_a_sentence_whose_fact_changed_is_a_fact() -> None:
    old, new = ["All hostages are held.", "Rain fell."], ["Some hostages are freed.", "Rain fell heavily."]
    updates = compare(old, new).updates
    rows = judge(updates, touched=TouchedSentences(old_facts=frozenset({0})), corrections=())
    assert {row.significance for row in rows if row.old_position == 0} == {FACT}
    rows = judge(updates, touched=TouchedSentences(new_facts=frozenset({1})), corrections=())
    assert {row.significance for row in rows if row.new_position == 1} == {FACT}


def test_a_split_that_keeps_its_numbers_is_wording() -> None:
    whole = "The bridge, built by the Orlo company in 1961, carried 8,000 cars a day."
    parts = ["The bridge was built by the Orlo company in 1961.", "It carried 8,000 cars a day."]
    rows = [
        Update(kind=UpdateKind.SPLIT, old_position=0, new_position=i, old_text=whole, new_text=part)
        for i, part in enumerate(parts)
    ]
    assert {r.significance for r in judge(rows, touched=NOTHING, corrections=())} == {WORDING}
    rows[1] = Update(
        kind=UpdateKind.SPLIT, old_position=0, new_position=1, old_text=whole, new_text="It carried 9,000 cars a day."
    )
    assert {r.significance for r in judge(rows, touched=NOTHING, corrections=())} == {FACT}


def test_a_sentence_that_only_moved_is_wording() -> None:
    text = "“We ran,” said 40 people."
    row = Update(kind=UpdateKind.MOVED, old_position=3, new_position=0, old_text=text, new_text=text)
    assert judge([row], touched=NOTHING, corrections=())[0].significance is WORDING


def test_numbers_are_read_by_value() -> None:
    assert numbers_in("1,500 men and twelve boats, 2.5 m") == {"1500": 1, "12": 1, "2.5": 1}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("三百二十人", ["320"]),
        ("二〇二四年五月十日", ["2024", "5", "10"]),
        ("一万二千五百円", ["12500"]),
        ("千五百台", ["1500"]),
        ("一人", []),
        ("九州と四国", []),
        ("四日市の二人", ["2"]),
    ],
)
def test_numbers_in_kanji_are_read_where_they_count_something(text: str, values: list[str]) -> None:
    assert list(numbers_in(text, "ja").elements()) == values


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "Bei dem Brand starben zwei Menschen.", "Bei dem Brand starben drei Menschen."),
        ("es", "El fuego dejó once heridos.", "El fuego dejó doce heridos."),
        ("fr", "Deux personnes sont mortes.", "Trois personnes sont mortes."),
        ("it", "Due persone sono morte.", "Quattro persone sono morte."),
        ("nl", "Er zijn twee mensen omgekomen.", "Er zijn drie mensen omgekomen."),
        ("pt-BR", "A enchente matou três pessoas.", "A enchente matou cinco pessoas."),
        ("ar", "مقتل خمسة أشخاص في انهيار مبنى.", "مقتل سبعة أشخاص في انهيار مبنى."),
    ],
)
def test_a_number_in_words_that_changed_is_a_fact_in_every_language(language: str, old: str, new: str) -> None:
    assert judged(old, new, language=language) is FACT


def test_a_word_that_is_a_number_in_another_language_only_is_none() -> None:
    assert numbers_in("once more, due to the elf", "en") == {}
    assert judged("They met once to talk.", "They met to talk.", language="en") is WORDING


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("de", "Das Dach fiel, sagte Pia Holm.", "Das Dach fiel, sagte Jo Lind."),
        ("es", '"Fue terrible", dijo la alcaldesa Pilar Oro.', '"Fue terrible", dijo la portavoz Marta Gil.'),
        ("fr", "« C'est grave », a déclaré le préfet Luc Arnal.", "« C'est grave », a déclaré la maire Jeanne Roy."),
        ("it", "“È grave”, ha commentato il prefetto.", "“È grave”, ha commentato il sindaco Aldo Neri."),
        ("nl", "“Het was erg”, zei de burgemeester.", "“Het was erg”, zei een buurvrouw."),
        ("pt", "“Foi terrível”, disse o prefeito.", "“Foi terrível”, disse um vizinho."),
        ("ja", "同社の田中社長は「申し訳ない」と述べた。", "同社の鈴木専務は「申し訳ない」と述べた。"),
        ("ja", "「怖かった」と佐藤さんは話した。", "「怖かった」と高橋さんは話した。"),
        ("ar", "وقال المتحدث باسم الوزارة: «الطريق مغلق».", "وقال محافظ السويس: «الطريق مغلق»."),
    ],
)
def test_a_speaker_who_changed_is_a_quote_in_every_language(language: str, old: str, new: str) -> None:
    assert judged(old, new, language=language) is QUOTE


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("ja", "田中社長は27日、工場で「申し訳ない」と述べた。", "田中社長は27日、本社で「申し訳ない」と述べた。"),
        ("ar", "وقال الوزير إن الطريق مغلق اليوم.", "وقال الوزير إن الطريق مغلق تماما اليوم."),
    ],
)
def test_other_words_beside_the_same_speaker_are_wording(language: str, old: str, new: str) -> None:
    assert judged(old, new, language=language) is WORDING


@pytest.mark.parametrize(
    ("language", "old", "new", "is_same"),
    [
        ("de", "4.000 Tonnen", "4000 Tonnen", True),
        ("de", "1,500 Meter", "1500 Meter", False),
        ("pt-BR", "1.500.000,50 reais", "1500000,50 reais", True),
        ("fr", "4 000 tonnes", "4000 tonnes", True),
        ("es", "4.000 toneladas", "4 000 toneladas", True),
        ("en", "4.000 per cent", "4000 per cent", False),
        ("en", "on 12 June 2024 500 people", "on 12 June 2024500 people", False),
        (None, "12 300 people", "12 400 people", False),
    ],
)
def test_thousands_are_read_as_the_language_writes_them(
    language: str | None, old: str, new: str, is_same: bool
) -> None:
    assert (numbers_in(old, language) == numbers_in(new, language)) is is_same


def test_a_changed_fact_that_is_a_quotation_is_a_quote_and_a_figure_beside_it_a_fact() -> None:
    old = "Das Dach fiel, sagte Pia Holm."
    for new, expected in (("Das Dach fiel, sagte Jo Lind.", QUOTE), ("Das Dach fiel, sagte Jo Lind, 40.", FACT)):
        row = Update(kind=UpdateKind.EDITED, old_position=0, new_position=0, old_text=old, new_text=new)
        quotes = TouchedSentences(old_quotes=frozenset({0}), new_quotes=frozenset({0}))
        (told,) = judge([row], touched=quotes, corrections=())
        assert told.significance is expected


def test_two_numbers_side_by_side_are_two_where_no_space_sets_thousands_apart() -> None:
    assert numbers_in("On March 12 200 people came", "en") == numbers_in("On March 12, 200 people came", "en")
