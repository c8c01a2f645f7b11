"""Typesetter for a mosaic (text drawn in block characters): text whose letters need shaping, such as Bengali, is drawn as dots.

Other text is in the terminal's own characters; a line of these takes one row of cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import groupby
from operator import itemgetter

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Figure, Item, Pair, Para, Rule, Run, Runs, Size
from bpost_tui.typesetting.typeset.layout_engine import size_of
from bpost_tui.typesetting.typeset.pixel_typesetter import MAX_DOT_COLS, PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.shaping import JOINING
from bpost_tui.typesetting.typeset.stacked_galley import PairGalley, StackedGalley, StackedPart

_GAP_CELLS = 2
"""Number of blank cells between the left text of a line, which bpost draws, and the right text, which the terminal's font shows."""
_MIN_CELLS = 20
"""Minimum number of cells for the left text of a line, if bpost draws that text and the terminal's font shows the right one."""
_SEPARATING_EM = 0.8
"""Minimum white space, in em (font sizes), that becomes a blank row between drawn text and the terminal's own characters.

Smaller white space is omitted, since drawn text includes some white of its own.
"""


class _ItemGroup(NamedTuple):
    """Consecutive items (paragraphs …) that are all drawn as dots, or all shown in the terminal's own characters."""

    top: int
    """First row of the group."""
    end: int
    """Row after the last row of the group."""
    first_item: int
    setter: PixelTypesetter | CellTypesetter
    items: Sequence[Item]


class MosaicTypesetter:
    """Typesetter that draws some items (paragraphs …) as dots, and others in the terminal's own characters.

    All rows of a table are drawn, or none.

    Args:
        dots: Typesetter of text in scripts that terminals don't shape, such as Bengali; it draws the letters.
        cells: Typesetter of other text, in the terminal's own characters.
        in_cells: Sizes whose text is always in the terminal's own characters, because these are legible enough or take less space.
    """

    has_hairlines = False

    def __init__(self, dots: PixelTypesetter, cells: CellTypesetter, *, in_cells: Set[Size] = frozenset()) -> None:
        self.cell_w, self.cell_h = dots.cell_w, dots.cell_h
        self._dots = dots
        self._cells = cells
        self._in_cells = in_cells

    @property
    def em_cells(self) -> float:
        """Width in cells of an em (the font size) of body type."""
        return self._dots.em_cells

    @property
    def row_em_cells(self) -> float:
        """Unit of lengths in list rows, in cells: at least as wide as an em (the font size) of body type."""
        return self._dots.row_em_cells

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Typeset items (paragraphs …) in `cols` columns of cells.

        The galley (typeset column) is `rows` rows high, without lines that don't fit whole; with None, as high as the items need.
        """
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
        """Return the number of rows of cells that `items` (paragraphs …) take in `cols` columns of cells."""
        return max((each.end for each in self._placed(items, cols)), default=0)

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that `runs` (stretches of text in one style) take on one line."""
        return self._for(runs, size).width(runs, size)

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells, not rounded, that `runs` (stretches of text in one style) take.

        `beside` is other text on the same line. If it must be drawn as dots, `runs` are drawn as dots as well.
        """
        return self._for((*runs, Run(beside)), size).advance(runs, size)

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no installed or bundled font has."""
        return self._dots.missing_letters(text)

    def _placed(self, items: Sequence[Item], cols: int) -> Iterator[_ItemGroup]:
        """Yield groups of consecutive items, all drawn as dots or all in the terminal's characters, from the top."""
        items = [self._with_fitting_right(item, cols) for item in items]
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

    def _with_fitting_right(self, item: Item, cols: int) -> Item:
        """Return `item`; if it is a pair, keep only the first of its right texts that fits into `cols` columns, or else the last.

        This choice is made before the layout, because the script of the right text decides whether the pair is drawn as dots.
        """
        if not (isinstance(item, Pair) and item.shorter_rights):
            return item
        left = self._for(item.left, item.size).advance(item.left, item.size)
        least = _GAP_CELLS + item.indent * self.row_em_cells + left * item.least_left if left else 0
        rights = (item.right, *item.shorter_rights)
        fitting = (runs for runs in rights if cols - self._for(runs, item.size).advance(runs, item.size) >= least)
        return item._replace(right=next(fitting, rights[-1]), shorter_rights=())

    def _set(self, placed: _ItemGroup, cols: int, rows: int | None) -> Galley:
        """Return a group of items as a galley (column of typeset lines), `cols` cells wide and `rows` cells high.

        If `rows` is None, the galley is as high as the items need.
        """
        first = placed.items[0]
        if not (isinstance(first, Pair) and self._is_divided(first, cols)):
            return placed.setter.galley(placed.items, cols, rows=rows)
        right = self._cells.galley((Pair(first.right, (), first.size),), self._cells.width(first.right, first.size))
        left = first._replace(right=())
        return PairGalley(cols, self._dots.galley((left,), cols - right.cols - _GAP_CELLS, rows=rows), right)

    def _is_divided(self, item: Item, cols: int) -> bool:
        """Whether an item is a pair of texts, the left one drawn as dots and the right one in the terminal's characters.

        The result is also false if `cols` cells are too few for both texts.
        """
        if not isinstance(item, Pair) or item.size in self._in_cells or not item.right or _needs_shaping(item.right):
            return False
        room = cols - self._cells.width(item.right, item.size) - _GAP_CELLS
        return _needs_shaping((*item.marker, *item.left)) and room >= _MIN_CELLS

    def _is_in_dots(self, item: Item, tables: Set[Sequence[Runs]]) -> bool:
        if isinstance(item, Figure):
            return True
        if isinstance(item, Para) and item.columns:
            return item.columns in tables and item.size not in self._in_cells
        return _has_unshaped(item) and size_of(item) not in self._in_cells

    def _for(self, runs: Runs, size: Size) -> Typesetter:
        return self._dots if size not in self._in_cells and _needs_shaping(runs) else self._cells


def _needs_shaping(runs: Runs) -> bool:
    """Whether `runs` have letters that terminals can't shape (join, reorder). Digits of any script, as in `+২`, need no shaping."""
    return any(not found[0].isdecimal() for run in runs for found in JOINING.finditer(run.text))


def _has_unshaped(item: Item) -> bool:
    """Whether an item has text in a script that terminals don't shape, such as Bengali, so that it must be drawn."""
    if isinstance(item, Rule):
        return False
    if isinstance(item, Figure):
        return _needs_shaping(item.caption)
    texts = (item.left, item.right, item.marker) if isinstance(item, Pair) else (item.runs, item.marker, *item.columns)
    return any(map(_needs_shaping, texts))
