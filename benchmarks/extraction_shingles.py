"""The metric of scrapinghub's article-extraction-benchmark: bodies compared by runs of four words.

Each page counts alike: its shared, surplus and missing shingles are shares of all its shingles. Precision is the mean
over the pages on which something was found, recall the mean over those that have a body, F1 the harmonic mean of the
two means. `accuracy` is the share of pages without any difference in words. Case counts, punctuation does not.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from pipeline.articles import read_article
from pipeline.model import Content

SHINGLE_WORDS = 4
#: A page of this many words or fewer is one shingle.
_WORD = re.compile(r"\w+")

Shares = tuple[float, float, float]  #: shared, surplus and missing shingles of one page, together 1 (or 0)


def shares(found: str, expected: str) -> Shares:
    """Return which share of all shingles of two texts both have, only the found one, only the expected one."""
    ours, gold = _shingles(found), _shingles(expected)
    counted = (ours & gold).total(), (ours - gold).total(), (gold - ours).total()
    total = sum(counted)
    shared, surplus, missing = (count / total if total else 0.0 for count in counted)
    return shared, surplus, missing


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - SHINGLE_WORDS + 1))
    return Counter(shingle for start in starts if (shingle := tuple(words[start : start + SHINGLE_WORDS])))


def summary(pages: list[Shares]) -> dict[str, float]:
    """Return the set's figures over all its pages."""
    precision = fmean([shared / (shared + surplus) for shared, surplus, _ in pages if shared + surplus > 0] or [0.0])
    recall = fmean([shared / (shared + missing) for shared, _, missing in pages if shared + missing > 0] or [0.0])
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0,
        "accuracy": round(fmean([surplus == missing == 0 for _, surplus, missing in pages] or [0.0]), 4),
    }


def _pages(folder: Path) -> Iterator[tuple[str, bytes, str, str]]:
    expected = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for name, page in sorted(expected.items()):
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        yield name, body, str(page.get("url") or f"https://{name}.invalid/"), str(page.get("articleBody") or "")


def run(folder: Path) -> dict[str, object]:
    """Score every page of a folder that holds `ground-truth.json` and `html/NAME.html.gz`."""
    scored: list[Shares] = []
    refused: dict[str, str] = {}
    for name, body, url, expected in _pages(folder):
        read = read_article(body, url=url, content_type=None)
        if not isinstance(read, Content):
            refused[name] = f"{read.outcome.value}: {read.detail}"
        scored.append(shares(read.text if isinstance(read, Content) else "", expected))
    return {"pages": len(scored), **summary(scored), "not_articles": refused}
