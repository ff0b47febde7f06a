"""Articles: by what names an article is known."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.articles import aliases_of_entry, aliases_of_page, normalise_url, publisher_of
from pipeline.model import Alias, AliasKind


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("HTTP://WWW.Example.COM:80/A/b", "http://www.example.com/A/b"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("https://user:secret@example.com/x", "https://example.com/x"),
        ("https://example.com/x#comments", "https://example.com/x"),
        ("https://example.com/x?utm_source=rss&id=7&fbclid=q", "https://example.com/x?id=7"),
        ("https://example.com/x?b=2&a=1", "https://example.com/x?a=1&b=2"),
        ("https://example.com/?p=1234", "https://example.com/?p=1234"),
        ("https://bbc.co.uk/news/1?at_medium=RSS&at_campaign=KARANGA", "https://bbc.co.uk/news/1"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/caf%c3%a9/%7euser", "https://example.com/caf%C3%A9/~user"),
        ("https://example.com/café", "https://example.com/caf%C3%A9"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("  https://example.com/x\n", "https://example.com/x"),
        ("https://[::1]:8080/x", "https://[::1]:8080/x"),
        ("https://example.com./x", "https://example.com/x"),
    ],
)
def test_addresses_are_brought_to_one_form(raw: str, expected: str) -> None:
    assert normalise_url(raw) == expected


@pytest.mark.parametrize(
    "raw",
    ["", "ftp://example.com/x", "javascript:alert(1)", "mailto:a@example.com", "/only/a/path", "https://", "http://[::1",
     "https://example.com:notaport/", "https://exa mple.com/", "https://" + "a" * 5000],
)  # fmt: skip
def test_what_is_no_web_address_has_no_form(raw: str) -> None:
    assert normalise_url(raw) is None


@example(path="", name="", value="&0")
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_normalising_twice_changes_nothing_more(path: str, name: str, value: str) -> None:
    once = normalise_url(f"http://Example.com/{path}?{name}={value}")
    assert once is not None
    assert normalise_url(once) == once


@given(st.text(max_size=200))
def test_normalising_never_raises(text: str) -> None:
    result = normalise_url(text)
    assert result is None or result.startswith(("http://", "https://"))


@given(st.permutations(["a=1", "b=2", "c=", "utm_medium=feed", "id=9"]))
def test_the_order_of_parameters_never_counts(parameters: list[str]) -> None:
    assert normalise_url("https://example.com/x?" + "&".join(parameters)) == "https://example.com/x?a=1&b=2&c&id=9"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("https://edition.cnn.com/2016/x", "cnn.com"),
        ("https://news.example.com.au/x", "example.com.au"),
        ("https://town.blogspot.com/x", "town.blogspot.com"),
        ("http://127.0.0.1:8123/x", "127.0.0.1:8123"),
        ("http://localhost:8123/x", "localhost:8123"),
        ("http://times.localhost:8123/x", "times.localhost"),
        ("not a url", ""),
    ],
)
def test_the_publisher_is_the_host_below_its_suffix(url: str, expected: str) -> None:
    assert publisher_of(url) == expected


def test_an_entry_is_known_by_guid_and_link() -> None:
    found = aliases_of_entry(guid="story-8841", link="https://example.com/a?utm_source=rss", publisher="example.com")
    assert found == (
        Alias(kind=AliasKind.GUID, value="story-8841", scope="example.com"),
        Alias(kind=AliasKind.LINK, value="https://example.com/a"),
    )


def test_a_guid_with_a_revision_number_is_the_same_guid() -> None:
    first, second, plain = (
        aliases_of_entry(guid=guid, link=None, publisher="bbc.co.uk")[0]
        for guid in (
            "https://www.bbc.co.uk/news/uk-1#0",
            "https://www.bbc.co.uk/news/uk-1#1",
            "http://www.bbc.co.uk/news/uk-1",
        )
    )
    assert first == second == plain


@pytest.mark.parametrize("guid", ["", "  ", "1", "42", "https://example.com/", "https://example.com"])
def test_a_guid_that_tells_nothing_apart_is_no_name(guid: str) -> None:
    assert aliases_of_entry(guid=guid, link=None, publisher="example.com") == ()


def test_a_link_to_a_front_page_is_no_name() -> None:
    assert aliases_of_entry(guid=None, link="https://example.com/?utm_source=x", publisher="example.com") == ()


def test_a_page_is_known_by_where_it_was_found_and_its_canonical_address() -> None:
    found = aliases_of_page(
        final_url="https://m.example.com/a",
        permanent_url="https://m.example.com/a",
        canonical_url="https://www.example.com/a",
    )
    assert [(alias.kind, alias.value) for alias in found] == [
        (AliasKind.REDIRECT, "https://m.example.com/a"),
        (AliasKind.CANONICAL, "https://www.example.com/a"),
    ]


@pytest.mark.parametrize("canonical", ["https://wire.example.org/a", "https://example.com/", "nonsense"])
def test_a_canonical_address_elsewhere_or_of_a_front_page_is_no_name(canonical: str) -> None:
    found = aliases_of_page(final_url="https://example.com/a", canonical_url=canonical)
    assert [alias.kind for alias in found] == [AliasKind.REDIRECT]
