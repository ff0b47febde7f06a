"""No page that only its server changed makes a version: every golden page, captured twenty times under noise."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.articles import read_article
from pipeline.changes import content_sha256, decide_version
from pipeline.model import Content, NotAnArticle, Payment, Preview, Unchanged, Version
from tests.golden.noise import noisy

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))
CAPTURES = 20
#: Its bytes are in another encoding than it says, so it cannot be edited as text.
UNTOUCHED = {"wrong_charset"}


def read(name: str, seed: int) -> Content | NotAnArticle:
    request = json.loads((PAGES / f"{name}.json").read_text())["request"]
    body = (PAGES / f"{name}.html").read_bytes()
    if name not in UNTOUCHED:
        body = noisy(body.decode("utf-8"), seed).encode()
    return read_article(body, **request)


def version_of(content: Content) -> Version:
    at = datetime(2026, 3, 10, tzinfo=UTC)
    return Version(
        version_id=1,
        article_id=1,
        number=1,
        observed_at=at,
        headline=content.headline,
        text=content.text,
        language=content.language,
        is_developing=content.is_developing,
        extractor=content.extractor,
        content_sha256=content_sha256(content.headline, content.text),
        capture_id=1,
        captured_at=at,
    )


def test_noise_changes_the_bytes_every_time() -> None:
    page = (PAGES / "counters.html").read_text()
    assert len({noisy(page, seed) for seed in range(CAPTURES)}) == CAPTURES


@pytest.mark.parametrize("name", NAMES)
def test_noise_makes_no_version(name: str) -> None:
    first = read(name, 0)
    for seed in range(1, CAPTURES):
        again = read(name, seed)
        if isinstance(first, NotAnArticle):
            assert isinstance(again, NotAnArticle), (seed, again)
            assert again.outcome is first.outcome, (seed, again)
            continue
        assert isinstance(again, Content), (seed, again)
        decision = decide_version(version_of(first), again, ())
        assert isinstance(decision, Preview if first.payment is Payment.WALL else Unchanged), (seed, decision)
