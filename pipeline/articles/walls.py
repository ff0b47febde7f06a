"""Pages that answer 200 and are no article: walls, robot checks, error pages, listings.

Judged by phrases (data) only where there is little text, and by what the page calls itself; a long article about
cookie banners is an article.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.articles import plain
from pipeline.articles.headline import without_publisher
from pipeline.articles.lexicon import finder
from pipeline.articles.structured import Structured
from pipeline.model import NotAnArticle, Outcome, Payment

SHORT = 120  #: words; below, a page must show that it is an article
_MIN_WORDS_STATED = 5  #: a news flash, on a page that calls itself an article
_MIN_WORDS = 15
_PARAGRAPH = 25  #: words
_CHROME = 6000  #: characters of all visible text above which a page has navigation around its message

_PREVIEW = 250  #: words; what a wall shows of an article is shorter
_MESSAGE = 60  #: words of a whole page that is nothing but a message

_TROUBLES = (
    ("challenge", Outcome.CHALLENGE, "a robot check"),
    ("busy", Outcome.BUSY, "the server is busy or broken"),
    ("missing", Outcome.NOT_FOUND, "a missing page sent as found"),
)
_SENTENCES = re.compile(r"(?<=[.!?。])\s+")
_LISTING_TYPES = {"CollectionPage", "SearchResultsPage"}
_HOME_PATHS = {"", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/", "/default.aspx"}


@dataclass(frozen=True, slots=True)
class PageText:
    """What of a page can be read, from the story outwards."""

    headline: str
    paragraphs: Sequence[str]  #: cleaned
    words: int  #: in the paragraphs
    raw_lines: Sequence[str]  #: as extracted, with prompts and furniture
    everything: str  #: all visible text of the page
    link_blocks: int  #: paragraphs that were nothing but a link
    develops: bool  #: it says that there is more to come, as only an article does


def is_home(url: str) -> bool:
    """Whether an address is a site's front page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.lower() in _HOME_PATHS and not parts.query


def judge(page: Structured, text: PageText) -> NotAnArticle | None:
    """Return what a page is instead of an article, or `None` where it is one, or the beginning of one (`payment`)."""
    words = text.words
    if words < SHORT and not (text.develops and words >= _MIN_WORDS_STATED):
        found = _trouble(page, text, words) or _wall(page, text, words)
    else:
        found = None if page.article else _named_trouble(page, text) or _long_consent(text)
    if found:
        return found
    if words == 0:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail="no text was found")
    if listing := _listing(page, text):
        return listing
    if words < _min_words(page, text):
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail=f"only {words} words were found")
    return None


def payment(page: Structured, text: PageText) -> Payment:
    """Return whether the text of a page may be a preview, by what the page says of those who pay."""
    if _payment_wall(page, text) is not None:
        return Payment.WALL
    # In all of the text words run together where one box ends and the next begins.
    asked = text.words < _PREVIEW and (not page.is_free or bool(_hits("paywall", (text.everything, *text.raw_lines))))
    return Payment.ASKED if asked else Payment.NOT_ASKED


def _payment_wall(page: Structured, text: PageText) -> str | None:
    """Return what is said by the payment wall that little text stands before."""
    if text.words >= SHORT or (page.is_free and text.words >= _MESSAGE):
        return None
    hits = _hits("paywall", text.raw_lines if page.is_free else _spoken(text))
    return hits[0] if hits else None


def of_the_story(paragraphs: Sequence[str], payment: Payment) -> list[str]:
    """Return the paragraphs of what may be a preview without those in which the payment wall speaks.

    Of a text that may be the whole article only short ones at its end are taken for the wall's.
    """
    if payment is Payment.WALL:
        return _besides("paywall", paragraphs)
    told, rules = list(paragraphs), finder("paywall")
    while payment is Payment.ASKED and len(told) > 1 and plain.count_words(told[-1]) < _PARAGRAPH:
        if rules.search(told[-1]) is None:
            break
        told.pop()
    return told


def _min_words(page: Structured, text: PageText) -> int:
    return _MIN_WORDS_STATED if page.is_article or text.develops else _MIN_WORDS


def _names(page: Structured, text: PageText) -> list[str]:
    """Return what the page calls itself, without its publisher's name."""
    names = (text.headline, without_publisher(page.title, page), *page.headings)
    return [name for name in dict.fromkeys(names) if name]


def _named(section: str, names: Sequence[str]) -> str | None:
    """Return the phrase that makes up at least half of one of the names."""
    rules = finder(section)
    for name in names:
        match = rules.search(name)
        if match and 2 * len(match["phrase"].strip()) >= len(name):
            return match["phrase"].strip()
    return None


def _hits(section: str, lines: Sequence[str]) -> list[str]:
    rules = finder(section)
    return list(dict.fromkeys(match["phrase"].strip() for line in lines if (match := rules.search(line))))


def _besides(section: str, paragraphs: Sequence[str]) -> list[str]:
    rules = finder(section)
    return [line for line in paragraphs if not rules.search(line)]


def _substance(section: str, text: PageText) -> int:
    """Count the words of the paragraphs that do not speak of the wall."""
    return sum(map(plain.count_words, _besides(section, text.paragraphs)))


def _spoken(text: PageText) -> list[str]:
    """Return every sentence of a page that has little besides its message."""
    return [*text.raw_lines, *_SENTENCES.split(text.everything[:_CHROME])]


def _trouble(page: Structured, text: PageText, words: int) -> NotAnArticle | None:
    """Judge a page with little text: an error page says so in its name, or says hardly anything else."""
    if page.is_article and words >= _MIN_WORDS:
        return None
    names = _names(page, text)
    whole = plain.count_words(text.everything)
    for section, outcome, meaning in _TROUBLES:
        said = _named(section, names)
        if said is None and whole < _MESSAGE + SHORT:
            hits = _hits(section, _spoken(text))
            said = hits[0] if len(hits) > 1 or (hits and whole < _MESSAGE) else None
        if said is not None:
            return NotAnArticle(outcome=outcome, detail=f'{meaning}: "{said}"')
    return None


def _wall(page: Structured, text: PageText, words: int) -> NotAnArticle | None:
    """Judge a page with little text: what stands there may be a wall, or the stub in front of one."""
    names = _names(page, text)
    short = len(text.everything) < _CHROME
    for section, meaning in (("consent", "a consent wall"), ("login", "a login wall")):
        said = _named(section, names)
        hits = _hits(section, _spoken(text) if short else text.raw_lines)
        if said is None and len(hits) > 1 and _substance(section, text) < (_MIN_WORDS if page.is_article else _MESSAGE):
            said = hits[0]
        if said is not None:
            return NotAnArticle(outcome=Outcome.WALL, detail=f'{meaning}: "{said}"')
    said = _payment_wall(page, text)
    if said and _substance("paywall", text) < _min_words(page, text):
        return NotAnArticle(outcome=Outcome.WALL, detail=f'a payment wall after {words} words: "{said}"')
    return None


def _named_trouble(page: Structured, text: PageText) -> NotAnArticle | None:
    """Judge a long page by its name alone: an error page may carry a long list of other stories."""
    names = _names(page, text)
    # A second heading may be the message of a box that only opens when something fails.
    if text.headline and plain.key(text.headline) in plain.key(page.title):
        names = [text.headline]
    for section, outcome, meaning in (*_TROUBLES, ("consent", Outcome.WALL, "a consent wall")):
        rules = finder(section, before=r"^\W*", after=r"\W*$")
        if any(rules.search(name) for name in names):
            return NotAnArticle(outcome=outcome, detail=f'{meaning}: "{text.headline}"')
    return None


def _long_consent(text: PageText) -> NotAnArticle | None:
    """Judge a page that explains at length what it wants to store."""
    hits = _hits("consent", text.paragraphs)
    if len(hits) >= 3 and 4 * len(hits) >= len(text.paragraphs):
        return NotAnArticle(outcome=Outcome.WALL, detail=f'a consent wall: "{hits[0]}"')
    return None


def _listing(page: Structured, text: PageText) -> NotAnArticle | None:
    if page.article:
        return None
    if is_home(page.url):
        return NotAnArticle(outcome=Outcome.MOVED_AWAY, detail="a front page")
    if page.page_types & _LISTING_TYPES:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail="a listing of other pages")
    # A short article may stand among hundreds of links; a listing has many short teasers and not one paragraph.
    prose = any(plain.count_words(line) >= _PARAGRAPH for line in text.paragraphs)
    if not page.is_article and text.link_blocks >= 10 and len(text.paragraphs) >= 6 and not prose:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail=f"a listing of {text.link_blocks} links")
    return None
