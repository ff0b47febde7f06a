"""Prose that stands right in a box of the page, between its parts, and in no paragraph of its own.

Extractors lose some of it, such as what follows a quotation that is set apart. Made paragraphs, it is completed as all
paragraphs are (`containers`); the extractor itself gets the page as it is, since it judges boxes by their paragraphs.
"""

from collections.abc import Sequence
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.articles.containers import INLINE, PROSE

_WITH_PROSE = etree.XPath(
    "//*[self::div or self::article or self::section or self::main][text()[string-length() > $least]]"
)
_MUCH = 0.4  #: of the length of what was taken

Loose = tuple[HtmlElement, str]


def loose_prose(tree: HtmlElement) -> list[Loose]:
    """Return what is written right into a page's boxes, each text with its box."""
    return [
        (box, text)
        for box in cast("list[HtmlElement]", _WITH_PROSE(tree, least=PROSE))
        for text in (box.text, *[part.tail for part in box])
        if text is not None and len(text) > PROSE and plain.length(text) > PROSE
    ]


def untold(lines: Sequence[str], loose: Sequence[Loose]) -> list[Loose]:
    """Return the texts that are not among the lines."""
    if not loose:
        return []
    told = f" {plain.keys(lines)} "
    return [(box, text) for box, text in loose if f" {plain.key(text)} " not in told]


def is_much(missing: Sequence[Loose], lines: Sequence[str]) -> bool:
    """Whether so much is missing that the extractor has taken the wrong part of the page."""
    return sum(plain.length(text) for _, text in missing) > _MUCH * sum(map(len, lines))


def set_in_paragraphs(missing: Sequence[Loose], lines: Sequence[str]) -> list[HtmlElement]:
    """Make paragraphs in the boxes of whose prose some was told and some is missing, and return these boxes.

    What readers write stands in boxes of one make with the story, on some pages, but never in the same box.
    """
    if not missing:
        return []
    told = f" {plain.keys(lines)} "
    boxes = [box for box in dict.fromkeys(box for box, _ in missing) if _is_told_of(box, told)]
    for box in boxes:
        _wrap(box)
    return boxes


def _is_told_of(box: HtmlElement, told: str) -> bool:
    texts = [box.text, *[part.tail for part in box], *[part.text_content() for part in box.iterchildren("p")]]
    return any(text is not None and len(text) > PROSE and f" {plain.key(text)} " in told for text in texts)


def _wrap(box: HtmlElement) -> None:
    """Make a paragraph of each run of text and inline elements, up to the next block or empty line, that is prose."""
    parts, run = list(box), box.makeelement("p")
    run.text, box.text = box.text, None
    del box[:]
    for part in parts:
        if part.tag in INLINE or (part.tag == "br" and not _ends_with_break(run)):
            run.append(part)
            continue
        _put_back(box, run)
        run = box.makeelement("p")
        run.text, part.tail = part.tail, None
        if part.tag != "br":
            box.append(part)
    _put_back(box, run)


def _ends_with_break(run: HtmlElement) -> bool:
    return len(run) > 0 and run[-1].tag == "br" and not (run[-1].tail or "").strip()


def _put_back(box: HtmlElement, run: HtmlElement) -> None:
    """Append a run to a box: as a paragraph where it is prose, else as it was."""
    if plain.length(run.text_content()) > PROSE:
        box.append(run)
        return
    if len(box):
        box[-1].tail = (box[-1].tail or "") + (run.text or "")
    else:
        box.text = (box.text or "") + (run.text or "")
    box.extend(list(run))
