"""docs/polling.md names tests that exist."""

import re
from pathlib import Path

from pipeline.config import CHECKOUT_DIR

PAGE = (CHECKOUT_DIR / "docs" / "polling.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+[a-z0-9])`", PAGE))
    folder = Path(__file__).parent.parent
    written = {
        name
        for path in folder.glob("*/test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 50
    assert named - written == set()
