"""Which language a page is in: what it says, unless its script or its commonest words say otherwise."""

import re
from collections import Counter
from functools import cache

from pipeline.articles.lexicon import phrases

_SAMPLE = 3000  #: characters looked at
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
)
# Most texts hold nothing of any of them, nor of the families below.
_OTHER_SCRIPTS = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
# A script that none of these languages uses contradicts the label; one that many share decides nothing.
_SCRIPT_SHARE = 0.2
_FAMILIES = (
    ("ar", re.compile(r"[\u0600-\u06ff]"), {"ar", "fa", "ur", "ps", "ckb", "sd", "ug"}),
    ("ru", re.compile(r"[\u0400-\u04ff]"), {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt"}),
)


def language_of(text: str, stated: str | None) -> str | None:
    """Return the code of a text's language (ISO 639-1), or `None` where nothing tells."""
    sample = text[:_SAMPLE]
    letters = sum(len(word) for word in _WORD.findall(sample))
    if not letters:
        return stated
    if not _OTHER_SCRIPTS.search(sample):
        return _by_common_words(sample, stated)
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > _SCRIPT_SHARE * letters:
            return code
    for code, script, family in _FAMILIES:
        if len(script.findall(sample)) > 0.5 * letters:
            return stated if stated in family else code
    return _by_common_words(sample, stated)


def _by_common_words(sample: str, stated: str | None) -> str | None:
    words = Counter(_WORD.findall(sample.lower()))
    if words.total() < 12:
        return stated
    shares = {
        code: sum(words[word] for word in words.keys() & common) / words.total() for code, common in _common().items()
    }
    best = max(shares, key=lambda code: shares[code])
    # A stated language is overruled only where its own words are all but absent.
    if shares[best] < 0.08 or (stated is not None and (stated not in shares or shares[stated] > 0.3 * shares[best])):
        return stated
    return best


@cache
def _common() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for phrase in phrases("common"):
        if phrase.language not in {"ja", "ko", "zh", "ar", "ru"}:
            words.setdefault(phrase.language, set()).add(phrase.source)
    return {code: frozenset(found) for code, found in words.items()}
