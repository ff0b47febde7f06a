"""Run `examples/story.ipynb` from top to bottom, and with `--write` keep what its cells show in it.

    make demo                                    # in another terminal, for some ten minutes
    .venv/bin/python docs/run_notebook.py --write

A cell shows its last expression, as notebooks do: a table or a picture. No Jupyter is needed for that.
"""

import argparse
import ast
import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

NOTEBOOK = Path(__file__).parent.parent / "examples" / "story.ipynb"


def run(path: Path = NOTEBOOK) -> tuple[dict[str, Any], list[object]]:
    """Return the names that the notebook leaves behind, and what each of its code cells shows."""
    mpl.use("Agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    return names, [_shown(source, names) for source in _code(path)]


def _code(path: Path) -> Iterator[str]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _shown(source: str, names: dict[str, Any]) -> object:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(NOTEBOOK), "exec"), names)  # noqa: S102 - a file of this project, as a notebook runs it
    return None if last is None else eval(compile(ast.Expression(last.value), str(NOTEBOOK), "eval"), names)  # noqa: S307


def write(path: Path, shown: list[object]) -> None:
    """Put what each code cell shows below it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, (cell, value) in enumerate(zip(cells, shown, strict=True), start=1):
        cell["execution_count"] = number
        cell["outputs"] = [] if value is None else [_output(value, number)]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _output(value: object, number: int) -> dict[str, object]:
    data: dict[str, object] = {"text/plain": [repr(value)]}
    if isinstance(value, pd.DataFrame):
        data = {"text/html": value.to_html(border=0, justify="left"), "text/plain": str(value)}
    elif isinstance(value, Figure):
        picture = io.BytesIO()
        value.savefig(picture, format="png", dpi=80)
        data = {"image/png": base64.b64encode(picture.getvalue()).decode(), "text/plain": [repr(value)]}
    return {"output_type": "execute_result", "execution_count": number, "data": data, "metadata": {}}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="keep what the cells show in the notebook")
    keep = arguments.parse_args().write
    _, found = run()
    if keep:
        write(NOTEBOOK, found)
