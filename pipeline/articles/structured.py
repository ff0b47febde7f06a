"""What a page says about itself: JSON-LD first, then Open Graph and the other meta elements, then its headings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import authors, jsonld, plain
from pipeline.articles.dates import choose_time
from pipeline.articles.elements import Elements

_SECOND_HEADINGS = 20  #: texts of h2 elements, from the top, among which the headline may be
_LONGEST = 1000  #: characters of a title, a heading, a name
_DATED = etree.XPath("//@itemprop[. = 'datePublished']/parent::*[not(self::meta)]")
_OF_AUTHORS = frozenset({"author", "article:author", "parsely-author", "dc.creator", "citation_author"})
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "article:publicationdate",
    "article.published",
    "parsely-pub-date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "last-modified",
)
_MODIFIED = (
    "article:modified_time",
    "og:article:modified_time",
    "datemodified",
    "og:updated_time",
    "lastmod",
    "dcterms.modified",
    "article:updated_time",
    "revision_date",
)


@dataclass(frozen=True)
class Structured:
    """A page's own statements, read lazily: few pages need all of them."""

    url: str
    metas: dict[str, str]
    nodes: list[jsonld.Node]
    title: str
    headings: tuple[str, ...]  #: the h1 elements
    second_headings: tuple[str, ...]  #: the h2 elements and their parts, but those that are links
    html_lang: str
    canonical_link: str | None
    times: tuple[str, ...]  #: `datetime` attributes of time elements, in document order
    item_types: frozenset[str]  #: microdata types
    scripts: tuple[str, ...] = ()  #: all other scripts of the page
    shown_authors: tuple[str, ...] = ()  #: of the byline, looked for where the JSON-LD names no person

    @cached_property
    def article(self) -> jsonld.Node:
        """The JSON-LD node of the article; empty where there is none."""
        return jsonld.article_node(self.nodes, self.url) or {}

    @cached_property
    def types(self) -> frozenset[str]:
        """What kinds of thing the page says its article is."""
        return (jsonld.types(self.article) if self.article else frozenset()) | (self.item_types & jsonld.ARTICLE_TYPES)

    @property
    def page_types(self) -> frozenset[str]:
        """Every type of every node of the page."""
        return frozenset(chain.from_iterable(map(jsonld.types, self.nodes))) | self.item_types

    @property
    def is_article(self) -> bool:
        """Whether the page calls itself an article."""
        return bool(self.types) or self.metas.get("og:type", "").lower() in {"article", "newsarticle", "news"}

    @property
    def published_at(self) -> datetime | None:
        """When the article says it was first published, UTC."""
        stated = [self.article.get("datePublished"), self.article.get("dateCreated")]
        others = [node["datePublished"] for node in self.nodes if "datePublished" in node and not self.article]
        return choose_time([*map(_only, stated), *self._meta_values(_PUBLISHED), *self.times[:1], *map(_only, others)])

    @property
    def modified_at(self) -> datetime | None:
        """When the article says it was last changed, UTC."""
        return choose_time([_only(self.article.get("dateModified")), *self._meta_values(_MODIFIED)])

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the authors, in the page's order.

        The publisher named as the author of its own article is one only where the page names nobody else.
        """
        return self.named_authors or self._people_in_metas or self.shown_authors or self._stated_authors

    @cached_property
    def named_authors(self) -> tuple[str, ...]:
        """The people whom the JSON-LD names as authors, other than the publisher itself."""
        return self._others(self._stated_authors)

    @cached_property
    def _stated_authors(self) -> tuple[str, ...]:
        return authors.people(jsonld.names_of(self.article.get("author"), self.nodes))

    @property
    def _people_in_metas(self) -> tuple[str, ...]:
        named = self._others(authors.stated_in_metas(self.metas))
        own = {plain.key(name) for name in self.site_names}
        return tuple(name for name in named if plain.key(name) not in own)

    def _others(self, names: tuple[str, ...]) -> tuple[str, ...]:
        own = {plain.key(name) for name in self.site_names}
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        address = {plain.key(host), plain.key(host.split(".")[0])}
        if all(plain.key(name) in own | address or f"({host})" in name.replace("www.", "") for name in names):
            return ()
        return tuple(name for name in names if plain.key(name) != plain.key(host))

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """What the publisher calls itself."""
        publisher = jsonld.names_of(self.article.get("publisher"), self.nodes)
        named = [self.metas.get("og:site_name"), *publisher, self.metas.get("application-name")]
        return tuple(dict.fromkeys(name for raw in named if raw and (name := plain.from_markup(raw[:_LONGEST]))))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """What the publisher calls itself, and its host, as their words in lower case."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        named = [*self.site_names, *([host, host.split(".")[0]] if host else [])]
        return frozenset(plain.key(name) for name in named)

    @property
    def descriptions(self) -> tuple[str, ...]:
        """The standfirst, as the page repeats it for others to quote."""
        stated = [jsonld.text_of(self.article.get("description")), jsonld.text_of(self.article.get("abstract"))]
        stated += [self.metas.get("og:description"), self.metas.get("description")]
        return tuple(dict.fromkeys(text for raw in stated if raw and (text := plain.from_markup(raw[: 5 * _LONGEST]))))

    @property
    def body(self) -> list[str]:
        """The paragraphs of `articleBody`."""
        stated = jsonld.text_of(self.article.get("articleBody"))
        return plain.paragraphs_from_markup(stated) if stated else []

    @property
    def is_free(self) -> bool:
        """Whether the page does not say that it wants to be paid."""
        tier = self.metas.get("article:content_tier", "").lower()
        stated = str(self.article.get("isAccessibleForFree", "")).lower()
        return stated not in {"false", "no"} and tier not in {"locked", "metered"}

    @cached_property
    def stated_language(self) -> str | None:
        """The language code the page names (`de`), without its region; pages lie about it."""
        stated = (
            self.html_lang,
            jsonld.text_of(self.article.get("inLanguage")) or "",
            self.metas.get("og:locale", ""),
            self.metas.get("content-language", ""),
        )
        for value in stated:
            code = value.replace("_", "-").split("-")[0].split(",")[0].strip().lower()
            if 2 <= len(code) <= 3 and code.isalpha() and code.isascii():
                return {"nb": "no", "nn": "no"}.get(code, code)
        return None

    def _meta_values(self, names: Iterable[str]) -> list[str]:
        return [self.metas[name] for name in names if name in self.metas]


def _only(value: object) -> object:
    """Return the first of a list, which some pages make of everything they state."""
    return value[0] if isinstance(value, list) and value else value


def read_structured(tree: HtmlElement, elements: Elements, url: str) -> Structured:
    """Collect a page's statements in one pass over the elements that carry them; `elements` are all that it has."""
    metas: dict[str, str] = {}
    scripts: list[str] = []
    states: list[str] = []
    headings: list[str] = []
    seconds: list[str] = []
    title, canonical = "", None
    for element in tree.iter("meta", "script", "link", "title", "h1", "h2"):
        if element.tag == "meta":
            _add_meta(metas, element)
        elif element.tag == "script":
            if not element.text:
                continue
            if "ld+json" in (element.get("type") or "").lower():
                scripts.append(element.text)
            else:
                states.append(element.text)
        elif element.tag == "link":
            if canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                canonical = element.get("href")
        elif element.tag == "title":
            title = title or plain.clean((element.text or "")[:_LONGEST])
        elif element.tag == "h2":
            if len(seconds) < _SECOND_HEADINGS:
                seconds += _parts_of_heading(element)
        elif text := plain.clean(" ".join(element.itertext())[:_LONGEST]):
            headings.append(text)
    nodes = jsonld.nodes(scripts)
    page = Structured(
        url=url,
        metas=metas,
        nodes=nodes,
        title=title,
        headings=tuple(headings),
        second_headings=tuple(dict.fromkeys(seconds)),
        html_lang=_html_lang(tree),
        canonical_link=canonical,
        times=tuple(_times(tree)) or _dated(tree, metas, nodes),
        item_types=elements.item_types,
        scripts=tuple(states),
    )
    return page if page.named_authors else replace(page, shown_authors=authors.shown_on_page(tree, elements))


def _parts_of_heading(element: HtmlElement) -> list[str]:
    """Return the text of a heading and of each of its parts, of which one may be a kicker; nothing of a link's."""
    if next(element.iter("a"), None) is not None or next(element.iterancestors("a"), None) is not None:
        return []
    parts = [element, *element.iter("span", "div", "strong")]
    return [text for part in parts if (text := plain.clean(part.text_content()[:_LONGEST]))]


def _add_meta(metas: dict[str, str], element: HtmlElement) -> None:
    content = element.get("content")
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    if content and name and (value := content.strip()):
        key = name.strip().lower()
        if key in _OF_AUTHORS and key in metas and value not in metas[key]:
            # One meta element for each author, or one for the publisher and one for the author.
            metas[key] = value if authors.is_address(metas[key]) else f"{metas[key]}; {value}"
        metas.setdefault(key, value)


def _html_lang(tree: HtmlElement) -> str:
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""


def _times(tree: HtmlElement) -> Iterable[str]:
    for element in tree.iter("time"):
        if element.get("pubdate") is not None or element.get("itemprop") == "datePublished" or _in_article(element):
            yield _time_of(element)
            return


def _dated(tree: HtmlElement, metas: dict[str, str], nodes: Sequence[jsonld.Node]) -> tuple[str, ...]:
    """Return what microdata says in other elements; looked for where nothing else says when a page was published."""
    if not metas.keys().isdisjoint(_PUBLISHED) or any("datePublished" in node for node in nodes):
        return ()
    return tuple(map(_time_of, cast("list[HtmlElement]", _DATED(tree))[:1]))


def _time_of(element: HtmlElement) -> str:
    return element.get("datetime") or element.get("content") or element.get("title") or element.text or ""


def _in_article(element: HtmlElement) -> bool:
    return any(parent.tag in {"article", "main"} for parent in element.iterancestors("article", "main"))
