"""How many reverts of a headline are named so: `python -m benchmarks.reverts --data DIR`.

DIR is `bbc-homepage-headlines`, or a folder that holds it: addresses with every headline seen, in the order of time.
Each is played through `changes.decide_version` as a content without text. A revert in the gold is a headline that stood
before, with another one between; the gold folds white space and the shape of quotation marks, dashes and ellipses by
rules of its own. `found` of them were named `reverted`; `false` is what was named so besides.
"""

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.command import main
from pipeline.changes import decide_version
from pipeline.model import Content, NewVersion, Version, VersionKind

_SHAPES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def _plain(headline: str) -> str:
    return " ".join(headline.translate(_SHAPES).split())


def gold_reverts(headlines: Sequence[str]) -> set[int]:
    """Return the indices at which a headline came back that stood before, another one having stood between."""
    seen: set[str] = set()
    last: str | None = None
    found = set()
    for index, headline in enumerate(map(_plain, headlines)):
        if headline != last and headline in seen:
            found.add(index)
        seen.add(headline)
        last = headline
    return found


def named_reverts(headlines: Sequence[str]) -> set[int]:
    """Return the indices that `decide_version` names reverted."""
    now = datetime(2021, 1, 1, tzinfo=UTC)
    versions: list[Version] = []
    found = set()
    for index, headline in enumerate(headlines):
        previous = versions[-1] if versions else None
        decision = decide_version(previous, _content(headline), {v.content_sha256 for v in versions[:-1]})
        if not isinstance(decision, NewVersion):
            continue
        if decision.kind is VersionKind.REVERTED:
            found.add(index)
        versions.append(
            Version(
                version_id=index,
                article_id=1,
                number=decision.number,
                observed_at=now,
                headline=headline,
                text="",
                language="en",
                is_developing=False,
                extractor="benchmark",
                content_sha256=decision.content_sha256,
                capture_id=index,
                captured_at=now,
            )
        )
    return found


def _content(headline: str) -> Content:
    return Content(
        headline=headline,
        byline=None,
        text="",
        language="en",
        published_at=None,
        modified_at=None,
        canonical_url=None,
        markers=(),
        corrections=(),
        live_entries=(),
        words=0,
        extractor="benchmark",
    )


def _stories(folder: Path) -> Iterator[list[str]]:
    with gzip.open(folder / "headline_versions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield [version["title"] for version in json.loads(line)["versions"]]


def run(data: Path) -> dict[str, object]:
    """Return how many reverts there are, how many were found, and how many were named that are none."""
    folder = data / "bbc-homepage-headlines"
    reverts = found = false = 0
    for headlines in _stories(folder if folder.is_dir() else data):
        gold, named = gold_reverts(headlines), named_reverts(headlines)
        reverts += len(gold)
        found += len(gold & named)
        false += len(named - gold)
    return {"reverts": reverts, "found": found, "false": false}


if __name__ == "__main__":
    main(run, __doc__)
