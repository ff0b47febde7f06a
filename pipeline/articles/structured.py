"""What a page says about itself: JSON-LD first, then Open Graph and the other meta elements, then its headings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import authors, jsonld, plain
from pipeline.articles.dates import choose_time, parse_time, shown_near
from pipeline.articles.elements import Elements
from pipeline.dates import zone_of_country

_SECOND_HEADINGS = 20  #: texts of h2 elements, from the top, among which the headline may be
_LONGEST = 1000  #: characters of a title, a heading, a name
_DATED = etree.XPath("//@itemprop[. = 'datePublished']/parent::*[not(self::meta)]")
_OF_AUTHORS = frozenset({"author", "article:author", "parsely-author", "dc.creator", "citation_author"})
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "article:publicationdate",
    "article.published",
    "parsely-pub-date",
    "dc.date.issued",
    "dcterms.created",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "datecreated",
    "dc.date",
    "date",
    "published",
    "displaydate",
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

    @cached_property
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
        return self.named_authors or self._people_named or self._stated_authors

    @property
    def _people_named(self) -> tuple[str, ...]:
        """The people in meta elements, or those of the byline where it names them all, and more."""
        stated = self._without_own(self._others(authors.stated_in_metas(self.metas)))
        shown = self._without_own(self.shown_authors) or self.shown_authors
        return shown if set(stated) <= set(shown) else stated

    @cached_property
    def named_authors(self) -> tuple[str, ...]:
        """The people whom the JSON-LD names as authors, other than the publisher itself."""
        return self._others(self._stated_authors)

    @cached_property
    def _stated_authors(self) -> tuple[str, ...]:
        return authors.people(jsonld.names_of(self.article.get("author"), self.nodes))

    def _without_own(self, names: tuple[str, ...]) -> tuple[str, ...]:
        own = {name.replace(" ", "") for name in self.own_names}
        # "Anna Berg, Harbour Times Sports" is one person, and her desk.
        desks = tuple(f"{name} " for name in self.own_names if " " in name)
        keys = [plain.key(name) for name in names]
        is_own = [key.replace(" ", "") in own or key.startswith(desks) for key in keys]
        # Behind the publisher stands its town: "Harbour Times Ltd, Marlow, Denmark".
        behind_own = bool(is_own) and is_own[0]
        others = zip(names, is_own, strict=True)
        return tuple(
            name
            for name, its_own in others
            if not its_own and not (behind_own and " " not in name and name.lower() != name.upper())
        )

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
        times=tuple(_times(tree)),
        item_types=elements.item_types,
        scripts=tuple(states),
    )
    return _with_what_is_shown(page, tree, elements)


def _with_what_is_shown(page: Structured, tree: HtmlElement, elements: Elements) -> Structured:
    """Add the date and the byline that readers see, where nothing says them to machines."""
    if page.published_at is None:
        page = replace(page, times=tuple(_dated(tree, page)))
    return page if page.named_authors else replace(page, shown_authors=authors.shown_on_page(tree, elements))


def _parts_of_heading(element: HtmlElement) -> list[str]:
    """Return the text of a heading and of each of its parts, of which one may be a kicker; nothing of a link's."""
    if next(element.iter("a"), None) is not None or next(element.iterancestors("a"), None) is not None:
        return []
    parts = [element, *element.iter("span", "div", "strong")]
    return [text for part in parts if (text := plain.clean(part.text_content()[:_LONGEST]))]


def _add_meta(metas: dict[str, str], element: HtmlElement) -> None:
    content = element.get("content")
    name = element.get("property") or element.get("name") or _item_property(element) or element.get("http-equiv")
    if content and name and (value := content.strip()):
        key = name.strip().lower()
        if key in _OF_AUTHORS and key in metas and value not in metas[key]:
            # One meta element for each author, or one for the publisher and one for the author.
            metas[key] = value if authors.is_address(metas[key]) else f"{metas[key]}; {value}"
        metas.setdefault(key, value)


def _item_property(element: HtmlElement) -> str | None:
    """Return the microdata property that a meta element states, unless of another thing: a video, a comment, a list."""
    name = element.get("itemprop")
    if name is None:
        return None
    scope = next((part for part in element.iterancestors() if part.get("itemscope") is not None), None)
    kind = (scope.get("itemtype") or "").rstrip("/").rpartition("/")[2] if scope is not None else ""
    return name if not kind or kind in jsonld.ARTICLE_TYPES or kind.endswith("Page") else None


def _html_lang(tree: HtmlElement) -> str:
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""


def _times(tree: HtmlElement) -> Iterable[str]:
    for element in tree.iter("time"):
        if element.get("pubdate") is not None or element.get("itemprop") == "datePublished" or _in_article(element):
            value = _time_of(element)
            if parse_time(value) is not None:
                yield value
                return


def _dated(tree: HtmlElement, page: Structured) -> Iterator[str]:
    """Yield what microdata in other elements and the lines below the headline say, where nothing else tells."""
    yield from map(_time_of, cast("list[HtmlElement]", _DATED(tree))[:1])
    headings = [*tree.iter("h1"), *tree.iter("h2", "h3")]
    named = (heading for heading in headings if _is_in_title(heading, page.title))
    if (heading := next(named, next(tree.iter("h1"), None))) is not None:
        yield shown_near(heading, zone_of_country(_country(page)) or UTC)


def _country(page: Structured) -> str:
    """Return the code of the country where a page's times are local: its domain's, or else its locale's.

    English pages say "en-GB" and "en-US" wherever they are.
    """
    domain = (urlsplit(page.url).hostname or "").rpartition(".")[2]
    if len(domain) == 2:
        return domain
    locale = (page.html_lang or page.metas.get("og:locale", "")).replace("_", "-").lower()
    language, _, region = locale.partition("-")
    return region if language != "en" else ""


def _is_in_title(heading: HtmlElement, title: str) -> bool:
    text = plain.clean(heading.text_content()[:_LONGEST])
    return plain.count_words(text) > 2 and text in title


def _time_of(element: HtmlElement) -> str:
    return element.get("datetime") or element.get("content") or element.get("title") or element.text or ""


def _in_article(element: HtmlElement) -> bool:
    return any(parent.tag in {"article", "main"} for parent in element.iterancestors("article", "main"))
