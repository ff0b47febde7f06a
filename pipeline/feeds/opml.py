"""OPML 2.0 (http://opml.org/spec2.opml) in and out.

What OPML has no word for (publisher, follow, how often to poll) stands in attributes of our own namespace, as the
standard asks; when reading, the same names without a namespace are taken too, since people write such files by hand.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, cast
from urllib.parse import quote

from lxml import etree

from pipeline.errors import NotAFeedError, UsageError
from pipeline.feeds.charset import decode
from pipeline.feeds.document import mend, open_document
from pipeline.feeds.links import resolve
from pipeline.feeds.text import clean
from pipeline.model import FeedSubscription, Follow

NAMESPACE: Final = "https://github.com/writethru/writethru/opml"

#: Of a document that is read: room for more than a hundred thousand feeds.
OPML_MAX_BYTES: Final = 10 * 2**20

_SCHEME_OF_READERS: Final = re.compile(r"feed:(?://)?(?=https?:)|feed:(?=//)", re.IGNORECASE)
_MAX_POLL_SECONDS: Final = 366 * 86_400
#: What an XML 1.0 document cannot hold, not even as a reference (https://www.w3.org/TR/xml/#charsets).
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_opml(body: bytes) -> tuple[FeedSubscription, ...]:
    """Return the feeds that an OPML document lists, folders opened, each address once, in its order.

    Raises `UsageError`, with what to do, where the document is no OPML or one of its feeds cannot be polled as written:
    then nothing of it should be imported, so that nobody believes it was all taken.
    """
    if len(body) > OPML_MAX_BYTES:
        raise UsageError(
            f"This OPML is larger than {OPML_MAX_BYTES >> 20} MiB, which must be a mistake. If it is none, split it."
        )
    root = _parse(body)
    if _local(root.tag) != "opml":
        raise UsageError(
            f"This is not OPML: its outermost element is <{_local(root.tag)}>. Give a file that a reader exported."
        )
    found: dict[str, FeedSubscription] = {}
    for outline in root.iter():
        if isinstance(outline.tag, str) and _local(outline.tag) == "outline":
            attributes = {_local(str(name)).lower(): str(value) for name, value in outline.attrib.items()}
            if address := attributes.get("xmlurl", "").strip():
                subscription = _read_outline(attributes, address, cast("int | None", outline.sourceline) or 1)
                found.setdefault(subscription.url, subscription)
    return tuple(found.values())


def write_opml(subscriptions: Iterable[FeedSubscription]) -> bytes:
    """Return an OPML document of the feeds, the same bytes for the same feeds; `read_opml` gives them back."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"writethru": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds followed by Writethru"
    body = etree.SubElement(root, "body")
    for subscription in subscriptions:
        etree.SubElement(body, "outline", _outline(subscription))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _parse(body: bytes) -> etree._Element:
    text = decode(body, None).text.lstrip("\ufeff\0")
    try:
        document = open_document(text)
    except NotAFeedError as error:
        raise UsageError(f"This OPML is refused: {error.detail}") from error
    if not document.root:
        raise UsageError("This is not OPML: it holds no XML element. Give a file that a reader exported as OPML.")
    lines_before = text.count("\n") - document.text.count("\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        # Empty lines stand in for the prolog, so that the line numbers in messages are those of the file.
        return etree.fromstring(("\n" * lines_before + mend(document.text)).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"This OPML is broken: {error.msg}. Mend that line, or export the file again.") from error


def _read_outline(attributes: Mapping[str, str], address: str, line: int) -> FeedSubscription:
    where = f"the feed in line {line}"
    url = resolve("", _SCHEME_OF_READERS.sub(_plain_scheme, address))
    if url is None:
        raise UsageError(
            f"The address of {where} cannot be polled: {clean(address)[:200]!r}. It must begin with http:// or https://."
        )
    title = clean(attributes.get("title") or "") or clean(attributes.get("text") or "")
    return FeedSubscription(
        url=url,
        title=title if title and title not in {url, address} else None,
        publisher=clean(attributes.get("publisher") or "") or None,
        language=clean(attributes.get("language") or "") or None,
        follow=_follow(attributes.get("follow"), where),
        poll_every=_poll_every(attributes.get("polleveryseconds"), where),
    )


def _plain_scheme(match: re.Match[str]) -> str:
    """Turn `feed://host` into `http://host` and `feed:https://host` into `https://host`."""
    return "http:" if match[0].endswith(":") and match.string[match.end() : match.end() + 2] == "//" else ""


def _follow(value: str | None, where: str) -> Follow:
    if value is None or not value.strip():
        return Follow.DEVELOPING
    try:
        return Follow(value.strip().lower())
    except ValueError:
        known = " or ".join(f'"{follow}"' for follow in Follow)
        raise UsageError(
            f'follow="{clean(value)[:50]}" of {where} is unknown: write {known}, or leave it out.'
        ) from None


def _poll_every(value: str | None, where: str) -> timedelta | None:
    if value is None or not value.strip():
        return None
    seconds = int(value) if re.fullmatch(r"\s*[0-9]{1,9}\s*", value) else 0
    if not 0 < seconds <= _MAX_POLL_SECONDS:
        raise UsageError(
            f'pollEverySeconds="{clean(value)[:50]}" of {where} is no number of seconds between 1 and a year.'
        )
    return timedelta(seconds=seconds)


def _outline(subscription: FeedSubscription) -> dict[str, str]:
    title = clean(subscription.title or "")
    # One odd address must not keep all the others from being exported.
    url = _NOT_XML.sub(lambda odd: quote(odd[0], errors="replace"), subscription.url)
    attributes = {"type": "rss", "text": title or url}
    if title:
        attributes["title"] = title
    attributes["xmlUrl"] = url
    if subscription.language:
        attributes["language"] = clean(subscription.language)
    if subscription.publisher:
        attributes[f"{{{NAMESPACE}}}publisher"] = clean(subscription.publisher)
    if subscription.follow is not Follow.DEVELOPING:
        attributes[f"{{{NAMESPACE}}}follow"] = subscription.follow.value
    if subscription.poll_every is not None:
        seconds = max(1, math.ceil(subscription.poll_every.total_seconds()))
        attributes[f"{{{NAMESPACE}}}pollEverySeconds"] = str(seconds)
    return attributes


def _local(name: str) -> str:
    return name.rpartition("}")[2]
