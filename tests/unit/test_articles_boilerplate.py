"""Lines that a publisher's articles share: which are learned, and what they do to a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import EXTRACTOR, extractor_with, learn_boilerplate, read_article
from pipeline.model import NO_BOILERPLATE, Boilerplate, Content

APPEAL = "The Quay is owned by its readers: every one of them keeps our reporters at sea."
APPEAL_KEY = "the quay is owned by its readers every one of them keeps our reporters at sea"


def texts(line: str, *, holding: int, of: int = 40) -> list[str]:
    return [
        "\n".join([f"The council met for the {number}th time.", *([line] if number < holding else [])])
        for number in range(of)
    ]


def learn(known: Boilerplate, found: list[str], *changed: str) -> Boilerplate:
    return learn_boilerplate(known, found, changed)


def test_a_line_of_a_quarter_of_the_articles_is_learned_and_one_of_fewer_is_not():
    assert learn(NO_BOILERPLATE, texts(APPEAL, holding=10)).lines == (APPEAL_KEY,)
    assert learn(NO_BOILERPLATE, texts(APPEAL, holding=9)) is NO_BOILERPLATE


def test_from_a_handful_of_articles_nothing_is_learned():
    assert learn(NO_BOILERPLATE, texts(APPEAL, holding=19, of=19)) is NO_BOILERPLATE


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("The war, in which 9,000 people have died, began in spring.", id="a digit"),
        pytest.param("This is a developing story and will be updated.", id="a developing marker"),
        pytest.param("Correction: an earlier version misspelt the name of the minister.", id="a note of correction"),
        pytest.param("All of this is told at length. " * 20, id="a long paragraph"),
    ],
)
def test_what_a_journalist_may_have_meant_is_never_learned(line: str):
    assert learn(NO_BOILERPLATE, texts(line, holding=40)) is NO_BOILERPLATE


def test_a_line_once_learned_stays_though_no_text_holds_it_any_more():
    known = Boilerplate(revision=3, lines=(APPEAL_KEY,))
    assert learn(known, texts("", holding=0)) is known


def test_a_line_that_somebody_wants_kept_is_not_learned_again():
    kept = Boilerplate(revision=4, kept=(APPEAL,))
    assert learn(kept, texts(APPEAL, holding=40)) is kept


def test_a_line_that_was_ever_added_edited_or_removed_is_a_journalists():
    lifted = "All orders to leave have been lifted. The roads are open."
    shared = texts(lifted, holding=20)
    assert learn(NO_BOILERPLATE, shared, "All orders to leave have been lifted.") is NO_BOILERPLATE
    assert learn(NO_BOILERPLATE, shared, "A road is closed.").lines == (
        "all orders to leave have been lifted the roads are open",
    )


@given(st.lists(st.sampled_from(["One line.", "Another line.", "A third\nFourth"]), min_size=20, max_size=30))
def test_learning_twice_from_the_same_texts_learns_nothing_new(found: list[str]):
    once = learn(NO_BOILERPLATE, found)
    assert learn(once, found) is once
    assert once.revision == bool(once.lines)


def test_a_page_is_read_without_the_lines_and_says_what_read_it():
    page = (
        "<html lang='en'><head><title>Ferry runs aground</title></head><body><article><h1>Ferry runs aground</h1>"
        "<p>A ferry with a hundred passengers ran aground off Lorrin on Monday evening, the coast guard said.</p>"
        "<p>Tugs are on their way, and nobody has been hurt, a spokeswoman told reporters on the quay.</p>"
        f"<p>{APPEAL}</p></article></body></html>"
    )
    before, after = (
        read_article(page.encode(), url="https://quay.example/a", content_type=None, boilerplate=known)
        for known in (NO_BOILERPLATE, Boilerplate(revision=2, lines=(APPEAL_KEY,)))
    )
    assert isinstance(before, Content)
    assert isinstance(after, Content)
    assert APPEAL in before.text
    assert after.text == before.text.replace("\n" + APPEAL, "")
    assert (before.extractor, after.extractor) == (EXTRACTOR, f"{EXTRACTOR}+boilerplate-2")
    assert extractor_with(NO_BOILERPLATE) == EXTRACTOR
