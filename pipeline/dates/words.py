"""The words of dates: months, halves of the day and zone names, read once from `data/`."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_DATA = files("pipeline.dates") / "data"


@dataclass(frozen=True, slots=True)
class DateWords:
    """Folded words with what they mean: month numbers, "am" or "pm", nothing."""

    months: Mapping[str, int]
    halves: Mapping[str, str]
    ignored: frozenset[str]


def fold(text: str) -> str:
    """Return `text` as words are compared: without case and without the accents of Latin, Greek and Cyrillic."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """Return the words of all languages of `date_words.toml`.

    Raises `ValueError` where a word names two months: such a word cannot be read at all.
    """
    months: dict[str, int] = {}
    halves: dict[str, str] = {}
    ignored: set[str] = set()
    for language, words in tomllib.loads((_DATA / "date_words.toml").read_text("utf-8")).items():
        for number, forms in enumerate(words["months"], start=1):
            for form in fold(forms).split():
                if months.setdefault(form, number) != number:
                    raise ValueError(f"date_words.toml: {form!r} ({language}) names two months")
        for half in ("am", "pm"):
            halves.update(dict.fromkeys((word.strip(".") for word in fold(words.get(half, "")).split()), half))
        ignored.update(fold(words.get("ignore", "")).split())
    return DateWords(months, halves, frozenset(ignored))


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tzinfo]:
    zones: dict[str, tzinfo] = {}
    for line in (_DATA / "zones.tsv").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, where, _ = line.split("\t")
            zones[fold(name)] = _zone(where)
    return zones


def _zone(where: str) -> tzinfo:
    if where[0] not in "+-":
        return ZoneInfo(where)
    hours, minutes = where[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if where[0] == "-" else offset)


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    lines = (_DATA / "countries.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return {code: zone for code, zone, _ in rows}


def zone_of_country(code: str) -> tzinfo | None:
    """Return the zone of a country's capital by its domain ("de", "uk"), or None where it has several zones."""
    zone = _countries().get(code.lower())
    return _zone(zone) if zone else None


def zone_named(name: str) -> tzinfo | None:
    """Return the zone of a name in `zones.tsv`, or None."""
    return _zones().get(fold(name))
