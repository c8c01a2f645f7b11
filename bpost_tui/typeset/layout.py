"""Items to lines: greedy line breaking, over whatever measures the words.

Knows no fonts and no cells: a `Metric` says how wide a text is and how far lines stand apart, in one unit (pixels, dots or cells),
and everything here is in that unit. y runs downwards from the top of the galley.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

from .clusters import ELLIPSIS, clusters, extends
from .galley import Item, Pair, Para, Rule, Run, Runs, Size
from .linebreak import Box, begins_badly, boxes

MARKER_GAP_EM = 0.5
PAIR_GAP_EM = 1.0
BAR_EM = 0.5  # what a bar takes of the indent
BAR_INDENT_EM = 0.75
TOLERANCE = 1e-6
_BEFORE_ELLIPSIS = "।॥,;:-–—…· "

_NUKTA_PAIRS = (("\u09a1\u09bc", "\u09dc"), ("\u09a2\u09bc", "\u09dd"), ("\u09af\u09bc", "\u09df"))
_NEWLINE = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0xFEFF) if code != 0x0A} | {0x09: " "}


class Metric(Protocol):
    """How wide and how far apart things are in one medium."""

    def advance(self, text: str, size: Size, bold: bool) -> float:
        """Return the width of a text that stands on one line."""
        ...

    def across(self, ems: float, size: Size) -> float:
        """Return the width of so many em of white."""
        ...

    def down(self, ems: float, size: Size) -> float:
        """Return the height of so many em of white."""
        ...

    def pitch(self, size: Size) -> float:
        """Return the height of a line."""
        ...

    def rule(self) -> float:
        """Return the height that a rule takes."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or the part of a word in one style, at its place in a line."""

    x: float
    width: float
    run: Run
    """The text and its style."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of type, a rule, or white."""

    item: int
    top: float
    height: float
    size: Size
    pieces: tuple[Piece, ...] = ()
    source: str = ""
    """The text that the line shows, with the spaces that follow it."""
    bar: str | None = None
    """The ink of a bar at the left edge."""
    rule: str | None = None
    """The ink of a rule across the measure."""


@dataclass(frozen=True, slots=True)
class Column:
    """All lines of a galley, from the top."""

    lines: tuple[Line, ...]
    tops: tuple[float, ...]
    """Where each item's first line begins."""

    @property
    def height(self) -> float:
        """Return how high the column is."""
        return self.lines[-1].top + self.lines[-1].height if self.lines else 0.0


def display(text: str) -> str:
    """Return a text as it is set: ড় ঢ় য় composed (fonts and cells take them best), line ends as LF, nothing unseen.

    NFC takes these three letters apart (they are composition exclusions), so most text comes with them in two parts.
    """
    for pair, letter in _NUKTA_PAIRS:
        text = text.replace(pair, letter)
    return _NEWLINE.sub("\n", text).translate(_UNSEEN)


def set_column(items: Sequence[Item], measure: float, metric: Metric) -> Column:
    """Set items one below the other to a measure."""
    lines: list[Line] = []
    tops: list[float] = []
    top = 0.0
    for index, item in enumerate(items):
        size = Size.BODY if isinstance(item, Rule) else item.size
        if lines:
            top += metric.down(item.before, size)
        tops.append(top)
        height = metric.rule() if isinstance(item, Rule) else metric.pitch(size)
        for line in _lines(item, Line(index, 0.0, height, size), measure, metric):
            lines.append(replace(line, top=top))
            top += height
    return Column(tuple(lines), tuple(tops))


def set_width(runs: Runs, size: Size, metric: Metric) -> float:
    """Return the width of runs on one line."""
    return _Setter(runs, size, metric).one_line().width


def _lines(item: Item, blank: Line, measure: float, metric: Metric) -> Iterator[Line]:
    if isinstance(item, Rule):
        yield replace(blank, rule=item.ink)
    elif isinstance(item, Pair):
        yield _pair_line(item, blank, measure, metric)
    else:
        yield from _para_lines(item, blank, measure, metric)


def _para_lines(item: Para, blank: Line, measure: float, metric: Metric) -> Iterator[Line]:
    bar_indent = metric.across(BAR_INDENT_EM, item.size)
    bar = item.bar if measure >= 2 * bar_indent else None
    indent = max(metric.across(item.indent, item.size), bar_indent if bar else 0.0)
    edge = metric.across(BAR_EM, item.size) if bar else 0.0
    marker, indent, first_indent = _hang(item.marker, item.size, min(indent, measure / 2), edge, measure, metric)
    setter = _Setter(item.runs, item.size, metric)
    drafts = setter.lines(measure - indent, measure - first_indent)
    limit = item.max_lines
    if limit is not None and len(drafts) > limit:
        drafts[limit - 1 :] = [setter.shortened(drafts[limit - 1], measure - (indent if limit > 1 else first_indent))]
    for number, draft in enumerate(drafts):
        left = indent if number else first_indent
        slack = max(0.0, measure - left - draft.width)
        x = left + {"start": 0.0, "center": slack / 2, "end": slack}[item.align]
        pieces = _moved(draft.pieces, x)
        yield replace(blank, pieces=pieces if number else marker + pieces, source=draft.source, bar=bar)


def _pair_line(item: Pair, blank: Line, measure: float, metric: Metric) -> Line:
    setter, right_setter = (_Setter(runs, item.size, metric) for runs in (item.left, item.right))
    left, right = setter.one_line(), right_setter.one_line()
    if right.width > measure:
        right = right_setter.shortened(right, measure)
    indent = min(metric.across(item.indent, item.size), measure / 2)
    marker, _, indent = _hang(item.marker, item.size, indent, 0.0, measure, metric)
    room = measure - indent - right.width - (metric.across(PAIR_GAP_EM, item.size) if right.pieces else 0.0)
    if room < 0:
        marker = ()
    if left.width > room:
        left = setter.shortened(left, room)
    pieces = marker + _moved(left.pieces, indent) + _moved(right.pieces, measure - right.width)
    return replace(blank, pieces=pieces, source=f"{left.source.rstrip()}\t{right.source.strip()}".strip())


def _hang(
    marker: Runs, size: Size, indent: float, edge: float, measure: float, metric: Metric
) -> tuple[tuple[Piece, ...], float, float]:
    """Return a marker set flush against the indent, the indent, and that of the first line, which makes way for a wide marker."""
    draft = _Setter(marker, size, metric).one_line()
    gap = metric.across(MARKER_GAP_EM, size)
    x = max(edge, indent - gap - draft.width)
    after = x + draft.width + gap
    if not draft.pieces or after > measure * 0.75:
        return (), indent, indent
    return _moved(draft.pieces, x), indent, max(indent, after)


def _moved(pieces: Sequence[Piece], x: float) -> tuple[Piece, ...]:
    return tuple(Piece(piece.x + x, piece.width, piece.run) for piece in pieces)


# ── one paragraph ───────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Draft:
    """A line being filled, from x = 0."""

    pieces: list[Piece] = field(default_factory=list)
    source: str = ""
    width: float = 0.0
    """Up to the end of the last word."""
    space: float = 0.0
    """White owed before the next word."""

    def add(self, word: _Word, space: float, source: str) -> None:
        x = self.width + self.space
        for run, advance in word.parts:
            self.pieces.append(Piece(x, advance, run))
            x += advance
        if word.parts:
            self.width, self.space = x, space
        else:
            self.space += space
        self.source += source


@dataclass(frozen=True, slots=True)
class _Word:
    """A box's text in its styles, measured."""

    box: Box
    parts: tuple[tuple[Run, float], ...]
    width: float


class _Setter:
    """Breaks one paragraph's runs into lines."""

    def __init__(self, runs: Runs, size: Size, metric: Metric) -> None:
        self._runs = _tidy(runs)
        self._size = size
        self._metric = metric
        self._text = "".join(run.text for run in self._runs)
        self._starts = list(accumulate((len(run.text) for run in self._runs), initial=0))

    def one_line(self) -> _Draft:
        """Return everything on one line, however long."""
        line = _Draft()
        for box in boxes(self._text):
            line.add(self._word(box), self._width(box.end, box.next), self._text[box.start : box.next])
        return line

    def lines(self, measure: float, first_measure: float) -> list[_Draft]:
        """Return at least one line; a word wider than the measure is parted between clusters."""
        done: list[_Draft] = []
        line = _Draft()
        ended = False
        for word in self._words(min(measure, first_measure)):
            room = (measure if done else first_measure) + TOLERANCE
            if ended or (line.pieces and word.parts and line.width + line.space + word.width > room):
                done.append(line)
                line = _Draft()
                room = measure + TOLERANCE
            if not line.pieces:
                line.space = max(0.0, min(line.space, room - word.width))
            box = word.box
            line.add(word, self._width(box.end, box.next), self._text[box.start : box.next])
            ended = box.hard
        return [*done, line]

    def shortened(self, line: _Draft, measure: float) -> _Draft:
        """Return a line that ends in an ellipsis, after its last word that leaves room for one."""
        for count in range(len(line.pieces), 0, -1):
            last = line.pieces[count - 1]
            ended = self._ended(last, last.run.text.rstrip(_BEFORE_ELLIPSIS))
            if ended.x + ended.width <= measure + TOLERANCE:
                return _Draft([*line.pieces[: count - 1], ended], line.source, ended.x + ended.width)
        parts = clusters(line.pieces[0].run.text) if line.pieces else []
        while parts:
            parts.pop()
            ended = self._ended(line.pieces[0], "".join(parts))
            if ended.x + ended.width <= measure + TOLERANCE:
                return _Draft([ended], line.source, ended.x + ended.width)
        return _Draft(source=line.source)

    def _ended(self, piece: Piece, text: str) -> Piece:
        run = replace(piece.run, text=text + ELLIPSIS)
        return Piece(piece.x, self._metric.advance(run.text, self._size, run.bold), run)

    def _words(self, room: float) -> Iterator[_Word]:
        """Yield the boxes measured, those wider than a line cut between clusters into parts that fit."""
        for box in boxes(self._text):
            word = self._word(box)
            if word.width <= room + TOLERANCE:
                yield word
                continue
            yield from map(self._word, self._parted(box, room))

    def _parted(self, box: Box, room: float) -> Iterator[Box]:
        start = previous = end = box.start
        for cluster in clusters(self._text[box.start : box.end]):
            if end > start and self._width(start, end + len(cluster)) > room + TOLERANCE:
                cut = previous if begins_badly(cluster) and previous > start else end
                yield Box(start, cut, cut)
                start = cut
            previous = end
            end += len(cluster)
        yield Box(start, end, box.next, box.hard)

    def _word(self, box: Box) -> _Word:
        parts = tuple(self._parts(box.start, box.end))
        return _Word(box, parts, sum(advance for _, advance in parts))

    def _width(self, start: int, end: int) -> float:
        return sum(advance for _, advance in self._parts(start, end))

    def _parts(self, start: int, end: int) -> Iterator[tuple[Run, float]]:
        """Yield a stretch of the text cut where its style changes, with the width of each part."""
        number = bisect_right(self._starts, start) - 1
        while start < end:
            run = self._runs[number]
            stop = min(end, self._starts[number + 1])
            text = self._text[start:stop]
            yield replace(run, text=text), self._metric.advance(text, self._size, run.bold)
            start = stop
            number += 1


def _tidy(runs: Runs) -> list[Run]:
    """Return runs as they are set; marks that a style change has torn from their letter go back to it."""
    tidy: list[Run] = []
    for run in runs:
        text = run.text
        if tidy:
            torn = next((at for at, char in enumerate(text) if not extends(char)), len(text))
            tidy[-1] = replace(tidy[-1], text=tidy[-1].text + text[:torn])
            text = text[torn:]
        if text:
            tidy.append(replace(run, text=text))
    return [replace(run, text=display(run.text)) for run in tidy]
