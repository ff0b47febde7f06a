"""Articles: what pages say about themselves."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import jsonld
from pipeline.articles.dates import choose_time, parse_time
from pipeline.articles.lexicon import compile_phrase, finder, phrases
from pipeline.model import Content
from tests.unit.pages import PROSE, page, read


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "x"}',
        '<!-- {"@type": "NewsArticle", "headline": "x"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "x"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "x",}',
        '{"@type": ["NewsArticle",], "headline": "x", "tags": ["a",],};',
        '[{"@graph": [{"@type": "http://schema.org/NewsArticle", "headline": "x"}]}]',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;x&quot;}",
    ],
)
def test_faulty_json_ld_is_mended(script: str) -> None:
    node = jsonld.article_node(jsonld.nodes([script]), "https://example.com/a")
    assert node is not None
    assert node["headline"] == "x"


@given(st.text(max_size=200))
def test_no_script_raises(script: str) -> None:
    assert isinstance(jsonld.nodes([script]), list)


def test_the_node_that_names_the_page_is_its_article() -> None:
    related = '{"@type": "NewsArticle", "headline": "other", "datePublished": "2026-01-01", "articleBody": "long"}'
    own = '{"@type": "NewsArticle", "headline": "own", "mainEntityOfPage": {"@id": "https://example.com/own"}}'
    node = jsonld.article_node(jsonld.nodes([related, own]), "https://www.example.com/own?x=1")
    assert node is not None
    assert node["headline"] == "own"


def test_authors_given_by_id_are_looked_up() -> None:
    graph = jsonld.nodes(
        ['{"@graph": [{"@type": "Person", "@id": "#p", "name": "Ruth Okafor"}, {"@type": "Article"}]}']
    )
    assert jsonld.names_of([{"@id": "#p"}, {"@id": "#nobody"}], graph) == ["Ruth Okafor"]


MOMENT = datetime(2026, 3, 10, 18, 42, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T18:42:07Z",
        "2026-03-10T19:42:07+01:00",
        "2026-03-10T19:42:07+0100",
        "2026-03-10 19:42:07 +01:00",
        "2026-03-10T18:42:07.000Z",
        "Tue, 10 Mar 2026 18:42:07 GMT",
        "1773168127",
        "1773168127000",
        "2026-03-10T17:42:07−01:00",
        "2026/03/10 07:42:07 PM CET",
        "2026-03-10T14:42:07 EDT",
        "Tue Mar 10 14:42:07 EDT 2026",
        "March 10, 2026, 2:42:07 p.m. EDT",
        "10 Mar 2026 7:42:07 pm CET",
    ],
)
def test_times_are_read_to_the_second(text: str) -> None:
    assert parse_time(text) == (MOMENT, True)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-40", "0001-01-01T00:00:00Z", "3 hours ago", "2026-03-10T25:00:00Z", None, True, []]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert parse_time(text) is None


def test_a_time_without_zone_takes_the_zone_of_its_twin() -> None:
    assert choose_time(["2026-03-10T19:42:07", "2026-03-10T19:42:07+01:00"]) == MOMENT
    assert choose_time(["2026-03-10T19:42:07"]) == MOMENT.replace(hour=19)


@pytest.mark.parametrize(
    "text", ["10.03.2026, 18:42 Uhr", "10.3.2026 um 18:42", "March 10, 2026 6:42 PM", "10 March 2026 18:42"]
)
def test_a_written_time_without_zone_is_read_to_the_minute(text: str) -> None:
    assert parse_time(text) == (MOMENT.replace(second=0), False)


@pytest.mark.parametrize(
    "text",
    [
        "10. März 2026, 18:42 Uhr",
        "10 mars 2026 à 18h42",
        "10 de marzo de 2026, 18:42 hs",
        "10 de março de 2026 às 18h42",
        "10 marzo 2026 ore 18.42",
        "10 maart 2026 om 18:42",
        "2026年3月10日 18時42分",
        "10 مارس 2026 18:42",
        "2026년 3월 10일 오후 6:42",
    ],
)
def test_a_written_time_is_read_in_every_language(text: str) -> None:
    assert parse_time(text) == (MOMENT.replace(second=0), False)


def test_a_day_alone_takes_the_time_of_day_from_its_twin() -> None:
    assert choose_time(["2026-03-10", "2026-03-10T19:42:07+01:00"]) == MOMENT
    assert choose_time(["2026-03-10", "2026-03-12T08:00:00Z"]) == datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "<div>Von Anna Berg <span>10.03.2026, 18:42 Uhr</span></div>",
        "<p>Publié le 10 mars 2026 à 18h42, mis à jour le 11 mars 2026 à 9h00</p>",
        "<ul><li>Updated 11 March 2026 09:10</li><li>Ruth Okafor</li></ul><time>10 March 2026 18:42</time>",
        "<div>18:42 GMT, Tue 10 March 2026 | Comments</div>",
        "<p>来源：港报 2026-03-10 18:42</p>",
        "<p>10.03.26 18:42</p>",
        "<p>March 10 2026, 6:42 p.m.</p>",
        "<aside>10.03.2026 um 18:42 <span>von Anna Berg</span></aside>",
        "<ul><li><a>Two hurt in a fire at the yard of Marlow</a> 8 March 2026</li></ul><p>10 March 2026 18.42 GMT</p>",
        "<div>Smoke stands over the pier at Orrin, as seen from the breakwater on 9 March 2026.  Ned Weil/Harbour Times"
        "</div><p>10 March 2026 18:42</p>",
    ],
)
def test_a_date_below_the_headline_is_when_a_page_was_published_that_says_so_nowhere_else(line: str) -> None:
    shown = read(page(*PROSE).replace("</h1>", f"</h1><div>{line}</div>"))
    assert isinstance(shown, Content)
    assert shown.published_at == MOMENT.replace(second=0)


@pytest.mark.parametrize(
    "line",
    [
        "<p>The pier was opened on 10 March 1998 by the mayor.</p>",
        "<blockquote>Ruth Okafor (@okafor) 10 March 2026</blockquote>",
        "<p>Tickets: 10.03.26</p>",
        "<ul><li><a>Two hurt in a fire at the yard of Marlow</a> 8 March 2026</li></ul>",
    ],
)
def test_a_date_in_a_sentence_or_a_quotation_is_not_when_a_page_was_published(line: str) -> None:
    story = read(page(*PROSE).replace("</h1>", f"</h1><div>{line}</div>"))
    assert isinstance(story, Content)
    assert story.published_at is None


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<span>March 10, 2026, 6:42 PM</span>", MOMENT.replace(second=0)),
        ("<ul><li><small>Updated 10 March 2026</small></li></ul>", datetime(2026, 3, 10, tzinfo=UTC)),
        ("<div>Tuesday, 10 March 2026</div>", None),
        ("<header><span>10 March 2026, 18:42</span></header>", None),
    ],
)
def test_a_date_right_above_the_headline_counts_unless_it_is_a_mastheads(line: str, published: datetime | None) -> None:
    shown = read(page(*PROSE).replace("<h1>", f"<div>{line}</div><h1>"))
    assert isinstance(shown, Content)
    assert shown.published_at == published


@pytest.mark.parametrize(
    ("url", "language", "hour"),
    [
        ("https://harbour.example.de/1", "de", 17),
        ("https://harbour.example.com/1", "de-DE", 17),
        ("https://harbour.example.com/1", "en-GB", 18),
        ("https://harbour.example.jp/1", "ja", 9),
    ],
)
def test_a_time_that_only_readers_see_is_local_to_the_publishers_country(url: str, language: str, hour: int) -> None:
    source = page(*PROSE).replace("</h1>", "</h1><p>2026-03-10 18:42</p>").replace('lang="en"', f'lang="{language}"')
    shown = read(source, url=url)
    assert isinstance(shown, Content)
    assert shown.published_at == datetime(2026, 3, 10, hour, 42, tzinfo=UTC)


def test_a_day_that_only_readers_see_stays_that_day() -> None:
    shown = read(page(*PROSE).replace("</h1>", "</h1><p>10.03.2026</p>"), url="https://harbour.example.de/1")
    assert isinstance(shown, Content)
    assert shown.published_at == datetime(2026, 3, 10, tzinfo=UTC)


def test_microdata_of_a_video_or_a_list_says_nothing_of_the_article() -> None:
    video = (
        '<ul itemscope itemtype="http://schema.org/ItemList"><meta itemprop="datePublished" content="2026-03-09"></ul>'
    )
    story = (
        '<div itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="datePublished" content="2026-03-10">'
    )
    shown = read(page(*PROSE).replace("<article>", f"{video}{story}<article>"))
    assert isinstance(shown, Content)
    assert shown.published_at == datetime(2026, 3, 10, tzinfo=UTC)


def test_a_day_alone_is_its_midnight_and_noon_is_no_midnight() -> None:
    assert parse_time("Tuesday, March 10, 2026") == (datetime(2026, 3, 10, tzinfo=UTC), False)
    assert parse_time("2026-03-10 12:05 pm") == (datetime(2026, 3, 10, 12, 5, tzinfo=UTC), False)
    assert parse_time("2026-03-10 12:05 am") == (datetime(2026, 3, 10, 0, 5, tzinfo=UTC), False)


@given(st.text(max_size=60))
def test_no_text_makes_the_time_reader_raise(text: str) -> None:
    found = parse_time(text)
    assert found is None or found[0].tzinfo is not None


def test_a_phrase_matches_its_typographic_kin_and_its_optional_words() -> None:
    found = finder("correction", before="^")
    assert found.search("Editor’s note: amended")
    assert found.search("EDITOR'S NOTE")
    assert not found.search("Editors met")


@pytest.mark.parametrize("line", ["[all] [missing]", "(open", "closed]"])
def test_a_faulty_phrase_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="phrase"):
        compile_phrase(line, "en")


def test_a_known_language_brings_its_own_and_english_phrases_only() -> None:
    assert {phrase.language for phrase in phrases("developing", "de")} == {"de", "en"}
    assert phrases("developing", "tlh") == phrases("developing")
