"""Comparing what was measured with the committed baseline.

Quality may not fall below its baseline by more than the rule's tolerance. Of speed only ratios are compared, since they
are taken against something else on the same machine in the same run; absolute figures are for the reader.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class Verdict(StrEnum):
    """How a figure stands beside its baseline."""

    BETTER = "better"
    SAME = "as before"
    WORSE = "worse"
    GONE = "gone"
    NEW = "new"

    @property
    def is_regression(self) -> bool:
        """Whether `make bench` fails over it."""
        return self in {Verdict.WORSE, Verdict.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How the figures of some keys are compared; `tolerance` is a share of the baseline where `relative`."""

    keys: tuple[str, ...]
    higher_is_better: bool
    tolerance: float = 0.0
    relative: bool = False

    def judge(self, before: float, now: float) -> Verdict:
        """Return the verdict on one figure."""
        slack = self.tolerance * (abs(before) if self.relative else 1.0)
        gain = now - before if self.higher_is_better else before - now
        if gain < -slack - 1e-9:
            return Verdict.WORSE
        return Verdict.BETTER if gain > slack + 1e-9 else Verdict.SAME


# Keys that no rule names are reported only.
RULES = (
    # 0.002: another release of a library, or another platform, may read a page or two otherwise.
    Rule(
        keys=("*precision", "*recall", "*_f1", "*accuracy", "*_exact", "captured_share"),
        higher_is_better=True,
        tolerance=0.002,
    ),
    Rule(keys=("distractor_rate",), higher_is_better=False, tolerance=0.002),
    Rule(keys=("found",), higher_is_better=True),
    Rule(keys=("false", "pages_below_070"), higher_is_better=False),
    Rule(
        keys=("mean_latency_minutes", "p90_latency_minutes", "ratio_to_newsdiffs_latency", "fetches_per_story"),
        higher_is_better=False,
        tolerance=0.02,
        relative=True,
    ),
    # 15 %: what remains of the noise of a busy machine when both sides run in turns.
    Rule(keys=("ratio_to_*",), higher_is_better=True, tolerance=0.15, relative=True),
    Rule(keys=("memory_growth",), higher_is_better=False, tolerance=0.15, relative=True),
    Rule(keys=("bytes_per_version",), higher_is_better=False, tolerance=0.05, relative=True),
    Rule(keys=("*_page_bytes", "static_bytes"), higher_is_better=False, tolerance=0.2, relative=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure beside its baseline. `verdict` is none where the figure is only reported."""

    key: str
    before: float | None
    now: float | None
    verdict: Verdict | None


def compare(before: Mapping[str, object], now: Mapping[str, object]) -> tuple[Line, ...]:
    """Return every figure of two results, in the order of the newer one, then those that are gone."""
    old, new = dict(figures(before)), dict(figures(now))
    return tuple(
        Line(key=key, before=old.get(key), now=new.get(key), verdict=_verdict(key, old.get(key), new.get(key)))
        for key in dict.fromkeys([*new, *old])
    )


def _verdict(key: str, before: float | None, now: float | None) -> Verdict | None:
    name = key.rpartition(".")[2]
    rule = next((rule for rule in RULES if any(fnmatchcase(name, one) for one in rule.keys)), None)
    if rule is None:
        return None
    if before is None:
        return Verdict.NEW
    return Verdict.GONE if now is None else rule.judge(before, now)


def figures(result: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers of a result by dotted key; a list of names counts as its length.

    This is what a baseline holds: the figures, and no name of a page they were measured on.
    """
    for key, value in result.items():
        if isinstance(value, Mapping):
            yield from figures(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", float(len(value))
        elif isinstance(value, int | float):
            yield f"{prefix}{key}", float(value)
