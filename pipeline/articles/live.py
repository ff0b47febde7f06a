"""Entries of a live blog: each known by its address or id, and its time.

From `liveBlogUpdate` in JSON-LD; where a page that calls itself live has none, from its elements that have an id and a
time of their own. A relative time ("5 minutes ago") is none: without its page's clock it names no moment, and an entry
is known by its id anyway.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from pipeline.articles import jsonld, plain
from pipeline.articles.containers import HOLDS_BLOCKS, PROSE
from pipeline.articles.dates import choose_time
from pipeline.articles.structured import Structured
from pipeline.model import LiveEntry, newest_first

_MAX_ENTRIES = 2000
_MIN_ENTRIES = 3  #: elements of one make that are a live blog's entries wherever they stand
_MOST_MAKES = 5  #: of elements that are looked at where none has that many
_FEW_PARAGRAPHS = 6  #: of an only entry; an element with more may be the story itself
_MOST_ABOVE = 300  #: paragraphs and list items; what has more above it is no first entry
_POINT_WORDS = 4  #: of a list item that is a key point
_IDS = ("id", "data-id", "data-entry-id", "data-post-id", "data-block-id", "data-update-id")
_PART_OF_ENTRY = 40  #: characters; entries in JSON-LD often glue the paragraphs that the page shows
_TEXTS = ("p", "li", "blockquote")
_TITLES = ("h2", "h3", "h4", "h5")
_WITHIN_ENTRY = frozenset({"p", "span", "a", "h2", "h3", "h4", "header", "div"})
_ENTRIES = frozenset({"article", "section", "li", "div"})
_MARGINS = ("aside", "footer", "nav", "form", "figure", "table")
_DIGIT = re.compile(r"\d")
_LONGEST_TIME = 30  #: characters
#: A time of day, or how long ago something was.
_IS_TIME = re.compile(
    r"\D{0,6}\d{1,2}(?:[:.h時]\d{2}| ?[ap]\.?m\.?)(?: ?[ap]\.?m\.?|分| (?:Uhr|uur|h))?(?: ?[A-Z]{2,4})?"
    r"|(?:vor|il y a|hace|há|منذ|قبل) .{1,20}|\d{1,2} ?\w{1,8} (?:ago|fa|geleden)|\d{1,2} ?(?:秒|分|時間)前"
    r"|now|just now|gerade eben|à l'instant|ahora|agora|adesso|zojuist|たった今|الآن",
    re.IGNORECASE,
)


def shown_entries(tree: HtmlElement) -> tuple[LiveEntry, ...]:
    """Return the entries of a live page's own elements, newest first.

    One element of a make, or two, may be anything that has an id and a time: they are entries only where they stand
    below the page's heading and the story has nothing but furniture below them; an only one, besides, where some text
    of the story stands above it.
    """
    rows: dict[tuple[str, frozenset[str]], list[HtmlElement]] = defaultdict(list)
    around = [element for moment in _moments(tree) if (element := _entry_around(moment)) is not None]
    for element in dict.fromkeys(around):
        # What differs from entry to entry is a number of its own: "post post-123".
        names = frozenset(name for name in (element.get("class") or "").split() if not _DIGIT.search(name))
        rows[str(element.tag), names].append(element)
    best = max(rows.values(), key=len, default=[])
    if len(best) < _MIN_ENTRIES:
        best = max(filter(_are_few_entries, list(rows.values())[:_MOST_MAKES]), key=len, default=[])
    entries = [entry for element in best[:_MAX_ENTRIES] if (entry := _shown(element))]
    told = {entry.paragraphs for entry in entries}
    pinned = [entry for element in _marked(best, rows) if (entry := _shown(element)) and entry.paragraphs not in told]
    return newest_first(list({entry.identity: entry for entry in reversed([*pinned, *entries])}.values())[::-1])


def _moments(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements that give a time: those of that name, else small ones that hold nothing but one."""
    moments = list(tree.iter("time"))
    if moments:
        yield from moments
        return
    for element in tree.iter("span", "div", "p", "b", "strong", "small"):
        text = element.text
        if text and not len(element) and len(text) <= _LONGEST_TIME and _IS_TIME.fullmatch(plain.clean(text)):
            yield element


def _marked(
    row: Sequence[HtmlElement], rows: Mapping[tuple[str, frozenset[str]], list[HtmlElement]]
) -> list[HtmlElement]:
    """Return the elements that are of the make of a row but for a further name: an entry that is pinned."""
    makes = [make for make, elements in rows.items() if elements is row]
    return [
        element
        for tag, names in makes
        for (other_tag, other_names), elements in rows.items()
        if names and other_tag == tag and names < other_names
        for element in elements
    ]


def _entry_around(moment: HtmlElement) -> HtmlElement | None:
    """Return the element that may be the entry of which this is the time."""
    element = moment.getparent()
    while element is not None and element.tag in _WITHIN_ENTRY:
        if _id_of(element) and element.tag == "div":
            break
        element = element.getparent()
    return element if element is not None and element.tag in _ENTRIES and _id_of(element) else None


def _are_few_entries(row: Sequence[HtmlElement]) -> bool:
    if len(row) == 1 and sum(1 for _ in row[0].iter(*_TEXTS)) > _FEW_PARAGRAPHS:
        return False
    return all(map(_may_be_only_entry, row)) and _close_the_story(row)


def _may_be_only_entry(element: HtmlElement) -> bool:
    if _in_margin(element) or "comment" in (_id_of(element) or "").lower():
        return False
    if next(element.iter("h1"), None) is not None or _is_teaser(element):
        return False
    return any(_is_prose(part, _PART_OF_ENTRY) for part in element.iter("p"))


def _is_teaser(element: HtmlElement) -> bool:
    """Whether an element's heading, or all of it, is a link to another page than itself."""
    headings = list(element.iter(*_TITLES))[:1]
    links = [link for part in headings for link in (*part.iter("a"), *part.iterancestors("a"))]
    targets = [link.get("href") or "" for link in (*links, *element.iterancestors("a"))]
    return any(target and "#" not in target and (_id_of(element) or "") not in target for target in targets)


def _close_the_story(row: Sequence[HtmlElement]) -> bool:
    """Whether elements stand below a heading, and no paragraph of the same story below them."""
    first = row[0]
    root = first.getroottree().getroot()
    story = next(first.iterancestors("main", "article"), root)
    within = {part for element in row for part in element.iter()}
    is_headed = is_led = is_below = False
    for part in root.iter("h1", str(first.tag), *_TEXTS):
        if part is first:
            is_below = True
        elif part.tag == "h1":
            is_headed = is_headed or not is_below
        elif part not in within and not _in_margin(part) and story in part.iterancestors():
            if is_below and _is_prose(part, PROSE):
                return False
            is_led = is_led or (not is_below and _is_prose(part, _PART_OF_ENTRY))
    return is_headed and (is_led or len(row) > 1)


def _in_margin(element: HtmlElement) -> bool:
    return next(element.iterancestors(*_MARGINS), None) is not None


def _is_prose(element: HtmlElement, characters: int) -> bool:
    """Whether an element is a paragraph or a list item of at least so many characters, and mostly not links."""
    if element.tag not in _TEXTS:
        return False
    size = plain.weight(plain.clean(element.text_content()))
    return size >= characters and 2 * sum(plain.weight(link.text_content()) for link in element.iter("a")) < size


def _id_of(element: HtmlElement) -> str | None:
    return next((value for key in _IDS if (value := element.get(key))), None)


def _shown(element: HtmlElement) -> LiveEntry | None:
    title = next((plain.clean(part.text_content()) for part in element.iter(*_TITLES)), "") or None
    texts = [plain.clean(part.text_content()) for part in element.iter(*_TEXTS)]
    text = "\n".join(dict.fromkeys(text for text in texts if text))
    if not text and not title:
        return None
    return LiveEntry(
        identity=_id_of(element) or "",
        headline=title,
        text=text,
        published_at=choose_time([part.get("datetime") for part in element.iter("time")][:1]),
        modified_at=None,
    )


def told_with_entries(paragraphs: Sequence[str], notes: Sequence[str], entries: Sequence[LiveEntry]) -> list[str]:
    """Return a live blog's text: what stands above its first entry, then all its entries.

    What the page shows below its first entry is other entries, their times and the page's furniture. Notes that are
    told in neither part stand behind the first paragraph.
    """
    told = {plain.key(line) for entry in entries for line in entry.paragraphs}
    lead: list[str] = []
    for line in paragraphs:
        key = plain.key(line)
        if _is_told(key, told):
            break
        lead.append(line)
    body = [line for entry in entries for line in entry.paragraphs]
    return [*lead[:1], *plain.lines_not_in([*lead, *body], notes), *lead[1:], *body]


def _is_told(key: str, told: Set[str]) -> bool:
    return key in told or (len(key) > _PART_OF_ENTRY and any(key in known for known in told))


@dataclass(frozen=True, slots=True)
class Above:
    """A paragraph, list item or heading that a page shows above its first entry."""

    text: str
    key: str
    tag: str


def shown_above(tree: HtmlElement, entries: Sequence[LiveEntry]) -> list[Above]:
    """Return what a pruned page shows above its first entry, in its order; nothing where no entry is shown."""
    told = {plain.key(line) for entry in entries for line in entry.paragraphs}
    found: list[Above] = []
    for tag, element in islice(_blocks(tree), _MOST_ABOVE):
        text = plain.clean(element.text_content())
        key = plain.key(text)
        if _is_told(key, told):
            # A key point may have the words of an entry's title.
            if tag != "li":
                return found
        elif 2 * sum(len(link.text_content()) for link in element.iter("a")) < len(text):
            found.append(Above(text, key, tag))
    return []


def _blocks(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yield the paragraphs, list items and headings outside of a page's margins; a paragraph in a list is an item."""
    for element in tree.iter("p", "li", *_TITLES):
        if any(child.tag in HOLDS_BLOCKS for child in element):
            continue
        if _in_margin(element) or next(element.iterancestors("header", "blockquote"), None) is not None:
            continue
        yield "li" if next(element.iterancestors("li"), None) is not None else str(element.tag), element


def with_lead(lines: Sequence[str], above: Sequence[Above], entries: Sequence[LiveEntry]) -> list[str]:
    """Return the lines that the extractor took with what it left behind above the first entry.

    It takes a list of key points or none of it, and a heading above it or not, by how much stands below. So the points
    are always among the lines and the headings never.
    """
    if not above:
        return list(lines)
    told = {plain.key(line) for entry in entries for line in entry.paragraphs}
    start = next((at for at, line in enumerate(lines) if _is_told(plain.key(line), told)), len(lines))
    if start == 0:
        return [*(block.text for block in above if _is_lead(block)), *lines]
    headings = {block.key for block in above if block.tag in _TITLES}
    lead = [line for line in lines[:start] if plain.key(line) not in headings]
    known = plain.keys(lead)
    place = {plain.key(line): at for at, line in enumerate(lead)}
    behind: dict[int, list[str]] = defaultdict(list)
    at = -1
    for block in above:
        if block.key in place:
            at = place[block.key]
        elif block.tag == "li" and _is_lead(block) and block.key not in known:
            behind[at].append(block.text)
    return [
        *behind[-1],
        *(text for at, line in enumerate(lead) for text in (line, *behind[at])),
        *lines[start:],
    ]


def _is_lead(block: Above) -> bool:
    return block.tag == "p" or (block.tag == "li" and plain.count_words(block.text) >= _POINT_WORDS)


def live_entries(page: Structured) -> tuple[LiveEntry, ...]:
    """Return the entries that the JSON-LD states, newest first; one without text and headline is left out."""
    stated = page.article.get("liveBlogUpdate")
    listed = stated if isinstance(stated, list) else [stated]
    entries: dict[str, LiveEntry] = {}
    for node in listed[:_MAX_ENTRIES]:
        entry = _entry(node) if isinstance(node, dict) else None
        if entry is not None:
            entries.setdefault(entry.identity, entry)
    return newest_first(entries.values())


def _entry(node: jsonld.Node) -> LiveEntry | None:
    headline = plain.from_markup(jsonld.text_of(node.get("headline")) or "") or None
    body = jsonld.text_of(node.get("articleBody")) or jsonld.text_of(node.get("text")) or ""
    text = "\n".join(plain.paragraphs_from_markup(body))
    if not text and not headline:
        return None
    return LiveEntry(
        identity=_identity(node, headline, text),
        headline=headline,
        text=text,
        published_at=choose_time([node.get("datePublished"), node.get("dateCreated")]),
        modified_at=choose_time([node.get("dateModified")]),
    )


def _identity(node: jsonld.Node, headline: str | None, text: str) -> str:
    for key in ("@id", "url", "identifier"):
        if named := jsonld.text_of(node.get(key)):
            return named
    # An entry's time outlives its edits; only one without any time is known by its words.
    moment = jsonld.text_of(node.get("datePublished"))
    told = f"{moment} {headline}" if moment and headline else moment or headline or text
    return hashlib.sha256(told.encode()).hexdigest()[:16]
