"""Quality of reading pages, over a folder in the fundus-pages format.

    python -m benchmarks.extraction --data DIR

DIR holds `pages.jsonl.gz`: one JSON object a line with `html`, `url`, `crawl`, `paras`, `title`, `authors`, `date`, and
`file` as its name. Prints one JSON object. Body scores compare bags of word tokens of the whole text with those of all
expected paragraphs, per page, and are means over all pages; a page that is not recognised as an article scores 0.
`published_exact` takes an expected time without a zone as UTC, which it often is not; `published_exact_zoned` asks only
the pages whose expected time names its zone.

A folder in the format of scrapinghub's article-extraction-benchmark (`ground-truth.json`, `html/`), beside that one or
given itself, is scored by that set's own metric under the key `scrapinghub`.
"""

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import extraction_shingles
from benchmarks.command import DataMissingError, data_set, main
from pipeline.articles import read_article
from pipeline.model import Content

_TOKEN = re.compile(r"\w+")
_SAME_INSTANT_SECONDS = 60
_POOR = 0.70


def tokens(text: str) -> Counter[str]:
    """Return the bag of a text's tokens; soft hyphens are no part of a word."""
    return Counter(_TOKEN.findall(unicodedata.normalize("NFC", text.replace("\u00ad", "")).lower()))


def overlap(found: Counter[str], expected: Counter[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of one bag against another."""
    common = (found & expected).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / found.total(), common / expected.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def _folder(data: Path, name: str, *, holding: str) -> Path | None:
    try:
        return data_set(data, name, holding=holding)
    except DataMissingError:
        return None


def pages(data: Path) -> Iterator[dict[str, object]]:
    """Yield the pages of a folder."""
    folder = _folder(data, "fundus-pages", holding="pages.jsonl.gz")
    if folder is None:
        return
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def same_text(found: str, expected: object) -> bool:
    """Whether two short strings are equal but for white space, Unicode form and invisible characters."""
    return _plain(found) == _plain(str(expected))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.replace("\u00ad", "").replace("\u200b", "")).split())


def same_instant(found: datetime | None, expected: object) -> bool:
    """Whether two times are the same to the minute; an expected time without a zone is taken as UTC."""
    if found is None:
        return False
    moment = datetime.fromisoformat(str(expected))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return abs((found - moment).total_seconds()) <= _SAME_INSTANT_SECONDS


def same_authors(byline: str | None, expected: object) -> bool:
    """Whether a byline names exactly the expected authors, in any order."""
    names = [str(name) for name in expected] if isinstance(expected, list) else []
    return sorted(_plain(byline or "").split(", ")) == sorted(_plain(", ".join(names)).split(", "))


def run(data: Path) -> dict[str, object]:
    """Score the sets that a folder holds; raises `DataMissingError` where it holds neither."""
    shingles = _folder(data, "scrapinghub-article-benchmark", holding="ground-truth.json")
    if _folder(data, "fundus-pages", holding="pages.jsonl.gz") is None and shingles is None:
        raise DataMissingError(f"no pages.jsonl.gz and no ground-truth.json in {data}")
    result = score_pages(pages(data))
    return {**result, "scrapinghub": extraction_shingles.run(shingles)} if shingles else result


def score_pages(all_pages: Iterable[dict[str, object]]) -> dict[str, object]:
    """Score pages; the keys are those of DESIGN, section 7, and the pages not read as articles."""
    bodies: list[tuple[float, float, float]] = []
    poor: list[str] = []
    refused: dict[str, str] = {}
    exact: dict[str, list[bool]] = {
        "headline_exact": [],
        "published_exact": [],
        "published_exact_zoned": [],
        "author_exact": [],
    }
    for page in all_pages:
        name = str(page["file"])
        read = read_article(str(page["html"]).encode(), url=str(page["url"]), content_type="text/html; charset=utf-8")
        expected = page["paras"] if isinstance(page["paras"], list) else []
        content = read if isinstance(read, Content) else None
        if not isinstance(read, Content):
            refused[name] = f"{read.outcome.value}: {read.detail}"
        body = overlap(tokens(content.text if content else ""), tokens("\n".join(map(str, expected))))
        bodies.append(body)
        if body[2] < _POOR:
            poor.append(name)
        if page["title"]:
            exact["headline_exact"].append(content is not None and same_text(content.headline, page["title"]))
        if page["date"]:
            right = content is not None and same_instant(content.published_at, page["date"])
            exact["published_exact"].append(right)
            if datetime.fromisoformat(str(page["date"])).tzinfo:
                exact["published_exact_zoned"].append(right)
        if page["authors"]:
            exact["author_exact"].append(content is not None and same_authors(content.byline, page["authors"]))
    if not bodies:
        return {}
    means = [sum(score[part] for score in bodies) / max(len(bodies), 1) for part in range(3)]
    return {
        "pages": len(bodies),
        **dict(zip(("body_precision", "body_recall", "body_f1"), (round(mean, 4) for mean in means), strict=True)),
        "pages_below_070": sorted(poor),
        **{key: round(sum(hits) / max(len(hits), 1), 4) for key, hits in exact.items()},
        "not_articles": refused,
    }


if __name__ == "__main__":
    main(run, __doc__)
