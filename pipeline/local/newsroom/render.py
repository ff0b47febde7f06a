"""Desk items as bytes: feeds in the publisher's dialect, article pages and front pages in its template."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.local.newsroom.desk import Desk, Item
from pipeline.local.newsroom.noise import Noise


def rfc822(moment: datetime) -> str:
    """Write a time as RSS does (RFC 822 with a four-digit year)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def iso(moment: datetime) -> str:
    """Write a time as Atom, Dublin Core and schema.org do (RFC 3339), to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def spelled(moment: datetime) -> str:
    """Write a time as a byline does."""
    local = moment.astimezone(UTC)
    return f"{local.day} {local:%B %Y, %H:%M} GMT"


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.local.newsroom"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(rfc822=rfc822, iso=iso, spelled=spelled)
    return environment


def feed(desk: Desk) -> bytes:
    """Render the publisher's feed as it is at this moment."""
    publisher = desk.publisher
    template = _templates().get_template(publisher.dialect.value)
    text = template.render(
        publisher=publisher, base=desk.base_url, items=desk.front(), changed=desk.changed(), now=desk.clock.now()
    )
    return text.encode(publisher.encoding, "xmlcharrefreplace")


def page(desk: Desk, item: Item, noise: Noise) -> bytes:
    """Render the page of one article."""
    publisher = desk.publisher
    template = _templates().get_template(publisher.page_template)
    text = template.render(
        publisher=publisher,
        base=desk.base_url,
        item=item,
        shown=item.snapshot,
        noise=noise,
        others=[other for other in desk.front() if other.airing != item.airing],
        structured=structured_data(desk, item),
    )
    return text.encode(publisher.encoding, "xmlcharrefreplace")


def front_page(desk: Desk, noise: Noise) -> bytes:
    """Render the publisher's home page."""
    template = _templates().get_template("front.html")
    text = template.render(publisher=desk.publisher, base=desk.base_url, items=desk.front(), noise=noise)
    return text.encode(desk.publisher.encoding, "xmlcharrefreplace")


def structured_data(desk: Desk, item: Item) -> str:
    """Return the page's JSON-LD (schema.org NewsArticle or LiveBlogPosting)."""
    shown = item.snapshot
    publisher = {"@type": "NewsMediaOrganization", "name": desk.publisher.title, "url": desk.base_url + "/"}
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if item.story.is_live_blog else "NewsArticle",
        "mainEntityOfPage": item.url,
        "url": item.url,
        "headline": shown.headline,
        "description": shown.summary,
        "datePublished": iso(item.published),
        "dateModified": iso(item.modified),
        "author": [{"@type": "Person", "name": item.story.byline}],
        "publisher": publisher,
        "isAccessibleForFree": True,
    }
    if item.story.is_live_blog:
        data["coverageStartTime"] = iso(item.published)
        if shown.live_until is not None:
            data["coverageEndTime"] = iso(desk.moment(item.airing, shown.live_until))
        data["liveBlogUpdate"] = [
            {
                "@type": "BlogPosting",
                "@id": f"{item.url}#{post.identity}",
                "url": f"{item.url}#{post.identity}",
                "headline": post.headline,
                "articleBody": post.text,
                "datePublished": iso(desk.moment(item.airing, post.published)),
                "dateModified": iso(desk.moment(item.airing, post.modified)),
            }
            for post in shown.posts
        ]
    # "</" would end the script element.
    return json.dumps(data, ensure_ascii=True).replace("</", "<\\/")
