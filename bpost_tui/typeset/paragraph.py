"""One paragraph's runs to lines: greedy, ragged right, each run measured in its own style."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from bpost_tui.bengali.letters import composed
from bpost_tui.text.graphemes import ELLIPSIS, clusters, extends
from bpost_tui.typeset.items import Run, Size
from bpost_tui.typeset.linebreak import Box, begins_badly, boxes
from bpost_tui.typeset.protocols import Metric

TOLERANCE = 1e-6
"""The rounding error that sums of widths may have."""

_HALVINGS = 7
"""Of half a measure, after which less than a hundredth is left."""
_BEFORE_ELLIPSIS = "।॥,;:-–—…· "  # an ellipsis takes the place of these
_NEWLINE = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0xFEFF) if code != 0x0A} | {0x09: " "}


def prepare_text(text: str) -> str:
    """Return a text ready for setting: ড় ঢ় য় composed, line ends as LF, invisible characters removed."""
    return _NEWLINE.sub("\n", composed(text)).translate(_UNSEEN)


class Piece(NamedTuple):
    """A word, or the part of a word in one style, at its place in a line."""

    x: float
    width: float
    run: Run
    """The text and its style."""


@dataclass(slots=True)
class DraftLine:
    """A line being filled, from x = 0."""

    pieces: list[Piece] = field(default_factory=list)
    source: str = ""
    """The text it shows, with the spaces that follow it."""
    width: float = 0.0
    """Up to the end of the last word."""
    space: float = 0.0
    """White before the next word, if there is one."""

    def add(self, word: _Word, space: float) -> None:
        """Put a word at the end, and remember the white after it."""
        x = self.width + self.space
        for run, advance in word.parts:
            self.pieces.append(Piece(x, advance, run))
            x += advance
        if word.parts:
            self.width, self.space = x, space
        else:
            self.space += space
        self.source += word.source


class _Word(NamedTuple):
    """A box, its text in its styles, and their widths."""

    box: Box
    source: str
    parts: Sequence[tuple[Run, float]]
    width: float


class ParagraphSetter:
    """Breaks one paragraph into lines."""

    def __init__(self, runs: Sequence[Run], size: Size, metric: Metric) -> None:
        self._runs = _tidy(runs)
        self._size = size
        self._metric = metric
        self._text = "".join(run.text for run in self._runs)
        self._starts = list(accumulate((len(run.text) for run in self._runs), initial=0))

    def one_line(self) -> DraftLine:
        """Return everything on one line, however long."""
        line = DraftLine()
        for box in boxes(self._text):
            line.add(self._word(box), self._space(box))
        return line

    def extents(self) -> tuple[float, float]:
        """Return the width of its widest line, if only its own line ends break it, and that of its widest word."""
        words = (self._word(box).width for box in boxes(self._text))
        return max(line.width for line in self.lines(math.inf, math.inf)), max(words, default=0.0)

    def lines(self, measure: float, first_measure: float) -> list[DraftLine]:
        """Return at least one line; a word wider than the measure is broken between clusters."""
        done: list[DraftLine] = []
        line = DraftLine()
        ended = False
        for word in self._words(min(measure, first_measure)):
            room = (measure if done else first_measure) + TOLERANCE
            if ended or (line.pieces and word.parts and line.width + line.space + word.width > room):
                done.append(line)
                line = DraftLine()
                room = measure + TOLERANCE
            if not line.pieces:
                line.space = max(0.0, min(line.space, room - TOLERANCE - word.width))
            line.add(word, self._space(word.box))
            ended = word.box.hard
        return [*done, line]

    def balanced(self, lines: list[DraftLine], measure: float) -> list[DraftLine]:
        """Return lines as few as these, each about as wide as the others: the narrowest measure that takes no line more."""
        if len(lines) < 2 or "\n" in self._text:
            return lines
        low, high = measure / 2, measure
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            narrower = self.lines(middle, middle)
            if len(narrower) > len(lines):
                low = middle
            else:
                lines, high = narrower, middle
        return lines

    def shortened(self, line: DraftLine, measure: float) -> DraftLine:
        """Return a line cut to end in an ellipsis: after the last word that leaves room for it, or within the first word."""
        for count in range(len(line.pieces), 0, -1):
            last = line.pieces[count - 1]
            ended = self._ended(last, last.run.text.rstrip(_BEFORE_ELLIPSIS))
            if ended.x + ended.width <= measure + TOLERANCE:
                return DraftLine([*line.pieces[: count - 1], ended], line.source, ended.x + ended.width)
        parts = clusters(line.pieces[0].run.text) if line.pieces else []
        while parts:
            parts.pop()
            ended = self._ended(line.pieces[0], "".join(parts))
            if ended.x + ended.width <= measure + TOLERANCE:
                return DraftLine([ended], line.source, ended.x + ended.width)
        return DraftLine(source=line.source)

    def _ended(self, piece: Piece, text: str) -> Piece:
        run = piece.run._replace(text=text + ELLIPSIS)
        return Piece(piece.x, self._metric.advance(run.text, self._size, run.bold), run)

    def _words(self, room: float) -> Iterator[_Word]:
        """Yield the boxes with their widths; those wider than a line in parts that fit."""
        for box in boxes(self._text):
            word = self._word(box)
            if word.width <= room + TOLERANCE:
                yield word
            else:
                yield from self._broken(box, room)

    def _broken(self, box: Box, room: float) -> Iterator[_Word]:
        """Yield a box broken between clusters into parts that fit; a part that is still too wide is one cluster."""
        offsets = list(accumulate(map(len, clusters(self._text[box.start : box.end])), initial=box.start))
        first, last = 0, len(offsets) - 1
        while first < last:
            end = self._fitting(offsets, first, room)
            if first + 1 < end < last and begins_badly(self._text[offsets[end]]):
                end -= 1
            start, stop = offsets[first], offsets[end]
            yield self._word(Box(start, stop, box.next, box.hard) if end == last else Box(start, stop, stop))
            first = end

    def _fitting(self, offsets: Sequence[int], first: int, room: float) -> int:
        """Return the index of the last offset up to which the text from `first` fits; at least the next one."""
        end = first + 1
        width = self._width(offsets[first], offsets[end])
        while end + 1 < len(offsets) and (width := width + self._width(offsets[end], offsets[end + 1])) <= room + TOLERANCE:
            end += 1
        while (
            end > first + 1 and self._width(offsets[first], offsets[end]) > room + TOLERANCE
        ):  # wider than the sum of its clusters
            end -= 1
        return end

    def _width(self, start: int, end: int) -> float:
        return self._word(Box(start, end, end)).width

    def _word(self, box: Box) -> _Word:
        """Return a box with its widths, cut where its style changes."""
        parts: list[tuple[Run, float]] = []
        start, total = box.start, 0.0
        number = bisect_right(self._starts, start) - 1
        while start < box.end:
            run = self._runs[number]
            stop = min(box.end, self._starts[number + 1])
            text = self._text[start:stop]
            width = self._metric.advance(text, self._size, run.bold)
            parts.append((run._replace(text=text), width))
            total += width
            start = stop
            number += 1
        return _Word(box, self._text[box.start : box.next], parts, total)

    def _space(self, box: Box) -> float:
        """Return the width of the spaces after a box, in the style of the first of them."""
        if box.end == box.next:
            return 0.0
        run = self._runs[bisect_right(self._starts, box.end) - 1]
        return self._metric.advance(self._text[box.end : box.next].rstrip("\n"), self._size, run.bold)


def _tidy(runs: Sequence[Run]) -> list[Run]:
    """Return runs as they are set; marks that a style change has separated from their letter rejoin it."""
    tidy: list[Run] = []
    for run in runs:
        text = run.text
        if tidy:
            torn = next((at for at, char in enumerate(text) if not extends(char)), len(text))
            tidy[-1] = tidy[-1]._replace(text=tidy[-1].text + text[:torn])
            text = text[torn:]
        if text:
            tidy.append(run._replace(text=text))
    shown = [run._replace(text=prepare_text(run.text)) for run in tidy]
    return [run for run in shown if run.text]
