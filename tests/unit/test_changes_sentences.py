"""Sentences: real oddities of news prose, in sentences of our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.changes import split_sentences

ENGLISH = [
    ("titles", ["Lt. Gen. Ana Ruiz met Rep. Tom Hale.", "They left."]),
    ("initials", ["H.R. Bell and J. K. Low were named.", "Both denied it."]),
    ("country inside", ["U.S. Secretary Dana Cole flew home."]),
    ("country at the end", ["He fled to the U.S.", "The case goes on."]),
    ("months", ["It happened on Aug. 14.", "On Sept. 3 it ended."]),
    ("time of day ends", ["It shut at 5 p.m.", "The crowd left."]),
    ("time of day inside", ["At 6 a.m. Tuesday the rain came."]),
    ("company", ["Harbor Inc. shares fell 3.5 percent.", "Nobody knew why."]),
    ("decimal", ["A magnitude 6.3 quake hit.", "It lasted 9.5 seconds."]),
    ("quotation opens after a stop", ["He told me.", "“But nobody came,” she said."]),
    ("quotation closes after the stop", ["“We ran.”", "Then the wall fell."]),
    ("question before its speaker", ["“Who did this?” Mayor Jo Lind asked.", "Nobody answered."]),
    ("question, lower case", ['"Why now?" she asked.', "It was late."]),
    ("ellipsis", ["They waited...", "Nothing came."]),
    ("ellipsis inside", ["They waited ... and waited."]),
    ("bracket", ["(It was closed.)", "It opens again on Monday."]),
    ("number of", ["Route No. 7 is shut.", "Route 9 is open."]),
    ("rupees", ["The state paid Rs. 5 crore.", "It had promised Rs. 7.5 crore."]),
    ("rupees in words", ["Each got Rs. Twelve lakh.", "The state paid."]),
    ("for example", ["Some towns, e.g. Two Rivers, were cut off; others, i.e. The Mills, were not.", "It rained."]),
    ("a letter at the end", ["They chose plan b.", "The rest had gone."]),
    ("an initial behind a letter", ["They chose plan c.", "K. Smith agreed."]),
    ("saint", ["St. Aldous flooded.", "Mt. Corr did not."]),
    ("generation", ["Carl Dent Jr. won.", "He thanked them."]),
    ("lost space", ["The fire reached the city.", "Officials said so."]),
    ("address", ["Read it at example.com today.", "It is free."]),
    ("the letter I", ["It was my brother and I.", "The rest had gone."]),
    ("state", ["She lives in Akron, Ohio.", "He lives in Tampa, Fla.", "They never met."]),
    ("dashes", ["The toll rose — again.", "— Reporting by A. Quill."]),
]


@pytest.mark.parametrize(("name", "sentences"), ENGLISH, ids=[name for name, _ in ENGLISH])
def test_english_sentences(name: str, sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences).replace("city. Off", "city.Off"), "en") == tuple(sentences)


OTHERS = [
    ("de", ["Am 3. Oktober kam Dr. Anna Vogt z.B. nach Trier.", "Das war 2016.", "»Gut so.«", "Dann ging sie."]),
    ("de", ["Er pflanzte z. B. Eichen und u. a. Buchen.", "Das half i. d. R. nicht."]),
    ("de", ["Er kam mit Linden, Buchen u. a.", "Die Stadt zahlte."]),
    ("de", ["Er blieb fort, d. h. Der Plan war tot.", "Alle, v. a. Die Grünen, waren dagegen, d.h. Das Geld fehlt."]),
    ("nl", ["Het water steeg, d.w.z. De dijk brak.", "Niemand was er."]),
    ("fr", ["M. Leroy est arrivé à 3 h.", "Il a dit : « Bonjour ! »", "Puis il est parti."]),
    ("es", ["El Sr. Pardo llegó.", "¿Quién lo vio?", "Nadie, según la Dra. Gil."]),
    ("pt-BR", ["A Dra. Lima chegou.", "O prefeito saiu."]),
    ("it", ["Il dott. Neri è arrivato con l’on. Bianchi.", "La città dorme."]),
    ("nl", ["Dhr. Bos kwam om 5 uur.", "Het was laat."]),
    ("ar", ["وصل الوزير أمس.", "هل هذا صحيح؟", "نعم."]),
    ("ar", ["وقال المتحدث د. أحمد سالم إن الطريق مغلق.", "وبدأ التحقيق."]),
    ("de", ["Der Schaden liegt bei rd. 1,5 Mio. Euro.", "Das Haus steht leer."]),
    ("pt", ["Estavam lá, p. ex. Ana e S. Exa. O governador.", "Choveu."]),
    ("nl", ["De oorzaak wordt onderzocht door o.m. Defensie.", "Dat duurt lang."]),
    ("it", ["È arrivata la dott.ssa Neri.", "Piove."]),
    ("hi", ["बारिश हुई।", "लोग लौटे।"]),
]


@pytest.mark.parametrize(("language", "sentences"), OTHERS, ids=[code for code, _ in OTHERS])
def test_other_languages(language: str, sentences: list[str]) -> None:
    assert split_sentences(" ".join(sentences), language) == tuple(sentences)


def test_japanese_needs_no_space_and_keeps_a_quoted_sentence_inside_its_own() -> None:
    text = "市長は「行かない。」と述べた。橋が落ちた！死者は5人。"
    assert split_sentences(text, "ja") == ("市長は「行かない。」と述べた。", "橋が落ちた！", "死者は5人。")


def test_a_full_width_point_within_a_number_ends_no_sentence() -> None:
    assert split_sentences("株価は１．５％下落した．売りが続く。", "ja") == ("株価は１．５％下落した．", "売りが続く。")


def test_a_paragraph_break_ends_a_sentence_without_a_full_stop() -> None:
    assert split_sentences("What we know\nThe dam held\n\n  It rained.", "en") == (
        "What we know",
        "The dam held",
        "It rained.",
    )


def test_an_unknown_language_is_split_by_the_general_rule() -> None:
    assert split_sentences("Sade kasteli maan. Ihmiset lähtivät.", "fi") == ("Sade kasteli maan.", "Ihmiset lähtivät.")


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n\"”「」。»'\u00a0U…"), max_size=60) | st.text(max_size=60))
def test_only_white_space_is_lost(text: str) -> None:
    for language in ("en", "ja", None):
        sentences = split_sentences(text, language)
        assert "".join("".join(sentences).split()) == "".join(text.split())
        assert all(sentence == sentence.strip() and sentence for sentence in sentences)


def test_the_seed_story_is_fifteen_sentences(data_dir) -> None:
    text = (data_dir / "seed" / "mosul-developing-story.txt").read_text("utf-8")
    sentences = split_sentences(text, "en")
    assert len(sentences) == 15
    assert any("Brig. Gen." in sentence for sentence in sentences)
