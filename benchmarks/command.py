"""The command line that the benchmarks share: `--data DIR` in, progress on standard error, one JSON object out."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from pipeline.config import CHECKOUT_DIR


class DataMissingError(Exception):
    """The data that a benchmark measures on is not there."""


def default_data() -> Path:
    """Return the folder of shared data: WRITETHRU_DATA_DIR, else `../shared/data` beside the checkout."""
    return Path(os.environ.get("WRITETHRU_DATA_DIR", CHECKOUT_DIR.parent / "shared" / "data"))


def data_set(data: Path, name: str, *, holding: str) -> Path:
    """Return the folder of the data set `name`: inside `data`, or `data` itself where that is a set of this format.

    `holding` is a pattern of the files that tell a set of the format. Raises `DataMissingError` where there is none.
    """
    for folder in (data / name, data):
        if any(folder.glob(holding)):
            return folder
    raise DataMissingError(f"no {holding} in {data / name}, nor in {data} itself")


def parser(documentation: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows `--data`; a benchmark adds its own options."""
    made = argparse.ArgumentParser(description=documentation, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument(
        "--data", type=Path, default=default_data(), metavar="DIR", help="folder of shared data, or the one set itself"
    )
    return made


def main(run: Callable[[Path], dict[str, object]], documentation: str | None) -> None:
    """Run one benchmark on the folder that the command line names, and print what was measured."""
    asked = parser(documentation).parse_args()
    try:
        show(run(asked.data))
    except DataMissingError as error:
        sys.exit(f"{error}: give its folder with --data, or set WRITETHRU_DATA_DIR")


def show(result: dict[str, object]) -> None:
    """Print what was measured."""
    print(json.dumps(result, indent=2, ensure_ascii=False))


def only_warnings() -> None:
    """Keep the steps' own reports off standard output, which is for the result."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger("warning"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def progress(message: str) -> None:
    """Say how far a long measurement is."""
    print(message, file=sys.stderr, flush=True)
