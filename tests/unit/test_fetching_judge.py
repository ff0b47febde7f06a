import pytest
from multidict import CIMultiDict

from pipeline.fetching.answers import Answer
from pipeline.fetching.judge import judge, looks_like_html
from pipeline.model import FetchRequest, Outcome, ResourceKind, Validators

PAGE = b"<!doctype html><html><title>Quake</title><p>Eleven people died.</p></html>"
FEED = b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>"


def verdict(status: int, body: bytes = b"", *, kind: ResourceKind = ResourceKind.ARTICLE, **headers: str) -> Outcome:
    named = CIMultiDict({name.replace("_", "-"): text for name, text in headers.items()})
    request = FetchRequest(url="http://news.example/", kind=kind, validators=Validators(etag='"1"'))
    return judge(Answer(status=status, headers=named, body=body), request).outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, Outcome.EMPTY),
        (304, Outcome.NOT_MODIFIED),
        (302, Outcome.HTTP_ERROR),
        (206, Outcome.HTTP_ERROR),
        (400, Outcome.HTTP_ERROR),
        (401, Outcome.FORBIDDEN),
        (403, Outcome.FORBIDDEN),
        (404, Outcome.NOT_FOUND),
        (410, Outcome.GONE),
        (418, Outcome.HTTP_ERROR),
        (429, Outcome.RATE_LIMITED),
        (451, Outcome.FORBIDDEN),
        (500, Outcome.SERVER_ERROR),
        (503, Outcome.SERVER_ERROR),
        (599, Outcome.SERVER_ERROR),
        (999, Outcome.HTTP_ERROR),
    ],
)
def test_each_status_has_its_outcome(status, outcome):
    assert verdict(status) is outcome


def test_a_503_that_says_when_to_come_back_is_a_rate_limit():
    assert verdict(503, Retry_After="60") is Outcome.RATE_LIMITED


def test_a_304_to_a_request_without_conditions_is_an_error():
    request = FetchRequest(url="http://news.example/", kind=ResourceKind.FEED)
    assert judge(Answer(status=304, headers=CIMultiDict()), request).outcome is Outcome.HTTP_ERROR


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", b"\0\0\0"])
@pytest.mark.parametrize("kind", list(ResourceKind))
def test_a_body_of_nothing_is_empty(body, kind):
    assert verdict(200, body, kind=kind, Content_Type="text/html") is Outcome.EMPTY


@pytest.mark.parametrize("label", ["text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "", "text/plain"])
def test_a_page_is_a_page_whatever_vague_label_it_bears(label):
    assert verdict(200, PAGE, Content_Type=label) is Outcome.NEW_BODY


@pytest.mark.parametrize(
    ("label", "body"),
    [
        ("application/pdf", b"%PDF-1.7"),
        ("text/html", b"%PDF-1.7 ..."),
        ("image/jpeg", PAGE),
        ("application/json", b"{}"),
        ("", b"Just words."),
        ("application/octet-stream", b"\x00\x01\x02"),
        ("text/xml", FEED),
    ],
)
def test_what_is_no_page_is_not_html(label, body):
    assert verdict(200, body, Content_Type=label) is Outcome.NOT_HTML


def test_a_feed_may_bear_any_label():
    assert verdict(200, FEED, kind=ResourceKind.FEED, Content_Type="text/html") is Outcome.NEW_BODY


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_challenge_is_told_from_its_header(status):
    assert verdict(status, PAGE, cf_mitigated="challenge", Retry_After="5") is Outcome.CHALLENGE


def test_a_challenge_is_told_from_its_page():
    body = b"<!DOCTYPE html><html><head><title>One moment</title><script>window._cf_chl_opt={a:1}</script>"
    assert verdict(403, body) is Outcome.CHALLENGE
    assert verdict(202, PAGE, x_amzn_waf_action="challenge") is Outcome.CHALLENGE


def test_an_ordinary_page_behind_the_same_service_is_no_challenge():
    body = PAGE + b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    assert verdict(200, body, Content_Type="text/html", Server="cloudflare") is Outcome.NEW_BODY


def test_a_long_article_about_challenges_is_no_challenge():
    assert verdict(200, PAGE + b"x" * 70_000 + b"_cf_chl_opt", Content_Type="text/html") is Outcome.NEW_BODY


@pytest.mark.parametrize(
    "body",
    [
        b"  <!-- made by hand -->\n<HTML lang=en>",
        b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'>",
        b"\xef\xbb\xbf<p>Text",
        "\ufeff<!doctype html>".encode("utf-16-le"),
    ],
)
def test_the_beginnings_of_html_are_known(body):
    assert looks_like_html(body)


@pytest.mark.parametrize("body", [b"{}", b"plain", b"<?xml version='1.0'?><rss>", b"<pre", b"<feed xmlns='x'>"])
def test_other_beginnings_are_not_html(body):
    assert not looks_like_html(body)
