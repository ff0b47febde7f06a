"""From a page's bytes to its article: the one entrance of this room that deals with HTML."""

from collections.abc import Sequence
from importlib.metadata import version
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipeline.articles import body as page_body
from pipeline.articles import plain, walls
from pipeline.articles.cleaning import Furniture, clean_lines, furniture
from pipeline.articles.decoding import in_utf8, not_html
from pipeline.articles.elements import PageTooComplexError, elements_of
from pipeline.articles.headline import headline_of, titles_of
from pipeline.articles.identity import normalise_url, publisher_of
from pipeline.articles.language import language_of
from pipeline.articles.lexicon import finder, sought
from pipeline.articles.live import live_entries, shown_above, shown_entries, told_with_entries, with_lead
from pipeline.articles.margins import drop_other_stories
from pipeline.articles.markers import (
    corrections_in,
    is_correction,
    markers_in,
    says_ended,
    structured_markers,
)
from pipeline.articles.publishers import drop_classes, rule_for
from pipeline.articles.state import body_in_scripts
from pipeline.articles.structured import Structured, read_structured
from pipeline.model import NO_BOILERPLATE, Boilerplate, Content, Marker, MarkerKind, NotAnArticle, Outcome

#: Names the code that read an article; another value means that its texts may differ without an edit.
EXTRACTOR = f"writethru-10+trafilatura-{version('trafilatura')}"

_HARDLY_ANY = 600  #: characters of text, below which a page may be one that is drawn in the browser
_PIECE = 12  #: characters
_MAX_STANDFIRST = 500
_MIN_STANDFIRST_WORDS = 6
_LONGEST_NOTE = 600
_MAX_NOTES = 20


def read_article(
    body: bytes, *, url: str, content_type: str | None, boilerplate: Boilerplate = NO_BOILERPLATE
) -> Content | NotAnArticle:
    """Return the clean content of a page, or what it is instead.

    Of a page behind a payment wall the content is its beginning, and says so (`Content.payment`).
    Pure: the same bytes, address, label and boilerplate always give the same value. `url` is the address the page came
    from at last, `content_type` the header as it came. Never raises for anything a server may send.
    """
    if not body or body.isspace():
        return NotAnArticle(outcome=Outcome.EMPTY, detail="no bytes but white space")
    if kind := not_html(body, content_type):
        return NotAnArticle(outcome=Outcome.NOT_HTML, detail=f"not a page but {kind}")
    try:
        return _read(in_utf8(body, content_type), url, boilerplate)
    except PageTooComplexError as error:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail=str(error))
    except Exception as error:  # noqa: BLE001 - two parsers of hostile input lie below; the bytes are kept to be read again
        return NotAnArticle(outcome=Outcome.FAILED, detail=f"{type(error).__name__}: {error}"[:300])


def extractor_with(boilerplate: Boilerplate) -> str:
    """Return the name of what reads an article of a publisher of whom this is known."""
    return f"{EXTRACTOR}+boilerplate-{boilerplate.revision}" if boilerplate.revision else EXTRACTOR


def _read(source: bytes, url: str, boilerplate: Boilerplate) -> Content | NotAnArticle:
    tree = page_body.parse(source)
    if tree is None:
        return _without_markup(source.decode("utf-8", errors="replace"))
    frame = page_body.drop_frame(tree)
    elements = elements_of(tree)
    page = read_structured(tree, elements, url)
    rule = rule_for(publisher_of(url), page.published_at)
    titles = titles_of(page, rule.headline)
    headline = headline_of(titles)
    entries = live_entries(page)
    if not entries and _calls_itself_live(page, titles):
        entries = shown_entries(tree)
    drop_classes(tree, rule.drop)
    drop_other_stories(tree, titles)
    link_blocks = page_body.prune(tree, elements, url)
    everything = page_body.visible_text(tree, frame)
    notes = _notes(tree, page)
    page_body.drop_chrome(tree)
    above = shown_above(tree, entries) if entries else []
    raw_lines = page_body.extract_lines(tree)
    if sum(map(len, raw_lines)) < _HARDLY_ANY:
        raw_lines = body_in_scripts(page.scripts) or raw_lines
    raw_lines = with_lead(raw_lines, above, entries)
    about = furniture(
        [headline, *titles, *page.headings],
        [*page.site_names, url, *rule.lines, *boilerplate.lines],
        page.authors,
    )
    paragraphs = _with_stated_body(clean_lines(raw_lines, about, page.stated_language), page, about)
    paragraphs = _with_standfirst(paragraphs, page, titles, everything)
    if entries:
        paragraphs = told_with_entries(paragraphs, notes, entries)
    else:
        paragraphs += plain.lines_not_in(paragraphs, notes)
    language = language_of(" ".join(paragraphs), page.stated_language)
    markers = _markers(headline, paragraphs, language, page)
    words = sum(map(plain.count_words, paragraphs))
    read = walls.PageText(headline, paragraphs, words, raw_lines, everything, link_blocks, bool(markers))
    if verdict := walls.judge(page, read):
        return verdict
    payment = walls.payment(page, read)
    told = walls.of_the_story(paragraphs, payment)
    return Content(
        headline=headline,
        byline=", ".join(page.authors) or None,
        text="\n".join(told),
        language=language,
        published_at=page.published_at,
        modified_at=page.modified_at,
        canonical_url=canonical_of(page),
        markers=markers,
        corrections=corrections_in(told, language),
        live_entries=entries,
        payment=payment,
        words=words if told == paragraphs else sum(map(plain.count_words, told)),
        extractor=extractor_with(boilerplate),
    )


def _calls_itself_live(page: Structured, titles: Sequence[str]) -> bool:
    if "LiveBlogPosting" in page.types:
        return True
    return any(marker.kind is MarkerKind.LABEL for title in titles[:1] for marker in markers_in(title, (), None))


def _without_markup(text: str) -> NotAnArticle:
    """Judge an answer that holds no HTML: a plain sentence from a proxy, most often."""
    sentence = plain.from_markup(text[:2000])
    for section, outcome in (("challenge", Outcome.CHALLENGE), ("busy", Outcome.BUSY), ("missing", Outcome.NOT_FOUND)):
        if finder(section).search(sentence):
            return NotAnArticle(outcome=outcome, detail=sentence[:200])
    return NotAnArticle(outcome=Outcome.NO_TEXT, detail="no HTML was found")


def _with_stated_body(paragraphs: list[str], page: Structured, about: Furniture) -> list[str]:
    """Prefer the page's own `articleBody` where the extractor lost a good part of the text."""
    stated = page.body
    if sum(map(len, stated)) * 0.6 <= sum(map(len, paragraphs)):
        return paragraphs
    return clean_lines(stated, about, page.stated_language)


def _with_standfirst(paragraphs: list[str], page: Structured, titles: Sequence[str], everything: str) -> list[str]:
    """Put the standfirst in front where the page shows it and the extractor left it out."""
    told = plain.keys(paragraphs)
    for text in page.descriptions:
        key = plain.key(text)
        if key in told or _mostly_told(key, told):
            return paragraphs
        shown = (
            len(text) <= _MAX_STANDFIRST and text in everything and not any(key in plain.key(title) for title in titles)
        )
        if shown and plain.count_words(text) >= _MIN_STANDFIRST_WORDS and paragraphs:
            return [text, *paragraphs]
    return paragraphs


def _mostly_told(key: str, told: str) -> bool:
    """Whether most of a standfirst stands in the text already, as where it only repeats the first paragraph."""
    pieces = [key[start : start + _PIECE] for start in range(0, max(1, len(key) - _PIECE + 1), _PIECE)]
    return 3 * sum(piece in told for piece in pieces) >= 2 * len(pieces)


def _notes(tree: HtmlElement, page: Structured) -> list[str]:
    """Return short notes of correction or of more to come inside the article, which extractors take for furniture."""
    starts = [
        (element, start)
        for element in tree.iter("p", "em", "i", "strong", "small", "div", "aside", "section", "footer")
        if (start := element.text) and not start.isspace() and len(start) <= _LONGEST_NOTE
    ]
    text = sought("\n".join([start for _, start in starts]))
    corrections = finder("correction", before=r"^[\W_]*", language=page.stated_language).narrowed(text)
    developing = finder("developing", before=r"^[\W_]*", language=page.stated_language).narrowed(text)
    found: list[str] = []
    if not corrections.rules and not developing.rules:
        return found
    for element, start in starts:
        if len(found) == _MAX_NOTES:
            break
        if not (corrections.search(start) or developing.search(start)):
            continue
        in_article = any(True for _ in element.iterancestors("article", "main"))
        if not in_article or any(True for _ in element.iterancestors("nav", "header", "form", "a", "li")):
            continue
        note = plain.clean(element.text_content())
        if is_correction(note, corrections) or (len(note) < 200 and developing.search(note)):
            found.append(note)
    return found


def _markers(headline: str, paragraphs: Sequence[str], language: str | None, page: Structured) -> tuple[Marker, ...]:
    slugs = [text for key, text in page.metas.items() if "slug" in key or "slug" in text[:2000].lower()]
    stated = structured_markers(
        page.types, [*slugs, *_texts(page.article, ("alternativeHeadline", "name", "identifier"))]
    )
    if stated and says_ended(headline, paragraphs, language):
        stated = tuple(marker for marker in stated if marker.kind is not MarkerKind.LIVE_BLOG)
    return tuple(dict.fromkeys((*markers_in(headline, paragraphs, language), *stated)))


def _texts(node: dict[str, object], keys: Sequence[str]) -> list[str]:
    return [value for key in keys if isinstance(value := node.get(key), str)]


def canonical_of(page: Structured) -> str | None:
    """Return the page's canonical address: of the same publisher, and not a front page."""
    for stated in (page.canonical_link, page.metas.get("og:url")):
        if not stated:
            continue
        try:
            address = normalise_url(urljoin(page.url, stated.strip()))
        except ValueError:
            continue
        if address and publisher_of(address) == publisher_of(page.url) and not walls.is_home(address):
            return address
    return None
