"""Paragraphs that an extractor left behind: they stand in the same kind of container as those it took.

News pages cut a body into several boxes of one make, with advertisements between them; extractors keep the largest, or
lose single paragraphs to a rule of thumb. A box is known by the tag and class of the element that holds the paragraph,
and counts as body where a good part of what the extractor took stands in boxes of that make.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.rising import longest_rising

Make = tuple[str, str, str]

_MOST_BLOCKS = 1500  #: of a page; each is looked for in the whole text
_SHARE = 0.3  #: of the text that was taken, in boxes of one make
_MIN_CHARACTERS = 25
_LINKED = 0.6  #: share of a paragraph's text in links above which it only points elsewhere
_SCRAP = 40  #: characters of a line that is no sentence
_SCRAPS = 0.6  #: share of such lines that makes a text a menu
_MANY = 8
_SENTENCE_ENDS = tuple('.!?…。！？”"»')
PROSE = 80  #: characters of a paragraph that is no label
_PIECE = 16  #: characters
_OUTSIDE = frozenset({"aside", "footer", "nav", "figure", "figcaption", "form", "table", "li", "blockquote", "header"})
HOLDS_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "section", "article", "figure", "aside", "form"})
INLINE = (
    "a",
    "abbr",
    "b",
    "big",
    "em",
    "font",
    "i",
    "ins",
    "mark",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
)
_HEADINGS = frozenset({"h2", "h3", "h4"})
_TITLE = "h1"
_TITLE_WORDS = 3
_MOST_OF_LEAD = 3  #: paragraphs
_LEAD = 120  #: characters of one of them, at the least
#: what is named so, and stands before the story, tells of a picture or asks for something
_NO_LEAD = re.compile(
    r"video|audio|player|photo|image|gallery|caption|newsletter|promo|cookie|consent|bio", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or heading of a page, in document order."""

    text: str
    key: str
    make: Make
    is_heading: bool
    link_share: float
    name: str  #: its own class


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Return the paragraphs and subheadings of a pruned page that stand outside of its margins."""
    found: list[Block] = []
    outside: dict[HtmlElement, bool] = {}  # whether what an element holds stands in the margins
    for element in tree.iter("p", "h1", "h2", "h3", "h4"):
        if len(found) == _MOST_BLOCKS:
            break
        parent = element.getparent()
        if parent is None or any(child.tag in HOLDS_BLOCKS for child in element):
            continue
        if parent not in outside:
            outside[parent] = next(element.iterancestors(*_OUTSIDE), None) is not None
        if outside[parent] and element.tag != _TITLE:  # most headlines stand in a header
            continue
        text = plain.clean(element.text_content())
        if text:
            linked = sum(len(link.text_content()) for link in element.iter("a"))
            # A box without a class is like no other.
            make = (str(parent.tag), parent.get("class") or parent.get("id") or str(id(parent)), str(element.tag))
            share = linked / max(len(text), 1)
            name = element.get("class") or ""
            found.append(Block(text, plain.key(text), make, element.tag in _HEADINGS, share, name))
    return found


def in_page_order(lines: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Return the lines with those in front that the page shows there: of a short page trafilatura puts some at the end.

    No line moves down, since a title may stand once more among the teasers; one that is no block, or not one alone,
    stays behind the line before it.
    """
    known: dict[str, int] = {}
    for at, block in enumerate(blocks):
        if block.make[2] != _TITLE:
            known[block.key] = -1 if block.key in known else at
    places = [known.get(plain.key(line), -1) for line in lines]
    found = [place for place in places if place >= 0]
    if len(set(found)) < len(found):
        return list(lines)
    in_order = longest_rising(found)
    if len(in_order) == len(found):
        return list(lines)
    groups: list[tuple[int, list[str]]] = [(-1, [])]  # each line that keeps its place, and those behind it
    late: list[tuple[int, list[str]]] = []
    last, into = -1, groups
    for line, place in zip(lines, places, strict=True):
        if place < 0:
            into[-1][1].append(line)
        elif place in in_order:
            last, into = place, groups
            into.append((place, [line]))
        else:
            into = late if place < last else groups
            into.append((place if into is late else -1, [line]))
    for place, group in sorted(late):
        at = next((index for index, (stands, _) in enumerate(groups) if stands > place), len(groups))
        groups.insert(at, (place, group))
    return [line for _, group in groups for line in group]


def complete(lines: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Return the lines with the missing paragraphs and subheadings that belong between them, in the page's order."""
    lines = _without_kicker(in_page_order(lines, blocks), blocks)
    lines = [*_lead(lines, blocks), *lines]
    told = plain.keys(lines)
    padded = f" {told} "
    taken: dict[Make, int] = defaultdict(int)
    missing: dict[Make, int] = defaultdict(int)
    for block in blocks:
        (taken if f" {block.key} " in padded else missing)[block.make] += len(block.key)
    body = {make for make, size in taken.items() if make[2] == "p" and size >= _SHARE * len(told)}
    boxes = {make[:2] for make in body}
    if not any(size for make, size in missing.items() if make in body or (make[:2] in boxes and make[2] in _HEADINGS)):
        return list(lines)
    place = {plain.key(line): position for position, line in reversed(list(enumerate(lines)))}
    inserted: dict[int, list[str]] = defaultdict(list)
    at = -1
    headings: list[str] = []  # missing, and not yet followed by a paragraph of the body
    for block in blocks:
        if block.make[:2] not in boxes:
            continue
        if f" {block.key} " in padded:
            if at >= 0 and block.make in body:
                inserted[at] += headings
            headings = []
            at = max(at, place.get(block.key, at))  # a line that comes again stands where it came first
        elif block.is_heading and block.link_share <= _LINKED:
            headings.append(block.text)
        elif block.make in body and _is_missing(block, padded):
            inserted[at] += [*(headings if at >= 0 else ()), block.text]
            headings = []
    return [*inserted[-1], *(text for at, line in enumerate(lines) for text in (line, *inserted[at]))]


def _without_kicker(lines: list[str], blocks: Sequence[Block]) -> list[str]:
    """Return the lines without subheadings at their beginning that the page shows above its headline."""
    above = list(takewhile(lambda block: block.make[2] != _TITLE, blocks))
    told = f" {plain.keys(lines)} "
    if len(above) == len(blocks) or any(_is_prose(block) and f" {block.key} " in told for block in above):
        return lines
    kickers = {block.key for block in above if block.is_heading}
    return list(dropwhile(lambda line: plain.key(line) in kickers, lines))


def _lead(lines: Sequence[str], blocks: Sequence[Block]) -> list[str]:
    """Return the paragraphs between the headline and the first one that was taken: some templates set them apart."""
    padded = f" {plain.keys(lines)} "
    lead: list[str] = []
    headline: Block | None = None
    for block in blocks:
        if block.make[2] == _TITLE:
            if plain.count_words(block.text) >= _TITLE_WORDS:
                lead, headline = [], block
        elif _is_prose(block) and f" {block.key} " in padded:
            return lead if len(lead) <= _MOST_OF_LEAD else []
        elif headline and _begins_story(block, headline) and _is_missing(block, padded):
            lead.append(block.text)
    return []


def _begins_story(block: Block, headline: Block) -> bool:
    """Whether a paragraph may be a story's first: longer than a prompt, and no standfirst in the headline's box."""
    return (
        block.make[2] == "p"
        and len(block.text) >= _LEAD
        and block.text.endswith(_SENTENCE_ENDS)
        and block.make[:2] != headline.make[:2]
        and not _NO_LEAD.search(f"{block.make[1]} {block.name}")
    )


def is_poor(lines: Sequence[str], blocks: Sequence[Block]) -> bool:
    """Whether most of a page's prose is not among the lines: the extractor has gone astray."""
    padded = f" {plain.keys(lines)} "
    prose = [block for block in blocks if _is_prose(block) and block.link_share < 0.5]
    if sum(len(block.key) for block in prose if f" {block.key} " in padded) < 0.5 * sum(len(b.key) for b in prose):
        return True
    scraps = sum(len(line) < _SCRAP and line[-1:] not in _SENTENCE_ENDS for line in lines)
    return len(lines) > _MANY and scraps > _SCRAPS * len(lines)


def _is_prose(block: Block) -> bool:
    return block.make[2] == "p" and len(block.text) > PROSE


def _is_missing(block: Block, told: str) -> bool:
    """Whether a paragraph is prose that was not told, not even with a word less in its middle."""
    if len(block.text) < _MIN_CHARACTERS or block.link_share > _LINKED:
        return False
    pieces = [block.key[start : start + _PIECE] for start in range(0, max(1, len(block.key) - _PIECE + 1), _PIECE)]
    return 3 * sum(piece in told for piece in pieces) < len(pieces)
