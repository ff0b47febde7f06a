"""The grammar measured on hand-labelled texts, where they are at hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SPEED = ("sentences_per_second", "hostile_worst_milliseconds")
CHECKOUT = Path(__file__).parents[2]


def test_the_benchmark_prints_its_keys_and_holds_its_floors(data_dir: Path) -> None:
    if not (data_dir / "facts-gold").is_dir():
        pytest.skip(f"no facts-gold in {data_dir}")
    command = [sys.executable, "-m", "benchmarks.facts", "--data", str(data_dir / "facts-gold")]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    scores = json.loads(done.stdout)
    assert set(scores) == {"singles", "changes", "calfire", "incidents", *SPEED}
    singles = scores["singles"]
    assert singles["precision"] >= 0.95
    assert singles["recall"] >= 0.88
    assert singles["casualty_precision"] >= 0.98
    assert singles["casualty_recall"] >= 0.92
    assert singles["attribution_precision"] >= 0.97
    assert singles["attribution_recall"] >= 0.85
    assert singles["distractor_rate"] < 0.01
    assert scores["changes"]["accuracy"] >= 0.95
    assert scores["calfire"]["accuracy"] >= 0.97
    assert scores["incidents"]["latest"] >= 0.97
    assert scores["incidents"]["history"] >= 0.97
