"""Typesetter for plain cells: a line takes one row of cells, a word takes whole cells, and no letters are drawn."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import partial

from bpost_tui.typesetting.text.graphemes import cell_width, is_mark, truncate
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.banded_galley import BandedGalley
from bpost_tui.typesetting.typeset.items import HEAVY, Item, Palette, Run, Runs, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutEngine, LayoutLine
from bpost_tui.typesetting.typeset.paragraph_setter import LinePiece
from bpost_tui.typesetting.typeset.script import LanguageRules
from bpost_tui.typesetting.typeset.surface import CellWord, Surface

_CELLS_PER_EM = 2
_BAR, _RULE, _CIRCLE = "▎", "─", "◌"


class CellQuirks(NamedTuple):
    """Remedies for letters that a terminal draws wrongly: a cell more for a letter, or a vowel sign written in two parts."""

    wide: bool = False
    """Whether a letter wider than its cells gets one more cell, since the terminal would draw the next letter over it."""
    marks: bool = False
    """Whether marks above and below a letter get a cell of their own, since the terminal would not draw them otherwise."""
    parts: bool = False
    """Whether a vowel sign that surrounds its letter is written as two signs, since the terminal would draw it on one side only."""


NO_QUIRKS = CellQuirks()


class _CellMetric:
    is_bidi = False

    def __init__(self, rules: LanguageRules, white: float, quirks: CellQuirks) -> None:
        self.language_rules = rules
        self._white = white
        self._quirks = quirks
        self._wide = re.compile(rules.wide) if quirks.wide and rules.wide else None
        self._wide_bold = re.compile("|".join(filter(None, (rules.wide, rules.wide_bold)))) if self._wide else None
        self._has_more = any((self._wide, quirks.parts, quirks.marks))

    def advance(self, text: str, size: Size, bold: bool) -> float:
        return cell_width(self.spelt(text, bold or size in HEAVY))

    def spelt(self, text: str, bold: bool) -> str:
        """Return a text as it is written to the terminal, with the remedies that the terminal needs (`CellQuirks`).

        A space follows wide letters and marks, and vowel signs are divided. With `bold`, letters that are too wide only in bold
        also get a space.
        """
        if text.isascii():
            return text
        text, wide = _with_base(text), self._wide_bold if bold else self._wide
        if not self._has_more:
            return text
        text = text if wide is None else wide.sub(r"\g<0> ", text)
        text = "".join(map(_in_parts, text)) if self._quirks.parts else text
        return _with_marks_apart(text) if self._quirks.marks else text

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        return 0

    def across(self, ems: float, size: Size) -> float:
        return round(ems * _CELLS_PER_EM)

    def down(self, ems: float, size: Size) -> float:
        return math.floor(ems * self._white + 0.5)

    def pitch(self, size: Size) -> float:
        return 1

    def overhang(self, source: str, runs: Sequence[Run], size: Size) -> tuple[int, int]:
        return 0, 0

    def row(self) -> float:
        return 1

    def picture_cells(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        return 0, 0


class CellTypesetter:
    """Typesetter for cells. A word gets as many cells as any known terminal may need for it.

    Args:
        rules: Writing rules of the language of most text, such as words that stay on one line.
        white: Share of the white space between items (paragraphs …) that is kept, 0 to 1.
        quirks: Kinds of letters that are written in another way because this terminal draws them wrongly.
    """

    cell_w = 1
    cell_h = 1
    has_hairlines = False
    em_cells = row_em_cells = float(_CELLS_PER_EM)

    def __init__(self, rules: LanguageRules, *, white: float = 1.0, quirks: CellQuirks = NO_QUIRKS) -> None:
        self.metric = _CellMetric(rules, white, quirks)
        self._layout = LayoutEngine(self.metric)

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> BandedGalley:
        """Typeset items (paragraphs …) in `cols` columns of cells.

        The galley (typeset column) is exactly `rows` rows high or, with None, as high as the items need.
        """
        column = self._layout.column(items, cols)
        rows = int(column.height) if rows is None else rows
        lines = [line for line in column.lines if line.top < rows]
        return BandedGalley(
            cols,
            rows,
            lines=lines,
            line_rows=[int(line.top) for line in lines],
            item_rows=[int(top) for top in column.tops],
            draw_lines=partial(_surface, cols, self.metric),
        )

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return the number of rows that `items` (paragraphs …) take in `cols` columns of cells."""
        return int(self._layout.column(items, cols).height)

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that `runs` (stretches of text in one style) take on one line."""
        return int(self._layout.width(runs, size))

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells that `runs` (text in one style each) take. `beside`, other text on the line, has no effect."""
        return self._layout.width(runs, size)

    def missing_letters(self, text: str) -> str:
        """Return "", because the terminal chooses the fonts, and bpost can't know which letters they lack."""
        return ""


def _with_base(text: str) -> str:
    """Return a text with a dotted circle before a leading mark. Without the circle the mark would join the text at its left."""
    return _CIRCLE + text if unicodedata.category(text[:1] or " ").startswith("M") else text


def _in_parts(char: str) -> str:
    """Return a two-part vowel sign as its two parts (ো becomes ে and া), and any other character unchanged."""
    return unicodedata.normalize("NFD", char) if unicodedata.category(char) == "Mc" else char


def _with_marks_apart(text: str) -> str:
    """Return a text with a space after each nonspacing mark. The space reserves a cell; the terminal encoder doesn't write it."""
    nexts = f"{text[1:]}."
    return "".join(f"{char} " if next_ != " " and is_mark(char) else char for char, next_ in zip(text, nexts, strict=True))


def _surface(cols: int, metric: _CellMetric, lines: Sequence[LayoutLine], first_row: int, rows: int, palette: Palette) -> Surface:
    words: list[tuple[CellWord, ...]] = [()] * rows
    for line in lines:
        row = int(line.top) - first_row
        if 0 <= row < rows:
            words[row] = tuple(_words(line, cols, metric, palette))
    return Surface(cols, rows, 1, 1, tuple(words))


def _words(line: LayoutLine, cols: int, metric: _CellMetric, palette: Palette) -> list[CellWord]:
    if line.rule is not None:
        return [CellWord(0, cols, _RULE * cols, palette.get(line.rule, palette["text"]))]
    words = [CellWord(0, 1, _BAR, palette.get(line.bar, palette["text"]))] if line.bar is not None else []
    bold = line.size in HEAVY
    words.extend(_word(piece, cols, metric, palette, bold) for piece in line.pieces)
    return [word for word in words if word.cells > 0]


def _word(piece: LinePiece, cols: int, metric: _CellMetric, palette: Palette, bold: bool) -> CellWord:
    run = piece.run
    column = int(piece.x)
    cells = min(int(piece.width), cols - column)
    colour = palette.get(run.caret or run.ink, palette["text"])
    bold = bold or run.bold
    is_reversed = run.is_reversed or run.caret is not None
    text = truncate(metric.spelt(run.text, bold), cells).replace("\u00a0", " ")
    return CellWord(column, cells, text, colour, bold, run.underline, is_reversed, run.strike, piece.source)
