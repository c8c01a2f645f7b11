"""Rows of a table. The text of each cell is broken into lines within the columns that the cell spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import CELL_END, Para, Run, Runs, Size
from bpost_tui.typesetting.typeset.paragraph_setter import LinePiece, ParagraphSetter
from bpost_tui.typesetting.typeset.protocols import Metric

_GAP_EM = 1.4
_SLACK = 1.08  # enlargement of a column's longest cell, since a cell with fewer letters may be wider
_MIN_COLUMN_EM = 3.0
_DIVIDER = "  │  "


class TableCellLine(NamedTuple):
    """Line of text in one table cell: its left edge, its pieces, and its source text."""

    left: float
    pieces: Sequence[LinePiece]
    source: str


def row_lines(item: Para, measure: float, metric: Metric) -> Iterator[Sequence[TableCellLine]]:
    """Yield the lines of `item`, a row of a table, from the top: the first lines of all cells, then the second lines, and so on.

    Cells that have fewer lines than the highest cell are missing from the last sequences. A table read from right to left has its
    first column at the right. If `measure`, the width of the table, is too small for columns, the cells follow one another.
    """
    gap = metric.across(_GAP_EM, item.size)
    room = measure - gap * (len(item.columns) - 1)
    if room < len(item.columns) * metric.across(_MIN_COLUMN_EM, item.size):  # too narrow for columns: cells follow one another
        runs = [run._replace(text=_DIVIDER, ink="rule") if _ends_cell(run) else run for run in item.runs]
        for cells in _cell_lines(ParagraphSetter(runs, item.size, metric), 0.0, measure):
            yield (cells,)
        return
    widths = _widths(item.columns, item.size, room, metric)
    is_rtl = any(ParagraphSetter(runs, item.size, metric).base_level for runs in item.columns)
    columns = []
    for column, count, cell in _cells(item.runs, len(widths)):
        width = sum(widths[column : column + count]) + gap * (count - 1)
        start = sum(widths[:column]) + gap * column
        left = measure - start - width if is_rtl else start
        columns.append(_cell_lines(ParagraphSetter(cell, item.size, metric), left, width))
    for line in zip_longest(*columns):
        yield [cell for cell in line if cell is not None]


def _cell_lines(setter: ParagraphSetter, left: float, width: float) -> Iterator[TableCellLine]:
    for draft in setter.lines(width, width):
        slack = max(0.0, width - draft.width) if setter.base_level else 0.0
        yield TableCellLine(left + slack, setter.visual(draft), draft.source)


def _ends_cell(run: Run) -> bool:
    return run.text.startswith(CELL_END)


def _cells(runs: Runs, columns: int) -> Iterator[tuple[int, int, Runs]]:
    """Yield (first column, number of columns, runs) for each cell of a table row. A run is text in one style.

    The last cell takes all remaining columns. An empty cell gets a run with one space.
    """
    column, cell = 0, list[Run]()
    for run in runs:
        if not _ends_cell(run):
            cell.append(run)
        elif column < columns:
            yield column, min(len(run.text), columns - column), tuple(cell) or (Run(" "),)
            column, cell = column + len(run.text), []
    if column < columns:
        yield column, columns - column, tuple(cell) or (Run(" "),)


@lru_cache(maxsize=8)  # a table's rows are set one after another, all with the same columns
def _widths(columns: tuple[Runs, ...], size: Size, room: float, metric: Metric) -> Sequence[float]:
    """Return the width of each column: the width of its widest word, and a share of the width that remains.

    `room` is the width of all columns together. If the widest words don't fit side by side, `room` is divided among the columns,
    and some words are broken.
    """
    extents = [ParagraphSetter(runs, size, metric).extents() for runs in columns]
    words = [word for _, word in extents]
    left = room - sum(words)
    if left < 0:
        return _shared(words, room)
    more = _shared([_SLACK * line - word for line, word in extents], left)
    return [word + each for word, each in zip(words, more, strict=True)]


def _shared(natural: Sequence[float], room: float) -> list[float]:
    """Divide the width `room` among columns: narrow columns get their natural width, wide columns equal shares of the rest.

    [2, 9, 9] in 12 becomes [2, 5, 5].
    """
    widths = list(natural)
    for done, at in enumerate(sorted(range(len(natural)), key=natural.__getitem__)):
        widths[at] = min(natural[at], room / (len(natural) - done))
        room -= widths[at]
    return widths
