"""Run the benchmarks and compare them with the committed baselines: `python -m benchmarks [NAME ...]`.

Each benchmark runs in a process of its own and prints one JSON object. Exits 1 if one fails or has become worse.
`--write-baseline` takes what was measured as the new baseline. Benchmarks whose data is absent are skipped.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.command import parser, progress
from benchmarks.comparison import Line, Verdict, compare, figures

BASELINES = Path(__file__).parent / "baselines"

# The data sets that each one measures on; one of them is enough. None: it makes its own.
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "extraction": ("fundus-pages", "scrapinghub-article-benchmark"),
    "alignment": ("wikipedia-current-events", "newsedits-notebook-pairs"),
    "reverts": ("bbc-homepage-headlines",),
    "facts": ("facts-gold",),
    "schedule": ("traces",),
    "throughput": ("fundus-pages",),
    "polling": (),
    "queries": (),
    "pages": (),
}


def main() -> int:
    """Run what was asked for; return the exit status."""
    arguments = parser(__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    arguments.add_argument("--write-baseline", action="store_true", help="take what is measured as the new baseline")
    asked = arguments.parse_args()
    unknown = sorted(set(asked.names) - set(BENCHMARKS))
    if unknown:
        arguments.error(f"there is no benchmark {', '.join(unknown)}")
    tables: list[Table] = []
    failed = False
    for name in asked.names or BENCHMARKS:
        if (why := _cannot_run(name, asked.data)) is not None:
            progress(f"{name}: skipped, {why}")
            continue
        result = _measure(name, asked.data)
        if result is None:
            failed = True
            continue
        lines = compare(_baseline(name), result)
        failed |= any(line.verdict is not None and line.verdict.is_regression for line in lines)
        tables.append(_table(name, lines))
        if asked.write_baseline:
            BASELINES.mkdir(exist_ok=True)
            path = BASELINES / f"{name}.json"
            path.write_text(json.dumps(dict(figures(result)), indent=2) + "\n", encoding="utf-8")
            progress(f"{name}: wrote {path}")
    out = Console()
    for table in tables:
        out.print(table)
    return 1 if failed and not asked.write_baseline else 0


def _cannot_run(name: str, data: Path) -> str | None:
    sets = BENCHMARKS[name]
    if sets and not any((data / one).is_dir() for one in sets):
        return f"there is no {' or '.join(sets)} in {data} (set WRITETHRU_DATA_DIR)"
    return None


def _measure(name: str, data: Path) -> dict[str, Any] | None:
    progress(f"{name}: running")
    begun = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.{name}", "--data", str(data)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        progress(f"{name}: failed with exit status {ended.returncode}")
        return None
    progress(f"{name}: done in {time.monotonic() - begun:.0f} s")
    result: dict[str, Any] = json.loads(ended.stdout)
    print(json.dumps({"benchmark": name, **result}, ensure_ascii=False), flush=True)
    return result


def _baseline(name: str) -> dict[str, Any]:
    path = BASELINES / f"{name}.json"
    if not path.exists():
        return {}
    baseline: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return baseline


def _table(name: str, lines: tuple[Line, ...]) -> Table:
    styles = {Verdict.WORSE: "bold red", Verdict.GONE: "bold red", Verdict.BETTER: "green"}
    table = Table(title=name, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for title in ("figure", "baseline", "now", "verdict"):
        table.add_column(title, justify="right" if title in {"baseline", "now"} else "left")
    for line in lines:
        verdict = line.verdict.value if line.verdict else ""
        style = styles.get(line.verdict) if line.verdict else "dim"
        table.add_row(line.key, _number(line.before), _number(line.now), verdict, style=style)
    return table


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.4g}"


if __name__ == "__main__":
    sys.exit(main())
