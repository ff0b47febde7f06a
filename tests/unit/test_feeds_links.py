"""Addresses in feeds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.links import MAX_URL_CHARACTERS, is_absolute, resolve

BASE = "https://feeds.example/rss/all.xml"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"),
        ("/news/1", "https://feeds.example/news/1"),
        ("1.html", "https://feeds.example/rss/1.html"),
        ("//a.example/x", "https://a.example/x"),
        ("www.a.example/x", "https://www.a.example/x"),
        ("  https://a.example/\n   long/path ", "https://a.example/long/path"),
        ("https://a.example/two words", "https://a.example/two%20words"),
        ("https://user:pass@A.Example:8080/x", "https://a.example:8080/x"),
        ("HTTPS://A.EXAMPLE/Path", "https://a.example/Path"),
        ("https://a.example/caf\u00e9%20x", "https://a.example/caf%C3%A9%20x"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:desk@a.example", None),
        ("https://", None),
        ("http://[::1", None),
        ("http://a.example:99999/", None),
        ("https://a.example/" + "x" * MAX_URL_CHARACTERS, None),
        ("", None),
        (None, None),
    ],
)
def test_address_is_made_absolute_or_refused(href, expected):
    assert resolve(BASE, href) == expected


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]{1,20}/\S{0,20}"))
def test_resolving_again_changes_nothing(href):
    url = resolve(BASE, href)
    if url is not None:
        assert url.startswith(("http://", "https://"))
        assert resolve(BASE, url) == url
        url.encode("utf-8")


def test_only_whole_addresses_are_absolute():
    assert is_absolute("https://a.example/")
    assert not is_absolute("12345")
    assert not is_absolute("tag:a.example,2026:1")
