"""The headline: what the publisher calls the story, without its own name behind it."""

import re

from pipeline.articles import jsonld, plain
from pipeline.articles.lexicon import finder
from pipeline.articles.structured import Structured

_SEPARATED = re.compile(r"\s+[|–—•·»›‹«-]\s+|\s*(?:[|｜ㅣ：_]|--)\s*|\s+::?\s+|\s+[-–—]\s*$")
_KICKER_END = re.compile(r"\s*:\s*$|\s[|–—-]\s+$")
_DASHED_KICKER = re.compile(r"\s[|–—-]\s+$")
_SECTION_START = re.compile(r"\s*[|｜]|\s[–—›»‹«-]\s|-\w{1,12}$")
_SEPARATOR_BEFORE = re.compile(r"\s[|–—•·»›-]\s+$|[|｜]\s*$")
_FILE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}")
_HEADLINE_WORDS = 4  #: a shorter rest may be a kicker itself
_LONGEST = 1000  #: characters of a headline
_ELLIPSIS = ("...", "…")


def headline_of(candidates: list[str]) -> str:
    """Return the headline among the titles that `titles_of` gives, or an empty string where there are none."""
    if not candidates:
        return ""
    chosen = _without_kicker(candidates[0], candidates[1:])
    if chosen.endswith(_ELLIPSIS):
        start = plain.key(chosen.rstrip(".… "))
        chosen = next((full for full in candidates if plain.key(full).startswith(start) and full != chosen), chosen)
    return chosen


def _without_kicker(title: str, others: list[str]) -> str:
    """Return the form without a kicker or section, where the page gives both: "Storm: Two dead" and "Two dead"."""
    for other in others:
        if plain.count_words(other) < 3 or len(other) >= len(title):
            continue
        before, after = title.removesuffix(other), title.removeprefix(other)
        # "BREAKING:" is no kicker but a sign that the story develops.
        if before != title and finder("label", before=r"^\W*").search(before):
            continue
        if (before != title and _KICKER_END.search(before)) or (after != title and _SECTION_START.match(after)):
            return other
    return _under_two_kickers(title, others) or title


def _under_two_kickers(title: str, others: list[str]) -> str | None:
    """Return what two forms share behind kickers of their own: "Storm: Two dead" and "Coast - Two dead"."""
    kicker, separator, headline = title.partition(": ")
    if not separator or plain.count_words(headline) < _HEADLINE_WORDS:
        return None
    for other in others:
        before = other.removesuffix(headline)
        words = set(plain.key(before).split())
        if before != other and _DASHED_KICKER.search(before) and not words & set(plain.key(kicker).split()):
            return headline
    return None


def titles_of(page: Structured, preferred: str | None = None) -> list[str]:
    """Return every form of the title that a page gives, without the publisher's name, best first.

    JSON-LD, else Open Graph, else the page's only h1, else what is left. Where Open Graph and not the JSON-LD says what
    the h1 says, the JSON-LD repeats what the title element tells search engines. Where there is none, and h1 and title
    element agree, Open Graph has a form for other sites. What a publisher's rule prefers comes before all.
    """
    structured, shared = jsonld.text_of(page.article.get("headline")), page.metas.get("og:title")
    by_rule = {"og:title": shared, "json-ld": structured, "h1": next(iter(page.headings), None), "title": page.title}
    stated = [
        by_rule.get(preferred or ""),
        None if structured or shared else _heading_in_title(page),
        _heading_of_title(page, shared) if shared and not structured else None,
        *((shared, structured) if _for_search_engines(structured, shared, page) else (structured, shared)),
        page.headings[0] if len(page.headings) == 1 else None,
        page.metas.get("twitter:title"),
        page.metas.get("headline"),
        jsonld.text_of(page.article.get("name")),
        page.headings[0] if page.headings else None,
        page.title,
    ]
    if shared and shared not in page.second_headings:
        stated += [text for text in page.second_headings if shared.endswith(f": {text}")]
    named = [plain.from_markup(title[:_LONGEST]) for title in stated if title]
    titles = list(dict.fromkeys(without_publisher(title, page) for title in named if title))
    return [title for title in titles if not _is_name(title, page)] or titles


def _heading_in_title(page: Structured) -> str | None:
    """Return the heading that the title element gives too, before what it says of the site."""
    for heading in (*page.headings, *page.second_headings):
        rest = page.title.removeprefix(heading)
        if rest != page.title and plain.count_words(heading) >= _HEADLINE_WORDS and _ends_headline(rest):
            return heading
    return None


def _heading_of_title(page: Structured, shared: str) -> str | None:
    """Return the page's only h1, where the title element begins or ends with the same words."""
    if len(page.headings) != 1 or plain.count_words(page.headings[0]) < _HEADLINE_WORDS:
        return None
    if "".join(page.headings[0].split()) == "".join(plain.from_markup(shared[:_LONGEST]).split()):
        return None  # parts of a heading are set apart: "Storm : Two dead"
    title, heading = f" {plain.key(page.title)} ", f" {plain.key(page.headings[0])} "
    return page.headings[0] if title.startswith(heading) or title.endswith(heading) else None


def _ends_headline(rest: str) -> bool:
    return not rest or _SECTION_START.match(rest) is not None


def _is_name(title: str, page: Structured) -> bool:
    """Whether what stands for a title names the site or a file: its own name as h1, "storm-at-sea-2"."""
    if plain.key(title) in page.own_names or _FILE.fullmatch(title):
        return True
    before = page.title.removesuffix(title)
    return (
        title in page.headings
        and before != page.title
        and _SEPARATOR_BEFORE.search(before) is not None
        and plain.count_words(before) > plain.count_words(title)
    )


def _for_search_engines(structured: str | None, shared: str | None, page: Structured) -> bool:
    """Whether the JSON-LD says what search engines are told, and Open Graph what the reader is shown."""
    if not structured or not shared or len(page.headings) != 1:
        return False
    forms = (structured, shared, page.headings[0], page.title)
    told, other, shown, title = (
        plain.key(without_publisher(plain.from_markup(form[:_LONGEST]), page)) for form in forms
    )
    if told == other:
        return False
    # An h1 that is a breadcrumb, above an h2 that is the headline.
    if told == shown and any(plain.key(text) == other for text in page.second_headings):
        return True
    return told == title and other == shown


def without_publisher(title: str, page: Structured) -> str:
    """Return a title without "| The Harbour Times" behind or before it."""
    separators = list(_SEPARATED.finditer(title))
    ends = [*(separator.start() for separator in separators), len(title)][1:]
    for separator, end in zip(separators, ends, strict=True):
        head, part = title[: separator.start()].strip(), title[separator.end() : end].strip()
        # What stands behind its name, the site says of itself: "| The Harbour Times - News of the coast".
        is_last = end == len(title)
        if head and (_names(part, page, exactly=not is_last or ":" in separator[0]) if part else is_last):
            return without_publisher(head, page)
    first = separators[0] if separators else None
    if first and plain.key(title[: first.start()]) in page.own_names and first.end() < len(title):
        return title[first.end() :].strip()
    return title


def _names(part: str, page: Structured, *, exactly: bool) -> bool:
    """Whether a part of a title is the publisher's name, or holds it beside a word or two."""
    key = plain.key(part)
    if key.replace(" ", "") in {name.replace(" ", "") for name in page.own_names}:
        return True
    # "BBC News" for a site that calls itself BBC; never a part that is longer than a name.
    return (
        not exactly
        and len(key) < 40
        and any(len(name) > 2 and (key.startswith(f"{name} ") or key.endswith(f" {name}")) for name in page.own_names)
    )
