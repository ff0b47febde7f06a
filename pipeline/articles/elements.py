"""The elements of a page, gathered once: what each of them carries is asked for in one pass over all."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

MAX_ELEMENTS = 20_000  #: the largest of 115 real pages has 2,500
MAX_CHILDREN = 300  #: of one element: beyond that, trafilatura's time grows with their square

_HIDING = frozenset({"hidden", "style", "itemscope"})  #: attributes


class PageTooComplexError(ValueError):
    """A page that nests too deep, or holds too many elements or too much text, to be an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    """The elements of a page, each kind in the page's order.

    Held for as long as the page is read: each element becomes an object of Python's once, not at every pass.
    """

    everything: Sequence[HtmlElement]
    classed: Sequence[tuple[HtmlElement, str]]  #: with the value of `class`
    identified: Sequence[tuple[HtmlElement, str]]  #: with the value of `id`
    may_hide: Sequence[HtmlElement]  #: have a style, or say that they are hidden or for machines
    item_types: frozenset[str]  #: microdata types, without the vocabulary's address
    crowded: Sequence[HtmlElement]  #: with more than `MAX_CHILDREN` children


def elements_of(tree: HtmlElement) -> Elements:
    """Return the elements of a page by what they carry."""
    everything = list(tree.iter())
    classed: list[tuple[HtmlElement, str]] = []
    identified: list[tuple[HtmlElement, str]] = []
    may_hide: list[HtmlElement] = []
    types: set[str] = set()
    for element in everything:
        attributes = element.keys()
        if "class" in attributes:
            classed.append((element, element.get("class") or ""))
        if "id" in attributes:
            identified.append((element, element.get("id") or ""))
        if not _HIDING.isdisjoint(attributes):
            may_hide.append(element)
        if "itemtype" in attributes:
            types.add((element.get("itemtype") or "").rstrip("/").split("/")[-1])
    return Elements(
        everything=everything,
        classed=classed,
        identified=identified,
        may_hide=may_hide,
        item_types=frozenset(types),
        crowded=[element for element in everything if len(element) > MAX_CHILDREN],
    )
