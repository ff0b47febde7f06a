"""The walk-through of `examples/`, run whole over a record into which the newsroom was told."""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from pipeline.config import settings

ROOT = Path(__file__).parent.parent.parent
_spec = importlib.util.spec_from_file_location("run_notebook", ROOT / "docs" / "run_notebook.py")
run_notebook = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(run_notebook)


@pytest.fixture(scope="module")
def walked(told_url):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WRITETHRU_DATABASE_URL", told_url)
        settings.cache_clear()
        yield run_notebook.run()
    settings.cache_clear()


def test_the_toll_rises_and_is_corrected(walked):
    names, _ = walked
    toll = names["toll"]
    harbour = toll[toll["publisher"] == "Harbour Post"]
    assert harbour["low"].tolist() == [12, 27, 41, 38]
    assert harbour["attribution"].tolist()[-2:] == ["the Interior Ministry", "the Health Ministry"]
    assert len(names["corrections"]) >= 1
    assert names["first"].set_index("kind").loc["killed", "low"] == 12
    assert len(names["changed"]) > 1


def test_every_table_and_the_chart_show_something(walked):
    _, shown = walked
    tables = [value for value in shown if isinstance(value, pd.DataFrame)]
    assert len(tables) == 5
    assert all(len(table) for table in tables)
    (figure,) = (value for value in shown if isinstance(value, Figure))
    assert [text.get_text() for text in figure.axes[0].get_legend().texts] == ["Harbour Post", "The Tarn Courier"]


def test_what_it_showed_is_kept_in_it():
    cells = [cell for cell in json.loads(run_notebook.NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    kinds = [kind for cell in cells for output in cell["outputs"] for kind in output["data"]]
    assert kinds.count("image/png") == 1
    assert kinds.count("text/html") == 5
