"""The body of a page: what stands around the prose, and what hides between it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import body, margins, named
from pipeline.articles.elements import elements_of

LONG = (
    "Firefighters from six towns were called to the terminal on Tuesday after smoke was seen above the pier, and "
    "the harbour master said 140 people had been led out within twenty minutes and that nobody was missing. "
)


def tree_of(markup: str) -> HtmlElement:
    tree = body.parse(f"<html><body>{markup}</body></html>".encode())
    assert tree is not None
    return tree


def lines_of(tree: HtmlElement) -> list[str]:
    """Return what a page says, line by line; a picture breaks the line."""
    shown = ""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        shown += "" if element.tag in {"a", "b", "span"} else "\n"
        shown += (element.text if event == "start" else element.tail) or ""
    return [" ".join(line.split()) for line in shown.split("\n") if line.strip()]


def test_labels_and_links_around_the_prose_go_and_what_speaks_stays() -> None:
    standfirst = "Ferries to Marlow are cancelled until the terminal is open again."
    tree = tree_of(
        f"<div><span>Harbour</span> <a href='/x'>{'Six other things that happened this week ' * 2}</a></div>"
        f"<div>{standfirst}</div><section><i>Share</i><div class='text'>{f'<p>{LONG}</p>' * 5}</div>"
        "<ul><li>14:05 A second pier is closed by the harbour master.</li></ul><b>More</b></section>"
    )
    body.drop_scraps_around(tree)
    text = tree.text_content()
    assert standfirst in text
    assert "A second pier is closed" in text
    assert text.count("Firefighters") == 5
    assert not any(scrap in text for scrap in ("Share", "More", "Six other things", "Harbour"))


@pytest.mark.parametrize(
    "frame",
    [
        "<nav><a href='/live'>Live TV</a></nav>",
        "<footer><p>All rights reserved</p><nav><a href='/jobs'>Jobs</a></nav></footer>",
        "<main><p>One</p><nav><p>Previous story</p></nav></main>",
        "<svg><title>Logo</title></svg>",
    ],
)
def test_menus_footers_and_drawings_go_before_a_page_is_looked_at(frame: str) -> None:
    tree = tree_of(f"<p>Before</p>{frame}behind<p>After</p>")
    body.drop_frame(tree)
    assert [part.tag for part in tree.iter("nav", "footer", "svg")] == []
    left = lines_of(tree)
    assert left[0] == "Before"
    assert left[-2:] == ["behind", "After"]


@pytest.mark.parametrize(
    "kept",
    [
        "<nav><h1>Fire at the pier</h1></nav>",
        "<nav><ol><li><h2>Fire at the pier</h2></li></ol></nav>",
        "<footer><script type='application/ld+json'>{}</script></footer>",
        "<article><footer>Correction: two ferries, not three, were sent.</footer></article>",
        "<main><div><footer>Correction: two ferries, not three, were sent.</footer></div></main>",
    ],
)
def test_a_frame_that_tells_of_the_article_stays(kept: str) -> None:
    tree = tree_of(kept)
    before = etree.tostring(tree)
    assert body.drop_frame(tree) == ""
    assert etree.tostring(tree) == before


def test_what_a_frame_says_is_part_of_a_pages_visible_text_once() -> None:
    tree = tree_of("<nav>Live <nav>Sport</nav></nav><p>Two ferries were sent.</p><footer>Jobs</footer>")
    assert body.visible_text(tree, body.drop_frame(tree)) == "Two ferries were sent. Live Sport Jobs"


def pruned(markup: str) -> HtmlElement:
    tree = tree_of(markup)
    body.prune(tree, elements_of(tree), "https://www.harbour-times.example/fire")
    return tree


@pytest.mark.parametrize(
    "markup",
    [
        "<p><a href='/x'>Six other things that happened</a></p>",
        "<ul><li> <b><a href='/x'>Six other things that happened</a></b> </li></ul>",
    ],
)
def test_a_paragraph_or_item_that_is_one_link_leads_elsewhere_and_goes(markup: str) -> None:
    assert "Six other things" not in pruned(f"<p>{LONG}</p>{markup}").text_content()


@pytest.mark.parametrize(
    "markup",
    [
        "<p><a href='/x'>Six other things that happened</a> are told below.</p>",
        "<p>Read of <a href='/x'>Six other things that happened</a></p>",
        "<p><a href='/x'>Six other things that happened</a><a href='/y'>Live</a></p>",
        "<h2><a href='/x'>Six other things that happened</a></h2>",
        "<div><a href='/x'>Six other things that happened</a></div>",
        "<p><q><a href='/x'>Six other things that happened</a></q></p>",
    ],
)
def test_a_link_within_a_sentence_a_heading_or_a_box_stays(markup: str) -> None:
    assert "Six other things" in pruned(f"<p>{LONG}</p>{markup}").text_content()


def test_a_table_in_a_figure_is_told_and_a_picture_with_its_words_is_not() -> None:
    tree = tree_of(
        "<figure><table><tr><td>Marlow</td><td>12 dead</td></tr></table></figure>"
        f"<p>{LONG}</p><figure><img src='/x.jpg'>The pier on Tuesday.</figure>"
    )
    body.drop_chrome(tree)
    assert "12 dead" in tree.text_content()
    assert "The pier on Tuesday" not in tree.text_content()


@pytest.mark.parametrize(
    ("inner", "is_story"),
    [
        (f"<h1>Fire empties the terminal</h1>{f'<p>{LONG}</p>' * 5}", True),
        (f"<div itemprop='articleBody'>{f'<p>{LONG}</p>' * 5}</div>", True),
        (f"<h2>Six other things</h2>{f'<p>{LONG}</p>' * 5}", False),
        (f"<h1>Fire empties the terminal</h1><p>{LONG}</p>", False),
        (f"<h1>Fire empties the terminal</h1>{'<p>Live: the terminal is empty by now.</p>' * 30}", False),
    ],
    ids=["headline", "article body", "no headline", "one paragraph", "labels"],
)
def test_an_aside_is_the_story_only_where_it_holds_its_headline_or_body_and_prose_enough(
    inner: str, *, is_story: bool
) -> None:
    assert (pruned(f"<aside>{inner}</aside>").find(".//aside") is None) == is_story


@pytest.mark.parametrize(
    "beside",
    [
        "<p>She was 54.</p>",
        "<div><p>Nobody was hurt on Sunday.</p></div>",
        "<p>Schools stay closed <b>until Monday</b>, the mayor <i>said</i> today.</p>",
        "<ul><li>Three people died in the flood</li><li>Two bridges fell on Sunday</li></ul>",
        "<p>川の水位は上昇を続けている。</p>",
    ],
)
@pytest.mark.parametrize("paragraphs", [1, 5], ids=["one long paragraph", "several"])
def test_a_short_sentence_beside_the_prose_stays(beside: str, paragraphs: int) -> None:
    tree = tree_of(f"<main>{f'<p>{LONG * (6 // paragraphs)}</p>' * paragraphs}<span>Share</span>{beside}</main>")
    said = tree.text_content().replace("Share", "")
    body.drop_scraps_around(tree)
    assert tree.text_content().replace("Share", "") == said


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        (
            "<div><div class='ad'><span> </span></div></div><p>Said.</p><section></section><h2>More</h2>",
            "<p>Said.</p><h2>More</h2>",
        ),
        ("<p>Ms Orr <b></b>(54)<span> </span>said.<i></i></p><p>So</p>", "<p>Ms Orr (54) said.</p><p>So</p>"),
        ("One line<div class='ad'></div>another", "One line<div class='ad'></div>another"),
        ("<b>One line</b> <div></div> <i>another</i>", "<b>One line</b> <div></div> <i>another</i>"),
        ("<p>One<br/>two</p><a href='/x'></a><ul></ul>", "<p>One<br/>two</p><a href='/x'></a><ul></ul>"),
        ("<table><tr><td></td><td>3</td></tr></table>", "<table><tr><td></td><td>3</td></tr></table>"),
    ],
    ids=["boxes", "within a line", "between lines", "between inline elements", "breaks and links", "cells"],
)
def test_elements_without_a_text_go_where_they_part_nothing(markup: str, left: str) -> None:
    tree, expected = tree_of(markup), tree_of(left)
    body.drop_hollow(tree)
    assert etree.tostring(tree) == etree.tostring(expected)


_MARKUP = st.recursive(
    st.sampled_from(["", " ", "word", "two words", "<br/>", "<img/>", "<a href='/x'></a>"]),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>{2}{3}".format,
        st.sampled_from(["div", "span", "p", "b", "section", "ad-slot"]),
        inner,
        inner,
        inner,
    ),
    max_leaves=20,
)


@given(_MARKUP)
def test_without_its_hollow_elements_a_page_says_the_same_lines(markup: str) -> None:
    tree = tree_of(f"<div>{markup}</div>")
    said = lines_of(tree)
    body.drop_hollow(tree)
    assert lines_of(tree) == said


def test_a_page_with_little_prose_is_left_as_it_is() -> None:
    tree = tree_of("<div><b>Share</b></div><div><p>Short news in a few words.</p></div>")
    body.drop_scraps_around(tree)
    assert "Share" in tree.text_content()


def test_a_list_of_teasers_longer_than_the_story_is_not_read_for_want_of_text() -> None:
    teasers = "".join(f"<li>Guide {number} to a quarter of the old town</li>" for number in range(130))
    story = "".join(f"<p>{LONG.replace('six', count)}</p>" for count in ("four", "five", "seven", "nine", "ten"))
    tree = tree_of(f"<article>{story}<div class='teaser'><ul>{teasers}</ul></div></article>")
    assert not any("Guide" in line for line in body.extract_lines(tree))


def test_a_class_tells_of_a_margin_in_any_case_and_among_others() -> None:
    tree = tree_of(
        f"<p>{LONG}</p><div class='Box\n Pull-Quote'>nobody was missing</div><div class='box'>kept</div>"
        "<p class='SR-only x'>skip to the end</p><p hidden>unseen</p><p style='Display: None'>unseen too</p>"
    )
    margins.drop_margins(tree, elements_of(tree), "https://harbour.example/a")
    assert tree.text_content() == f"{LONG}kept"


def test_what_a_title_heads_is_weighed_by_the_whole_page_while_boxes_go() -> None:
    # The hidden line goes first, in the middle of the box that the title heads.
    tree = tree_of(
        f"<div><h3 class='related-title'>More</h3><div class='list'><p>{LONG[:90]}</p><p hidden>unseen</p></div></div>"
        f"<main>{f'<p>{LONG}</p>' * 4}<p hidden>{LONG}</p></main>"
    )
    margins.drop_margins(tree, elements_of(tree), "https://harbour.example/a")
    assert tree.text_content() == LONG * 4


def test_a_quotation_that_repeats_a_paragraph_goes_and_one_that_stands_alone_stays() -> None:
    again = "led out within twenty minutes and that nobody"
    alone = "We have never seen such a fire here before."
    tree = tree_of(f"<p>{LONG}</p><blockquote>“{again}”</blockquote><blockquote>{alone}</blockquote>")
    margins.drop_margins(tree, elements_of(tree), "https://harbour.example/a")
    text = tree.text_content()
    assert text.count(again) == 1
    assert alone in text


@pytest.mark.parametrize(
    "pattern",
    [
        named._PULL_QUOTE,
        named._EMBEDS,
        named._BESIDE,
        named._OTHERS,
        named._READERS,
        named._READ_MORE,
        named._RELATED_TITLE,
        named._HOVERED,
        named._CAPTION,
        re.compile("|".join(sorted(named._UNSEEN))),
    ],
)
@given(data=st.data())
def test_a_name_that_says_something_has_one_of_the_signs(pattern: re.Pattern[str], data: st.DataObject) -> None:
    name = data.draw(st.from_regex(pattern, alphabet=st.characters(codec="ascii")))
    assert named._signs_of({name})


def test_a_link_within_a_sentence_is_told_whatever_its_name() -> None:
    tree = pruned(f"<p>{LONG}</p><p>The mayor of <a class='related-link' href='/x'>Marlow</a> has resigned.</p>")
    assert "The mayor of Marlow has resigned." in tree.text_content()
