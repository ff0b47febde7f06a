"""Feed documents, good and bad, through the one way in."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotAFeedError
from pipeline.feeds import parse_feed
from pipeline.model import Outcome, ParsedFeed

URL = "https://feed.example/rss.xml"


def parse(body: bytes | str, *, max_entries: int = 100, content_type: str | None = None) -> ParsedFeed:
    data = body if isinstance(body, bytes) else body.encode()
    return parse_feed(data, url=URL, content_type=content_type, max_entries=max_entries)


def rss(items: str, channel: str = "") -> str:
    return f'<rss version="2.0"><channel><title>T</title>{channel}{items}</channel></rss>'


def item(number: int) -> str:
    return f"<item><title>Story {number}</title><link>https://a.example/{number}</link></item>"


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        (b"", Outcome.EMPTY, "no bytes"),
        (b" \n\t ", Outcome.EMPTY, "white space"),
        (b"\xef\xbb\xbf", Outcome.EMPTY, "white space"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in &amp; read</title>"
            b"<link rel=alternate type='application/rss+xml' href='/feed'></head></html>",
            Outcome.NOT_A_FEED,
            "an HTML page titled “Sign in & read” that names as its feed: https://feed.example/feed",
        ),
        (b"<p>Not found</p>", Outcome.NOT_A_FEED, "HTML page"),
        (b'{"error": "quota"}', Outcome.NOT_A_FEED, "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", ', Outcome.NOT_A_FEED, "broken"),
        (b"[1]" * 3, Outcome.NOT_A_FEED, "plain text"),
        (b"[[1]]", Outcome.NOT_A_FEED, "JSON"),
        (b"{" + b'"a":{' * 100_000, Outcome.NOT_A_FEED, "JSON"),
        (b"Service unavailable", Outcome.NOT_A_FEED, "plain text that begins “Service unavailable”"),
        (b"%PDF-1.7 ...", Outcome.NOT_A_FEED, "PDF"),
        (b"\x1f\x8b\x08\x00", Outcome.NOT_A_FEED, "gzip"),
        (b"<opml version='2.0'/>", Outcome.NOT_A_FEED, "feeds import"),
        (b"<?xml version='1.0'?><urlset xmlns='x'/>", Outcome.NOT_A_FEED, "sitemap"),
        (b"<?xml version='1.0'?><inventory/>", Outcome.NOT_A_FEED, "<inventory>"),
        (b"<rss version='2.0'><channel><title>T", Outcome.NOT_A_FEED, "cut short before its first whole entry"),
        (b"<rss version='2.0'><channel><item><title>Half a", Outcome.NOT_A_FEED, "cut short before its first"),
        (b"<rss version='2.0'><channel></title></channel>", Outcome.NOT_A_FEED, "broken before its first entry"),
        (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'/>", Outcome.NOT_A_FEED, "ENTITY"),
    ],
)
def test_what_is_no_feed_is_named(body, outcome, words):
    with pytest.raises(NotAFeedError) as caught:
        parse(body)
    assert caught.value.outcome is outcome
    assert words in caught.value.detail


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE rss [ <!ENTITY lol 'lol'> ]>",
        '<!-- <rss --><!DOCTYPE rss SYSTEM "<!--" [ <!entity a "-->"> ]>',
        "<?xml version='1.0'?><?p <rss> ?><!DOCTYPE rss [<!ENTITY % p 'x'> %p;]>",
    ],
)
def test_declared_entities_are_refused_however_hidden(head):
    with pytest.raises(NotAFeedError, match="ENTITY"):
        parse(head + rss("<item><title>&a;&lol;</title></item>"))


def test_utf_16_does_not_hide_an_entity():
    document = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss(item(1))
    with pytest.raises(NotAFeedError, match="ENTITY"):
        parse(document.encode("utf-16"))


def test_doctype_without_entities_is_harmless():
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.invalid/rss.dtd">'
    feed = parse(
        f"<?xml version='1.0'?>{doctype}<rss version='0.91'><channel><title>T</title>{item(1)}</channel></rss>"
    )
    assert len(feed.entries) == 1


def test_an_article_about_entities_is_read():
    feed = parse(rss("<item><title><![CDATA[Why <!ENTITY and <!DOCTYPE are risky]]></title></item>"))
    assert feed.entries[0].title == "Why <!ENTITY and <!DOCTYPE are risky"


def test_a_body_is_never_taken_for_a_file_name(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(rss(item(1)), encoding="utf-8")
    with pytest.raises(NotAFeedError, match="plain text"):
        parse(str(path))


def test_feed_without_entries_is_a_feed():
    assert parse(rss("")).entries == ()


def test_wrong_content_type_does_not_matter():
    assert len(parse(rss(item(1)), content_type="text/html; charset=utf-8").entries) == 1


def test_entries_beyond_the_limit_are_left_out_and_counted():
    feed = parse(rss("".join(map(item, range(10)))), max_entries=3)
    assert [entry.title for entry in feed.entries] == ["Story 0", "Story 1", "Story 2"]
    assert "7 entries beyond the first 3 were left out" in feed.problems


def test_a_million_empty_items_do_not_hold_up_a_poll():
    started = time.process_time()
    parse(rss("<item/>" * 1_000_000), max_entries=2000)
    assert time.process_time() - started < 20


def test_an_item_cut_in_half_is_no_entry_at_any_cut():
    whole = rss("".join(map(item, range(3)))).encode()
    titles = {"Story 0", "Story 1", "Story 2"}
    for cut in range(whole.index(b"</item>") + 7, len(whole)):
        entries = parse(whole[:cut]).entries
        assert entries
        assert {entry.title for entry in entries} <= titles
        assert all(entry.link for entry in entries)


def test_broken_nesting_still_gives_the_entries():
    feed = parse(rss(item(1) + "<item><title>Story 2</titel></item>" + item(3)))
    assert [entry.title for entry in feed.entries] == ["Story 1", "Story 3"]
    assert "1 broken entry was left out" in feed.problems


def test_broken_end_still_gives_the_entries():
    feed = parse(rss(item(1) + item(2)).replace("</channel>", "</chanel>"))
    assert [entry.title for entry in feed.entries] == ["Story 1", "Story 2"]
    assert any("mismatched tag" in problem for problem in feed.problems)


def test_reading_leniently_does_not_look_like_an_edit():
    entry = (
        "<item><title>R&amp;D &lt;b&gt;up&lt;/b&gt;</title><link>https://a.example/1?x=1&amp;y=2</link>"
        "<description><![CDATA[<p>It’s &amp; was</p>]]></description></item>"
    )
    strict = parse(rss(entry)).entries[0]
    lenient = parse(rss(entry) + "</broken>").entries[0]
    assert strict.content_sha256 == lenient.content_sha256


def test_undeclared_prefixes_are_read():
    feed = parse(rss("<item><title>Story</title><dc:creator>Ada</dc:creator><media:thumbnail url='x'/></item>"))
    assert feed.entries[0].title == "Story"


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>15</ttl>", 900),
        ("<ttl>0</ttl>", None),
        ("<ttl>often</ttl>", None),
        ("<ttl>99999999999999</ttl>", None),
        ("<ttl>9999999</ttl>", 30 * 86_400),
        ("<s:updatePeriod>daily</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>", 21_600),
        ("<s:updatePeriod> Dayly </s:updatePeriod>", 86_400),
        ("<s:updatePeriod>always</s:updatePeriod>", None),
        ("<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>0.1</s:updateFrequency>", 36_000),
        ("<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>", None),
    ],
)
def test_update_hints(channel, seconds):
    document = rss(item(1), channel).replace("<rss ", '<rss xmlns:s="http://purl.org/rss/1.0/modules/syndication/" ')
    assert parse(document).ttl_seconds == seconds


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet="<>&;!-[]?/ =\"'rsitemlnkde\0\ud7ff", max_size=200).map(str.encode))
def test_random_bytes_never_raise_anything_else(noise):
    for body in (noise, b"<rss version='2.0'><channel><item><title>" + noise, b"{" + noise):
        with suppress(NotAFeedError):
            parse(body)


def attributes(number: int) -> str:
    return " ".join(f"a{at}='1'" for at in range(number))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(f"<rss {attributes(201)}><channel/></rss>", "200 attributes", id="a tag of many attributes"),
        pytest.param(
            f"<rss><channel></x><item {attributes(201)}><title>t</title></item></channel></rss>",
            "200 attributes",
            id="the same behind a fault, where the tolerant parser takes over",
        ),
        pytest.param(
            rss("<item><title>t</title>" + "<category>c</category>" * 20_001 + "</item>"),
            "20,000 categories",
            id="categories",
        ),
        pytest.param(rss("<a/>" * 1_000_001), "1,000,000 tags", id="tags"),
    ],
)
def test_what_would_keep_a_parser_busy_for_hours_is_refused(body, words):
    with pytest.raises(NotAFeedError, match=words):
        parse(body)


def test_a_tag_of_many_attributes_that_a_feed_may_have_is_read():
    assert len(parse(rss(f"<item {attributes(150)}><title>t</title></item>")).entries) == 1


def test_a_word_without_end_in_the_name_of_an_author_costs_no_more_than_its_beginning():
    # Its time grows with the square of the word: whole, this one would take a minute and the test's patience.
    found = parse(rss(f"<item><title>t</title><author>{'a.b-' * 100_000}</author></item>"), max_entries=10)
    assert [len(author) for author in found.entries[0].authors] == [1500]


def test_a_long_address_is_kept_whole():
    link = f"https://news.example/articles/{'CBMi' * 300}?oc=5"
    assert parse(rss(f"<item><title>t</title><link>{link}</link></item>")).entries[0].link == link
