"""Typesetter for a mosaic: text that needs shaping in dots, other text in the terminal's own cells, a row for each line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Figure, Item, Pair, Para, Rule, Run, Runs, Size
from bpost_tui.typesetting.typeset.layout_engine import size_of
from bpost_tui.typesetting.typeset.pixel_typesetter import MAX_DOT_COLS, PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.shaping import JOINING
from bpost_tui.typesetting.typeset.stacked_galley import PairGalley, StackedGalley, StackedPart

_GAP_CELLS = 2
"""Cells between the parts of a line, one in dots and one in cells."""
_LEAST_CELLS = 20
"""Least width in cells that the part in dots must have for a pair to be divided."""
_SEPARATING_EM = 0.8
"""Smallest white above an item, in em, that leaves a blank row between dots and cells: dots have white of their own."""


class _ItemGroup(NamedTuple):
    """Consecutive items that are set in the same medium."""

    top: int
    """First row of the group."""
    end: int
    """Row past the last of the group."""
    first_item: int
    setter: PixelTypesetter | CellTypesetter
    items: Sequence[Item]


class MosaicTypesetter:
    """Typesetter that sets each item in dots or in cells; all rows of a table, and all of a line, are set alike.

    Args:
        dots: Typesetter of text that must be shaped.
        cells: Typesetter of other text.
        in_cells: Sizes that are set in cells in any script, since this terminal shows it well enough.
    """

    has_hairlines = False

    def __init__(self, dots: PixelTypesetter, cells: CellTypesetter, *, in_cells: Set[Size] = frozenset()) -> None:
        self.cell_w, self.cell_h = dots.cell_w, dots.cell_h
        self._dots = dots
        self._cells = cells
        self._in_cells = in_cells

    @property
    def em_cells(self) -> float:
        """Width of an em of body type, in cells."""
        return self._dots.em_cells

    @property
    def row_em_cells(self) -> float:
        """Width in cells of the em that measures list rows."""
        return self._dots.row_em_cells

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Set items to a width of `cols` cells; with `rows`, to exactly that height: lines that don't fit whole are dropped."""
        cols = min(cols, MAX_DOT_COLS)
        placed = list(self._placed(items, cols))
        if rows is not None:
            placed = [each for each in placed if each.top < rows] or placed[:1]
        if len(placed) < 2:
            return self._set(placed[0], cols, rows) if placed else self._cells.galley((), cols, rows=rows)
        ends = [*(each.top for each in placed[1:]), rows]
        parts = [
            StackedPart(each.top, each.first_item, self._set(each, cols, None if end is None else end - each.top))
            for each, end in zip(placed, ends, strict=True)
        ]
        return StackedGalley(cols, parts)

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return the number of rows that the items take at this measure."""
        return max((each.end for each in self._placed(items, cols)), default=0)

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that these runs take on one line."""
        return self._for(runs, size).width(runs, size)

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells that these runs take among others on a line, not rounded."""
        return self._for((*runs, Run(beside)), size).advance(runs, size)

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no font here has."""
        return self._dots.missing_letters(text)

    def _placed(self, items: Sequence[Item], cols: int) -> Iterator[_ItemGroup]:
        """Yield groups of consecutive items in the same medium, one below the other."""
        tables = {item.columns for item in items if isinstance(item, Para) and item.columns and _has_unshaped(item)}
        end = first = 0
        kinds = [(self._is_in_dots(item, tables), at if self._is_divided(item, cols) else -1) for at, item in enumerate(items)]
        for (in_dots, _), together in groupby(zip(kinds, items, strict=True), key=itemgetter(0)):
            group = tuple(item for _, item in together)
            setter: PixelTypesetter | CellTypesetter = self._dots if in_dots else self._cells
            top = end + int(first > 0 and group[0].before >= _SEPARATING_EM)
            end = top + setter.rows(group, cols)
            yield _ItemGroup(top, end, first, setter, group)
            first += len(group)

    def _set(self, placed: _ItemGroup, cols: int, rows: int | None) -> Galley:
        """Return the galley of a group."""
        first = placed.items[0]
        if not (isinstance(first, Pair) and self._is_divided(first, cols)):
            return placed.setter.galley(placed.items, cols, rows=rows)
        right = self._cells.galley((Pair(first.right, (), first.size),), self._cells.width(first.right, first.size))
        left = first._replace(right=())
        return PairGalley(cols, self._dots.galley((left,), cols - right.cols - _GAP_CELLS, rows=rows), right)

    def _is_divided(self, item: Item, cols: int) -> bool:
        """Whether the left of a pair is set in dots and its right in cells."""
        if not isinstance(item, Pair) or item.size in self._in_cells or not item.right or _needs_shaping(item.right):
            return False
        room = cols - self._cells.width(item.right, item.size) - _GAP_CELLS
        return _needs_shaping((*item.marker, *item.left)) and room >= _LEAST_CELLS

    def _is_in_dots(self, item: Item, tables: Set[Sequence[Runs]]) -> bool:
        if isinstance(item, Figure):
            return True
        if isinstance(item, Para) and item.columns:
            return item.columns in tables and item.size not in self._in_cells
        return _has_unshaped(item) and size_of(item) not in self._in_cells

    def _for(self, runs: Runs, size: Size) -> Typesetter:
        return self._dots if size not in self._in_cells and _needs_shaping(runs) else self._cells


def _needs_shaping(runs: Runs) -> bool:
    return any(JOINING.search(run.text) for run in runs)


def _has_unshaped(item: Item) -> bool:
    """Whether an item has text that the terminal leaves unshaped, so that it must be shaped here."""
    if isinstance(item, Rule):
        return False
    if isinstance(item, Figure):
        return _needs_shaping(item.caption)
    texts = (item.left, item.right, item.marker) if isinstance(item, Pair) else (item.runs, item.marker, *item.columns)
    return any(map(_needs_shaping, texts))
