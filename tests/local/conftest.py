"""Supervisors that a test starts and that are gone at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.local.state_file import UpState
from tests.local.supervising import Running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    started: list[Running] = []

    def start(steps: str) -> Running:
        started.append(Running(tmp_path / "home", steps))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end()
    UpState.read(tmp_path / "home").end_parts()
