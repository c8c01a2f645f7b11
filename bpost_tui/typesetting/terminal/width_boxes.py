"""Boxes: sequences around text that keep it at its width in the app's layout, both in typeset words and in Textual's own widgets.

Terminals disagree about the width of Bengali. A box ends in the same column in every terminal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bpost_tui.typesetting.text.graphemes import cell_width, clusters
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

# Latin, Greek, Cyrillic, punctuation, arrows, mathematics, boxes and blocks, Han, kana, hangul: terminals agree about their widths
_SAFE = "\x00-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2319\u2400-\u25fc"
_SAFE += "\u2800-\u28ff\u3000-\u3029\u3030-\u3098\u309b-\ua4cf\uac00-\ud7a3\uff01-\uffee\U0001cd00-\U0001cde5\U0001fb00-\U0001fbff"
AMBIGUOUS_WIDTH = f"[^{_SAFE}]"
"""Pattern of a character that doesn't have the same width in every terminal."""
# C0 and C1 but line ends and escapes; Unicode's line ends, bidi embeddings and isolates; surrogates
UNWANTED = "\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
UNWANTED += "\ud800-\udfff"
"""Characters that no text may send to a terminal: controls, and changes of direction. For use inside a pattern's brackets."""
_DROPPED = lazy_pattern(f"[{UNWANTED}\x1b]+")
_EDGES = "│┃║▌▐▎▏▕"
_STRETCH = lazy_pattern(rf"([^\s{_EDGES}]*{AMBIGUOUS_WIDTH}(?:[^\n{_EDGES}]*{AMBIGUOUS_WIDTH})?[^\s{_EDGES}]*)( *)")
"""Pattern of the text to put into one box: from the first to the last word whose width differs between terminals, and the spaces
after that word.

It never extends over a vertical line that a widget draws as its border.
"""


def without_controls(text: str) -> str:
    """Return a text without characters that control a terminal."""
    return _DROPPED.sub("", text)


def box(text: str, cells: int) -> str:
    """Return a text in a box: sequences around it make it take exactly `cells` cells. The text must not be wider in the terminal.

    The box is `ESC 7`, spaces, `ESC 8`, the text, `ESC 8`, `CSI cells C` (DECSC, DECRC and CUF of the VT100). So the cursor ends
    `cells` columns right of its start, however wide the text was.
    """
    return f"\x1b7{' ' * cells}\x1b8{text}\x1b8\x1b[{cells}C"


class WidthBoxes:
    """Converter that puts text of uncertain width into boxes: sequences that make it as wide as in the app's layout."""

    def __init__(
        self,
        layout_width: Callable[[str], int],
        *,
        terminal_width: Callable[[str], int] = cell_width,
        spell: Callable[[str], str] = str,
    ) -> None:
        """Make a converter from three functions of a text.

        Args:
            layout_width: Returns the text's width in cells in the app's layout.
            terminal_width: Returns the largest width in cells that any terminal gives the text.
            spell: Returns the text with its characters changed so that the terminal draws them best.
        """
        self._layout_width = layout_width
        self._terminal_width = terminal_width
        self._spell = spell

    def boxed(self, text: str) -> str:
        """Return the text with words of uncertain width in boxes: sequences that make them as wide as in the app's layout."""
        return _STRETCH.sub(self._box, text)

    def _box(self, match: re.Match[str]) -> str:
        stretch, after = match.groups()
        cells = self._layout_width(stretch) + len(after)
        return box(self._spell(self._fitting(stretch, cells)), cells) if cells else ""

    def _fitting(self, text: str, cells: int) -> str:
        """Return as many whole grapheme clusters from the beginning of a text as fit in `cells` cells."""
        if self._terminal_width(text) <= cells:
            return text
        fitting = ""
        for cluster in clusters(text):
            cells -= self._terminal_width(cluster)
            if cells < 0:
                break
            fitting += cluster
        return fitting
