"""What every test may use."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real data that stays outside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("WRITETHRU_DATA_DIR", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set WRITETHRU_DATA_DIR)")
    return folder
