"""A rule across a list, with a word in it. Lengths are cells."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Para
from bpost_tui.typesetting.typeset.protocols import Galley

_BEFORE = 5
"""The piece of rule before the word, with the white around."""


def labelled_rule(
    word: Para, width: int, style: Style, ground: Style, renderer: Renderer, galleys: MutableMapping[Hashable, Galley]
) -> Strip:
    """Return the rule, set once into `galleys`; a heavy one without the word, where type doesn't fit a line."""
    typesetter = renderer.typesetter
    cols = typesetter.width(word.runs, word.size)
    if typesetter.rows((word,)) > 1 or cols + 2 * _BEFORE > width:
        return Strip([Segment(" " + "━" * (width - 2) + " ", style)], width)
    key = word, cols, renderer.version
    if key not in galleys:
        galleys[key] = renderer.set((word,), cols, rows=1)
    after = width - cols - _BEFORE
    strip = renderer.strip(galleys[key], 0, ground)
    return Strip([Segment(" " + "─" * (_BEFORE - 2) + " ", style), *strip, Segment(" " + "─" * (after - 2) + " ", style)], width)
