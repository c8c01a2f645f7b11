"""Text wrapped to a terminal's width. Pure; widths are in cells, counted as the terminal that takes most would."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.text.graphemes import cell_width, clusters
from bpost_tui.typeset.linebreak import boxes


def wrapped(text: str, cells: int) -> list[str]:
    """Return a text in lines of at most `cells`, never cut inside a cluster; an empty text is one empty line."""
    lines: list[str] = []
    line, used, gap = "", 0, ""
    for word, spaces, hard in _words(text, cells):
        width = cell_width(word)
        if line and used + cell_width(gap) + width > cells:
            lines.append(line)
            line, used, gap = "", 0, ""
        line, used = line + gap + word, used + cell_width(gap) + width
        gap = spaces
        if hard:
            lines.append(line)
            line, used, gap = "", 0, ""
    return [*lines, line] if line or not lines else lines


def _words(text: str, cells: int) -> Iterator[tuple[str, str, bool]]:
    """Yield unbreakable pieces, the spaces after each, and whether a line must end there; one that is too wide comes in parts."""
    for box in boxes(text):
        part, used = "", 0
        for cluster in clusters(text[box.start : box.end]):
            width = cell_width(cluster)
            if part and used + width > cells:
                yield part, "", False
                part, used = "", 0
            part, used = part + cluster, used + width
        yield part, text[box.end : box.next].replace("\n", ""), box.hard
