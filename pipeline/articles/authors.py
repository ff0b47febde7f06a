"""Who wrote an article, where its JSON-LD does not name a person: other meta elements, microdata, and its byline.

The byline is looked for in elements that call themselves so (`itemprop`, `rel`, class), above or inside the article and
never in its navigation; what is found counts only where it reads as names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import dropwhile, islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.articles.elements import Elements
from pipeline.articles.lexicon import finder, sought
from pipeline.dates import date_words, fold

_LONGEST = 1000  #: characters of a byline
_LONGEST_BYLINE = 250
_LONGEST_SPOKEN = 90
_NEAR = 500  #: elements below the headline
_FEW_PARTS = 4  #: children of an element that is one line
_MOST_WORDS = 6
_MOST_PEOPLE = 12
_META = (
    "citation_author",
    "author",
    "article:author",
    "articleauthor",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
    "cxenseparse:recs:articleauthor",
    "og:article:author",
)
#: between the names of a byline that is one string
_PEOPLE = re.compile(r"\s*[,;|·•、，]\s*")
#: also behind a comma, as in "Anna Berg, Ben Cole, and Ned Weil"
_AND = re.compile(r"(?:^|\s+)(?:and|und|et|y|og|och|e|en|&)\s+", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:^|[-_ ])(?:byline|authors?|autor(?:en|e)?|auteurs?|autore|writer|creator)(?=$|[-_ ]|s?__?)", re.IGNORECASE
)
_NOT_BYLINE = re.compile(
    r"bio|avatar|image|img|photo|social|follow|about|description|role|twitter|date|time|desc|box|teaser|card|related|"
    r"comment|caption|credit|shar(?:e|ing)",
    re.IGNORECASE,
)
_MARKED = etree.XPath(
    "//*[@itemprop][contains(concat(' ', normalize-space(@itemprop), ' '), ' author ')]"
    " | //a[@rel][contains(concat(' ', normalize-space(@rel), ' '), ' author ')]"
)
_AUTHORLIKE = re.compile(r"byline|author|autor|auteur|writer|creator", re.IGNORECASE)
_AT_RIGHT = re.compile(r"^right$|text-align\s*:\s*right", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s")  #: between a name and a role
_DEGREE = re.compile(r"(?:ph\.?\s?d|m\.?d|m\.?a|m\.?s|r\.?n|rdn?|mph|mba|esq)\.?", re.IGNORECASE)
_PARTICLE = re.compile(r"al|ben|bin|da|das|de|del|della|der|di|dos|du|el|la|le|st|ten|ter|van|von|zu")
_SHARED = re.compile(
    r"^(?:mailto|whatsapp):|[/?&._-](?:share|sharer|intent)\b|//(?:plus\.google|t\.me|wa\.me)\b", re.IGNORECASE
)
#: the page of a publisher's own author
_PERSONAL = re.compile(
    r"/(?:authors?|autor(?:e|en|es|i)?|auteurs?|byline|contributors?|journalists?|people|persons?|profile|redakteure?|"
    r"reporters?|staff|writers?|yazar(?:lar)?)/[^/]",
    re.IGNORECASE,
)
#: "(with an agency)"; "in Orrin", "for The Harbour Times"
_BESIDE_NAME = re.compile(r"\s*\([^()]*\)$|(?<=[^\W\d_]{2})\s+(?:in|for)\s+[A-Z].*$")
_EMAIL = re.compile(r"\s*\(?[\w.+-]+@[\w-]+(?:\.[\w-]+)+\)?")
_INVERTED = re.compile(r"([^;,]+), ([^;,]+)")  #: "Berg, Anna", as libraries write
_REPORTER = re.compile(r"(?<=\S)\s*(?:기자|記者)$")
_CLOCK = re.compile(r"\d[:.]\d\d")
_ELSEWHERE = ("nav", "footer", "form", "blockquote")


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Return the people whom strings name, each once, in their order; what is too long for a name is what they are."""
    found: dict[str, None] = {}
    role = finder("role", before=r"^.*?", after=r"$")
    for raw in names:
        named = [name for part in _split(plain.from_markup(raw[:_LONGEST])) if (name := _person(part))]
        named = [name for name in named if not _DEGREE.fullmatch(name)]
        named = [_DASH.split(name)[0] if role.search(name) else name for name in named]
        named = [name for name in named if not role.search(name)] or named
        short = [name for name in named if name.count(" ") < _MOST_WORDS]
        found.update(dict.fromkeys(short or named))
    return tuple(found)


def _split(text: str) -> Iterator[str]:
    for part in _PEOPLE.split(text):
        couple = _AND.split(part)
        # "Anna Berg and Ben Cole" are two; "Le Monde et AFP" is how one desk signs.
        yield from couple if all(" " in name.strip() for name in couple if name) else [part]


def stated_in_metas(metas: dict[str, str]) -> tuple[str, ...]:
    """Return the people whom the first meta element that names any names."""
    for key in _META:
        value = metas.get(key, "")
        if key == "citation_author":
            value = _INVERTED.sub(r"\2 \1", value)
        if value and not is_address(value) and (found := people([value])):
            return found
    return _labelled(metas)


def is_address(value: str) -> bool:
    """Whether what should name an author is an address of theirs."""
    return value.startswith(("http", "@", "/"))


def _labelled(metas: dict[str, str]) -> tuple[str, ...]:
    """Return the author of the cards that say "Written by" and then the name (`twitter:label1`, `twitter:data1`)."""
    for number in "12":
        label, value = metas.get(f"twitter:label{number}", ""), metas.get(f"twitter:data{number}", "")
        if value and finder("author label", before=r"^\W*", after=r"\W*$").search(label):
            return people([value])
    return ()


def shown_on_page(tree: HtmlElement, elements: Elements) -> tuple[str, ...]:
    """Return the people whom the page's byline names; none where it has no element that calls itself one.

    `elements` are all that the page has.
    """
    for look in (_marked, partial(_classed, elements), _linked, _spoken, _addressed, _signed):
        found: list[str] = []
        for element in _outermost(look(tree)):
            found += [name for name in _names_in(element) if name not in found]
            # The next byline on the page is another story's.
            if found and not _has_twin(element):
                break
        if found:
            return tuple(found[:_MOST_PEOPLE])
    return ()


def _marked(tree: HtmlElement) -> list[HtmlElement]:
    return cast("list[HtmlElement]", _MARKED(tree))


def _classed(elements: Elements, _tree: HtmlElement) -> list[HtmlElement]:
    # Of a whole page, too, some templates say in its class who wrote it.
    bylines = {name for name in {name for _, name in elements.classed} if _AUTHORLIKE.search(name) and _is_byline(name)}
    return [
        element
        for element, name in elements.classed
        if name in bylines and plain.length(element.text_content()) <= 2 * _LONGEST_BYLINE
    ]


def _linked(tree: HtmlElement) -> list[HtmlElement]:
    """Return the links to the page of an author that stand below the headline and in no sentence."""
    by = finder("written by", before=r"^\W*")
    below = False
    found: list[HtmlElement] = []
    for element in tree.iter("h1", "a"):
        if element.tag == "h1":
            below = True
        elif below and _is_personal(element) and " " in element.text_content().strip():
            line = plain.clean(cast("HtmlElement", element.getparent()).text_content())
            if 0 < len(line) < _LONGEST_SPOKEN and (line[-1] not in ".!?。" or by.search(line)):
                found.append(element)
    return found


def _is_personal(link: HtmlElement) -> bool:
    return _PERSONAL.search(link.get("href") or "") is not None and not _is_shared(link)


def _spoken(tree: HtmlElement) -> list[HtmlElement]:
    """Return the first short line soon below the headline that begins as bylines do: "By Anna Berg"."""
    below = dropwhile(lambda element: element.tag != "h1", tree.iter("h1", "p", "div", "span", "li", "address"))
    lines = [
        (element, line)
        for element in islice(below, 1, _NEAR)
        if len(element) <= _FEW_PARTS
        and len(text := element.text_content()) < 2 * _LONGEST_SPOKEN
        and 0 < len(line := plain.clean(text)) < _LONGEST_SPOKEN
    ]
    by = finder("written by", before=r"^\W*").narrowed(sought("\n".join([line for _, line in lines])))
    for element, line in lines:
        if by.search(line) and (names := people([line])) and all(map(_is_full_name, names)):
            return [element]
    return []


def _addressed(tree: HtmlElement) -> list[HtmlElement]:
    """Return the addresses inside the article that read as names: the element is for whom to write to about it."""
    return [
        element
        for element in tree.iter("address")
        if next(element.iterancestors("article", "main"), None) is not None
        and all(map(_is_full_name, people([element.text_content()])[:1]))
    ]


def _signed(tree: HtmlElement) -> list[HtmlElement]:
    """Return the last line of a body where it stands at the right and reads as a name, as signatures do."""
    for element in reversed(list(tree.iter("p"))):
        if not _AT_RIGHT.search(element.get("style") or element.get("align") or ""):
            continue
        text = plain.clean(element.text_content())
        if " " in text and len(text) < _LONGEST_SPOKEN and _reads_as_name(text):
            return [element]
    return []


def _outermost(candidates: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    taken: set[HtmlElement] = set()
    for element in candidates:
        if any(parent in taken for parent in element.iterancestors()):
            continue
        # A picture's author has no page of their own, but a byline may stand below the picture.
        elsewhere = _ELSEWHERE if _is_personal(element) else (*_ELSEWHERE, "figure")
        aside = next(element.iterancestors("aside"), None)
        if aside is not None and plain.length(aside.text_content()) > _LONGEST_BYLINE:
            continue
        if next(element.iterancestors(*elsewhere), None) is None:
            taken.add(element)
            yield element


def _is_byline(name: str) -> bool:
    return any(_BYLINE.search(part) and not _NOT_BYLINE.search(part) for part in name.split())


def _has_twin(element: HtmlElement) -> bool:
    """Whether the next element of the same make names the next of several authors."""
    following = element.getnext()
    if following is None and (parent := element.getparent()) is not None:
        following = parent.getnext()
        element = parent
    return following is not None and following.tag == element.tag and following.get("class") == element.get("class")


def _names_in(element: HtmlElement) -> list[str]:
    """Return the names in one byline: of its marked parts where it has some, else of its whole text."""
    if element.tag == "a" and _is_shared(element):
        return []
    if content := element.get("content"):
        return list(people([content]))
    named = [part for part in element.iter() if part.get("itemprop") == "name"]
    linked = [part for part in element.iter("a") if part.text_content().strip() and not _is_shared(part)]
    for parts in (named, [part for part in linked if _is_personal(part)], linked):
        texts = [part.get("content") or part.text_content() for part in parts]
        if found := [name for name in people(texts) if _reads_as_name(name)]:
            return found
    pieces = [text for piece in element.itertext() if (text := plain.clean(piece)) and not _CLOCK.search(text)]
    if sum(map(len, pieces)) > _LONGEST_BYLINE:
        return []
    marked = element.get("itemprop") is not None
    names = [_BESIDE_NAME.sub("", name) for name in people(["; ".join(pieces)])]
    return [name for name in names if name and (marked or _reads_as_name(name))]


def _is_shared(link: HtmlElement) -> bool:
    return _SHARED.search(link.get("href") or "") is not None


def _is_full_name(text: str) -> bool:
    return " " in text and not text[0].islower() and _reads_as_name(text)


def _reads_as_name(text: str) -> bool:
    words = text.split()
    return bool(
        0 < len(words) <= _MOST_WORDS
        and text[0].isalpha()
        and (not words[0][0].islower() or _PARTICLE.fullmatch(words[0]))
        and not any(sign.isdigit() or sign in "+#@=<>" for sign in text)
        and not text.endswith((".", "!", "?", ":"))
        and sum(word[:1].islower() for word in words) <= len(words) // 2
        and finder("line", before=r"^", after=r"$").search(text) is None
        and finder("byline", before=r"^", after=r"$").search(text) is None
        and fold(text) not in date_words().ignored
    )


def _person(raw: str) -> str | None:
    name = _REPORTER.sub("", (_EMAIL.sub("", raw) if "@" in raw else raw).strip(" ,;:|"))
    match = finder("written by", before=r"^\W*").search(name)
    if match:
        name = name[match.end("phrase") :].strip(" :：,・／/")
    return name if name and len(name) < 100 and "://" not in name else None
