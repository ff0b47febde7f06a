"""JSON-LD as news pages really write it: schema.org nodes out of script elements, faults and all.

Not an RDF processor: it reads the handful of properties that news pages use, mends what publishers commonly break
(comments, trailing commas, control characters, escaped markup), and gives up silently on the rest.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import urlsplit

Node: TypeAlias = dict[str, object]

ARTICLE_TYPES = frozenset(
    {
        "AnalysisNewsArticle",
        "Article",
        "BackgroundNewsArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "NewsArticle",
        "OpinionNewsArticle",
        "Report",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "ScholarlyArticle",
        "SocialMediaPosting",
        "TechArticle",
        "AdvertiserContentArticle",
    }
)
_MAX_DEPTH = 8
_MAX_NODES = 5000
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)"
    r"|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_CONTROLS = re.compile(r"[\x00-\x1f]+")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")


def load(script: str) -> object:
    """Return a script's value, mending common faults, or `None` where it cannot be read."""
    text = _WRAPPING.sub("", script).strip().rstrip(";")
    for mend in (_as_is, _without_controls, _without_trailing_commas, html.unescape):
        try:
            return json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _as_is(text: str) -> str:
    return text


def _without_controls(text: str) -> str:
    return _CONTROLS.sub(" ", text)


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub("", _without_controls(text))


def nodes(scripts: Iterable[str]) -> list[Node]:
    """Return every typed node of a page's scripts, outermost first."""
    found: list[Node] = []
    for script in scripts:
        for node in _walk(load(script), 0):
            found.append(node)
            if len(found) >= _MAX_NODES:
                return found
    return found


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in _WITHIN:
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def types(node: Node) -> frozenset[str]:
    """Return a node's types without their vocabulary: `NewsArticle`, never `http://schema.org/NewsArticle`."""
    named = node.get("@type")
    listed = named if isinstance(named, list) else [named]
    return frozenset(re.split(r"[/:#]", item)[-1] for item in listed if isinstance(item, str))


def article_node(found: list[Node], url: str) -> Node | None:
    """Return the node that describes the page's own article: it names the page's address, or says the most."""
    path = urlsplit(url).path.rstrip("/")

    def weight(node: Node) -> int:
        kinds = types(node)
        addressed = path and any(urlsplit(address).path.rstrip("/") == path for address in _addresses(node))
        return (
            8 * bool(addressed)
            + 3 * ("LiveBlogPosting" in kinds)
            + 2 * ("headline" in node)
            + ("articleBody" in node)
            + ("datePublished" in node)
        )

    candidates = [node for node in found if types(node) & ARTICLE_TYPES]
    return max(candidates, key=weight, default=None)


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith(("http", "/")):
            try:
                urlsplit(value)
            except ValueError:
                continue
            yield value


def text_of(value: object) -> str | None:
    """Return a property as a string: itself, the first of a list, or the text or name of a node."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("@value") or value.get("name") or value.get("text"))
    return value.strip() or None if isinstance(value, str) else None


def names_of(value: object, found: list[Node]) -> list[str]:
    """Return the names of people or organisations that a property lists, looking up those given by `@id` alone."""
    names: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("name"), list):
            names += filter(None, map(text_of, item["name"]))
        elif name := _name_of(item, found):
            names += names_of(load(name), found) if name.startswith("{") else [name]
    return names


def _name_of(item: object, found: list[Node]) -> str | None:
    name = text_of(item)
    if name is None and isinstance(item, dict):
        if isinstance(item.get("@id"), str):
            name = next((text_of(node) for node in found if node.get("@id") == item["@id"] and "name" in node), None)
        if name is None:
            parts = (text_of(item.get("givenName")), text_of(item.get("familyName")))
            name = " ".join(filter(None, parts)) or None
    return name
