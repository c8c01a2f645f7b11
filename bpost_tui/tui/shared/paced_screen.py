"""When a screen is painted: at first once all that belongs on it is there, later no faster than the terminal takes it."""

from __future__ import annotations

from textual.events import ScreenResume
from textual.screen import Screen

from bpost_tui.typesetting.textual.painter import Painter
from bpost_tui.typesetting.typeset.surface import SurfaceTable

_LONGEST_S = 0.3
"""A reader who waits longer should see something."""


class PacedScreen(Screen[None]):
    """Paints nothing before it is allowed to, or some time has passed; and no frame that would be overtaken on its way.

    Args:
        surfaces: What tokens name.
        is_awaited: Whether a reader waits for the first frame; otherwise it is painted once it is whole.
    """

    def __init__(self, surfaces: SurfaceTable, *, is_awaited: bool = True) -> None:
        super().__init__()
        self._paints_early = is_awaited
        self._compositor = self._painter = Painter(surfaces)
        self.is_painting = False
        """Whether it paints whatever changes."""

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Take styles again when one comes back. Textual's does it at first, too, just when all widgets have been given theirs."""
        event.refresh_styles = event.refresh_styles and self.is_painting

    def on_mount(self) -> None:
        """Wait no longer than a reader would."""
        if self._paints_early:
            self.set_timer(_LONGEST_S, self._start_painting)

    def allow_paint(self) -> None:
        """Paint, once the layout follows what is shown by now; from then on whenever something changes."""
        if not self.is_painting:
            self.call_after_refresh(self._start_painting)

    def painted(self) -> None:
        """Do what follows a frame."""

    def _start_painting(self) -> None:
        if not self.is_painting:
            self.is_painting = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        """Paint what has changed. Textual's; what it would have painted by now, `_start_painting` paints whole."""
        if self.is_painting:
            due = self._repaint_required
            if self.app.screen is not self:  # a dialog covers a part of each row
                self._painter.repaint_whole_rows()
            super()._compositor_refresh()
            if self.app.screen is not self:  # Textual's would have what lies behind a dialog painted again without end
                self._repaint_required = due
                if not self._compositor._dirty_regions:  # none of them is in sight: Textual's would keep them due for ever
                    self._dirty_widgets.clear()
        self.painted()

    def _on_timer_update(self) -> None:
        """Paint what has changed; a terminal that lags behind a held key gets the newest state, not all states. Textual's."""
        if not getattr(self.app._driver, "is_behind", False):  # the timer goes on until it has painted
            super()._on_timer_update()
