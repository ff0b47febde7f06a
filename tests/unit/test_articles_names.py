"""Articles: who wrote them, when, and what they are called, however a page says so."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.articles import read_article
from pipeline.model import Content

PROSE = (
    "Firefighters from six towns were called to the terminal on Tuesday after smoke was seen above the pier.",
    "The harbour master said 140 people had been led out within twenty minutes and that nobody was missing.",
)
TITLE = "Fire empties the ferry terminal"


def read(head: str = "", byline: str = "", title: str = TITLE, headings: str = f"<h1>{TITLE}</h1>") -> Content:
    body = "".join(f"<p>{text}</p>" for text in PROSE)
    markup = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><article>{headings}{byline}{body}</article></body></html>"
    )
    content = read_article(markup.encode(), url="https://www.harbour-times.example/1", content_type="text/html")
    assert isinstance(content, Content), content
    return content


def json_ld(author: object) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ({"@type": "Person", "name": ["Anna Berg", "Ben Cole"]}, "Anna Berg, Ben Cole"),
        ({"@type": "Person", "givenName": "Anna", "familyName": "Berg"}, "Anna Berg"),
        ('{ "@type":"Person", "name":"Anna Berg" }', "Anna Berg"),
        ("Anna Berg, Chief Political Correspondent", "Anna Berg"),
        ("Anna Berg, MD, and Ben Cole, PhD", "Anna Berg, Ben Cole"),
        ("Anna Berg, Ben Cole - Coast Writers", "Anna Berg, Ben Cole"),
        ("Anna Berg anna.berg@harbour-times.example", "Anna Berg"),
        ("Staff Writer", "Staff Writer"),
        ([{"name": "Anna Berg"}, {"name": "Reuters"}], "Anna Berg, Reuters"),
    ],
)
def test_authors_of_the_json_ld_are_names_alone(author: object, byline: str) -> None:
    assert read(json_ld(author)).byline == byline


@pytest.mark.parametrize(
    ("markup", "byline"),
    [
        ('<span class="post-author">Posted by <span class="fn">Ned Berg</span></span>', "Ned Berg"),
        ('<span class="author"><a rel="author" href="/x">View all posts by Ned Berg</a></span>', "Ned Berg"),
        ('<p class="author">Author: Anna Berg (eg)</p>', "Anna Berg"),
        ('<p class="byline">By Anna Berg in Orrin and Ben Cole in Marlow</p>', "Anna Berg, Ben Cole"),
        ('<p class="byline"><span>By Anna Berg</span> <span>Harbour correspondent</span></p>', "Anna Berg"),
        ('<p class="author">Eine Analyse von Anna Berg und Jonas Weil</p>', "Anna Berg, Jonas Weil"),
        ('<p class="author">Par Anne Berger et Benoît Col, à Lyon</p>', "Anne Berger, Benoît Col"),
        ('<p class="author">Anne Berger (avec AFP)</p>', "Anne Berger"),
        ('<p class="autor">Escrito por Ana Ruiz y Juan Pérez</p>', "Ana Ruiz, Juan Pérez"),
        ('<p class="autor">Publicado por João Silva</p>', "João Silva"),
        ('<p class="author">Scritto da Anna Rossi e Luca Bianchi</p>', "Anna Rossi, Luca Bianchi"),
        ('<p class="author">Geschreven door Anna de Vries en Jan van Dam</p>', "Anna de Vries, Jan van Dam"),
        ('<p class="author">文・山田太郎</p>', "山田太郎"),
        ('<p class="author">بقلم: أحمد علي</p>', "أحمد علي"),
        ('<p class="author">Автор: Иван Петров</p>', "Иван Петров"),
        ('<p class="byline"><a href="/1">Anna Berg</a> <a href="https://x.com/berg">Follow</a></p>', "Anna Berg"),
        ('<p class="byline"><a href="/author/b">Anna Berg</a> <a href="/2">All on ferries</a></p>', "Anna Berg"),
        ('<p class="writer">김민수 기자 minsu@harbour-times.example</p>', "김민수"),
        (
            '<p>Hafen <a href="/autoren/anna-berg">Anna Berg</a>, <a href="/autoren/ben">Ben Cole</a></p>',
            "Anna Berg, Ben Cole",
        ),
        (
            '<div class="author_share"><a href="/author/b">Anna Berg</a> <a href="/share?u=1">Tell</a></div>',
            "Anna Berg",
        ),
        ('<p class="textauthor">von Anna Berg</p>', "Anna Berg"),
        ('<p class="byline">By Anna Berg, Ben Cole, and Ned Weil</p>', "Anna Berg, Ben Cole, Ned Weil"),
        ('<p class="byline">Analysis by <b>Anna Berg</b></p>', "Anna Berg"),
        ('<p class="byline">Anna Berg, Coast Editor-at-large</p>', "Anna Berg"),
        ('<p class="byline">Anna Berg, Ben Cole, Harbour Reporters</p>', "Anna Berg, Ben Cole"),
        ('<p class="byline">by <b>Anna Berg</b><br>Monday, May 4</p>', "Anna Berg"),
    ],
)
def test_a_byline_is_read_in_its_language_and_is_no_text(markup: str, byline: str) -> None:
    content = read(byline=markup)
    assert content.byline == byline
    assert content.text.split("\n") == list(PROSE)


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="author_share"><a href="https://social.example/share?u=1">Tell others</a></div>',
        '<div class="author"><a rel="author" href="https://plus.google.com/1">Google+</a></div>',
        "<p>by all accounts Burning Fiercely</p>",
        '<p>The harbour is run by <a href="/people/ines-calder">Ines Calder</a>, once of Marlow.</p>',
        '<p class="byline"><span>Facebook</span> <span>Email</span> <span>Print</span></p>',
        '<p class="author">\'s Choice</p>',
    ],
)
def test_what_names_nobody_is_no_byline(markup: str) -> None:
    assert read(byline=markup).byline is None


def test_a_name_at_the_right_below_a_story_is_its_byline() -> None:
    signed = "".join(f"<p>{text}</p>" for text in PROSE) + '<p style="text-align: right;"><b>Anna Berg</b></p>'
    markup = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{signed}</article></body></html>"
    content = read_article(markup.encode(), url="https://www.harbour-times.example/1", content_type="text/html")
    assert isinstance(content, Content)
    assert content.byline == "Anna Berg"


def test_a_byline_may_end_with_a_full_stop() -> None:
    assert read(byline='<p><b>By <a href="/staff/b">Anna Berg</a> at 11:04 a.m.</b></p>').byline == "Anna Berg"


def test_of_a_whole_page_that_is_named_for_its_author_only_the_byline_counts() -> None:
    tags = '<p class="tags"><a href="/t/1">Harbour</a> <a href="/t/2">Fires</a></p>'
    page = f'<div class="post author-ned"><p class="byline">By Ned Berg</p><p>{" ".join(PROSE * 4)}</p>{tags}</div>'
    assert read(byline=page).byline == "Ned Berg"


def test_a_byline_that_says_how_old_it_is_is_no_text() -> None:
    content = read(json_ld({"name": "Anna Berg"}), "<p>Anna Berg Updated 3 hours ago</p>")
    assert content.text.split("\n") == list(PROSE)


def test_every_author_has_a_meta_element_and_an_address_names_none() -> None:
    metas = ("https://social.example/anna", "Anna Berg", "Ben Cole")
    head = "".join(f'<meta property="article:author" content="{value}">' for value in metas)
    assert read(head).byline == "Anna Berg, Ben Cole"


def test_a_byline_that_names_all_of_the_meta_elements_and_more_is_the_list() -> None:
    head = '<meta name="author" content="Anna Berg">'
    assert read(head, '<p class="byline">By Anna Berg and Ben Cole</p>').byline == "Anna Berg, Ben Cole"
    assert read(head, '<p class="byline">By Ned Weil</p>').byline == "Anna Berg"


def test_names_are_parted_at_commas_without_spaces_and_turned_where_libraries_turn_them() -> None:
    assert read('<meta name="author" content="Anna Berg,Ben Cole,Harbour Times">').byline == "Anna Berg, Ben Cole"
    metas = "".join(f'<meta name="citation_author" content="{name}">' for name in ("Berg, Anna", "Cole, Ben"))
    assert read(metas).byline == "Anna Berg, Ben Cole"


def test_the_publisher_with_its_address_is_not_the_author_where_the_page_names_one() -> None:
    head = '<meta name="author" content="Harbour News (www.harbour-times.example)">'
    assert read(head, '<p class="author">Anna Berg</p>').byline == "Anna Berg"


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        (f"{TITLE} › Harbour-Times", f"<h1>{TITLE}</h1>"),
        (f"Harbour-Times » {TITLE}", "<h1>Harbour-Times</h1>"),
        (f"{TITLE} | Coast watch", f"<h1>Coast watch</h1><h2>{TITLE}</h2>"),
        (f"{TITLE} – Ministry of Ports, Orrin", f"<h2>{TITLE}</h2>"),
        (f"{TITLE}", f"<h1>Safety at sea</h1><h2>{TITLE}</h2>"),
        (f"{TITLE} - The Coast Watch Of Orrin", f"<h1>The Coast Watch Of Orrin</h1><h2>{TITLE}</h2>"),
        (f"{TITLE} - Harbour-Times - News of the coast", ""),
        (f"{TITLE}_Harbour-Times", ""),
        (f"{TITLE}：Harbour-Times", ""),
    ],
)
def test_what_the_site_calls_itself_is_no_headline(title: str, headings: str) -> None:
    assert read(title=title, headings=headings).headline == TITLE


@pytest.mark.parametrize(
    "title", ["Fire at sea : Harbour-Times asks why", "Harbour-Times staff strike - what happens next"]
)
def test_a_headline_on_the_publisher_is_kept_whole(title: str) -> None:
    assert read(title=title, headings="").headline == title


def test_what_two_titles_share_behind_kickers_of_their_own_is_the_headline() -> None:
    shared = f'<meta property="og:title" content="Marlow: {TITLE}">'
    assert read(shared, title=f"Coast - {TITLE}", headings="").headline == TITLE


def test_the_name_of_a_file_is_no_headline() -> None:
    assert read('<meta property="og:title" content="ferry-fire-tuesday-2">').headline == TITLE


@pytest.mark.parametrize(
    "stated",
    [
        '<span itemprop="datePublished" content="2026-03-10T19:42:00+01:00">Tuesday</span>',
        '<time itemprop="datePublished">2026-03-10T18:42:00Z</time>',
        '<abbr itemprop="datePublished" title="2026-03-10T18:42Z">yesterday</abbr>',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": ["2026-03-10T18:42Z"]}</script>',
        '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2026-03-10T18:42Z"}</script>',
        '<meta name="article:publicationdate" content="Tue Mar 10 14:42:00 EDT 2026">',
    ],
)
def test_the_time_of_publication_is_read_wherever_a_page_states_it(stated: str) -> None:
    head, shown = (stated, "") if stated.startswith(("<meta", "<script")) else ("", f"<p>{stated}</p>")
    assert read(head, shown).published_at == datetime(2026, 3, 10, 18, 42, tzinfo=UTC)


def test_a_link_to_an_author_that_shows_nothing_names_nobody() -> None:
    assert read(byline='<p><a href="/author/b">\u200b \u200b</a></p>').byline is None


@pytest.mark.parametrize(
    ("stated", "shown", "named"),
    [
        ("", "<aside>10.03.2026, 18:42 <span class='author'>von Anna Berg</span></aside>", "Anna Berg"),
        ("", "<address>Anna Berg und Ben Cole</address>", "Anna Berg, Ben Cole"),
        ("", "<div itemprop='author'>6:42 p.m. GMT March 10, 2026</div>", None),
        (
            "",
            "<div class='byline'><a href='/b'>Anna Berg</a> <a href='/c'>Archive</a> <a href='/r'>RSS</a></div>",
            "Anna Berg",
        ),
        ("", "<p>Autor*in: Anna Berg</p>", "Anna Berg"),
        ("Anna Berg, Harbour Times Sports", "", "Anna Berg"),
        ("Harbour Times Ltd, Marlow, Denmark", "<p>By Anna Berg</p>", "Anna Berg"),
    ],
)
def test_a_byline_is_told_from_what_stands_beside_it(stated: str, shown: str, named: str | None) -> None:
    head = '<meta property="og:site_name" content="Harbour Times">'
    assert read(f'{head}<meta name="author" content="{stated}">' if stated else head, shown).byline == named
