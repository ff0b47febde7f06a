"""Paragraphs and subheadings that the extractor left behind."""

from pipeline.articles import body
from pipeline.articles.containers import blocks_of, complete

PARAGRAPHS = (
    "Three women stand for the chair of the harbour board, which is filled by vote for the first time on Sunday.",
    "Ines Calder has said what she thinks of the cranes for eleven years, first as a docker and then as the master.",
    "Petra Lund led the strike of the dockers and ended it, and both sides say that they would work with her again.",
    "Rosa Marsh has never worked in a harbour: she built ferries for twenty years and says a fresh eye does no harm.",
)


def completed(markup: str, *lines: str) -> list[str]:
    tree = body.parse(f"<html><body>{markup}</body></html>".encode())
    assert tree is not None
    return complete(lines, blocks_of(tree))


def test_a_paragraph_left_behind_stands_in_its_place_again() -> None:
    page = f"<div class='text'>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</div>"
    assert completed(page, *PARAGRAPHS[:2], PARAGRAPHS[3]) == list(PARAGRAPHS)


def test_subheadings_between_paragraphs_stand_in_their_places_again() -> None:
    one, two, three, four = PARAGRAPHS
    page = (
        f"<div class='text'><h2>Above the text</h2><p>{one}</p><h3>The outspoken one</h3><p>{two}</p>"
        f"<h3>The bridge builder</h3><p>{three}</p><p>{four}</p><h3>Pick a free workshop</h3></div>"
        f"<div class='other'><h3>Elsewhere</h3></div>"
    )
    found = completed(page, one, two, three, four)
    assert found == [one, "The outspoken one", two, "The bridge builder", three, four]
    # Where the paragraph below is missing as well, both come back.
    assert completed(page, one, three, four) == found


def test_a_subheading_that_leads_elsewhere_stays_out() -> None:
    one, two, *_ = PARAGRAPHS
    page = f"<div class='text'><p>{one}</p><h3><a href='/x'>What the board decides</a></h3><p>{two}</p></div>"
    assert completed(page, one, two) == [one, two]


def test_lines_that_the_extractor_took_out_of_order_stand_as_the_page_shows_them() -> None:
    one, two, three = PARAGRAPHS[:3]
    page = (
        f"<main><p>{one}</p><section><h3>Water</h3><p>{two}</p><ul><li>Boats</li></ul></section><p>{three}</p></main>"
    )
    assert completed(page, "Water", two, "Boats", three, one) == [one, "Water", two, "Boats", three]


def test_a_title_that_stands_once_more_below_the_story_stays_above_it() -> None:
    one, two, three, title = PARAGRAPHS[:4]
    page = f"<main><h1>{title}</h1><p>{one}</p><p>{two}</p><p>{three}</p><section><h3>{title}</h3></section></main>"
    assert completed(page, title, one, three, two) == [title, one, two, three]
