"""Golden pages: made-up pages, one oddity each, beside the article that must come out of it.

After a wanted change, write the expectations anew with

    python -m tests.golden.test_golden_pages

and read the difference before you commit it. A page's address and label are in its JSON under `request`.
"""

import dataclasses
import json
from datetime import datetime
from enum import Enum
from pathlib import Path

import pytest

from pipeline.articles import read_article
from pipeline.model import Content

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
DEFAULT_REQUEST = {
    "url": "https://www.harbour-times.example/2026/03/10/fire",
    "content_type": "text/html; charset=utf-8",
}


def as_json(value: object) -> object:
    """Return a value of the model as JSON knows it, without what only names the code."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        named.pop("extractor", None)
        return named
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value


def read(name: str) -> dict[str, object]:
    expected = PAGES / f"{name}.json"
    request = json.loads(expected.read_text())["request"] if expected.exists() else DEFAULT_REQUEST
    result = read_article((PAGES / f"{name}.html").read_bytes(), **request)
    found = as_json(result)
    if isinstance(result, Content):
        found["text"] = result.text.split("\n")
    return {"request": request, "article" if isinstance(result, Content) else "not_an_article": found}


@pytest.mark.parametrize("name", NAMES)
def test_page_reads_as_expected(name: str) -> None:
    assert read(name) == json.loads((PAGES / f"{name}.json").read_text())


@pytest.mark.parametrize("name", NAMES)
def test_page_reads_the_same_again(name: str) -> None:
    assert read(name) == read(name)


def test_counters_and_relative_times_are_no_content() -> None:
    assert read("counters") == read("counters_later")


def regenerate() -> None:
    """Write what is read now beside each page."""
    for name in NAMES:
        text = json.dumps(read(name), indent=2, ensure_ascii=False)
        (PAGES / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    regenerate()
