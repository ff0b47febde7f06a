"""Boxes known by what their publisher named them, and parts that a page hides: captions, prompts, cards, copies.

A name is a sign, and no more: what is named for others is small, and is never all the prose that a page has.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipeline.articles import plain
from pipeline.articles.containers import HOLDS_BLOCKS
from pipeline.articles.elements import Elements

LABEL = 40  #: characters of a label, at the most
STORY = 800  #: characters of paragraphs that are a story of their own
LONGEST_QUOTE = 400  #: characters
_HIDDEN_CHARACTERS = 400
_NAMED_CHARACTERS = 600
_HOVERED_CHARACTERS = 1000
_FLASH_CHARACTERS = 200
_FEW = 2  #: paragraphs
_INDENTED = 20  #: white space makes a text longer by this much, at the most
_NEIGHBOURS = 20
_LISTS = frozenset({"article", "div", "ol", "section", "ul"})
_WITHIN_TEXT = frozenset({"a", "b", "em", "i", "span", "strong", "u"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN = frozenset(
    {"sr-only", "visually-hidden", "screen-reader-text", "screenreader", "u-visually-hidden", "hidden", "hide"}
)
_AROUND = ("aside", "footer", "header", "nav")
_STATEMENTS = frozenset({"publisher", "image", "logo", "thumbnail"})  #: microdata that tells machines of the page
_PULL_QUOTE = re.compile(r"pull-?_?quote")
_EMBEDS = re.compile(r"twitter-(?:tweet|video)|instagram-media|tiktok-embed|fb-post|reddit-embed|bluesky-embed")
#: begins a name; not where it says what is around the box, and not within a hash ("css-1sns2a")
_BEGINS = r"(?<![a-z\d])(?<!has[-_])(?<!with[-_])(?<!no[-_])"
#: the end of a name, but for the hash that some builders of styles put behind it
_CAPTION = re.compile(
    _BEGINS + r"(?:(?:fig|img|image|photo|picture)?caption(?:[-_]{0,2}text)?|(?:image|photo|picture)[-_]{0,2}credits?)"
    r"(?:__\w{4,8})?(?=\s|$)"
)
#: what a box is named for that is beside the story wherever it stands
_BESIDE = re.compile(
    _BEGINS + r"(?:newsletters?|cta|print-(?:header|footer|only)|click-?to-?tweet|"
    r"read(?:ing)?-?time|noscript|modal|sns|author[-_]{0,2}(?:bio|description)|"
    r"about[-_]{0,2}(?:the[-_]{0,2})?authors?)(?![a-z])"
)
#: what a box is named for that shows other stories, where it has a title or leads somewhere; results are ranked, too
_OTHERS = re.compile(
    _BEGINS + r"(?:promo|related(?:-?(?:posts?|articles?|stories|links|news|content))?(?:-?titles?)?|"
    r"recommend(?:ed|ations)?|most-?(?:read|popular)|ranking|tags)(?![a-z])"
)
#: what a box is named for that holds what readers wrote; in English, a bare "comment" is a newspaper's opinion, too
_READERS = re.compile(
    _BEGINS + r"(?:comments|comment[-_]{0,2}(?:area|block|body|content|entry|form|item|"
    r"list|respond|section|text|thread|wrapper)s?|respond|responses|disqus(?:[-_]thread)?|"
    r"(?:user|reader|visitor)s?[-_]?comments?|commentaires|coment[aá]rios|commenti|"
    r"(?:leser|nutzer)?[-_]?kommentare|reacties)(?![a-z])(?!-(?:allowed|closed|disabled|enabled|off|on|open)\b)"
)
_LEADS = ("a", "h2", "h3", "h4", "h5", "h6")
_READ_MORE = re.compile(r"(?<![a-z])read-?more(?![a-z])")
#: heads what is beside the story
_RELATED_TITLE = re.compile(
    r"(?<![a-z])(?:related|recommended)-?(?:posts?|articles?|stories|links|news|content)?-?(?:titles?|head(?:ing|line|er)?)"
    r"(?![a-z])"
)
_SIGNS_OF_READERS = ("comment", "coment", "kommentare", "reacties", "respon", "disqus")
#: one stands in every class, in lower case, that is one of these names, and in few others
_SIGNS = (
    *("caption", "credit", "author", "tags", "quote", "sr-only", "hidden", "hide", "screen", "tweet"),
    *("-video", "-media", "-embed", "-post"),
    *("tooltip", "popover", "rollover", "hover", "newsletter", "cta", "print-", "promo", "read", "related"),
    *("recommend", "popular", "ranking", "noscript", "modal", "sns", *_SIGNS_OF_READERS),
)
#: what a page shows only under the pointer; never what it stands beside ("has-tooltip", "rollover-people")
_HOVERED = re.compile(
    r"(?:tooltip|popover|rollover|hover-?card)(?:[-_][\w-]{0,60}?)?(?:block|body|box|content|inner|panel|text)\b"
)
_MOST_NAMES = 16_384  #: values of `class` that are remembered; a page has some 300
_STORIES = frozenset({"article", "body", "html", "main"})
_NOT_OF_READERS = _WITHIN_TEXT | (_STORIES - {"article"})


@dataclass(frozen=True, slots=True)
class _Name:
    """What a value of `class` says of the elements that have it."""

    below: int  #: they stand beside the story with fewer characters than this; 0 where the name says nothing of it
    is_beside: bool  #: the same of a small box
    shows_others: bool  #: the same of a small box that has a title or a link
    is_embed: bool
    leads_on: bool
    is_hidden: bool
    heads_others: bool
    is_of_readers: bool


_UNNAMED = _Name(
    0,
    is_beside=False,
    shows_others=False,
    is_embed=False,
    leads_on=False,
    is_hidden=False,
    heads_others=False,
    is_of_readers=False,
)


def drop_named(tree: HtmlElement, elements: Elements) -> None:
    """Take out what stands beside the story by its name, or is hidden; `elements` are all that the page had."""
    signs = _signs_of({name for _, name in elements.classed})
    named = [(element, known) for element, name in elements.classed if (known := signs.get(name))]
    told = _Told(tree)
    by_id = (element for element, name in elements.identified if _names_readers(name))
    readers = [*(element for element, known in named if known.is_of_readers), *by_id]
    if of_readers := told.behind_a_story([element for element in readers if _is_of_readers(element)]):
        for box in of_readers:
            box.drop_tree()
        told = _Told(tree)
    hiding = {element: signs.get(element.get("class") or "", _UNNAMED) for element in elements.may_hide}
    looked_at = hiding | dict(named)
    beside = [element for element, known in looked_at.items() if _stands_beside(element, known, told)]
    if told.nothing_besides([element for element in beside if not _is_shorter(element.text_content(), LABEL)]):
        return
    if any(looked_at[element].heads_others for element in beside):
        told.sizes()  # of the whole page: what a title heads is weighed while boxes go
    for element in beside:
        if element.getparent() is None:
            continue
        for box in _headed_by(element, told) if looked_at[element].heads_others else ():
            box.drop_tree()
        element.drop_tree()


class _Told:
    """How much prose a page and its parts have: what tells the story from what stands beside it."""

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._sizes: dict[HtmlElement, int] = {}
        self._uncounted = _paragraphs_of(tree)

    def _paragraphs(self) -> Iterator[HtmlElement]:
        """Yield the paragraphs that are more than labels, each of which is counted where it is first asked for."""
        yield from list(self._sizes)
        for paragraph, size in self._uncounted:
            self._sizes[paragraph] = size
            yield paragraph

    def sizes(self) -> dict[HtmlElement, int]:
        """Return the characters of each paragraph that is more than a label."""
        self._sizes.update(self._uncounted)
        return self._sizes

    def nothing_besides(self, parts: Sequence[HtmlElement]) -> bool:
        """Whether these parts together have all the prose that there is, and there is some."""
        if not parts:
            return False
        within = {paragraph for part in parts for paragraph in part.iter("p", "div")}
        is_all = False
        for paragraph in self._paragraphs():
            if paragraph not in within:
                return False
            is_all = True
        return is_all

    def behind_a_story(self, parts: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Return the parts that come, below the page's title, after other paragraphs that tell a story.

        One paragraph does not: it may be the standfirst of an opinion, whose own boxes are named "comment".
        """
        if not parts:
            return []
        whole, sizes = frozenset(parts), self.sizes()
        behind: list[HtmlElement] = []
        before: list[int] = []
        for element in self._tree.iter():
            if element in whole:
                if len(before) >= _FEW and sum(before) >= _FLASH_CHARACTERS:
                    behind.append(element)
            elif element.tag == "h1":
                before.clear()
            elif (size := sizes.get(element)) and whole.isdisjoint(element.iterancestors()):
                before.append(size)
        return behind

    def a_story_besides(self, part: HtmlElement) -> bool:
        """Whether the paragraphs outside of a part tell a story, and at least twice what those within tell."""
        sizes = self.sizes()
        within = sum(sizes.get(paragraph, 0) for paragraph in part.iter("p", "div"))
        return sum(sizes.values()) - within >= max(_HIDDEN_CHARACTERS, 2 * within)


def _paragraphs_of(tree: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """Yield the paragraphs of a page that are more than labels, with their characters."""
    for element in tree.iter("p", "div"):
        if element.tag == "div" and any(child.tag in HOLDS_BLOCKS for child in element):
            continue
        size = plain.length(element.text_content())
        if size > LABEL and next(element.iterancestors(*_AROUND), None) is None:
            yield element, size


def _signs_of(names: Collection[str]) -> dict[str, _Name]:
    """Return what a page's values of `class` say, such as say anything; most do not, and are not read."""
    page = "\n".join(names).lower()
    present = [sign for sign in _SIGNS if sign in page]
    return {name: _read_name(name) for name in names if any(map(name.lower().__contains__, present))}


def _names_readers(name: str) -> bool:
    name = name.lower()
    return any(map(name.__contains__, _SIGNS_OF_READERS)) and _READERS.search(name) is not None


@lru_cache(maxsize=_MOST_NAMES)
def _read_name(name: str) -> _Name:
    """Return what a value of `class` says; publishers use the same ones every day."""
    classes = name.lower()
    words = classes.split()
    if _PULL_QUOTE.search(classes) or _CAPTION.search(classes):
        below = LONGEST_QUOTE
    elif _HOVERED.search(classes):
        below = _HOVERED_CHARACTERS
    else:
        below = 0
    return _Name(
        below,
        is_beside=not below and _BESIDE.search(classes) is not None,
        shows_others=not below and _OTHERS.search(classes) is not None,
        is_embed=_EMBEDS.search(classes) is not None,
        leads_on=_READ_MORE.search(classes) is not None,
        is_hidden=not _UNSEEN.isdisjoint(words),
        heads_others=_RELATED_TITLE.search(classes) is not None,
        is_of_readers=_READERS.search(classes) is not None,
    )


def _is_of_readers(element: HtmlElement) -> bool:
    """Whether an element that is named for what readers wrote holds more than a label such as their number."""
    return element.tag not in _NOT_OF_READERS and not _is_shorter(element.text_content(), LABEL)


def _headed_by(title: HtmlElement, told: _Told) -> list[HtmlElement]:
    """Return the boxes below a title that says they are other stories, up to the next paragraph or large box.

    A title may stand in the middle of a story: a box of a make that came before it goes on with that.
    """
    before = {_make(box) for box in islice(title.itersiblings(preceding=True), _NEIGHBOURS)}
    found: list[HtmlElement] = []
    for box in title.itersiblings():
        if box.tag not in _LISTS or _make(box) in before or plain.length(box.text_content()) >= STORY:
            break
        if told.nothing_besides([box]):
            break
        found.append(box)
    return found


def _make(box: HtmlElement) -> tuple[str, str]:
    return str(box.tag), box.get("class") or ""


def _stands_beside(element: HtmlElement, named: _Name, told: _Told) -> bool:
    if element.tag in _STORIES:
        return False
    if named.is_embed and element.tag in {"blockquote", "div"}:
        return True
    below = named.below
    if _is_named(element, named) and not _stands_in_text(element):
        below = max(below, _NAMED_CHARACTERS)
    if element.get("itemprop") in _STATEMENTS and element.get("itemscope") is not None:
        below = max(below, LONGEST_QUOTE)
    style = element.get("style")
    is_hidden = named.is_hidden or element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))
    if is_hidden:
        below = max(below, _HIDDEN_CHARACTERS)
    if below == 0:
        return False
    text = element.text_content()
    if _is_shorter(text, below):
        return _is_shorter(text, LABEL) or not told.nothing_besides([element])
    return is_hidden and told.a_story_besides(element)


def _is_named(element: HtmlElement, named: _Name) -> bool:
    """Whether what an element is named for, and what it holds, says that it stands beside the story if it is small."""
    if named.is_beside:
        return True
    # What unfolds to be read on is named so too, but leads nowhere.
    return (named.leads_on and next(element.iter("a"), None) is not None) or (
        named.shows_others and next(element.iter(*_LEADS), None) is not None
    )


def _stands_in_text(element: HtmlElement) -> bool:
    """Whether words of a sentence stand right before or behind an element, such as a link named 'related-link'."""
    if element.tag not in _WITHIN_TEXT:
        return False
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return any(beside is not None and not beside.isspace() and beside != "" for beside in (text, element.tail))


def _is_shorter(text: str, most: int) -> bool:
    """Whether a text has fewer characters than this, however its template indents it."""
    return len(text) < most or (len(text) < _INDENTED * most and plain.length(text) < most)
