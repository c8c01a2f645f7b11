"""Table model of HTML: the rows and columns of each cell. Pure, linear in the cells.

Source: https://html.spec.whatwg.org/multipage/tables.html#forming-a-table, within the limits on a table's rows and columns. As in
browsers, a cell ends with its group of rows, though the standard lets it reach beyond.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bpost_tui.limits import MAX_COLUMNS, MAX_ROWS
from bpost_tui.model.blocks import Block, Heading, MergedCell, Paragraph, Spans, Table, texts_of
from bpost_tui.portal.html.block_assembly import join_lines
from bpost_tui.portal.html.sanitize_html import children
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_GROUPS = frozenset(("tbody", "tfoot", "thead"))
_MAX_LAYOUT_CELLS = 3
"""Maximum size of a layout table (a table that only arranges content on the page), in rows or in columns.

A table with more rows and also more columns than this counts as a table of facts.
"""
_NUMBER = re.compile(r"[ \t\n\r\f]*\+?(\d{1,6})", re.ASCII)


class GridCell(NamedTuple):
    """Cell with the rows and columns that it spans."""

    node: LexborNode
    row: int
    column: int
    rows: int
    columns: int


def grid_cells(table: LexborNode) -> Iterator[GridCell]:
    """Yield a table's cells in reading order."""
    first = 0
    for group in _groups(table):
        group = group[: MAX_ROWS - first]
        rows_covered = [0] * MAX_COLUMNS  # for each column, the number of rows still covered by a cell from above
        for at, row in enumerate(group):
            yield from _cells_in_row(row, first + at, len(group) - at, rows_covered)
            rows_covered = [max(0, rows - 1) for rows in rows_covered]
        first += len(group)


def _groups(table: LexborNode) -> list[list[LexborNode]]:
    """Return the rows of each group (`thead`, `tbody`, `tfoot`), with the group `tfoot` last.

    Rows outside of these elements form groups of their own.
    """
    groups: list[list[LexborNode]] = [[]]
    feet: list[list[LexborNode]] = []
    for child in children(table):
        if child.tag == "tr":
            groups[-1].append(child)
        elif child.tag in _GROUPS:
            rows = [row for row in children(child) if row.tag == "tr"]
            if child.tag == "tfoot":
                feet.append(rows)
            else:
                groups += [rows, []]
    return [*groups, *feet]


def _cells_in_row(row: LexborNode, number: int, rows_left: int, rows_covered: list[int]) -> Iterator[GridCell]:
    """Yield the cells that begin in a row, and record in `rows_covered` how many rows they cover in each column.

    `number` is the index of the row in the table. `rows_left` is the number of rows from this row to the end of its group.
    """
    cells = [cell for cell in children(row) if cell.tag in ("td", "th")][:MAX_COLUMNS]
    column = 0
    for at, cell in enumerate(cells):
        while column < MAX_COLUMNS and rows_covered[column]:
            column += 1
        if column == MAX_COLUMNS:
            return
        beyond = len(cells) - at - 1  # each of the cells after it keeps a column
        columns = max(1, min(_number(cell, "colspan") or 1, MAX_COLUMNS - column - beyond))
        rows = min(_number(cell, "rowspan") or rows_left, rows_left)
        for covered in range(column, column + columns):
            rows_covered[covered] = max(rows_covered[covered], rows)
        yield GridCell(cell, number, column, rows, columns)
        column += columns


def _number(cell: LexborNode, name: str) -> int:
    """Return the value of a cell's attribute `name`, colspan or rowspan; 1 by default.

    Source: HTML 2.3.4.2, rules for parsing non-negative integers.
    """
    found = _NUMBER.match(cell.attributes.get(name) or "")
    return int(found[1]) if found else 1


def is_layout_table(cells: Sequence[tuple[GridCell, Sequence[Block]]]) -> bool:
    """Whether a table only arranges its content on the page. Its cells are then shown one after another.

    That is so if the table has only one column. It is also so if the table is small, has no head cells, and has content other than
    text, such as pictures, either in a cell with several blocks or in every cell that isn't empty.
    """
    rows, columns = {cell.row for cell, _ in cells}, {cell.column for cell, _ in cells}
    if len(columns) < 2:
        return True
    if any(cell.node.tag == "th" for cell, _ in cells) or min(len(rows), len(columns)) > _MAX_LAYOUT_CELLS:
        return False
    filled = [(inner, any(not isinstance(block, Paragraph | Heading) for block in inner)) for _, inner in cells if inner]
    return any(more and len(inner) > 1 for inner, more in filled) or (bool(filled) and all(more for _, more in filled))


def text_in_cell(inner: Iterable[Block]) -> Spans:
    """Return the text of the blocks `inner` of a cell, each block on a line of its own; pictures have no text and are left out."""
    lines: list[Spans] = []
    for block in inner:
        lines += texts_of(block)
    return join_lines(lines)


def make_table(cells: Sequence[tuple[GridCell, Spans]], caption: Spans) -> Table:
    """Return cells and their texts as a table with a caption.

    A column is left out if no cell begins in it, a row if no cell with text begins in it.
    """
    numbers = sorted({cell.row for cell, spans in cells if spans})
    columns = sorted({cell.column for cell, _ in cells})
    rows: list[list[Spans]] = [[] for _ in numbers]
    merged: list[MergedCell] = []
    is_head = bool(numbers)
    for cell, spans in cells:
        row, column = bisect_left(numbers, cell.row), bisect_left(columns, cell.column)
        height = bisect_left(numbers, cell.row + cell.rows) - row
        width = bisect_left(columns, cell.column + cell.columns) - column
        if spans and (height > 1 or width > 1):
            merged.append(MergedCell(row, column, height, width))
        if row < len(numbers) and numbers[row] == cell.row:
            rows[row] += [()] * (column - len(rows[row])) + [spans]
            is_head &= row > 0 or cell.node.tag == "th"
    return Table(tuple(map(tuple, rows)), is_head, caption, tuple(merged))
