"""Articles: pages in, articles or outcomes out, whatever a server sends."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import EXTRACTOR, read_article
from pipeline.articles.elements import MAX_ELEMENTS
from pipeline.model import Content, MarkerKind, NotAnArticle, Outcome, Payment
from tests.unit.pages import PROSE, URL, page, read, text_of


def outcome(text: str | bytes, content_type: str | None = "text/html", url: str = URL) -> Outcome:
    result = read(text, content_type, url)
    assert isinstance(result, NotAnArticle), result
    return result.outcome


def test_the_first_story_comes_back_paragraph_for_paragraph(data_dir: Path) -> None:
    seed = data_dir / "seed" / "mosul-developing-story.txt"
    if not seed.exists():
        pytest.skip(f"no seed at {seed}")
    paragraphs = [line for line in seed.read_text(encoding="utf-8").splitlines() if line.strip()]
    content = read(page(*paragraphs, headline="Iraqi forces have entered Mosul"))
    assert isinstance(content, Content)
    assert content.text.split("\n") == paragraphs
    assert content.is_developing
    assert [(marker.kind, marker.where) for marker in content.markers] == [(MarkerKind.PHRASE, "last")]


def test_a_page_without_any_structured_data_is_read() -> None:
    content = read("<html><body><h1>Fire</h1>" + "".join(f"<p>{text}</p>" for text in PROSE) + "</body></html>")
    assert isinstance(content, Content)
    assert content.text.split("\n") == PROSE
    assert (content.headline, content.extractor) == ("Fire", EXTRACTOR)


def test_a_news_flash_is_an_article() -> None:
    flash = ["A strong earthquake struck the coast, officials said.", "Developing story – more to come"]
    assert text_of(page(*flash)).split("\n") == flash


@pytest.mark.parametrize("body", [b"", b" \n\t "])
def test_no_bytes_are_empty(body: bytes) -> None:
    assert outcome(body) is Outcome.EMPTY


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "text/html"),
        (b"\0\x01\x02" * 400, None),
        (b'{"error": "no"}', "application/json"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "application/rss+xml"),
    ],
)
def test_other_media_are_not_html(body: bytes, content_type: str | None) -> None:
    assert outcome(body, content_type) is Outcome.NOT_HTML


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Service temporarily unavailable, please try again later", Outcome.BUSY),
        ("<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>", Outcome.BUSY),
        ("<html><title>Access to this page has been denied</title><body><p>Press and hold</html>", Outcome.CHALLENGE),
        ("<html><title>404 Not Found</title><body><h1>Not Found</h1><p>nginx</p></html>", Outcome.NOT_FOUND),
        ("<html><body><div id='root'></div><script>start()</script></body></html>", Outcome.NO_TEXT),
    ],
)  # fmt: skip
def test_pages_that_are_only_a_message_get_its_outcome(text: str, expected: Outcome) -> None:
    assert outcome(text) is expected


@pytest.mark.parametrize("name", ["sns-block", "inline-modal", "cta", "related-post"])
def test_a_story_each_of_whose_paragraphs_has_a_named_box_is_kept(name: str) -> None:
    boxes = "".join(f'<div class="{name}"><a href="/map">Map</a><p>{text}</p></div>' for text in PROSE)
    kept = text_of(f"<html><body><h1>Fire at the pier</h1>{boxes}</body></html>")
    assert all(text in kept for text in PROSE)


@pytest.mark.parametrize(
    "name",
    [
        "user-comment-list",
        "story_comment_text",
        "fig-comments",
        "leserkommentare",
        "x-reacties",
        "responses",
        "disqus_thread",
    ],
)
@pytest.mark.parametrize("attribute", ["class", "id"])
def test_what_readers_write_below_a_story_is_none_of_its_text(name: str, attribute: str) -> None:
    written = "I was on that ferry and nobody led me out, 200 of us stood there for an hour. "
    story = "".join(f"<p>{text}</p>" for text in PROSE)
    for number in (0, 1, 5):
        said = f'<div {attribute}="{name}"><b>saltyoldman</b><p>{written * number}</p></div>'
        text = text_of(f"<html><body><div><h1>Fire at the pier</h1>{story}{said * number}</div></body></html>")
        assert text.split("\n") == PROSE


@pytest.mark.parametrize(
    "sentence",
    [
        "The gunman was not found, and police asked people to stay away from the quay for the night.",
        "Heavy traffic was reported on the coast road, where an error occurred in the signalling.",
        "The service is temporarily unavailable on the island line, the operator said on Tuesday.",
    ],
)
def test_a_short_article_that_uses_the_same_words_is_an_article(sentence: str) -> None:
    assert sentence in text_of(page(*PROSE[:2], sentence))


def test_what_a_wall_says_below_a_long_preview_is_none_of_the_text() -> None:
    preview = [f"{sentence} It was the {n}th such night." for n, sentence in enumerate(PROSE)]
    asked = (
        "<p>Already a subscriber? Log in</p><div>Subscribe to continue reading</div><p>Unlock this article today.</p>"
    )
    content = read(page(*preview).replace("</article>", f"{asked}</article>"))
    assert isinstance(content, Content)
    assert content.payment is Payment.ASKED
    assert content.text.split("\n") == preview


def test_a_message_that_a_page_keeps_for_later_is_not_its_name() -> None:
    story = [f"{one} {other}" for one in PROSE for other in PROSE if one != other]
    failing = page(*story).replace("</article>", "</article><div class='retry'><h1>Oops!</h1></div>")
    assert text_of(failing)


def test_a_front_page_is_moved_away() -> None:
    teasers = "".join(
        f"<div><h3><a href='/{n}'>Story {n} of the day</a></h3><p>{PROSE[n % 3]}</p></div>" for n in range(9)
    )
    front = f"<html><head><title>The Harbour Times</title></head><body>{teasers}</body></html>"
    assert outcome(front, url="https://www.harbour-times.example/") is Outcome.MOVED_AWAY


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "text/html; charset=iso-8859-1"),
        ("cp1252", "text/html; charset=utf-8"),
        ("cp1252", None),
        ("iso-8859-15", "text/html; charset=iso-8859-15"),
        ("utf-16", "text/html"),
        ("utf-8-sig", None),
    ],
)
def test_text_comes_out_right_whatever_the_label_says(encoding: str, label: str | None) -> None:
    sentence = "Über die Mündung zog Rauch – 140 Menschen verließen das Fährhaus."
    if encoding == "iso-8859-15":
        sentence = sentence.replace("–", "-")
    text = page(*PROSE, sentence).encode(encoding)
    assert sentence in text_of(text, label)


@pytest.mark.parametrize(("encoding", "language"), [("shift_jis", "ja"), ("euc_jp", "ja"), ("iso2022_jp", "ja")])
def test_declared_charsets_are_believed_where_utf8_does_not_fit(encoding: str, language: str) -> None:
    sentence = "港のフェリー乗り場に隣り合う倉庫から煙が上がっていると消防に通報があり、六つの町から消防車が出動した。"
    meta = f'<meta charset="{encoding}">'
    content = read(page(sentence, sentence + "二隻", head=meta, headline="港で火災").encode(encoding), "text/html")
    assert isinstance(content, Content)
    assert sentence in content.text
    assert content.language == language


def test_a_few_broken_bytes_do_not_spoil_a_utf8_page() -> None:
    text = page(*PROSE, "Café, Fähre, Mündung, Große Straße, Übergang: alles bleibt lesbar.")
    assert "Fähre, Mündung" in text_of(text.encode().replace(b"within", b"wi\xffthin"))


def test_text_is_nfc_without_nul_or_invisible_characters() -> None:
    text = text_of(
        page("Fa\u0308hre und Feuer\u00adwehr\u200b waren\0 am\u00a0Kai; mehr als genug Worte stehen hier.", *PROSE)
    )
    assert text.startswith("Fähre und Feuerwehr waren am Kai")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 30_000 + "x",
        "<p>" + "<span>" * 30_000 + "x",
        "<p>word</p>" * 100_000,
        "<table><tr>" + "<td>c</td>" * 100_000,
        "<p>" + "<a href='/x'>word</a> " * (MAX_ELEMENTS - 100) + "</p>",
        "<p>" + "word " * 1_000_000 + "</p>",
        "<p>word</p><nav>Live</nav>word " * 6_000,
        "<nav>" * 200 + "<footer>word</footer>" * 15_000,
        "<" * 1_000_000,
        "<script type='application/ld+json'>" + "[" * 200_000 + "</script><p>x</p>",
        "<title>" + "a - " * 200_000 + "</title>",
        "<p>" + "12:30 11111111111111111111111 a b c d e f g h<br>" * 5_000 + "</p>",
        f'<div class="tooltip{"_" * 60}">{"<p>x" * 9}</div>',
        f'<div class="{"tooltip-" * 60_000}">x</div>',
        "<div hidden>" * 230 + f"<p>{'word ' * 100_000}</p>" + "</div>" * 230,
    ],
    ids=[
        "deep div",
        "deep span",
        "many p",
        "many cells",
        "many links",
        "long",
        "many menus",
        "deep menus",
        "brackets",
        "json",
        "title",
        "dates",
        "tooltip",
        "tooltips",
        "hidden",
    ],
)
@pytest.mark.timeout(60)
def test_hostile_pages_end_soon_and_raise_nothing(markup: str) -> None:
    result = read(f"<html><body><article><h1>t</h1>{markup}</article></body></html>")
    assert not (isinstance(result, NotAnArticle) and result.outcome is Outcome.FAILED), result


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=utf-16", "text/html; charset=hex"])
)
def test_no_bytes_raise_and_the_same_bytes_read_the_same(noise: bytes, label: str | None) -> None:
    body = b"<html><head><title>t</title></head><body><p>" + noise + PROSE[0].encode() + b"</p>" + noise
    assert read(body, label) == read(body, label)
    result = read(body, label)
    assert isinstance(result, Content) or result.outcome is not Outcome.FAILED


def test_a_line_broken_in_the_source_is_whole_where_words_have_no_spaces() -> None:
    sentence = (
        "港湾事務所によると、乗り場にいた約140人は二十分ほどで外に避難した。けが人や行方の分からない人はいないという。"
    )
    broken = sentence.replace("に避難", "に\r\n\t避難").replace("けが人", "\nけが人")
    assert text_of(page(broken, *PROSE)).split("\n")[0] == sentence


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/TR/xhtml1.dtd"/><html xmlns="x"/>',
        '<!doctype html>\n<html lang="en" />\n',
        '<?xml version="1.0" encoding="iso-8859-1"?><html>',
        "\ufeff<html>",
        "",
    ],
)
def test_a_page_is_read_whatever_its_first_line_declares(start: str) -> None:
    markup = f"{start}<body><h1>Fire</h1>" + "".join(f"<p>{text}</p>" for text in PROSE)
    assert text_of(markup.encode()).split("\n") == PROSE


FLOOD = [
    "The river came over the quay for the first time since the dam was built, and by noon it stood at the town hall.",
    "The school sent its 200 pupils home, and traders cleared the market square before the water reached it.",
    "Nobody was hurt, a spokeswoman for the fire service said, and the bridge at the mill will stay closed for days.",
]
MOMENT = '<time datetime="2026-04-02T15:00:00Z">15:00</time>'
CARD = (
    '<div id="card-{0}" class="card">'
    + MOMENT
    + '<h3><a href="/dam-{0}">Dam {0} is full</a></h3><p>The dam at Tellin holds more water than ever.</p></div>'
)


@pytest.mark.parametrize("page", ["{lead}{note}{entries}", "{lead}{entries}{note}"], ids=["above", "below"])
def test_a_note_beside_the_entries_of_a_live_blog_is_told_once(page: str) -> None:
    note = "Correction: an earlier version of this blog said that six roads were closed."
    lead = "".join(f"<p>The river has left its banks {where}, and roads are closed.</p>" for where in ("here", "there"))
    entries = "".join(
        f"<div class='entry' id='e{hour}'><time datetime='2026-03-10T0{hour}:00:00Z'></time>"
        f"<p>Crews closed road number {hour} after the river rose above its banks near the mill.</p></div>"
        for hour in range(1, 6)
    )
    body = page.format(lead=lead, note=f"<p>{note}</p>", entries=entries)
    article = read(f"<html><body><article><h1>LIVE: Flood at Orrin</h1>{body}</article></body></html>")
    assert isinstance(article, Content)
    assert len(article.live_entries) == 5
    assert article.text.count(note) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<article id='post-8' class='post'><h1>{title}</h1>" + MOMENT + "{text}</article>",
        "<h1>{title}</h1><article id='post-8' class='post'>" + MOMENT + "{text}</article>",
        "<h1>{title}</h1><div id='byline'><p>Reported from Orrin by the staff of a paper</p>" + MOMENT + "</div>{text}",
        "<h1>{title}</h1>{text}" + CARD.format(1),
        "<h1>{title}</h1>{text}" + CARD.format(1) + CARD.format(2),
        "<h1>{title}</h1>{text}<ol><li id='comment-1'>"
        + MOMENT
        + "<p>Thank you all who carried my boat home.</p></li></ol>",
    ],
    ids=["a story with its heading", "a story", "a byline", "one teaser", "two teasers", "a comment"],
)
def test_a_page_that_calls_itself_live_may_be_one_story(body: str) -> None:
    title = "LIVE: Flood at Orrin"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in FLOOD)
    shown = body.format(title=title, text=text)
    page = f"<html><head><title>{title}</title></head><body><main>{shown}</main></body></html>"
    article = read_article(page.encode(), url="https://paper.example/flood", content_type="text/html")
    assert isinstance(article, Content)
    assert article.live_entries == ()
    assert all(paragraph in article.text for paragraph in FLOOD)


def test_the_two_entries_of_a_japanese_live_page_are_entries_though_their_sentences_are_short() -> None:
    title = "【ライブ】台風21号 各地で避難指示"
    entries = "".join(
        f"<section id='t{hour}'><time datetime='2026-11-27T{hour}:00:00+09:00'>{hour}時</time><h3>けが人{count}人</h3>"
        f"<p>市消防局によると、強風で転倒するなどして{count}人がけがをした。</p></section>"
        for hour, count in ((11, 5), (10, 3))
    )
    lead = "<p>台風21号の影響で、各地に避難指示が出ています。最新の情報を時系列でお伝えします。</p>"
    page = f"<html lang='ja'><title>{title}</title><body><main><h1>{title}</h1>{lead}{entries}</main></body></html>"
    article = read_article(page.encode(), url="https://paper.example/live", content_type="text/html")
    assert isinstance(article, Content)
    assert [entry.identity for entry in article.live_entries] == ["t11", "t10"]
    assert article.text.startswith("台風21号の影響で")


def live(entries: str) -> Content:
    title = "LIVE: Strike at five ports"
    page = f"<html><title>{title}</title><body><main><h1>{title}</h1><p>{FLOOD[0]}</p>{entries}</main></body></html>"
    article = read_article(page.encode(), url="https://paper.example/live", content_type="text/html")
    assert isinstance(article, Content)
    return article


def entry(number: int, moment: str, names: str = "post") -> str:
    return f"<div id='p{number}' class='{names}'>{moment}<h3>Port {number}</h3><p>{FLOOD[number]}</p></div>"


def test_an_entry_that_is_pinned_is_an_entry_and_told_once() -> None:
    listed = [entry(n, MOMENT) for n in (2, 1, 0)]
    pinned = entry(1, MOMENT, "post post--pinned")
    assert live("".join(listed)).text.count(FLOOD[1]) == live("".join([pinned, *listed])).text.count(FLOOD[1]) == 1
    other = "".join(entry(n, MOMENT).replace("id='p", "id='q") for n in (2, 1, 0))
    assert {one.identity for one in live(pinned.replace(FLOOD[1], PROSE[0]) + other).live_entries} == {
        *("p1", "q2", "q1", "q0")
    }


def test_entries_whose_class_names_hold_their_numbers_are_of_one_make() -> None:
    article = live("".join(entry(n, MOMENT, f"post post-{n}4") for n in (2, 1, 0)))
    assert [one.identity for one in article.live_entries] == ["p2", "p1", "p0"]


@pytest.mark.parametrize("moment", ["14:05", "14h05", "9.30 am", "14.05 Uhr", "5 min ago", "há 5 minutos", "5分前"])
def test_entries_may_give_their_time_in_any_small_element(moment: str) -> None:
    article = live("".join(entry(n, f"<span>{moment}</span>") for n in (2, 1, 0)))
    assert [(one.identity, one.published_at) for one in article.live_entries] == [
        ("p2", None),
        ("p1", None),
        ("p0", None),
    ]


def stating_body(*stated: str) -> str:
    article = {"@type": "NewsArticle", "headline": "Fire empties the ferry terminal", "articleBody": "\n".join(stated)}
    return f'<script type="application/ld+json">{json.dumps(article)}</script>'


def test_a_page_that_shows_hardly_any_of_its_text_is_read_from_the_body_it_states() -> None:
    assert text_of(page(head=stating_body(*PROSE))).split("\n") == PROSE
    assert text_of(page(PROSE[0], head=stating_body(*PROSE))).split("\n") == PROSE


def test_what_a_page_shows_counts_for_more_than_a_stated_body_that_is_a_little_longer() -> None:
    stated = stating_body(*PROSE, "Copyright of the Harbour Times.")
    assert text_of(page(*PROSE, head=stated)).split("\n") == PROSE


def test_a_page_that_explains_at_length_what_it_wants_to_store_is_a_wall() -> None:
    terms = [
        "We value your privacy. We and our 812 partners would like to know how you read, and what else you do.",
        "We use cookies and other ways to remember you from one visit to the next, on this device and on your others.",
        "Where you reject all of it, some pages will not work as they should, and advertisements will miss the point.",
        "Some of our partners do not ask, and rely on their legitimate interest; to those you can object one by one.",
        "Manage your choices at any time at the bottom of each page, where the list of all companies stands as well.",
    ]
    more = "A company may measure how often a page is read, by whom and for how long, and compare it with other pages."
    assert outcome(page(*terms, *[f"{more} Part {number}." for number in range(4)], headline="Harbour Times")) is (
        Outcome.WALL
    )
