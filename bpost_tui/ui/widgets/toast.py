"""A slip at the edge of the screen: what the reader has just done, and the key that takes it back. Lengths are cells."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.timer import Timer

from bpost_tui.typeset.items import Pair
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.line import Line

STANDS_S = 4.0
_GAP_EM = 1.5
"""Between what was done and the key, and what the type's edges take."""
_AIRY_ROWS = 18
"""The least height of the panes that leaves room for white above and below."""


class Toast(Line):
    """Stands above the panes for a few seconds; never takes the focus, and gives way to the cursor's row."""

    DEFAULT_CSS = """
    Toast {
        layer: toasts; position: absolute; display: none;
        background: $panel; border-left: inner $ink-accent;
    }
    """

    class Clicked(Message):
        """The reader wants it undone."""

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._row = Pair((), ())
        self._timer: Timer | None = None

    def stand(self, row: Pair, *, for_s: float = STANDS_S) -> None:
        """Show a row for a while, in place of what stood there."""
        self._row = row
        self.show((row,))
        self.display = True
        self._stop()
        self._timer = self.set_timer(for_s, self.go)

    def go(self) -> None:
        """Go before its time."""
        self._stop()
        self.display = False

    def place(self, room: Region, cursor: Region) -> None:
        """Stand at the bottom right of a room, or above the cursor's row where that is in the way."""
        row, typesetter = self._row, self._renderer.typesetter
        above, beside = (1, 2) if room.height >= _AIRY_ROWS else (0, 1)
        words = typesetter.width(row.left, row.size) + typesetter.width(row.right, row.size)
        cols = min(words + round(_GAP_EM * typesetter.em_cells) + 2 * beside + 1, room.width)
        rows = self._height(cols) + 2 * above
        box = Region(room.right - cols, room.bottom - rows, cols, rows)
        if box.overlaps(cursor) and cursor.y - rows >= room.y:
            box = box.at_offset(Offset(box.x, cursor.y - rows))
        self.styles.padding = (above, beside)
        self.styles.width = cols
        self.styles.offset = box.offset

    def on_click(self, event: events.Click) -> None:
        """Undo what it tells of, where that can be undone."""
        event.stop()
        if self._row.right:
            self.post_message(self.Clicked())
        else:
            self.go()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
