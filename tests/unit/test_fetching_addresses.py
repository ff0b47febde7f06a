import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from pipeline.articles import normalise_url
from pipeline.fetching.addresses import BadAddressError, parse_address, resolve_redirect, without_userinfo
from pipeline.fetching.pacing import host_of


@pytest.mark.parametrize(
    "text",
    [
        "http://news.example/a%2Fb?sig=a+b%3D&t=%7e",
        "https://news.example:8443/feed.xml?q=1,2;3",
        "http://[2001:db8::1]:8080/x",
    ],
)
def test_a_well_formed_address_stays_byte_for_byte(text):
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" http://news.example/a ", "http://news.example/a"),
        ("http://news.exa\nmple/a\tb", "http://news.example/ab"),
        ("http://user:secret@news.example/a#part", "http://news.example/a"),
        ("http://:secret@news.example/a", "http://news.example/a"),
        ("http://news.example/déjà vu", "http://news.example/d%C3%A9j%C3%A0%20vu"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_an_address_is_put_into_the_form_that_is_sent(text, expected):
    assert str(parse_address(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "news.example/feed",
        "//news.example/feed",
        "ftp://news.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "gopher://127.0.0.1:70/x",
        "http://",
        "http:///path",
        "http://:80/",
        "http://news.example:99999/",
        "http://[::1/",
        "http://ex ample/",
        "http://news.example/" + "a" * 9000,
    ],
)
def test_what_is_no_http_address_is_refused(text):
    with pytest.raises(BadAddressError):
        parse_address(text)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/moved", "http://news.example/moved"),
        ("moved?x=1", "http://news.example/a/moved?x=1"),
        ("//other.example/b", "http://other.example/b"),
        ("https://other.example/b#top", "https://other.example/b"),
        ("http://me:pw@other.example/", "http://other.example/"),
        ("/caf\u00e9", "http://news.example/caf%C3%A9"),
        ("/caf\udce9", "http://news.example/caf%C3%A9"),
    ],
)
def test_a_location_is_resolved(location, expected):
    assert str(resolve_redirect(URL("http://news.example/a/b"), location)) == expected


@pytest.mark.parametrize("location", ["ftp://x/", "javascript:alert(1)", "http://[::1", "\ud800"])
def test_a_location_that_cannot_be_fetched_is_refused(location):
    with pytest.raises(BadAddressError):
        resolve_redirect(URL("http://news.example/"), location)


def test_a_redirect_from_https_to_http_is_followed_over_https():
    start = URL("https://news.example/feed")
    assert str(resolve_redirect(start, "http://news.example/feed/")) == "https://news.example/feed/"
    with pytest.raises(BadAddressError):
        resolve_redirect(start, "http://news.example:8080/feed/")


@given(text=st.text() | st.from_regex(r"https?://[^\x00]*"))
def test_no_text_makes_an_address_with_userinfo_or_another_scheme(text):
    without_userinfo(text)
    host_of(text)
    try:
        url = parse_address(text)
    except BadAddressError:
        return
    assert url.scheme in {"http", "https"}
    assert url.raw_user is None
    assert url.raw_password is None
    assert not url.raw_fragment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://me:pw@news.example/a?b=c@d", "https://news.example/a?b=c@d"),
        ("https://a@b:pw@news.example", "https://news.example"),
        ("https://news.example/@someone", "https://news.example/@someone"),
        ("no address", "no address"),
    ],
)
def test_userinfo_is_taken_off_before_an_address_is_shown(text, expected):
    assert without_userinfo(text) == expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example/a", "news.example:443"),
        ("http://news.example.:80/", "news.example:80"),
        ("http://me@news.example:8080/", "news.example:8080"),
        ("http://bücher.example/", "xn--bcher-kva.example:80"),
        ("http://BÜCHER.example./", "xn--bcher-kva.example:80"),
        ("http://straße.example。/", "xn--strae-oqa.example:80"),
        ("http://127。0。0。1/", "127.0.0.1:80"),
        ("http://[::1]:81/", "::1:81"),
        ("no address", ""),
        ("http://[::1", ""),
        ("http://news.example:99999/", ""),
    ],
)
def test_the_unit_of_pacing_is_host_and_port(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize("host", ["bücher.example", "straße.example", "News.Example", "日本。example", "faß.example."])
def test_a_host_is_paced_under_the_name_it_is_asked_by_and_recorded_under_it(host):
    sent = parse_address(f"https://{host}/a")
    assert host_of(f"https://{host}/a") == host_of(str(sent))
    assert normalise_url(f"https://{host}/a") == normalise_url(str(sent))
