"""The `cells` rung: the source text, in boxes that are exact however wide the terminal thinks a word is.

`ESC 7`, R spaces, `ESC 8`, the word, `ESC 8`, `CSI R C`: the cursor ends R cells further whatever the word took (DECSC, DECRC and
CUF of the VT100). Terminals that don't reorder are given the letters in the order in which they are seen.
"""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.terminal import sgr
from bpost_tui.terminal.encoders.encoder import Encoder, Run, rendition
from bpost_tui.text.graphemes import cell_width, clusters
from bpost_tui.typeset.surface import Word

_BEFORE = "িেৈ"
"""Vowel signs that stand before the letter they follow."""
_AROUND = {"ো": ("ে", "া"), "ৌ": ("ে", "ৗ")}
"""Vowel signs with a part on each side."""


def box(text: str, cells: int) -> str:
    """Return a text that takes exactly so many cells. The terminal must not give it more than it may show."""
    return f"\x1b7{' ' * cells}\x1b8{text}\x1b8\x1b[{cells}C"


def visual(text: str) -> str:
    """Return a text with the parts of its Bengali clusters in visual order."""
    return "".join(map(_visual_cluster, clusters(text)))


def _visual_cluster(cluster: str) -> str:
    for sign in _BEFORE:
        if sign in cluster[1:]:
            return sign + cluster.replace(sign, "", 1)
    for sign, (before, after) in _AROUND.items():
        if sign in cluster[1:]:
            return before + cluster.replace(sign, after, 1)
    return cluster


class CellsEncoder(Encoder):
    """Words in boxes."""

    def __init__(self, *, truecolour: bool = True, spelt: Callable[[str], str] = str) -> None:
        """Take whether colours go by value, and what gives the letters of a text as the terminal takes them."""
        self._truecolour = truecolour
        self._spelt = spelt

    def encode(self, run: Run) -> str:
        """Return the words of the run's cells; of a word that is cut, the clusters that are whole."""
        end = run.column + run.count
        at = run.column
        out = [rendition(run.style.background_sgr)]
        for word in run.surface.words[run.row]:
            for column, cells, text in _shown(word, run.column, end):
                out.append(" " * (column - at))
                out.append(self._written(word, text, cells, run.style.background_sgr))
                at = column + cells
        return "".join([*out, " " * (end - at)])

    def _written(self, word: Word, text: str, cells: int, background: str) -> str:
        ink = sgr.foreground(word.colour, truecolour=self._truecolour)
        before = rendition(background, ink, "1" * word.bold, "4" * word.underline, "7" * word.is_reversed, "9" * word.strike)
        boxed = text.ljust(cells) if text.isascii() else box(self._spelt(text), cells)
        return before + boxed + (rendition(background) if word.underline or word.is_reversed or word.strike else "")


def _shown(word: Word, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return (column, cells, text) of what shows of a word between two columns."""
    if start <= word.column and word.column + word.cells <= end:
        return [(word.column, word.cells, word.text)]
    shown = []
    column = word.column
    for cluster in clusters(word.text):
        cells = cell_width(cluster)
        if cells and start <= column and column + cells <= end:
            shown.append((column, cells, cluster))
        column += cells
    return shown
