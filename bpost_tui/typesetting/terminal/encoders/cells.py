"""Encoder for the render mode `cells`: text in the terminal's own characters, each word in a box of a fixed number of cells."""

from __future__ import annotations

import re
from collections.abc import Callable

from bpost_tui.typesetting.terminal import sgr
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder, rendition
from bpost_tui.typesetting.terminal.width_boxes import box, without_controls
from bpost_tui.typesetting.text.graphemes import cell_width, clusters, is_mark
from bpost_tui.typesetting.typeset.surface import CellWord

_BEFORE = "িেৈ"
"""Vowel signs that are drawn left of the consonant that they follow in the text."""
_AROUND = {"ো": ("ে", "া"), "ৌ": ("ে", "ৗ")}
"""Vowel signs that are drawn on both sides of their consonant, each mapped to (part at the left, part at the right)."""

_PAIR = re.compile("([^\x00-\u02ff]) ")


def visual_order(text: str) -> str:
    """Return a text with the parts of its Bengali clusters (letters with marks) in their order on the screen: কি becomes িক."""
    return "".join(map(_visual_cluster, clusters(text)))


def _visual_cluster(cluster: str) -> str:
    for sign in _BEFORE:
        if sign in cluster[1:]:
            return sign + cluster.replace(sign, "", 1)
    for sign, (before, after) in _AROUND.items():
        if sign in cluster[1:]:
            return before + cluster.replace(sign, after, 1)
    return cluster


def with_skipped_marks(text: str) -> str:
    """Return a text with a cursor move (CUF) instead of each space after a mark: in some terminals, the space erases the mark."""
    return _PAIR.sub(lambda pair: f"{pair[1]}\x1b[C" if is_mark(pair[1]) else pair[0], text)


def with_mark_cells(narrow_marks: str, text: str) -> str:
    """Return a text with a space after each mark that `narrow_marks` matches.

    The function is for terminals that draw such a mark in the place of the next letter.
    """
    return re.sub(narrow_marks, r"\g<0> ", text)


class CellsEncoder(Encoder):
    """Encoder that writes each word in a box: sequences that make it as many cells wide as the app expects."""

    def __init__(self, *, truecolour: bool = True, spell: Callable[[str], str] = str) -> None:
        """Make an encoder.

        Args:
            truecolour: Whether colours are sent by value, not as the nearest of 256.
            spell: Function that changes a text's characters so that the terminal draws them best.
        """
        self._truecolour = truecolour
        self._spell = spell

    def encode(self, span: CellSpan) -> str:
        """Return the words in the cells of `span`. Of a word cut off by the span's edge, return only whole grapheme clusters."""
        end = span.column + span.cells
        at = span.column
        out = [rendition(span.background.sgr)]
        for word in span.surface.words[span.row]:
            for column, cells, text in _visible(word, span.column, end):
                out.append(" " * (column - at))
                out.append(self._written(word, text, cells, span.background.sgr))
                at = column + cells
        return "".join([*out, " " * (end - at)])

    def _written(self, word: CellWord, text: str, cells: int, background: str) -> str:
        text = without_controls(text)
        ink = sgr.foreground(word.colour, truecolour=self._truecolour)
        before = rendition(background, ink, "1" * word.bold, "4" * word.underline, "7" * word.is_reversed, "9" * word.strike)
        boxed = text.ljust(cells) if text.isascii() else box(self._spell(text), cells)
        return before + boxed + (rendition(background) if word.underline or word.is_reversed or word.strike else "")


def _visible(word: CellWord, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the parts of a word between the columns `start` and `end`, each as (first column, number of cells, text)."""
    if start <= word.column and word.column + word.cells <= end:
        return [(word.column, word.cells, word.text)]
    visible = []
    column = word.column
    for cluster in clusters(word.text):
        cells = cell_width(cluster)
        if cells and start <= column and column + cells <= end:
            visible.append((column, cells, cluster))
        column += cells
    return visible
