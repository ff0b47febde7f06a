"""Adding feeds to poll, and single articles to follow."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pipeline import articles
from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.fetching import host_of
from pipeline.model import FeedSubscription, Follow
from pipeline.store import polling, subscriptions
from pipeline.store.connections import Connection, connection_to
from pipeline.store.polling import ArticleIntent

ADDRESS_MAX_BYTES = 2000  #: of an address that a person gives


def add_feeds(database_url: str, settings: Settings, wanted: Sequence[FeedSubscription]) -> int:
    """Add feeds in one transaction, all or none (`subscribe`); return how many were new."""
    with connection_to(database_url, application="writethru add feeds") as connection, connection.transaction():
        return subscribe(connection, settings, wanted)


def subscribe(connection: Connection, settings: Settings, wanted: Sequence[FeedSubscription]) -> int:
    """Add feeds that are not there yet, and take over what is said of those that are; return how many were new.

    Raises `UsageError` if one of the addresses is none that `checked_address` lets pass.
    """
    for one in wanted:
        checked_address(one.url)
    return sum(
        subscriptions.add_feed(
            connection,
            one,
            publisher=one.publisher or articles.publisher_of(one.url),
            host=host_of(one.url),
            default_poll_every=timedelta(seconds=settings.poll_default_seconds),
            now=datetime.now(UTC),
        )
        for one in subscriptions.at_their_addresses(connection, wanted)
    )


def follow_urls(database_url: str, urls: Sequence[str]) -> int:
    """Follow articles by their addresses, developing or not, in a feed or in none; return how many.

    Raises `UsageError` if one of the addresses is none that `checked_address` lets pass.
    """
    addresses = [(checked_address(url), url) for url in urls]
    with connection_to(database_url, application="writethru follow") as connection, connection.transaction():
        for address, url in addresses:
            publisher = articles.publisher_of(address)
            intent = ArticleIntent(
                url=address,
                fetch_url=url,
                host=host_of(address),
                publisher=publisher,
                follow=Follow.ALL,
                aliases=articles.aliases_of_entry(guid=None, link=url, publisher=publisher),
            )
            polling.allow_again(connection, intent.aliases)
            polling.name_article(connection, intent, now=datetime.now(UTC))
    return len(addresses)


def checked_address(url: str) -> str:
    """Return an address that a person gives in its one form (`articles.normalise_url`).

    Raises `UsageError`, with what to do, where it cannot be fetched, or must not be stored as it is.
    """
    address = articles.normalise_url(url)
    if address is None:
        raise UsageError(f"{url!r} is not an address that can be fetched: it must begin with http:// or https://")
    if not url.isprintable():
        raise UsageError(f"{url!r} holds characters that no address has: copy it again")
    if "@" in urlsplit(url).netloc:
        raise UsageError(
            "the address holds a login, which is neither sent nor stored: leave out what stands before the @"
        )
    if len(url.encode("utf-8", "replace")) > ADDRESS_MAX_BYTES:
        raise UsageError(f"{url[:80]}… is too long an address: {ADDRESS_MAX_BYTES} bytes are the most")
    return address
