"""What stands around and between the paragraphs of a story: captions, named boxes, pull quotes, teasers of others.

Decided by the page's structure, never by its words: a row of boxes of one make, each of which is mostly a link to
another page of the same publisher, or a heading that is one with a line of description, is a list of other stories
wherever it stands.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.articles.elements import Elements
from pipeline.articles.named import LABEL, LONGEST_QUOTE, STORY, drop_named

_ROW = 3  #: boxes of one make that are a row
_BOX = 420  #: characters; a box with more is no teaser
_LINKED = 0.4  #: share of a box's text in its link
_TITLED = 0.2  #: the same where the link is a heading, and what stands below it says what the other story is about
_TITLES = ("h2", "h3", "h4", "h5")
_LISTED = 0.75  #: share of a paragraph's text in such links
_QUOTE_WORDS = 5
_MOST_QUOTES = 60  #: each is looked for in the whole text
_TITLE = 18  #: characters of a link that is a title
_BLOCKS = frozenset({"li", "article", "div", "section", "p", "td", "figure", "aside"})
_OWN_TEXT = etree.XPath(".//text()[not(ancestor::a)]", smart_strings=False)
_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?![\w.])")
_SET_APART = frozenset({"div", "h2", "h3", "h4", "h5", "h6", "p"})
_BREAKS = frozenset({"br", "dd", "div", "dt", "h2", "h3", "h4", "h5", "h6", "img", "p", "ul", "ol", "section", "table"})
_WRAPPERS = frozenset({"b", "em", "i", "span", "strong", "u"})
_WITHIN_CARD = frozenset({"div", "p", "h2", "h3", "h4", "h5", "figure", "img"})


def drop_margins(tree: HtmlElement, elements: Elements, url: str) -> None:
    """Take out of a page what is surely no paragraph of its story; `elements` are all that it had."""
    for caption in list(tree.iter("figcaption")):
        caption.drop_tree()
    drop_named(tree, elements)
    for box in (*_quoted_twice(tree), *_teasers(tree, url)):
        if box.getparent() is not None:
            box.drop_tree()


def drop_other_stories(tree: HtmlElement, titles: Sequence[str]) -> None:
    """Take out whole stories of others, which some pages hold ready below their own for those who scroll on.

    Each is an `article` of the make that the page's own story has, under a heading of the same kind; but only the
    page's own is headed by one of the page's titles.
    """
    stories = [part for part in tree.iter("article") if next(part.iterancestors("article"), None) is None]
    if len(stories) < 2:
        return
    first = [(story, next(story.iter("h1", "h2", "h3"), None)) for story in stories]
    headed = [(story, heading) for story, heading in first if heading is not None]
    keys = set(map(plain.key, titles))
    own = {story: heading for story, heading in headed if plain.key(heading.text_content()) in keys}
    makes = {(story.get("class"), heading.tag) for story, heading in own.items()}
    for story, heading in headed:
        if story in own or (story.get("class"), heading.tag) not in makes or _prose(story) < STORY:
            continue
        # A kicker may come first: "Nature | News".
        if not any(plain.key(title.text_content()) in keys for title in story.iter("h1")):
            story.drop_tree()


def _teasers(tree: HtmlElement, url: str) -> list[HtmlElement]:
    """Return the boxes of every row of teasers."""
    host = urlsplit(url).hostname or ""
    rows: dict[tuple[str, str, object], list[HtmlElement]] = defaultdict(list)
    titles: dict[HtmlElement, list[int]] = defaultdict(list)
    described: set[HtmlElement] = set()
    seen: set[HtmlElement] = set()
    sizes: dict[HtmlElement, int] = {}
    for link in tree.iter("a"):
        # Most links hold nothing but their text, and are left aside without a walk through them.
        title = plain.length(link.text_content() if len(link) else link.text or "")
        if title < _TITLE or not _leads_to_another_page(link.get("href"), host):
            continue
        parent = link.getparent()
        while parent is not None and parent.tag in _WRAPPERS:
            parent = parent.getparent()
        if parent is not None and parent.tag == "p":
            titles[parent].append(title)
        box, card = _box(link, title, sizes), _card(link, title, sizes)
        if card is not None and (box is None or sizes[card] > sizes[box]):
            box = card
        if box is not None and box not in seen and not _runs_on(box):
            seen.add(box)
            # A box without a class is of one make with its neighbours only.
            make = box.get("class") or ""
            rows[str(box.tag), make, None if make else box.getparent()].append(box)
            if title < _LINKED * sizes[box]:
                described.add(box)
    long = [row for row in rows.values() if len(row) >= _ROW]
    if described and any(not described.isdisjoint(row) for row in long):
        # Titles with their descriptions are the story itself where little else is left, as in a briefing.
        prose = _prose(tree)
        long = [row for row in long if described.isdisjoint(row) or prose - sum(map(_prose, row)) >= STORY]
    listed = (part for part, sizes_of_titles in titles.items() if _lists_titles(part, sizes_of_titles))
    return [*(box for row in long for box in row), *listed]


def _runs_on(box: HtmlElement) -> bool:
    """Whether a box is one paragraph that goes on behind its link, as in a briefing: no title with what it is about."""
    if any(part.tag in _BREAKS for part in box.iterdescendants()):
        return False
    own = _own_text(box)
    return len(own) > LABEL and _SENTENCE_END.search(own) is not None


def says_something(part: HtmlElement) -> bool:
    """Whether a part of the page says more outside of its links than a label does, or says it in a sentence."""
    own = _own_text(part)
    return len(own) > LABEL or _SENTENCE_END.search(own) is not None


def _own_text(part: HtmlElement) -> str:
    return " ".join("".join(cast("list[str]", _OWN_TEXT(part))).split())


def _lists_titles(paragraph: HtmlElement, titles: Sequence[int]) -> bool:
    """Whether a paragraph is nothing but titles of other stories, each with a word of what it is ("[VIDEO]")."""
    if len(titles) < 2 or sum(titles) < _LISTED * plain.length(paragraph.text_content()):
        return False
    return _SENTENCE_END.search(_own_text(paragraph)) is None


def _prose(part: HtmlElement) -> int:
    """Return how many characters the paragraphs of a part of the page have."""
    return sum(plain.length(paragraph.text_content()) for paragraph in part.iter("p"))


def _leads_to_another_page(href: str | None, host: str) -> bool:
    if not href or href.startswith(("#", "mailto:", "javascript:")):
        return False
    if href[0] == "/" and href[1:2] not in ("/", "", "?", "#"):
        return True
    try:
        target = urlsplit(href)
    except ValueError:
        return False
    same = not target.hostname or target.hostname.removeprefix("www.") == host.removeprefix("www.")
    return same and len(target.path) > 1


def _card(link: HtmlElement, title: int, sizes: dict[HtmlElement, int]) -> HtmlElement | None:
    """Return the largest named box that leads nowhere but where its title does, and says more below it."""
    block = link.getparent()
    while block is not None and block.tag in _WRAPPERS:
        block = block.getparent()
    card: HtmlElement | None = None
    if block is None or block.tag not in _SET_APART or _size(block, sizes) != title:
        return card
    while (block := block.getparent()) is not None and block.tag not in {"body", "main", "html"}:
        size = _size(block, sizes)
        if size > _BOX or any(other.get("href") != link.get("href") for other in block.iter("a")):
            break
        if block.get("class") and size > title and block.tag in _BLOCKS:
            card = block
    return card


def _size(element: HtmlElement, sizes: dict[HtmlElement, int]) -> int:
    """Return how many characters an element holds, from what is known of others or measured now."""
    if element not in sizes:
        sizes[element] = plain.length(element.text_content())
    return sizes[element]


def _box(link: HtmlElement, title: int, sizes: dict[HtmlElement, int]) -> HtmlElement | None:
    """Return the largest box around a link that is still mostly its title."""
    box: HtmlElement | None = None
    element: HtmlElement | None = link
    linked = _LINKED if next(link.iterancestors(*_TITLES), None) is None else _TITLED
    while element is not None and element.tag not in {"body", "main", "html"}:
        size = _size(element, sizes)
        if size > _BOX or size * linked > title:
            break
        if element.tag in _BLOCKS or (element is link and any(child.tag in _WITHIN_CARD for child in link.iter())):
            box = element
        if element.tag == "article":  # a card of its own: what holds it may hold others
            break
        element = element.getparent()
    return box if box is not None and box.getparent() is not None else None


def _quoted_twice(tree: HtmlElement) -> list[HtmlElement]:
    """Return quotations set apart that only repeat a part of a paragraph."""
    quotes = [element for element in tree.iter("blockquote", "aside", "q") if _may_repeat(element)][:_MOST_QUOTES]
    if not quotes:
        return []
    keys = [plain.key(element.text_content()) for element in quotes]
    text = tree.text_content()
    lowered = text.lower()
    # The key of a whole page is dear, and of most quotations even the longest word comes only once.
    longest_words = [max(key.split(), key=len, default="") for key in keys]
    if not any(word and lowered.count(word) > 1 for word in longest_words):
        return []
    everything = f" {plain.key(text)} "
    return [element for element, key in zip(quotes, keys, strict=True) if everything.count(f" {key} ") > 1]


def _may_repeat(element: HtmlElement) -> bool:
    text = element.text_content()
    return len(text) < LONGEST_QUOTE and text.count(" ") >= _QUOTE_WORDS
