"""When `make bench` fails, and when it does not."""

import pytest

from benchmarks.comparison import Verdict, compare


def verdict(before: dict[str, object], now: dict[str, object]) -> Verdict | None:
    """Return the verdict on the only figure of two results."""
    (line,) = compare(before, now)
    return line.verdict


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param({"body_f1": 0.96}, {"body_f1": 0.95}, Verdict.WORSE, id="quality fell"),
        pytest.param({"body_f1": 0.96}, {"body_f1": 0.959}, Verdict.SAME, id="within the tolerance"),
        pytest.param({"body_f1": 0.96}, {"body_f1": 0.97}, Verdict.BETTER, id="quality rose"),
        pytest.param({"false": 0}, {"false": 1}, Verdict.WORSE, id="one false revert is one too many"),
        pytest.param({"found": 10}, {"found": 9}, Verdict.WORSE, id="one revert missed"),
        pytest.param({"distractor_rate": 0.0}, {"distractor_rate": 0.01}, Verdict.WORSE, id="lower is better"),
        pytest.param({"ratio_to_trafilatura": 0.8}, {"ratio_to_trafilatura": 0.7}, Verdict.SAME, id="noise of a ratio"),
        pytest.param({"ratio_to_trafilatura": 0.8}, {"ratio_to_trafilatura": 0.6}, Verdict.WORSE, id="a slower ratio"),
        pytest.param({"pages_per_second": 50.0}, {"pages_per_second": 5.0}, None, id="absolute speed is only told"),
        pytest.param({"pages_below_070": []}, {"pages_below_070": ["a"]}, Verdict.WORSE, id="a list counts its names"),
        pytest.param({"singles": {"recall": 0.9}}, {"singles": {"recall": 0.8}}, Verdict.WORSE, id="nested figures"),
        pytest.param({"recall": 0.9}, {}, Verdict.GONE, id="a figure that is gone"),
        pytest.param({}, {"recall": 0.9}, Verdict.NEW, id="a figure that is new"),
        pytest.param({"nu": {"newsdiffs_mean_latency_minutes": 1}}, {"nu": {}}, None, id="the other side's figures"),
    ],
)
def test_a_figure_beside_its_baseline(
    before: dict[str, object], now: dict[str, object], expected: Verdict | None
) -> None:
    assert verdict(before, now) is expected


def test_only_worse_and_gone_are_regressions() -> None:
    assert {one for one in Verdict if one.is_regression} == {Verdict.WORSE, Verdict.GONE}


def test_every_figure_is_told_with_its_dotted_name() -> None:
    lines = compare({"old": 1}, {"pages": 3, "hard": {"recall": 0.5}, "name": "not a figure"})
    assert [(line.key, line.before, line.now) for line in lines] == [
        ("pages", None, 3.0),
        ("hard.recall", None, 0.5),
        ("old", 1.0, None),
    ]
