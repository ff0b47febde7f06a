"""Whether a page says that its story develops, and what it says it got wrong.

Judged only where publishers say it: headline, first two and last four paragraphs, structured data. In a page's
navigation "live" and "breaking" are the rule, not the exception, so no other text is ever asked.
"""

import re
from collections.abc import Iterable, Sequence

from pipeline.articles.lexicon import SENTENCE_START, Finder, finder, sought
from pipeline.model import Marker, MarkerKind

_FIRST, _LAST = 2, 4
_LONGEST_NOTE = 600  #: characters; a correction is a note, not a chapter
_BEFORE_LIVE = r"(?:^|[:|\[\]()【】·•–—]|\s-|\+{2,3})\s*"
_SEPARATOR = r"(?:\s*[:|】\]+]|\s*[–—]|\s+-\s)"
#: What stands between "Correction" and its text: "27 November:", "on Nov. 27, 2026:", "vom 27. November 2026, 12 Uhr:".
_DATED_LABEL = re.compile(
    r",? ?(?:[^\W\d_]{2,3} )?(?:\d{1,2}\.? [^\W\d_]{3,10}|[^\W\d_]{3,9}\.? \d{1,2}\b)[^:：]{0,30}[:：]", re.IGNORECASE
)
_LABEL_END = rf"(?:\s*\d{{1,2}}\s*[-–—]|{_SEPARATOR})[\W_]*(?=\w)"
_SHOUTED_LIVE = re.compile(rf"\bLIVE(?={_SEPARATOR}|\s*$)")
_TRAILING_LIVE = re.compile(r"(?:[|–—]|\s-)\s*(live)\s*$", re.IGNORECASE)
_SLUG = re.compile(r"\b(?:\d+(?:st|nd|rd|th)\s+Ld(?:-Writethru)?|Ld-Writethru|\d+(?:st|nd|rd|th)\s+Writethru)\b")


def markers_in(headline: str, paragraphs: Sequence[str], language: str | None) -> tuple[Marker, ...]:
    """Return the signs that a story develops, in a headline and its paragraphs; works for feed entries too.

    `language` chooses the phrases: that language's and English ones where we know it, else all.
    """
    found = [*_label(headline, "headline", language), *_live(headline, language)]
    places = _where_it_counts(paragraphs)
    told = sought("\n".join([headline, *(paragraph for _, paragraph in places)]))
    phrases = finder("developing", before=SENTENCE_START, language=language).narrowed(told)
    found += _phrase(headline, "headline", phrases)
    for where, paragraph in places:
        found += _phrase(paragraph, where, phrases)
        if where == "first":
            found += _label(paragraph, where, language)
    if found and says_ended(headline, paragraphs, language):
        found = [marker for marker in found if marker.kind is MarkerKind.PHRASE]
    return tuple(dict.fromkeys(found))


def says_ended(headline: str, paragraphs: Sequence[str], language: str | None) -> bool:
    """Whether a live report says that it is over."""
    if finder("ended", language=language).search(headline):
        return True
    over = finder("ended", before=SENTENCE_START, language=language)
    return any(over.search(text) for _, text in _where_it_counts(paragraphs))


def structured_markers(types: Iterable[str], slugs: Iterable[str]) -> tuple[Marker, ...]:
    """Return the signs in structured data: a live blog's type, a wire slug such as "2nd Ld-Writethru"."""
    found = [
        Marker(kind=MarkerKind.SLUG, phrase=match[0], where="structured")
        for slug in slugs
        if (match := _SLUG.search(slug))
    ]
    if "LiveBlogPosting" in types:
        found.append(Marker(kind=MarkerKind.LIVE_BLOG, phrase="LiveBlogPosting", where="structured"))
    return tuple(dict.fromkeys(found))


def corrections_in(paragraphs: Iterable[str], language: str | None) -> tuple[str, ...]:
    """Return the paragraphs that are correction or editor's notes, whole. A bare heading goes with what it heads."""
    short = [text for text in paragraphs if len(text) <= _LONGEST_NOTE]
    notes = finder("correction", before=r"^[\W_]*", language=language).narrowed(sought("\n".join(short)))
    if not notes.rules:
        return ()
    found = [is_correction(text, notes) for text in short]
    told: list[str] = []
    for place, text in enumerate(short):
        if not found[place]:
            continue
        if not _is_heading(text, notes) or place + 1 == len(short):
            told.append(text)
        elif not found[place + 1]:
            told.append(f"{text} {short[place + 1]}")
    return tuple(told)


def _is_heading(text: str, notes: Finder) -> bool:
    """Whether a note is no more than its label: "Corrections"."""
    match = notes.search(text)
    return match is not None and not any(letter.isalnum() for letter in text[match.end("phrase") :])


def is_correction(text: str, notes: Finder) -> bool:
    """Whether a paragraph is a note: it begins with a known phrase that is a label, or a sentence about the article."""
    if len(text) > _LONGEST_NOTE:
        return False
    match = notes.search(text)
    if not match:
        return False
    # One word needs a colon or the like behind it, or behind a date: "Corrections officers said" is no correction.
    if " " in match["phrase"].strip():
        return True
    rest = text[match.end("phrase") :].lstrip()
    return (
        not rest
        or _DATED_LABEL.match(rest) is not None
        or rest[0] in ":：-–—(（】]|.,、。\n"
        or text.lstrip()[:1] in "【[(*"
    )


def _where_it_counts(paragraphs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the paragraphs in which a marker counts, each with its place; a story's very last one is `last`."""
    end = len(paragraphs)
    first = min(_FIRST, max(end - 1, 1))
    places = [("first", text) for text in paragraphs[:first]]
    return places + [("last", text) for text in paragraphs[max(first, end - _LAST) :]]


def _phrase(text: str, where: str, phrases: Finder) -> list[Marker]:
    match = phrases.search(text)
    if not match:
        return []
    # In a long paragraph a true note stands at its edge.
    if len(text) >= 300 and match.start("phrase") > 40 and match.end("phrase") < len(text) - 160:
        return []
    return [Marker(kind=MarkerKind.PHRASE, phrase=match["phrase"].strip(), where=where)]


def _label(text: str, where: str, language: str | None) -> list[Marker]:
    start = text[:80]
    match = finder("label", before=r"^[\W_]*", after=_LABEL_END, language=language).search(start)
    if not match:
        # Without a separator only capitals make a label: "BREAKING Two dead in fire".
        match = finder("label", before=r"^[\W_]*", after=r"\s+(?=\w)", language=language).search(start)
        if not match or not _is_shouted(match["phrase"], text[match.end("phrase") :]):
            return []
    return [Marker(kind=MarkerKind.LABEL, phrase=match["phrase"].strip(), where=where)]


def _is_shouted(phrase: str, rest: str) -> bool:
    return phrase.isupper() and len(phrase) > 4 and not rest.isupper()


def _live(headline: str, language: str | None) -> list[Marker]:
    found = _SHOUTED_LIVE.search(headline) or _TRAILING_LIVE.search(headline)
    if not found:
        # As in "Storm latest: live updates" or "Storm live updates – roads closed".
        found = finder("live", before=_BEFORE_LIVE, after=rf"(?:{_SEPARATOR}|\s*$)", language=language).search(headline)
        found = found or finder("live", after=_SEPARATOR, language=language).search(headline)
    if not found:
        return []
    phrase = found.groupdict().get("phrase") or found[found.lastindex or 0]
    return [Marker(kind=MarkerKind.LABEL, phrase=phrase.strip(), where="headline")]
