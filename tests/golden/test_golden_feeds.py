"""Feed documents, one oddity each, beside what is read of them.

`python tests/golden/test_golden_feeds.py` writes the expectations anew; look at the difference before you commit it.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.feeds import parse_feed

FOLDER = Path(__file__).parent / "feeds"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))


def expectation_of(document: Path) -> Path:
    return document.with_name(f"{document.name}.expected.json")


def read(document: Path) -> str:
    feed = parse_feed(document.read_bytes(), url="https://feed.example/rss/all.xml", content_type=None, max_entries=100)
    return json.dumps(asdict(feed), indent=1, ensure_ascii=False, default=datetime.isoformat) + "\n"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_document_reads_as_expected(document):
    assert json.loads(read(document)) == json.loads(expectation_of(document).read_text(encoding="utf-8"))


if __name__ == "__main__":
    for document in DOCUMENTS:
        expectation_of(document).write_text(read(document), encoding="utf-8")
