"""The text of an article's body: one parse, pruned of what is surely not the story, then trafilatura.

trafilatura takes most of the time of reading a page, so the tree it gets is the one our own readers used, already
without scripts, embeds and paragraphs that are nothing but a link.
"""

import logging
import re
from collections.abc import Sequence
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from pipeline.articles import plain
from pipeline.articles.containers import INLINE, PROSE, blocks_of, complete, is_poor
from pipeline.articles.elements import MAX_CHILDREN, MAX_ELEMENTS, Elements, PageTooComplexError
from pipeline.articles.loose import is_much, loose_prose, set_in_paragraphs, untold
from pipeline.articles.margins import drop_margins, says_something

# It reports every page without text as a warning; that is an outcome here, not a thing to log.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

MAX_CHARACTERS = 600_000  #: of visible text; a book has as many
MAX_DEPTH = 250  #: libxml2 drops the rest of a page that nests deeper than 256

# The fast way leaves paragraphs behind that `containers` finds again; the thorough one is for pages on which it fails.
_FAST = Extractor(output_format="python", comments=False, fast=True)
# trafilatura looks again at a page of which it kept little, in full, whenever its focus is balanced. What a page's
# paragraphs say is asked here, and the thorough way, which is balanced, is for those that lost some.
_FAST.focus = "unmeasured"
_THOROUGH = Extractor(output_format="python", comments=False)
_UNREAD = ("script", "style", "svg", "noscript", "template", "iframe", "object", "embed", "video", "audio", "canvas")
#: Words that a page shows as withdrawn, and that would stand beside those that took their place.
_CROSSED_OUT = ("del", "s", "strike")
_CHROME = (
    "aside",
    "button",
    "dialog",
    "footer",
    "head",
    "input",
    "label",
    "link",
    "map",
    "menu",
    "nav",
    "picture",
    "select",
)
#: says something without a text: breaks a line, keeps cells in their columns, or tells trafilatura that a box leads on
_SPEAKS = frozenset({"a", "br", "hr", "li", "ol", "table", "td", "th", "tr", "ul"})
_FEW_LINES = 2
_SHORT = 800  #: characters; the thorough way costs little more on so short a text
_FEW_PARAGRAPHS = 300  #: characters
_GLUED = 5000  #: characters; trafilatura's last resort is for short texts
_COVERED = 0.6
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_LINK_BLOCKS = {"p", "li", "dd", "dt", *_HEADINGS}
_LABEL = re.compile(r"\(?[^\Wa-z\d_](?:[^\Wa-z_]|[ '’&/-]){2,30}\s?[:|>»]")
_WRAPPERS = {"b", "em", "i", "span", "strong", "u", "font"}


# One class for every element: lxml.html's own choice of a class runs in Python, for each element that is looked at.
_PARSER = etree.HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True)
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
_NOT_IN_XML = bytes(sign for sign in range(0x20) if sign not in b"\t\n\r")
# libxml2 takes a root element that closes itself, as XML's do, for the whole page; some doctypes lead it astray too.
_DOCTYPE = re.compile(rb"^\s*<\s?!\s?doctype[^>]*>", re.IGNORECASE)
_CLOSED_ROOT = re.compile(rb"^(\s*<html\b[^>]*?)\s*/>", re.IGNORECASE)

_HAS_TOO_MANY = etree.XPath(f"count(descendant-or-self::*) > {MAX_ELEMENTS}")
_SCRAP = "scrap"
_UNSPACED = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_BREAK_WITHIN_WORDS = re.compile(rf"(?<={_UNSPACED})[ \t\r]*\n\s*(?={_UNSPACED})")


def parse(source: bytes) -> HtmlElement | None:
    """Return the tree of a page in UTF-8, or `None` where it holds no HTML; raises `PageTooComplexError`."""
    source = source.translate(None, _NOT_IN_XML)
    source = _CLOSED_ROOT.sub(rb"\1>", _DOCTYPE.sub(b"", source))
    tree = cast("HtmlElement | None", etree.fromstring(source, _PARSER))
    if tree is None or _is_plain_text(tree):
        return None
    if _depth_of_end(tree) >= MAX_DEPTH:
        raise PageTooComplexError(f"elements nest deeper than {MAX_DEPTH}")
    if _HAS_TOO_MANY(tree):
        raise PageTooComplexError(f"more than {MAX_ELEMENTS} elements")
    return tree


def _is_plain_text(tree: HtmlElement) -> bool:
    """Whether libxml2 made up all of a tree around a bare text: one paragraph and nothing else."""
    return [element.tag for element in islice(tree.iter(), 4)] in (["html"], ["html", "body"], ["html", "body", "p"])


def _depth_of_end(tree: HtmlElement) -> int:
    """Return how deep the last element lies: where libxml2 gave up on nesting, the page ends there."""
    depth, element = 0, tree
    while len(element):
        element = element[-1]
        depth += 1
    return depth


def drop_frame(tree: HtmlElement) -> str:
    """Take out what frames a page, its menus and its footer, and what is drawn; return what the frame says.

    Done before any element is looked at: these are a third of them. What holds a title stays, as breadcrumbs may, and
    what holds a script, which may tell machines of the page; an article's own footer may hold a note.
    """
    said: list[str] = []
    for part in tree.iter("nav", "footer"):
        around = ("article", "main", _SCRAP) if part.tag == "footer" else (_SCRAP,)
        if next(part.iter("h1", "h2", "script"), None) is None and next(part.iterancestors(*around), None) is None:
            said.append(part.text_content())
            part.tag = _SCRAP
    etree.strip_elements(tree, "svg", _SCRAP, with_tail=False)
    return "\n".join(said)


def prune(tree: HtmlElement, elements: Elements, url: str) -> int:
    """Take out what is surely not the story; return how many paragraphs were nothing but a link.

    `elements` are all that the tree had; those that are gone by now are passed over.
    """
    _open_unscripted(tree)
    etree.strip_elements(tree, *_UNREAD, *_CROSSED_OUT, with_tail=False)
    _open_around_story(tree)
    drop_margins(tree, elements, url)
    _flatten_crowds(elements.crowded)
    return _drop_link_blocks(tree)


def _open_unscripted(tree: HtmlElement) -> None:
    """Take what is for readers without scripts for the page, where it has most of the prose."""
    unscripted = [part for part in tree.iter("noscript") if _prose(part) >= _FEW_PARAGRAPHS]
    if unscripted and 2 * sum(map(_prose, unscripted)) > _prose(tree):
        for part in unscripted:
            part.tag = "div"


def _open_around_story(tree: HtmlElement) -> None:
    """Take an aside, or a form, that holds the whole story for a box like any other: some templates use them so."""
    for box in list(tree.iter("aside", "form")):
        if (box.tag == "form" or _holds_headline(box)) and _prose(box) >= _SHORT:
            box.tag = "div"


def _holds_headline(box: HtmlElement) -> bool:
    return any(part.tag == "h1" or part.get("itemprop") == "articleBody" for part in box.iter())


def _prose(part: HtmlElement) -> int:
    """Return how many characters the paragraphs of a part of the page have that are more than labels."""
    sizes = (plain.length(paragraph.text_content()) for paragraph in part.iter("p"))
    return sum(size for size in sizes if size > PROSE)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _flatten_crowds(crowded: Sequence[HtmlElement]) -> None:
    """Unwrap the inline children of elements that hold an unnatural number of them."""
    for element in [one for one in crowded if sum(child.tag in INLINE for child in one) > MAX_CHILDREN]:
        etree.strip_tags(element, *INLINE)
        # Each unwrapped child leaves a text node of its own; written back, they are one.
        element.text = element.text
        for child in element:
            child.tail = child.tail


def _drop_link_blocks(tree: HtmlElement) -> int:
    """Drop paragraphs and list items whose whole text is one link: they point to other stories.

    Headings that are links are counted and kept: a list of recommended things has such headings too.
    """
    blocks = [block for link in tree.iter("a") if (block := _link_block(link)) is not None]
    for block in blocks:
        if block.tag not in _HEADINGS:
            _drop(block)
    return len(blocks)


def _link_block(link: HtmlElement) -> HtmlElement | None:
    """Return the block whose whole text is a link, but for a label in capitals before it."""
    element = link
    while (parent := element.getparent()) is not None:
        if len(parent) != 1 or _is_text(parent.text) or _is_text(element.tail):
            return _labelled(link)
        if parent.tag in _LINK_BLOCKS:
            return parent
        if parent.tag not in _WRAPPERS:
            return None
        element = parent
    return None


def _labelled(link: HtmlElement) -> HtmlElement | None:
    """Return the paragraph of a link with nothing but a label in capitals before it: "RIVALS: Orrin signs a keeper"."""
    parent, before = link.getparent(), link.getprevious()
    if parent is None or len(parent) != (1 if before is None else 2) or parent.tag not in _LINK_BLOCKS:
        return None
    label = parent.text if before is None else before.text_content() + (before.tail or "")
    if not label or not _LABEL.fullmatch(plain.clean(label)):
        return None
    return parent if link.tail is None or link.tail.strip(" \t\r\n)]|") == "" else None


def _is_text(text: str | None) -> bool:
    return text is not None and text != "" and not text.isspace()


def drop_chrome(tree: HtmlElement) -> None:
    """Take out what trafilatura would copy several times, and then drop."""
    etree.strip_elements(tree, *_CHROME, with_tail=False)
    for figure in list(tree.iter("figure")):
        if next(figure.iter("table"), None) is None:
            _drop(figure)


def _join_broken_lines(tree: HtmlElement) -> None:
    """Write the line breaks of the source as spaces: they are none in the text, but trafilatura takes some for one.

    Where a script writes no spaces, as Japanese, they are nothing.
    """
    if next(tree.iter("pre"), None) is not None:
        return
    for element in tree.iter():
        if (text := element.text) and "\n" in text and not text.isspace():
            element.text = _joined(text)
        if (tail := element.tail) and "\n" in tail and not tail.isspace():
            element.tail = _joined(tail)


def _joined(text: str) -> str:
    return (text if text.isascii() else _BREAK_WITHIN_WORDS.sub("", text)).replace("\n", " ")


def drop_hollow(tree: HtmlElement) -> None:
    """Take out elements without any text, such as places for advertisements: a quarter of what is left of a page.

    A box between two bare texts stays: it breaks the line between them.
    """
    for element in reversed(list(tree.iter())):
        if len(element) or element.tag in _SPEAKS or _is_text(element.text):
            continue
        parent = element.getparent()
        if parent is None:
            continue
        if element.tag in INLINE:
            element.drop_tag()
        elif not _stands_within_line(element, parent):
            element.drop_tree()


def _stands_within_line(box: HtmlElement, parent: HtmlElement) -> bool:
    """Whether a text or an inline element stands right before or right behind a box, or around it."""
    before, behind = box.getprevious(), box.getnext()
    return (
        parent.tag in INLINE
        or _is_text(parent.text if before is None else before.tail)
        or _is_text(box.tail)
        or (before is not None and before.tag in INLINE)
        or (behind is not None and behind.tag in INLINE)
    )


def drop_scraps_around(tree: HtmlElement) -> None:
    """Take out what stands around all of a page's prose and says nothing itself: links, labels, dates.

    trafilatura's rules of thumb cost by the element, and a third of what is left of a page by now is such scraps. A
    sentence, however short, is none.
    """
    sizes = [(paragraph, plain.length(paragraph.text_content())) for paragraph in tree.iter("p")]
    prose = [paragraph for paragraph, size in sizes if size > PROSE]
    if sum(size for _, size in sizes if size > PROSE) < _SHORT:
        return
    inner = prose[0].getparent()
    for paragraph in prose[1:]:
        around = set(paragraph.iterancestors())
        while inner is not None and inner not in around:
            inner = inner.getparent()
    while inner is not None and (parent := inner.getparent()) is not None:
        for sibling in list(parent):
            if sibling is not inner and not says_something(sibling):
                # All at once below: each one dropped by itself would copy the text that has gathered before it.
                sibling.tag = _SCRAP
        inner = parent
    etree.strip_elements(tree, _SCRAP, with_tail=False)


def extract_lines(tree: HtmlElement) -> list[str]:
    """Return the body's paragraphs as trafilatura finds them: uncleaned but for invisible characters."""
    drop_hollow(tree)
    drop_scraps_around(tree)
    _join_broken_lines(tree)
    blocks = blocks_of(tree)
    lines = complete(_extract(tree, _FAST), blocks)
    loose = loose_prose(tree)
    if sum(map(len, lines)) < _SHORT or is_poor(lines, blocks) or is_much(untold(lines, loose), lines):
        lines = complete(_extract(tree, _THOROUGH), blocks)
    for box in set_in_paragraphs(untold(lines, loose), lines):
        lines = complete(lines, blocks_of(box))
    return _unglued(lines, tree) if len(lines) <= _FEW_LINES else lines


def _extract(tree: HtmlElement, options: Extractor) -> list[str]:
    document = bare_extraction(tree, options=options)
    if document is None or not document.text:
        return []
    return [line for raw in document.text.split("\n") if (line := _line(raw))]


def _unglued(lines: list[str], tree: HtmlElement) -> list[str]:
    """Give a short text its paragraphs back: trafilatura's last resort returns the whole article as one line."""
    told = plain.keys(lines)
    if len(told) > _GLUED:
        return lines
    blocks: list[str] = []
    for element in tree.iter("p", "li", "h2", "h3", "h4", "blockquote", "pre"):
        if any(True for _ in element.iterdescendants("p", "li", "blockquote")):
            continue
        block = plain.clean(element.text_content())
        if block and plain.key(block) in told:
            blocks.append(block)
    covered = plain.keys(blocks)
    # The headings of the page, which are no blocks, may be all that is missing.
    return blocks if len(blocks) > len(lines) and len(covered) >= _COVERED * len(told) else lines


def _line(raw: str) -> str:
    line = plain.clean(raw)
    if line.startswith("- "):
        return line[2:].strip()
    return line.strip("| ") if line.startswith("|") else line


def visible_text(tree: HtmlElement, frame: str) -> str:
    """Return all text of a pruned page and of what framed it, in one line.

    Raises `PageTooComplexError` where it is longer than a book.
    """
    text = f"{tree.text_content()}\n{frame}"
    if len(text) > MAX_CHARACTERS:
        text = plain.clean(text)
        if len(text) > MAX_CHARACTERS:
            raise PageTooComplexError(f"{len(text)} characters of text, more than {MAX_CHARACTERS}")
    return plain.clean(text)
