"""The newsroom's publishers: what each one's addresses, feed, pages and HTTP manners are like."""

from dataclasses import dataclass
from enum import Flag, StrEnum


class Dialect(StrEnum):
    """The feed a publisher writes; the value is its template."""

    RSS_WITH_GUID = "rss_with_guid.xml"
    RSS_WITHOUT_GUID = "rss_without_guid.xml"
    ATOM = "atom.xml"
    RDF = "rdf.xml"


class Manners(Flag):
    """What a publisher's server does for conditional requests."""

    NONE = 0
    ETAG = 1
    LAST_MODIFIED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """One publisher. `article_path` is filled with `number` and `slug`; `tracking` is what its feed adds to links.

    `dates_edits` says whether the feed's dates move with an edit. `encoding` is that of feed and pages.
    """

    name: str
    title: str
    tagline: str
    language: str
    dialect: Dialect
    feed_path: str
    feed_type: str
    page_template: str
    article_path: str
    feed_manners: Manners
    page_manners: Manners
    sections: tuple[str, ...]
    dates_edits: bool = False
    tracking: str = ""
    encoding: str = "utf-8"
    compresses: bool = False
    has_robots: bool = True


PUBLISHERS: tuple[Publisher, ...] = (
    Publisher(
        name="meridian",
        title="Meridian Wire",
        tagline="The world as it happens",
        language="en-US",
        dialect=Dialect.RSS_WITH_GUID,
        feed_path="/rss/world.xml",
        feed_type="application/rss+xml; charset=utf-8",
        page_template="meridian.html",
        article_path="/world/{slug}-{number}",
        feed_manners=Manners.ETAG | Manners.LAST_MODIFIED,
        page_manners=Manners.ETAG | Manners.LAST_MODIFIED,
        sections=("World", "Politics", "Business", "Science", "Live", "Breaking News"),
        compresses=True,
    ),
    Publisher(
        name="courier",
        title="The Tarn Courier",
        tagline="From the valley and beyond since 1871",
        language="en-GB",
        dialect=Dialect.RSS_WITHOUT_GUID,
        feed_path="/feed",
        feed_type="text/xml",
        page_template="courier.html",
        article_path="/story?id={number}",
        feed_manners=Manners.NONE,
        page_manners=Manners.NONE,
        sections=("Valley", "Abroad", "Sport", "Letters", "Breaking"),
        dates_edits=True,
        tracking="&utm_source=rss&utm_medium=feed",
        encoding="windows-1252",
        has_robots=False,
    ),
    Publisher(
        name="harbour",
        title="Harbour Post",
        tagline="Independent news from the coast",
        language="en",
        dialect=Dialect.ATOM,
        feed_path="/atom.xml",
        feed_type="application/atom+xml; charset=utf-8",
        page_template="harbour.html",
        article_path="/articles/{slug}/",
        feed_manners=Manners.LAST_MODIFIED,
        page_manners=Manners.LAST_MODIFIED,
        sections=("Latest", "World", "Coast", "Live blogs", "Opinion"),
        dates_edits=True,
    ),
    Publisher(
        name="record",
        title="Ridge Valley Record",
        tagline="News for the high country",
        language="en-US",
        dialect=Dialect.RDF,
        feed_path="/index.rdf",
        feed_type="application/rdf+xml",
        page_template="record.html",
        article_path="/news/{number}/{slug}.html",
        feed_manners=Manners.ETAG,
        page_manners=Manners.NONE,
        sections=("Fire", "County", "Schools", "Weather", "Developing stories"),
    ),
)
