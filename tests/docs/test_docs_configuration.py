"""docs/configuration.md has every setting with its default and meaning, and no other."""

import re

import pytest

from pipeline.config import CHECKOUT_DIR, Settings

PAGE = (CHECKOUT_DIR / "docs" / "configuration.md").read_text(encoding="utf-8")
ROWS = {
    row[0]: (row[1], row[2]) for row in re.findall(r"^\| `WRITETHRU_(\w+)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
}


def default_of(name: str) -> str:
    """Return how the page writes the default of a setting."""
    if name == "home":
        return "`var/` in a checkout, else the platform's folder for a user's data"
    default = Settings.model_fields[name].default
    return "none" if default in (None, ()) else f"`{default}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented_with_its_default_and_meaning(name: str) -> None:
    assert ROWS.get(name.upper()) == (default_of(name), Settings.model_fields[name].description)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert {name.lower() for name in ROWS} == set(Settings.model_fields)
