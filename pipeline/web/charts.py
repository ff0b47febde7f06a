"""Charts as SVG in the page: drawn on the server, without a script and without a style of their own.

Written here and not by a library: the strict Content-Security-Policy allows no `<style>` in a drawing, and a library's
drawing has one. Colours and line styles are classes of `static/style.css`; lines differ in their dashes, too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import floor, log10

from markupsafe import Markup

from pipeline.web.questions import FactValue
from pipeline.web.words import fact_text, moment_text, number_text

LINES_MOST = 5
POINTS_MOST = 80  #: links of a chart, to the newest values of each line
QUIET_SHARE = 0.2
WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 26
SPARK_WIDTH, SPARK_HEIGHT = 96, 20


def sparkline(counts: Sequence[int]) -> Markup:
    """Return bars of how often something happened, the oldest on the left."""
    most = max(counts, default=0)
    if not most:
        return Markup("")
    step = SPARK_WIDTH / len(counts)
    bars = Markup("").join(
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            number * step, SPARK_HEIGHT - height, step - 1, height
        )
        for number, count in enumerate(counts)
        for height in [max(2, count / most * SPARK_HEIGHT)]
        if count
    )
    base = Markup('<rect class="base" y="{}" width="{}" height="1"/>').format(SPARK_HEIGHT - 1, SPARK_WIDTH)
    return Markup('<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        SPARK_WIDTH, SPARK_HEIGHT, f"{sum(counts)} versions over its life", base + bars
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one article said of one fact, in the order of time."""

    publisher: str
    values: Sequence[FactValue]


def step_chart(lines: Sequence[Line], *, until: datetime, name: str, address: Callable[[FactValue], str]) -> Markup:
    """Return a step chart: a value holds until the next. Changes, the newest at least, are links to their `address`."""
    shown = lines[:LINES_MOST]
    links = POINTS_MOST // len(shown)
    numbers = [_height(value) for line in shown for value in line.values]
    begin = min(value.since for line in shown for value in line.values)
    last = max(value.since for line in shown for value in line.values)
    # What has stood for long must not press what happened before into the first inch.
    end = max(min(until, last + (last - begin) * QUIET_SHARE), last)
    plot = _Plot(begin, end, 0.0 if min(numbers) >= 0 else float(min(numbers)), float(max(numbers)))
    drawn = [plot.line(line, number, address, links=links) for number, line in enumerate(shown, 1)]
    body = Markup("").join([plot.axes(), *drawn])
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>').format(
        WIDTH, HEIGHT, f"How {name} changed over time", body
    )


def has_course(values: Sequence[FactValue]) -> bool:
    """Tell whether there is something to draw: two values that differ, both with a number."""
    return len({_height(value) for value in values if _is_number(value)}) > 1


def drawable(values: Sequence[FactValue]) -> list[FactValue]:
    """Return the values that have a number."""
    return [value for value in values if _is_number(value)]


def _is_number(value: FactValue) -> bool:
    return value.low is not None or value.high is not None


def _height(value: FactValue) -> Decimal:
    """Return where a value stands: its lower bound, which is what is known for certain."""
    return value.low if value.low is not None else value.high or Decimal(0)


class _Plot:
    """Times and numbers as places in the drawing."""

    def __init__(self, begin: datetime, end: datetime, low: float, high: float) -> None:
        self.begin, self.end = begin, end
        self.low = low
        self.step = _round_step((high - low) or 1.0)
        self.high = low + self.step * max(1, -(-(high - low) // self.step))

    def x(self, at: datetime) -> float:
        whole = (self.end - self.begin).total_seconds() or 1.0
        share = min(1.0, max(0.0, (at - self.begin).total_seconds() / whole))
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, number: Decimal | float) -> float:
        share = (float(number) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def axes(self) -> Markup:
        parts = []
        for number in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + number * self.step
            parts.append(
                Markup('<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
                    LEFT, WIDTH - RIGHT, self.y(value), self.y(value)
                )
                + Markup('<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(
                    LEFT - 6, self.y(value) + 4, _short(value)
                )
            )
        in_a_minute = moment_text(self.begin) == moment_text(self.end)
        for x, anchor, at in ((LEFT, "start", self.begin), (WIDTH - RIGHT, "end", self.end)):
            parts.append(
                Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                    x, HEIGHT - 8, anchor, f"{at:%H:%M:%S}" if in_a_minute else moment_text(at)
                )
            )
        return Markup("").join(parts)

    def line(self, line: Line, number: int, address: Callable[[FactValue], str], *, links: int) -> Markup:
        """Return the whole line, of whose points the newest are links, so many at the most."""
        path, points, at_end = [], [], 0.0
        for place, value in enumerate(line.values):
            x, y = self.x(value.since), self.y(_height(value))
            follows = place and line.values[place - 1].until == value.since
            path.append(f"H{x:.1f}V{y:.1f}" if follows else f"M{x:.1f} {y:.1f}")
            at_end = self.x(value.until or self.end)
            path.append(f"H{at_end:.1f}")
            if place < len(line.values) - links:
                continue
            label = f"{fact_text(value)}, {line.publisher}, {moment_text(value.since)} UTC"
            points.append(
                Markup(
                    '<a href="{}"><title>{}</title><circle class="point" cx="{:.1f}" cy="{:.1f}" r="4"/></a>'
                ).format(address(value), f"As of {label}", x, y)
            )
        return Markup('<g class="series series-{}"><path d="{}"/>{}</g>').format(
            number, "".join(path), Markup("").join(points)
        )


def _round_step(span: float) -> float:
    """Return a distance between grid lines of 1, 2 or 5 times a power of ten that gives 2 to 5 of them."""
    rough = span / 4
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)


def _short(value: float) -> str:
    for size, mark in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if mark == 'k' else size):g}{mark}"
    return number_text(round(value, 6))
