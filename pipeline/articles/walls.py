"""Pages that answer 200 and are no article: walls, robot checks, error pages, listings.

Judged by phrases (data) only where there is little text, and by what the page calls itself; a long article about
cookie banners is an article.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.articles import plain
from pipeline.articles.lexicon import finder
from pipeline.articles.structured import Structured
from pipeline.model import NotAnArticle, Outcome

SHORT = 120  #: words; below, a page must show that it is an article
_MIN_WORDS_STATED = 5  #: a news flash, on a page that calls itself an article
_MIN_WORDS = 15
_CHROME = 6000  #: characters of all visible text above which a page has navigation around its message

_TROUBLES = (
    ("challenge", Outcome.CHALLENGE, "a robot check"),
    ("busy", Outcome.BUSY, "the server is busy or broken"),
    ("missing", Outcome.NOT_FOUND, "a missing page sent as found"),
)
_WALLS = (
    ("consent", Outcome.WALL, "a consent wall"),
    ("login", Outcome.WALL, "a login wall"),
    ("paywall", Outcome.WALL, "a payment wall"),
)
_LISTING_TYPES = {"CollectionPage", "SearchResultsPage"}
_HOME_PATHS = {"", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/", "/default.aspx"}


@dataclass(frozen=True, slots=True)
class PageText:
    """What of a page can be read, from the story outwards."""

    headline: str
    paragraphs: Sequence[str]  #: cleaned
    raw_lines: Sequence[str]  #: as extracted, with prompts and furniture
    everything: str  #: all visible text of the page
    link_blocks: int  #: paragraphs that were nothing but a link


def is_home(url: str) -> bool:
    """Whether an address is a site's front page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.lower() in _HOME_PATHS and not parts.query


def judge(page: Structured, text: PageText) -> NotAnArticle | None:
    """Return what a page is instead of an article, or `None` where it is one."""
    words = sum(plain.count_words(line) for line in text.paragraphs)
    if words < SHORT and (trouble := _trouble(page, text, words)):
        return trouble
    if words >= SHORT and (named := _named_trouble(page, text)):
        return named
    if words == 0:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail="no text was found")
    if listing := _listing(page, text, words):
        return listing
    if words < (_MIN_WORDS_STATED if page.is_article else _MIN_WORDS):
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail=f"only {words} words were found")
    return None


def _trouble(page: Structured, text: PageText, words: int) -> NotAnArticle | None:
    """Judge a page with little text."""
    names = [name for name in (page.title, text.headline, *page.headings) if name]
    # A page that calls itself an article and has some text is one, but for what stands in front of it.
    stated = bool(page.article) and words >= _MIN_WORDS
    spoken = [*names, *text.raw_lines]
    if len(text.everything) < _CHROME:
        spoken.append(text.everything)
    for section, outcome, meaning in () if stated else _TROUBLES:
        rules = finder(section)
        where = names + (list(text.raw_lines) if section == "missing" else spoken)
        for line in where:
            if match := rules.search(line):
                return NotAnArticle(outcome=outcome, detail=f'{meaning}: "{match["phrase"].strip()}"')
    for section, outcome, meaning in _WALLS:
        rules = finder(section)
        asked = list(text.raw_lines) if stated and page.is_free else spoken
        hits = [match["phrase"].strip() for line in asked if (match := rules.search(line))]
        if hits and (words < 60 or not page.is_free or len(hits) > 1):
            return NotAnArticle(outcome=outcome, detail=f'{meaning}: "{hits[0]}"')
    return None


def _named_trouble(page: Structured, text: PageText) -> NotAnArticle | None:
    """Judge a long page by its name alone: an error page may carry a long list of other stories."""
    if page.article:
        return None
    names = [plain.key(name) for name in (page.title, *page.headings) if name]
    for section, outcome, meaning in (*_TROUBLES, *_WALLS[:1]):
        rules = finder(section, before=r"^\W*", after=r"\W*$")
        if any(rules.search(name) for name in (text.headline, *names)):
            return NotAnArticle(outcome=outcome, detail=f'{meaning}: "{text.headline}"')
    return None


def _listing(page: Structured, text: PageText, words: int) -> NotAnArticle | None:
    if page.article:
        return None
    if is_home(page.url):
        return NotAnArticle(outcome=Outcome.MOVED_AWAY, detail="a front page")
    if page.page_types & _LISTING_TYPES:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail="a listing of other pages")
    prose = sum(1 for line in text.paragraphs if plain.count_words(line) >= 25)
    if not page.is_article and text.link_blocks >= 10 and prose < 3 and words < 40 * text.link_blocks:
        return NotAnArticle(outcome=Outcome.NO_TEXT, detail=f"a listing of {text.link_blocks} links")
    return None
