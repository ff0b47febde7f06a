"""Pages per second through the whole record step, beside bare trafilatura.

    python -m benchmarks.throughput --data DIR

DIR is a folder that holds `fundus-pages`, or a folder of that format. Every page is stored as a capture by the capture
step's own function and then recorded: read, decided on, compared, facts extracted, all of it committed to Postgres.
The other side is `trafilatura.extract` alone, with the options that `pipeline.articles` uses, on the same bytes.

All pages are recorded by one run, as a task of the DAG records its shard: connecting and planning count once. Whenever
it has recorded a few, the other side takes its turn on as many, so that whatever else the machine does meets both
alike. It begins in the middle, so that each side is the first to see half of the pages: what is remembered of a page's
strings helps the second. This process and its Postgres are kept on one core where the platform allows. Postgres runs
as it does for users (`Durability.SAFE`): every capture is on the disk before the next begins. Lexicons and models are
loaded by some pages that are not counted.

`bytes_per_version` is what the database grew by per version: raw body, text, facts, events and all indexes. Every page
here is an article's first version; a later version adds its raw body and what changed.
"""

import gzip
import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import trafilatura

from benchmarks.command import data_set, main, only_warnings, progress
from benchmarks.database import make_database, own_postgres
from pipeline.config import Settings
from pipeline.local.postgres import Durability
from pipeline.model import FetchResult, Outcome
from pipeline.steps import CaptureSummary, follow_urls, plan_captures, record_captures
from pipeline.steps.capture import store_capture
from pipeline.store import capturing
from pipeline.store.connections import Connection, connection_to

PAGES_PER_TURN = 5
WARM_UP_PAGES = 5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a server would send it."""

    url: str
    body: bytes


def pages_of(folder: Path) -> list[Page]:
    """Read all pages of a data set."""
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [Page(row["url"], row["html"].encode()) for row in map(json.loads, lines)]


def store_pages(database_url: str, settings: Settings, pages: Sequence[Page]) -> None:
    """Store each page as a new capture of an article of its own.

    Addresses are made unique: two pages of the set may be crawls of the same article. Publishers stay apart, since only
    the stories of other publishers are asked whether a new article joins them.
    """
    urls = [_address(number, page.url) for number, page in enumerate(pages)]
    follow_urls(database_url, urls)
    plan_captures(database_url, settings)
    with connection_to(database_url) as connection:
        rows = connection.execute("select fetch_url, article_id from news.articles")
        numbers = {row["fetch_url"]: int(row["article_id"]) for row in rows}
        for url, page in zip(urls, pages, strict=True):
            article = capturing.lock_article(connection, numbers[url])
            if article is None:
                raise RuntimeError(f"{url} was not stored")
            store_capture(connection, settings, article, _answer(url, page.body), CaptureSummary())


def _address(number: int, url: str) -> str:
    parts = urlsplit(url)
    return f"https://{(parts.hostname or '').replace('.', '-')}.invalid/{number}{parts.path}"


def _answer(url: str, body: bytes) -> FetchResult:
    return FetchResult(
        url=url,
        final_url=url,
        outcome=Outcome.NEW_BODY,
        fetched_at=datetime.now(UTC),
        elapsed_seconds=0.0,
        http_status=200,
        body=body,
        body_sha256=sha256(body).hexdigest(),
        content_type="text/html; charset=utf-8",
    )


def extract_bare(pages: Sequence[Page]) -> None:
    """Do to the pages what trafilatura alone does."""
    for page in pages:
        trafilatura.extract(page.body, include_comments=False)


class Turns:
    """The other side: it does as many pages as have been recorded, a few at a time, and counts its own seconds."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = pages
        self._recorded = self._done = 0
        self.seconds = 0.0

    def follow(self, recorded: int) -> None:
        """Take a turn if it is time for one, now that this many more pages are recorded."""
        self._recorded += recorded
        if self._recorded - self._done >= PAGES_PER_TURN:
            self._take(self._recorded)

    def finish(self) -> None:
        """Do the pages that are left."""
        if self._done < len(self._pages):
            self._take(len(self._pages))

    def _take(self, until: int) -> None:
        begun = time.perf_counter()
        extract_bare(self._pages[self._done : until])
        self.seconds += time.perf_counter() - begun
        self._done = until
        progress(f"throughput: {until} of {len(self._pages)} pages")


def _size(connection: Connection) -> int:
    connection.execute("checkpoint")
    row = connection.execute("select pg_database_size(current_database()) as bytes").fetchone()
    return int(row["bytes"]) if row else 0


def _versions(connection: Connection) -> int:
    row = connection.execute("select count(*) as number from news.versions").fetchone()
    return int(row["number"]) if row else 0


def run(data: Path) -> dict[str, object]:
    """Measure both sides in turns; the keys are those of DESIGN, section 7."""
    only_warnings()
    pages = pages_of(data_set(data, "fundus-pages", holding="pages.jsonl.gz"))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    settings = Settings()
    with own_postgres(Durability.SAFE) as postgres:
        warm = make_database(postgres, "warm_up")
        store_pages(warm, settings, pages[:WARM_UP_PAGES])
        record_captures(warm, settings)
        extract_bare(pages[:WARM_UP_PAGES])
        database_url = make_database(postgres, "measured")
        with connection_to(database_url) as connection:
            empty = _size(connection)
        store_pages(database_url, settings, pages)
        half = len(pages) // 2
        bare = Turns([*pages[half:], *pages[:half]])
        begun = time.perf_counter()
        record_captures(database_url, settings, budget_seconds=math.inf, on_progress=bare.follow)
        ours = time.perf_counter() - begun - bare.seconds
        bare.finish()
        with connection_to(database_url) as connection:
            versions = _versions(connection)
            grown = _size(connection) - empty
    return {
        "pages": len(pages),
        "versions": versions,
        "pages_per_second": round(len(pages) / ours, 2),
        "trafilatura_pages_per_second": round(len(pages) / bare.seconds, 2),
        "ratio_to_trafilatura": round(bare.seconds / ours, 4),
        "bytes_per_version": round(grown / max(1, versions)),
        "bytes_per_raw_page": round(sum(len(page.body) for page in pages) / len(pages)),
    }


if __name__ == "__main__":
    main(run, __doc__)
