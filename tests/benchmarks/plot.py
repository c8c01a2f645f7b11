"""Picture of the growth of cost: both axes are logarithmic, with a line for each measure taken at several sizes."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.benchmarks.measures import Row

_SIZE_PX = (1200, 760)
_LEFT, _TOP, _RIGHT, _BOTTOM = 90, 50, 380, 70
_NAME = re.compile(r"(?P<what>.*), (?P<count>[\d,]+) stories")
_INK, _RULE = "#1f1b16", "#ddd6ca"
_COLOURS = ("#8a1c1c", "#1c5a8a", "#2f7d32", "#9a6a00", "#6a3d9a", "#00796b", "#c2185b", "#455a64", "#b15928")


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a measure at several sizes of library."""

    name: str
    points: tuple[tuple[float, float], ...]
    """Stories and milliseconds, the smallest library first."""
    limit: float | None = None
    is_peer: bool = False

    @property
    def reach(self) -> float:
        """Number of stories that meet the limit, if the last growth between two libraries goes on; infinite without growth."""
        if self.limit is None or len(self.points) < 2:
            return math.inf
        (stories_before, before), (stories, last) = self.points[-2:]
        slope = math.log(last / before) / math.log(stories / stories_before)
        return stories * (self.limit / last) ** (1 / slope) if slope > 0.02 else math.inf


def series_of(rows: Sequence[Row]) -> list[Series]:
    """Return the measures in ms taken at several sizes, and the measures of peers next to them."""
    found: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    limits: dict[str, float | None] = {}
    for row, what, count in _sized(rows):
        found.setdefault((what, False), []).append((count, row.median))
        limits[what] = row.limit
        if row.peer_value is not None:
            found.setdefault((f"{row.peer}: {what}", True), []).append((count, row.peer_value))
    return [
        Series(name, tuple(sorted(set(points))), None if peer else limits[name], peer)
        for (name, peer), points in found.items()
        if len(set(points)) > 1
    ]


def _sized(rows: Sequence[Row]) -> Iterator[tuple[Row, str, int]]:
    for row in rows:
        match = _NAME.fullmatch(row.name)
        if match and row.unit == "ms":
            yield row, match["what"], int(match["count"].replace(",", ""))


def next_limit(series: Sequence[Series]) -> str:
    """Return a sentence with the goal that a growing library misses first, and its size then."""
    first = min((each for each in series if not each.is_peer), key=lambda each: each.reach, default=None)
    if first is None or math.isinf(first.reach):
        return "No measure with a goal grows with the library."
    largest = first.points[-1][0]
    if first.reach <= largest:
        return f"The first goal to be missed: {first.name} (≤ {first.limit:.0f} ms), from about {first.reach:,.0f} stories on."
    return f"The next limit: {first.name} would pass its goal of {first.limit:.0f} ms at about {first.reach:,.0f} stories."


def draw(series: Sequence[Series], path: Path) -> None:
    """Draw the lines into a PNG."""
    image = Image.new("RGB", _SIZE_PX, "#fbf8f2")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(17)
    stories = [count for each in series for count, _ in each.points]
    costs = [ms for each in series for _, ms in each.points]
    across = _Axis(min(stories), max(stories), _LEFT, _SIZE_PX[0] - _RIGHT)
    up = _Axis(min(costs), max(costs), _SIZE_PX[1] - _BOTTOM, _TOP)
    for power in across.powers:
        pen.line([(across(10**power), _TOP), (across(10**power), _SIZE_PX[1] - _BOTTOM)], _RULE)
        pen.text((across(10**power), _SIZE_PX[1] - _BOTTOM + 10), f"{10**power:,}", _INK, font, anchor="ma")
    for power in up.powers:
        pen.line([(_LEFT, up(10**power)), (_SIZE_PX[0] - _RIGHT, up(10**power))], _RULE)
        pen.text((_LEFT - 10, up(10**power)), f"{10**power:g} ms", _INK, font, anchor="rm")
    pen.text((_LEFT, 14), "Median cost by stories in the library (peers dashed)", _INK, font)
    labels = _apart([up(each.points[-1][1]) for each in series])
    for at, each in enumerate(series):
        colour = _COLOURS[at % len(_COLOURS)]
        line = [(across(count), up(ms)) for count, ms in each.points]
        _line(pen, line, colour, dashed=each.is_peer)
        pen.text((_SIZE_PX[0] - _RIGHT + 14, labels[at]), each.name, colour, ImageFont.load_default(14), anchor="lm")
        pen.line([line[-1], (_SIZE_PX[0] - _RIGHT + 10, labels[at])], _RULE)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(32).save(path, optimize=True)


class _Axis:
    """Logarithmic axis along a stretch of pixels."""

    def __init__(self, least: float, most: float, start_px: int, end_px: int) -> None:
        self._low, self._high = math.floor(math.log10(least)), math.ceil(math.log10(most))
        self._start, self._end = start_px, end_px

    def __call__(self, value: float) -> float:
        part = (math.log10(value) - self._low) / max(1, self._high - self._low)
        return self._start + part * (self._end - self._start)

    @property
    def powers(self) -> range:
        return range(self._low, self._high + 1)


def _apart(wanted: Sequence[float], least: float = 18) -> list[float]:
    """Return heights close to `wanted`, but at least `least` pixels apart, so that each label has its own line."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed, last = [0.0] * len(wanted), -math.inf
    for at in order:
        last = placed[at] = max(wanted[at], last + least)
    return placed


def _line(pen: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: str, *, dashed: bool) -> None:
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        steps = max(1, round(math.hypot(x1 - x0, y1 - y0) / 9)) if dashed else 1
        for step in range(0, steps, 2):
            ends = [(x0 + (x1 - x0) * part / steps, y0 + (y1 - y0) * part / steps) for part in (step, min(step + 1, steps))]
            pen.line([ends[0], ends[1]], colour, 3)
    for x, y in points:
        pen.ellipse([x - 4, y - 4, x + 4, y + 4], fill=colour)
