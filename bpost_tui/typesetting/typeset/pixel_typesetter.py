"""Typesetter for pixels, and for the dots of a mosaic (parts of a cell, coloured by block characters), which are large pixels."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import zip_longest

from bpost_tui.typesetting.typeset.banded_galley import BandedGalley
from bpost_tui.typesetting.typeset.fonts import Fonts
from bpost_tui.typesetting.typeset.items import BODY_PITCH, Item, Palette, Run, Runs, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutColumn, LayoutEngine, LayoutLine
from bpost_tui.typesetting.typeset.mosaic_dots import dot_sizes
from bpost_tui.typesetting.typeset.paragraph_setter import LinePiece
from bpost_tui.typesetting.typeset.picture_places import Dot, picture_cells, picture_surface
from bpost_tui.typesetting.typeset.protocols import Metric
from bpost_tui.typesetting.typeset.raster import RasterBar, RasterGlyph, rasterise, rasterise_dots
from bpost_tui.typesetting.typeset.shaping import Shaper
from bpost_tui.typesetting.typeset.size_metrics import SOFT_PX, SizeMetrics, mosaic_sizes, pixel_sizes
from bpost_tui.typesetting.typeset.surface import CellWord, Colour, InkLayer, Surface

MAX_COLS = 297  # kitty can number no more columns of an image
MAX_DOT_COLS = 2000
"""Maximum width, in cells, of a line of text drawn as dots.

Each cell in a row needs a token (character that names it), and the number of tokens is limited.
"""
_ABOVE_EM, _BELOW_EM = 0.95, 0.38  # reach of the ground of reversed type from the baseline
_ROW_EM = 1.07  # unit of lengths in lists, as a multiple of the em of their type
Rasterise = Callable[[Iterable[RasterGlyph], Iterable[RasterBar], int, int], bytes]
"""Function that returns how much of each pixel is covered, called with (glyphs, bars, width in pixels, height in pixels)."""
MOSAIC_WHITE = 0.6
"""Share of the white space between items (paragraphs …) that is kept if text is drawn as dots.

It is less than 1, because lines of dots are several rows of cells high, so that fewer lines fit on the screen.
"""
_BODY_ABOVE_EM, _BODY_BELOW_EM = 0.7, 0.15  # apparent reach of a line of letters to the eye, whatever signs it has
INSET_PX = 1  # left and right, to keep antialiased edges


class PixelTypesetter:
    """Typesetter in pixels. Lines may be any number of pixels high; only the whole column is rounded up to rows of cells."""

    def __init__(
        self,
        fonts: Fonts | Shaper,
        cell_w: int,
        cell_h: int,
        *,
        zoom_px: int = 0,
        pitch: float = BODY_PITCH,
        types: Mapping[Size, SizeMetrics] | None = None,
        dot_px: Dot = (1.0, 1.0),
        max_cols: int = MAX_COLS,
        rasterise: Rasterise = rasterise,
        dot_parts: int = 1,
        white: float = 1.0,
        row_em: float = _ROW_EM,
        has_hairlines: bool = True,
    ) -> None:
        self.cell_w = cell_w
        self.cell_h = cell_h
        self._max_cols = max_cols
        self._rasterise = rasterise
        self._dot_parts = dot_parts
        self._row_em = row_em
        self.has_hairlines = has_hairlines
        self._shaper = fonts if isinstance(fonts, Shaper) else Shaper(fonts)
        self._types = types or pixel_sizes(self._shaper.fonts, cell_h, zoom_px, pitch)
        self.metric: Metric = _PixelMetric(self._shaper, self._types, (cell_w, cell_h), dot_px, white)
        self._layout = LayoutEngine(self.metric)

    @classmethod
    def for_dots(
        cls,
        fonts: Fonts | Shaper,
        dots_w: int,
        dots_h: int,
        cell_px: tuple[int, int],
        *,
        zoom_px: int = 0,
        shaded: bool = True,
        parts: int = 1,
    ) -> PixelTypesetter:
        """Return a typesetter for block characters (a mosaic) whose cells have dots_w × dots_h dots.

        Args:
            fonts: Fonts, or a shaper that has them.
            dots_w: Number of dots across a cell.
            dots_h: Number of dots down a cell.
            cell_px: Width and height in pixels of the terminal's cells.
            zoom_px: Number of dots added to the font size of the smallest legible type.
            shaded: Whether a dot can be partly inked, not only fully or not at all.
            parts: Number of pixels across and down that a dot is drawn with; above 1 if characters can show a part of a dot.
        """
        dot_px = cell_px[0] / dots_w, cell_px[1] / dots_h
        shaper = fonts if isinstance(fonts, Shaper) else Shaper(fonts)
        types = mosaic_sizes(shaper.fonts, dot_sizes(dots_w, dots_h, shaded=shaded), dots_h, dot_px[1] / dot_px[0], zoom_px)
        return cls(
            shaper,
            dots_w,
            dots_h,
            types=types,
            dot_px=dot_px,
            max_cols=MAX_DOT_COLS,
            rasterise=partial(rasterise_dots, parts=parts),
            dot_parts=parts,
            white=MOSAIC_WHITE,
            row_em=1.0,
            has_hairlines=False,
        )

    @property
    def em_cells(self) -> float:
        """Width in cells of an em (the font size) of body type."""
        return self._types[Size.BODY].em_x_px / self.cell_w

    @property
    def row_em_cells(self) -> float:
        """Unit of lengths in list rows, in cells: at least as wide as an em (the font size) of body type."""
        return max(self.em_cells, self._row_em * self._types[Size.ROW].em_x_px / self.cell_w)

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> BandedGalley:
        """Typeset items (paragraphs …) in `cols` columns of cells.

        The galley (typeset column) is `rows` rows high, without lines that don't fit whole; with None, as high as the items need.
        """
        cols = min(cols, self._max_cols)
        column = self._column(items, cols)
        if rows is None:
            rows = self._rows(column)
        if column.lines and column.lines[-1].is_hairline:
            column = self._between_edges(column, rows)
        lines = list(column.lines)
        if len(lines) == 1 and lines[0].lift and self._bottom(lines[0]) > rows * self.cell_h:
            lines = [lines[0]._replace(lift=0, height=self.metric.pitch(lines[0].size))]  # a bar can't be higher
        lines = [line for line in lines if self._bottom(line) <= rows * self.cell_h]
        if [line.size for line in lines] == [Size.MASTHEAD]:
            lines = [self._centred(lines[0], rows)]
        return BandedGalley(
            cols,
            rows,
            lines=lines,
            line_rows=[self._row(line) for line in lines],
            item_rows=[int(top) // self.cell_h for top in column.tops],
            draw_lines=partial(self._surface, cols),
            cell_w=self.cell_w,
            ink_rows=self._ink_rows,
            reach_rows=self._reach_rows(lines),
            pictures=[(self._row(line), line.picture) for line in lines if line.picture is not None],
            draw_picture=partial(picture_surface, (self.cell_w, self.cell_h)),
        )

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return the number of rows of cells that `items` (paragraphs …) take in `cols` columns of cells."""
        return self._rows(self._column(items, min(cols, self._max_cols)))

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that `runs` (stretches of text in one style) take on one line."""
        return math.ceil((self._layout.width(runs, size) + 2 * INSET_PX) / self.cell_w)

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells, not rounded, that `runs` (styled text) take. Other text (`beside`) has no effect."""
        return self._layout.width(runs, size) / self.cell_w

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no installed or bundled font has."""
        return self._shaper.fonts.missing_letters(text)

    def _column(self, items: Sequence[Item], cols: int) -> LayoutColumn:
        return self._layout.column(items, cols * self.cell_w - 2 * INSET_PX)

    def _rows(self, column: LayoutColumn) -> int:
        return math.ceil(self._bottom(column.lines[-1]) / self.cell_h) if column.lines else 0

    def _bottom(self, line: LayoutLine) -> float:
        if line.picture is not None:
            return line.top + line.picture.rows * self.cell_h
        if line.rule is not None:
            return line.top + line.height
        type_ = self._types[line.size]
        return line.top + max(line.height, type_.height_px + line.lift)

    def _row(self, line: LayoutLine) -> int:
        if line.picture is not None or line.is_hairline:
            return int(line.top) // self.cell_h
        return (int(line.top) + line.lift + self._types[line.size].baseline_px - 1) // self.cell_h

    def _ink_rows(self, line: LayoutLine) -> tuple[float, float]:
        """Return top and bottom of a line's letters in rows of cells; equal for a rule (thin line) or picture, which may be cut."""
        type_ = self._types[line.size]
        baseline_px = line.top + line.lift + type_.baseline_px
        if line.rule is not None or line.picture is not None:
            return baseline_px / self.cell_h, baseline_px / self.cell_h
        above, below = _ink_px(self._shaper, (piece.run for piece in line.pieces), type_)
        if any(piece.run.underline for piece in line.pieces):
            below = max(below, type_.underline_px + type_.stroke_px)
        return (baseline_px - above) / self.cell_h, (baseline_px + below) / self.cell_h

    def _reach_rows(self, lines: Sequence[LayoutLine]) -> int:
        """Return how many rows of cells a letter may reach above or below its baseline. Rare signs reach 1.5 line heights."""
        highest = max((max(line.height, self._types[line.size].height_px) for line in lines), default=0)
        return math.ceil(1.5 * highest / self.cell_h) + 1

    def _centred(self, line: LayoutLine, rows: int) -> LayoutLine:
        """Return the line, a newspaper's name, moved so that its drawn letters are in the middle of `rows` rows of cells.

        The middle of the line isn't the middle of the letters, because the line has room for taller letters than most names have.
        """
        above, below = self._ink_rows(line)
        return line._replace(top=line.top + round((rows - above - below) / 2 * self.cell_h))

    def _between_edges(self, column: LayoutColumn, rows: int) -> LayoutColumn:
        """Return `column` with its lines moved within a height of `rows` rows of cells.

        Its last line, a hairline, is moved to the lower edge. The other lines get equal white space above and below.
        """
        *lines, rule = column.lines
        stroke_px = self._types[rule.size].stroke_px
        end_px = rows * self.cell_h - stroke_px
        shift_px = 0
        if lines:
            first, last = (self._types[line.size] for line in (lines[0], lines[-1]))
            top_px = lines[0].top + lines[0].lift + first.baseline_px - _BODY_ABOVE_EM * first.em_y_px
            bottom_px = lines[-1].top + lines[-1].lift + last.baseline_px + _BODY_BELOW_EM * last.em_y_px
            shift_px = max(0, min(round((end_px - bottom_px - top_px) / 2), int(end_px - self._bottom(lines[-1]))))
        moved = (line._replace(top=line.top + shift_px) for line in lines)
        return LayoutColumn((*moved, *((rule._replace(top=end_px, height=stroke_px),) if rule.rule else ())), column.tops)

    def _surface(self, cols: int, lines: Sequence[LayoutLine], first_row: int, rows: int, palette: Palette) -> Surface:
        top, bottom = first_row * self.cell_h, (first_row + rows) * self.cell_h
        # half a line more on both sides, for signs of rare scripts that reach beyond their line
        near = [line for line in lines if line.top - line.height / 2 < bottom and line.top + line.height * 1.5 > top]
        words: list[tuple[CellWord, ...]] = [()] * rows
        for line in near:
            row = self._row(line) - first_row
            if 0 <= row < rows:
                order = 1 + max((word.order for word in words[row]), default=-1)
                words[row] += tuple(self._words(line, cols, palette, order))
        draw = partial(self._draw, near, cols * self.cell_w, rows * self.cell_h, top, palette)
        return Surface(cols, rows, self.cell_w * self._dot_parts, self.cell_h * self._dot_parts, tuple(words), draw)

    def _words(self, line: LayoutLine, cols: int, palette: Palette, order: int) -> Iterator[CellWord]:
        type_ = self._types[line.size]
        for piece in line.pieces:
            column = max(0, min(int((piece.x + INSET_PX) // self.cell_w), cols - 1))
            cells = max(1, min(round(piece.width / self.cell_w), cols - column))
            run = piece.run
            bold, ink = type_.is_bold(run_bold=run.bold), palette.get(run.ink, palette["text"])
            text = run.text.replace("\u00a0", " ")
            yield CellWord(column, cells, text, ink, bold, run.underline, False, run.strike, piece.source, order + piece.order)

    def _draw(
        self, lines: Sequence[LayoutLine], width_px: int, height_px: int, top_px: int, palette: Palette
    ) -> tuple[InkLayer, ...]:
        inks: dict[Colour, _InkShapes] = {}
        for line in lines:
            for name, mark in self._marks(line, width_px, int(line.top) - top_px):
                inks.setdefault(palette.get(name, palette["text"]), _InkShapes()).plain.add(mark)
            for name, mark in self._reversed(line, int(line.top) - top_px):
                inks.setdefault(palette.get(name, palette["text"]), _InkShapes()).reversed.add(mark)
        return tuple(InkLayer(colour, ink.coverage(self._rasterise, width_px, height_px)) for colour, ink in inks.items())

    def _marks(self, line: LayoutLine, width_px: int, top_px: int) -> Iterator[tuple[str, RasterGlyph | RasterBar]]:
        """Yield (colour name, glyph or bar) for everything drawn in a line, except reversed text.

        The top of the line is `top_px` below the top of the drawing, which is `width_px` wide.
        """
        type_ = self._types[line.size]
        height_px = int(line.height)
        if line.rule is not None:
            yield line.rule, RasterBar(0, top_px + (height_px - type_.stroke_px) // 2, width_px, type_.stroke_px)
        if line.bar is not None:
            bar_px = 2 * type_.stroke_px
            yield line.bar, RasterBar(width_px - bar_px if line.is_rtl else 0, top_px, bar_px, height_px)
        baseline_px = top_px + line.lift + type_.baseline_px
        for piece, following in zip_longest(line.pieces, line.pieces[1:]):
            x_px = INSET_PX + piece.x
            if piece.run.caret is not None:
                caret_px = x_px + piece.width if piece.level and piece.level % 2 else x_px
                yield piece.run.caret, RasterBar(round(caret_px), top_px, 2 * type_.stroke_px, height_px)
            if piece.run.is_reversed:
                continue
            for glyph in self._glyphs(piece, type_, baseline_px):
                yield piece.run.ink, glyph
            if piece.run.strike:
                yield piece.run.ink, RasterBar(round(x_px), baseline_px - type_.strike_px, round(piece.width), type_.stroke_px)
            if piece.run.underline:
                goes_on = following is not None and _shares_underline(piece.run, following.run)
                end = following.x + INSET_PX if goes_on else x_px + piece.width
                yield (
                    piece.run.ink,
                    RasterBar(round(x_px), baseline_px + type_.underline_px, round(end) - round(x_px), type_.stroke_px),
                )

    def _reversed(self, line: LayoutLine, top_px: int) -> Iterator[tuple[str, RasterGlyph | RasterBar]]:
        """Yield (colour name, bar or glyph) for reversed text: coloured bars, and the glyphs cut out of the bars.

        The top of the line is `top_px` below the top of the drawing.
        """
        type_ = self._types[line.size]
        baseline_px = top_px + line.lift + type_.baseline_px
        top, height = baseline_px - round(_ABOVE_EM * type_.em_y_px), round((_ABOVE_EM + _BELOW_EM) * type_.em_y_px)
        for piece, following in zip_longest(line.pieces, line.pieces[1:]):
            if not piece.run.is_reversed:
                continue
            left = round(INSET_PX + piece.x)
            goes_on = following is not None and following.run.is_reversed
            right = round(INSET_PX + (following.x if goes_on else piece.x + piece.width))
            yield piece.run.ink, RasterBar(left - type_.stroke_px, top, right - left + 2 * type_.stroke_px, height)
            for glyph in self._glyphs(piece, type_, baseline_px):
                yield piece.run.ink, glyph

    def _glyphs(self, piece: LinePiece, type_: SizeMetrics, baseline_px: int) -> Iterator[RasterGlyph]:
        x_px = INSET_PX + piece.x
        is_rtl = None if piece.level is None else piece.level % 2 == 1
        bold = type_.is_bold(run_bold=piece.run.bold)
        for glyph in self._shaper.shape(piece.run.text, bold, is_rtl, in_columns=type_.in_columns).glyphs:
            x, y = x_px + glyph.x * type_.em_x_px, baseline_px + type_.drop_px - glyph.y * type_.em_y_px
            yield RasterGlyph(glyph.face, glyph.id, x, y, type_.em_x_px, type_.em_y_px)


def _ink_px(shaper: Shaper, runs: Iterable[Run], type_: SizeMetrics) -> tuple[float, float]:
    """Return how many pixels the letters of `runs`, in the size `type_`, reach above and below the pixel edge at the baseline."""
    extents = [shaper.ink_extents(run.text, type_.is_bold(run_bold=run.bold), in_columns=type_.in_columns) for run in runs]
    above = max((each.above for each in extents), default=0.0) * type_.em_y_px - type_.drop_px
    return above, max((each.below for each in extents), default=0.0) * type_.em_y_px + type_.drop_px


def _shares_underline(run: Run, following: Run) -> bool:
    """Whether `run` and `following`, neighbouring words, get one continuous underline.

    They do if both are underlined, in one colour, and in one link (or both in none).
    """
    return following.underline and (following.ink, following.link) == (run.ink, run.link)


@dataclass(slots=True)
class _Shapes:
    glyphs: list[RasterGlyph] = field(default_factory=list)
    bars: list[RasterBar] = field(default_factory=list)

    def add(self, mark: RasterGlyph | RasterBar) -> None:
        if isinstance(mark, RasterBar):
            self.bars.append(mark)
        else:
            self.glyphs.append(mark)


@dataclass(slots=True)
class _InkShapes:
    """Shapes drawn in one colour: normal type and bars, and reversed text (bars with letters cut out)."""

    plain: _Shapes = field(default_factory=_Shapes)
    reversed: _Shapes = field(default_factory=_Shapes)

    def coverage(self, rasterise: Rasterise, width_px: int, height_px: int) -> bytes:
        plain = rasterise(self.plain.glyphs, self.plain.bars, width_px, height_px)
        if not self.reversed.bars:
            return plain
        grounds = rasterise((), self.reversed.bars, width_px, height_px)
        holes = rasterise(self.reversed.glyphs, (), width_px, height_px)
        ink, ground, hole = (int.from_bytes(mask, "little") for mask in (plain, grounds, holes))
        return (ink | ground & ~hole).to_bytes(len(plain), "little")  # a ground is 255 or 0, so this is 255 minus the hole


class _PixelMetric:
    is_bidi = True

    def __init__(self, shaper: Shaper, types: Mapping[Size, SizeMetrics], cell: tuple[int, int], dot_px: Dot, white: float) -> None:
        self._shaper = shaper
        self._types = types
        self._cell = cell
        self._dot_px = dot_px
        self._white = white
        self.language_rules = shaper.fonts.script.language_rules
        self._needs_fallback = re.compile(f"[^{shaper.fonts.script.block}]").search

    def advance(self, text: str, size: Size, bold: bool) -> float:
        type_ = self._types[size]
        return self._shaper.shape(text, type_.is_bold(run_bold=bold), in_columns=type_.in_columns).advance * type_.em_x_px

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        type_ = self._types[size]
        return 0.0 if type_.in_columns else self._shaper.ink_extents(text, type_.is_bold(run_bold=bold)).left * type_.em_x_px

    def across(self, ems: float, size: Size) -> float:
        return ems * self._types[size].em_x_px

    def down(self, ems: float, size: Size) -> float:
        return round(ems * self._types[size].em_y_px * self._white)

    def pitch(self, size: Size) -> float:
        return self._types[size].pitch_px

    def overhang(self, source: str, runs: Sequence[Run], size: Size) -> tuple[int, int]:
        if not self._needs_fallback(source):
            return 0, 0
        type_ = self._types[size]
        above, below = _ink_px(self._shaper, runs, type_)
        return max(0, math.ceil(above - type_.baseline_px - SOFT_PX)), max(
            0, math.ceil(below - SOFT_PX - (type_.height_px - type_.baseline_px))
        )

    def row(self) -> float:
        return self._cell[1]

    def picture_cells(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        max_cols = int((measure + 2 * INSET_PX) // self._cell[0])
        return picture_cells((width_px, height_px), max_cols, self._cell, self._dot_px)
