"""From raw entries to entries: clean text, absolute links, dates, identity, and what was odd about them."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from pipeline.dates import parse_date
from pipeline.feeds.links import is_absolute, resolve
from pipeline.feeds.raw import RawEntry
from pipeline.feeds.text import clean, to_text
from pipeline.model import Entry

#: A longer guid is replaced by its hash: an index of Postgres takes 2,704 bytes.
MAX_GUID_CHARACTERS: Final = 500
#: Joins a guid to what tells it apart from its namesakes within one document.
_JOINT: Final = "|"


class Oddities:
    """Counts what was odd, by a phrase for one and for several, with the first example of each."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], str] = {}

    def count(self, one: str, several: str, example: str | None = None) -> None:
        """Count one more; `several` holds `{n}`."""
        self._counts[one, several] += 1
        if example:
            self._examples.setdefault((one, several), clean(example)[:80])

    def in_words(self) -> list[str]:
        """Return a phrase for each oddity, in the order in which they were met first."""
        phrases = []
        for (one, several), n in self._counts.items():
            phrase = one if n == 1 else several.format(n=n)
            example = self._examples.get((one, several))
            phrases.append(f"{phrase}, the first: “{example}”" if example and n > 1 else _with_example(phrase, example))
        return phrases


def _with_example(phrase: str, example: str | None) -> str:
    return f"{phrase}: “{example}”" if example else phrase


def build_entries(raw_entries: Iterable[RawEntry], *, base: str, oddities: Oddities) -> tuple[Entry, ...]:
    """Return the entries in document order, each with an identity of its own; exact repetitions are left out.

    Of several entries with the same guid the first keeps it and later ones add their link, else their content (an idea
    of Miniflux's); so no entry hides another, and the guid still finds the article it found before.
    """
    seen: dict[str, tuple[str | None, str]] = {}
    entries = []
    for raw in raw_entries:
        entry = _build_entry(raw, base, oddities)
        what = (entry.link, entry.content_sha256)
        name = entry.identity
        for discriminator in (entry.link, entry.content_sha256):
            if name not in seen or seen[name] == what:
                break
            if discriminator and discriminator != entry.identity:
                name = f"{entry.identity}{_JOINT}{discriminator}"
        if name in seen:
            oddities.count("1 entry repeats another", "{n} entries repeat others", entry.title)
            continue
        if name != entry.identity:
            oddities.count("1 entry has the guid of another", "{n} entries have the guid of others", entry.identity)
        seen[name] = what
        entries.append(replace(entry, identity=name))
    return tuple(entries)


def _build_entry(raw: RawEntry, base: str, oddities: Oddities) -> Entry:
    guid = _short(clean(raw.guid)) if raw.guid else None
    link = _link(raw, base, oddities)
    title = to_text(raw.title.value, raw.title.kind)
    summary = to_text(raw.summary.value, raw.summary.kind)
    authors = tuple(dict.fromkeys(name for author in raw.authors if (name := to_text(author, raw.title.kind))))
    if not raw.published and not raw.updated:
        oddities.count("1 entry has no date", "{n} entries have no date")
    if not title:
        oddities.count("1 entry has no title", "{n} entries have no title")
    return Entry(
        identity=guid or link or f"sha256:{_digest(title, summary)}",
        guid=guid or None,
        link=link,
        title=title,
        summary=summary,
        authors=authors,
        published_at=_date(raw.published, oddities),
        updated_at=_date(raw.updated, oddities),
        content_sha256=_digest(link, title, summary, authors),
    )


def _link(raw: RawEntry, base: str, oddities: Oddities) -> str | None:
    """Return the first usable address; a guid serves as one only if it may and is absolute ("12345" is none)."""
    for href in raw.links:
        if link := resolve(base, href):
            return link
        oddities.count("1 link is no http address", "{n} links are no http addresses", href)
    if raw.guid_may_be_link and is_absolute(raw.guid) and (link := resolve(base, raw.guid)):
        return link
    oddities.count("1 entry has no link", "{n} entries have no link")
    return None


def _date(text: str | None, oddities: Oddities) -> datetime | None:
    if text is None:
        return None
    date = parse_date(text)
    if date is None:
        oddities.count("1 date cannot be read", "{n} dates cannot be read", text)
    return date


def _short(guid: str) -> str:
    if len(guid) <= MAX_GUID_CHARACTERS:
        return guid
    return f"sha256:{hashlib.sha256(guid.encode()).hexdigest()}"


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
