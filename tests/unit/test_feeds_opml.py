"""OPML in and out."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.feeds import read_opml, write_opml
from pipeline.feeds.text import clean
from pipeline.model import FeedSubscription, Follow

names = st.none() | st.text(max_size=30).map(clean).filter(bool)
subscriptions = st.builds(
    FeedSubscription,
    url=st.from_regex(r"https?://[a-z]{1,8}\.example/[a-z0-9/=&.]{0,20}(\?[a-z=&]{1,9})?", fullmatch=True),
    title=names,
    publisher=names,
    language=st.none() | st.sampled_from(["en", "en-GB", "de"]),
    follow=st.sampled_from(Follow),
    poll_every=st.none() | st.integers(1, 100_000).map(lambda seconds: timedelta(seconds=seconds)),
)


@given(st.lists(subscriptions, unique_by=lambda subscription: subscription.url, max_size=5))
def test_what_is_written_is_read_back(feeds):
    document = write_opml(feeds)
    assert list(read_opml(document)) == feeds
    assert write_opml(feeds) == document


def opml(outlines: str) -> bytes:
    return f'<?xml version="1.0"?>\n<opml version="1.1">\n<body>\n{outlines}\n</body></opml>'.encode()


def test_folders_are_opened_and_each_address_is_taken_once():
    outlines = (
        "<outline text='World'><outline text='A &amp; B' xmlUrl='https://a.example/rss'/>"
        "<outline text='Deep'><outline text='C' xmlUrl='https://c.example/rss'/></outline></outline>"
        "<outline text='again' xmlUrl='https://A.example/rss'/><outline text='a note'/>"
    )
    assert [feed.title for feed in read_opml(opml(outlines))] == ["A & B", "C"]


def test_our_attributes_may_stand_without_a_namespace_and_in_any_case():
    (feed,) = read_opml(
        opml("<outline xmlURL='feed://a.example/?x=1&y=2' publisher='A' follow='ALL' pollEverySeconds='60'/>")
    )
    assert feed == FeedSubscription(
        url="http://a.example/?x=1&y=2", publisher="A", follow=Follow.ALL, poll_every=timedelta(seconds=60)
    )


def test_passwords_are_not_taken_over():
    assert read_opml(opml("<outline xmlUrl='https://me:secret@a.example/rss'/>"))[0].url == "https://a.example/rss"


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (b"", "exported as OPML"),
        (b"just words", "exported as OPML"),
        (b"<html></html>", "outermost element is <html>"),
        (opml("<outline>"), "export the file again"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "refused"),
        (opml("<outline xmlUrl='ftp://a.example/rss'/>"), "line 4 .* must begin with http"),
        (opml("<outline xmlUrl='https://a.example/' follow='some'/>"), 'write "developing" or "all"'),
        (opml("<outline xmlUrl='https://a.example/' pollEverySeconds='-5'/>"), "number of seconds"),
    ],
)
def test_malformed_lists_are_refused_with_advice(body, advice):
    with pytest.raises(UsageError, match=advice):
        read_opml(body)


def test_an_address_with_a_control_character_does_not_keep_the_others_from_being_written():
    written = write_opml(
        [
            FeedSubscription(url="http://example.org/a\x1b[31m\uffff"),
            FeedSubscription(url="http://example.org/b"),
        ]
    )
    assert [feed.url for feed in read_opml(written)] == [
        "http://example.org/a%1B[31m%EF%BF%BF",
        "http://example.org/b",
    ]


@given(st.binary(max_size=200) | st.text(alphabet="<>&opml/ xU='outline\0", max_size=100).map(str.encode))
def test_random_bytes_raise_a_usage_error_or_nothing(body):
    with suppress(UsageError):
        read_opml(body)
