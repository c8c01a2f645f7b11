"""Boxes that hold the text of stock widgets to its width: an input's value, a toast, the command palette.

Where terminals disagree with the width that the layout was made with, the text is put in a box of just that width.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bpost_tui.terminal.encoders.cells import box
from bpost_tui.text.graphemes import cell_width, clusters

# Latin, Greek, Cyrillic, punctuation, arrows, mathematics, boxes and blocks, Han, kana, hangul: all terminals agree about these
_PLAIN = "\x00-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u20cf\u2100-\u2319\u2400-\u25fc"
_PLAIN += "\u2800-\u28ff\u3000-\u3029\u3030-\u3098\u309b-\ua4cf\uac00-\ud7a3\uff01-\uffee\U0001cd00-\U0001cde5\U0001fb00-\U0001fbff"
COMPLEX = f"[^{_PLAIN}]"
"""A character whose width terminals disagree about, alone or after another."""
_EDGES = "│┃║▌▐▎▏▕"
_STRETCH = re.compile(rf"([^\s{_EDGES}]*{COMPLEX}(?:[^\n{_EDGES}]*{COMPLEX})?[^\s{_EDGES}]*)( *)")
"""From the first to the last doubtful word of a text, but not across the edges that widgets draw; and the spaces after it."""


class Boxes:
    """Boxes the stretches of a text whose width is in doubt."""

    def __init__(
        self,
        layout_width: Callable[[str], int],
        *,
        terminal_width: Callable[[str], int] = cell_width,
        spelt: Callable[[str], str] = str,
    ) -> None:
        self._layout_width = layout_width
        self._terminal_width = terminal_width
        self._spelt = spelt

    def boxed(self, text: str) -> str:
        """Return a text that takes exactly the cells the layout gave it."""
        return _STRETCH.sub(self._box, text)

    def _box(self, match: re.Match[str]) -> str:
        stretch, after = match.groups()
        cells = self._layout_width(stretch) + len(after)
        shown = self._fitting(stretch, cells)
        if not cells:
            return ""
        return box(self._spelt(shown), cells)

    def _fitting(self, text: str, cells: int) -> str:
        if self._terminal_width(text) <= cells:
            return text
        shown = ""
        for cluster in clusters(text):
            cells -= self._terminal_width(cluster)
            if cells < 0:
                break
            shown += cluster
        return shown
