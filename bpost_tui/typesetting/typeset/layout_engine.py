"""Layout of items (paragraphs …) as lines, one below the other. It knows neither fonts nor cells: a `Metric` measures all text.

The vertical coordinate y grows downwards from the galley's top.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from bpost_tui.typesetting.text.curly_quotes import curl_quotes
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Figure, Item, Pair, Para, Rule, Run, Runs, Size
from bpost_tui.typesetting.typeset.paragraph_setter import LinePiece, ParagraphSetter
from bpost_tui.typesetting.typeset.protocols import Metric

MARKER_GAP_EM = 0.5
PAIR_GAP_EM = 1.0
BAR_EM = 0.5
"""Width, in em (the font size), reserved within the indent for a vertical bar at the edge of a paragraph."""
BAR_INDENT_EM = 0.75
CAPTION_GAP_EM = 0.4
_WRAPPED = (Run("»", "faded"),)
"""Marker before a continuation line, if a line of code is too wide and has to be broken."""
_MAX_MARKER = 0.75  # maximum share of the measure; a wider marker is left out
_MAX_ITEMS = 128  # cached: the items of a few stories, 2 MB


class PicturePlace(NamedTuple):
    """Picture of a page, and the number of columns and rows of cells that it takes."""

    figure: Figure
    cols: int
    rows: int


class LayoutLine(NamedTuple):
    """Line of the layout: a line of type, a rule (thin line), or a picture."""

    top: float
    height: float
    size: Size
    pieces: tuple[LinePiece, ...] = ()
    source: str = ""
    """Source text of the line, with the spaces after it."""
    bar: str | None = None
    """Colour name of a vertical bar at the edge where the line starts (left, or right for right-to-left text), or None."""
    is_rtl: bool = False
    """Whether the line is read from right to left, and so starts at the right edge."""
    lift: int = 0
    """Additional distance from the line's top to its baseline, in the medium's unit (pixels, dots or cells).

    It makes room for a letter that is taller than lines of this size allow.
    """
    rule: str | None = None
    """Colour name of a rule (thin line) across the column, or None."""
    is_hairline: bool = False
    """Whether the rule (thin line) is at the lower edge of the galley (column of lines)."""
    picture: PicturePlace | None = None
    """Picture that takes the place of type in this line, or None. It starts at the top of a row of cells."""


class LayoutColumn(NamedTuple):
    """Items (paragraphs, pictures …) laid out one below the other: the lines of all items, from the top down."""

    lines: tuple[LayoutLine, ...]
    tops: tuple[float, ...]
    """Distance from the column's top to the first line of each item (paragraph …), in the medium's unit (pixels, dots or cells)."""

    @property
    def height(self) -> float:
        """Height of the column, from its top to the end of its last line, in the medium's unit (pixels, dots or cells)."""
        return self.lines[-1].top + self.lines[-1].height if self.lines else 0.0


_BALANCED = frozenset({Size.HEADLINE, Size.LOW_HEADLINE, Size.SUBHEAD})
"""Sizes of headings. Their lines are broken so that all lines of a heading are about equally wide."""
_HEADED = frozenset({Size.ROW, Size.LIST})
"""Sizes of pairs (two texts on one line) whose left text may be a headline. Right-to-left headlines start at the right edge."""


class LayoutEngine:
    """Layout engine for one `Metric` (measurements of text in pixels, dots or cells).

    It caches the items (paragraphs …) laid out most recently, so that a page can be prepared item by item in advance.
    """

    def __init__(self, metric: Metric) -> None:
        self._metric = metric
        self._cached_lines = lru_cache(maxsize=_MAX_ITEMS, typed=True)(self._set)
        self._cached_width = lru_cache(maxsize=_MAX_ITEMS)(self._measure)

    def lines(self, item: Item, measure: float) -> tuple[LayoutLine, ...]:
        """Return the lines of an item (paragraph …) in a column `measure` wide, without the white space above the item."""
        return self._cached_lines(item, measure)

    def width(self, runs: Runs, size: Size) -> float:
        """Return the width of `runs` (stretches of text in one style) on one line, in pixels, dots or cells."""
        return self._cached_width(runs, size)

    def column(self, items: Sequence[Item], measure: float) -> LayoutColumn:
        """Lay out items (paragraphs …) one below the other in a column `measure` wide."""
        metric = self._metric
        lines: list[LayoutLine] = []
        tops: list[float] = []
        top = 0.0
        for item in items:
            if lines:
                top += metric.down(item.before, size_of(item))
            if isinstance(item, Figure):
                top = self._next_row(top)
            tops.append(top)
            for line in self.lines(item, measure):
                lines.append(line._replace(top=top))
                top += line.height
            if isinstance(item, Figure) or (isinstance(item, Para) and item.is_picture_label):
                top = self._next_row(top)
        return LayoutColumn(tuple(lines), tuple(tops))

    def _next_row(self, top: float) -> float:
        """Return the top of the first row of cells that begins at `top` or below."""
        return math.ceil(top / self._metric.row()) * self._metric.row()

    def _set(self, item: Item, measure: float) -> tuple[LayoutLine, ...]:
        height = self._metric.row() if isinstance(item, Rule) else self._metric.pitch(item.size)
        lines = _lines(item, LayoutLine(0.0, height, size_of(item)), measure, self._metric)
        return tuple(map(self._with_overhang, lines))

    def _with_overhang(self, line: LayoutLine) -> LayoutLine:
        above, below = self._metric.overhang(line.source, [piece.run for piece in line.pieces], line.size)
        return line._replace(height=line.height + above + below, lift=above) if above or below else line

    def _measure(self, runs: Runs, size: Size) -> float:
        return ParagraphSetter(runs, size, self._metric).one_line().width


def size_of(item: Item) -> Size:
    """Return the size of type of an item (paragraph, picture's caption …)."""
    return Size.BODY if isinstance(item, Rule) else item.size


def _lines(item: Item, blank: LayoutLine, measure: float, metric: Metric) -> Iterator[LayoutLine]:
    if isinstance(item, Rule):
        height = 1.0 if item.is_hairline else blank.height
        if item.ink or item.is_hairline:
            yield blank._replace(rule=item.ink, is_hairline=item.is_hairline, height=height)
    elif isinstance(item, Pair):
        yield _pair_line(item, blank, measure, metric)
    elif isinstance(item, Figure):
        yield from _figure_lines(item, blank, measure, metric)
    elif item.columns:
        yield from _table_lines(item, blank, measure, metric)
    else:
        yield from _para_lines(item, blank, measure, metric)


def _table_lines(item: Para, blank: LayoutLine, measure: float, metric: Metric) -> Iterator[LayoutLine]:
    from bpost_tui.typesetting.typeset.table_rows import row_lines  # only for tables

    for cells in row_lines(item, measure, metric):
        pieces: tuple[LinePiece, ...] = ()
        for cell in cells:
            pieces = _followed_by(pieces, _flush(cell.pieces, cell.left, item.size, metric))
        yield blank._replace(pieces=pieces, source="\t".join(cell.source.strip() for cell in cells))


def _para_lines(item: Para, blank: LayoutLine, measure: float, metric: Metric) -> Iterator[LayoutLine]:
    bar_indent = metric.across(BAR_INDENT_EM, item.size)
    bar = item.bar if measure >= 2 * bar_indent else None
    edge = metric.across(BAR_EM, item.size) if bar else 0.0
    indent = min(max(metric.across(item.indent, item.indent_of or item.size), bar_indent if bar else 0.0), measure / 2)
    setter = ParagraphSetter(_with_curly_quotes(item.runs) if item.is_prose else item.runs, item.size, metric)
    is_rtl = setter.base_level == 1
    marker, first_indent = _hang(item.marker, item.size, indent, edge, measure, metric, is_rtl=is_rtl)
    if item.first_indent > 0:
        first_indent = max(first_indent, min(first_indent + metric.across(item.first_indent, item.size), measure / 2))
    drafts = setter.lines(measure - indent, measure - first_indent)
    if item.size in _BALANCED:
        drafts = setter.balanced(drafts, measure - indent)
    limit = item.max_lines
    if limit is not None and len(drafts) > limit:
        last, room = drafts[limit - 1], measure - (indent if limit > 1 else first_indent)
        drafts[limit - 1 :] = [(item.may_end_early and setter.whole_sentences(last, room)) or setter.shortened(last, room)]
    for number, draft in enumerate(drafts):
        left = indent if number else first_indent
        slack = max(0.0, measure - left - draft.width)
        ordered = setter.visual(draft)
        if is_rtl:
            pieces = _moved(ordered, {"start": slack, "center": slack / 2, "end": 0.0}[item.align])
        elif item.align == "start":
            pieces = _flush(ordered, left, item.size, metric)
        else:
            pieces = _moved(ordered, left + (slack / 2 if item.align == "center" else slack))
        if number:
            is_wrapped = item.size is Size.CODE and not is_rtl and not drafts[number - 1].source.endswith("\n")
            marker = _hang(_WRAPPED, item.size, indent, edge, measure, metric, is_rtl=False)[0] if is_wrapped else ()
        yield blank._replace(pieces=marker + pieces, source=draft.source, bar=bar, is_rtl=is_rtl)


def _with_curly_quotes(runs: Runs) -> Runs:
    """Return runs with curly quotation marks. A quotation may start in one run and end in another."""
    text = curl_quotes("".join(run.text for run in runs))
    ends = accumulate(len(run.text) for run in runs)
    return tuple(run._replace(text=text[end - len(run.text) : end]) for run, end in zip(runs, ends, strict=True))


def _figure_lines(item: Figure, blank: LayoutLine, measure: float, metric: Metric) -> Iterator[LayoutLine]:
    cols, rows = metric.picture_cells(item.width_px, item.height_px, measure)
    if rows:
        gap = metric.down(CAPTION_GAP_EM, item.size) if item.caption else 0.0
        yield blank._replace(height=rows * metric.row() + gap, picture=PicturePlace(item, cols, rows))
    if item.caption:
        yield from _para_lines(Para(item.caption, item.size, is_prose=True), blank, measure, metric)


def _pair_line(item: Pair, blank: LayoutLine, measure: float, metric: Metric) -> LayoutLine:
    setter, right_setter = (ParagraphSetter(runs, item.size, metric) for runs in (item.left, item.right))
    left, right = setter.one_line(), right_setter.one_line()
    if is_cut := right.width > measure:
        right = right_setter.shortened(right, measure)
    indent = min(metric.across(item.indent, item.indent_of or item.size), measure / 2)
    end = measure - right.width - (metric.across(PAIR_GAP_EM, item.size) if right.pieces else 0.0)
    is_rtl = setter.base_level == 1 and item.size in _HEADED
    marker, indent = _hang(item.marker, item.size, indent, 0.0, measure, metric, is_rtl=is_rtl, end=end)
    room = end - indent
    if item.shorter_rights and (is_cut or (left.pieces and room < left.width * item.least_left)):
        first, *others = item.shorter_rights
        return _pair_line(item._replace(right=first, shorter_rights=tuple(others)), blank, measure, metric)
    if room < 0:
        marker = ()
    if left.width > room:
        left = setter.shortened(left, room)
    ordered = setter.visual(left)
    pieces = _moved(ordered, end - indent - left.width) if is_rtl else _flush(ordered, indent, item.size, metric)
    pieces = marker + _followed_by(pieces, _moved(right_setter.visual(right), measure - right.width))
    return blank._replace(pieces=pieces, source="\t".join(filter(None, (left.source.strip(), right.source.strip()))))


def _hang(
    marker: Runs,
    size: Size,
    indent: float,
    edge: float,
    measure: float,
    metric: Metric,
    *,
    is_rtl: bool,
    end: float | None = None,
) -> tuple[tuple[LinePiece, ...], float]:
    """Return the typeset `marker` (a bullet or number) of a line, and the line's indent.

    The indent is `indent`, or more if the marker is wide. A marker that is empty, or too wide for a column of the width `measure`,
    is left out. A line starts at x = 0 or, with `is_rtl`, at x = `end`, by default `measure`. Between this start and the marker,
    there is a distance of `edge` or more.
    """
    setter = ParagraphSetter(marker, size, metric, is_in_rtl=is_rtl)
    draft = setter.one_line()
    gap = metric.across(MARKER_GAP_EM, size)
    x = max(edge, indent - gap - draft.width)
    after = x + draft.width + gap
    if not draft.pieces or after > measure * _MAX_MARKER:
        return (), indent
    x = (measure if end is None else end) - x - draft.width if is_rtl else x
    pieces = _flush(setter.visual(draft), x, size, metric)
    return tuple(piece._replace(source="") for piece in pieces), max(indent, after)


def _followed_by(pieces: tuple[LinePiece, ...], more: tuple[LinePiece, ...]) -> tuple[LinePiece, ...]:
    """Return `pieces` with `more` after them in reading order. Copied text gets a tab between the two."""
    if not pieces or not more:
        return pieces + more
    at, last = max(enumerate(pieces), key=lambda each: (each[1].order, each[0]))
    ended = last._replace(source=last.source.rstrip() + "\t")
    after = (piece._replace(order=last.order + 1 + piece.order) for piece in more)
    return (*pieces[:at], ended, *pieces[at + 1 :], *after)


def _flush(pieces: Sequence[LinePiece], x: float, size: Size, metric: Metric) -> tuple[LinePiece, ...]:
    """Return `pieces` (words of a line), moved so that the drawn edge of the first letter is exactly at `x`.

    Without this, the blank margin built into the letter would be at `x`. `metric` measures the margin, and gives the unit of `x`.
    """
    if not pieces:
        return ()
    run = pieces[0].run
    if pieces[0].level:
        return _moved(pieces, x)
    return _moved(pieces, x - metric.bearing(run.text, size, run.bold))


def _moved(pieces: Sequence[LinePiece], x: float) -> tuple[LinePiece, ...]:
    return tuple(LinePiece(piece.x + x, *piece[1:]) for piece in pieces) if x else tuple(pieces)
