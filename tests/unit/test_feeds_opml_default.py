"""The feeds that `writethru up` starts with."""

from urllib.parse import urlsplit

from pipeline.config import bundled
from pipeline.feeds import read_opml


def test_default_feeds_are_https_unique_and_name_their_publisher():
    subscriptions = read_opml(bundled("feeds.opml").read_bytes())
    assert 18 <= len(subscriptions) <= 30
    assert len({subscription.url for subscription in subscriptions}) == len(subscriptions)
    for subscription in subscriptions:
        assert urlsplit(subscription.url).scheme == "https"
        assert subscription.title
        assert subscription.publisher
        assert subscription.language


def test_no_default_feed_is_listed_twice_under_other_spellings():
    text = bundled("feeds.opml").read_text(encoding="utf-8")
    assert text.count("xmlUrl=") == len(read_opml(text.encode()))
