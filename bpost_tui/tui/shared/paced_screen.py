"""Screen that isn't painted before its contents are ready."""

from __future__ import annotations

from asyncio import Event

from textual.events import ScreenResume
from textual.screen import Screen

from bpost_tui.typesetting.textual.painter import Painter
from bpost_tui.typesetting.typeset.surface import SurfaceTable

_LONGEST_S = 0.3
"""Maximum time in seconds that the first frame waits for its contents. A reader who waits longer should see something."""


# Textual paints a screen as soon as it is mounted, and again when its contents arrive. The library is read in a thread, so the
# first frame would have no list and no story. The pictures of that page would be sent, and then replaced. With one frame, bpost
# sends 99 kB instead of 137 in kitty, and 147 kB instead of 250 in sixel. So nothing is painted until the list is there, or 0.3 s
# have passed. The first story follows in a frame of its own. That takes 3 % more bytes in kitty, 12 % in cells, but the headlines
# don't wait for the modules that the story needs, nor until it is typeset and drawn.
class PacedScreen(Screen[None]):
    """Screen whose first frame waits for its contents.

    Args:
        surfaces: Table of the pictures of typeset text. Lines of the screen contain tokens: characters that each name one cell
            of a picture.
    """

    def __init__(self, surfaces: SurfaceTable) -> None:
        super().__init__()
        self.first_frame_s = _LONGEST_S
        """Maximum time in seconds before the first frame. After that, the screen is painted even if it is incomplete."""
        self._compositor = self._painter = Painter(surfaces)
        self.waits_for_story = False
        """Whether the first frame waits for the story also, for example while a saved picture of the screen is shown."""
        self.is_painting = False
        """Whether changes are painted. Before the first frame, they are only collected."""
        self._has_painted = Event()

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Skip restyling when the screen is shown for the first time, because all widgets have just been styled."""
        event.refresh_styles = event.refresh_styles and self.is_painting

    def on_mount(self) -> None:
        """Start painting after the maximum wait, even if the contents aren't ready by then."""
        self.set_timer(self.first_frame_s, self._start_painting)

    def allow_paint(self) -> None:
        """Start painting as soon as the current contents are laid out. From then on, every change is painted."""
        if not self.is_painting:
            self.call_after_refresh(self._start_painting)

    async def paint_list_first(self) -> None:
        """Start painting before the story is ready, and return when the list is on the screen.

        If `waits_for_story` is set, do nothing and return at once.
        """
        if not self.waits_for_story:
            self.allow_paint()
            await self._has_painted.wait()

    def painted(self) -> None:
        """Do nothing. Subclasses may override this method, which is called after each frame, even before painting has started."""

    @property
    def is_line_slow(self) -> bool:
        """Whether the connection to the terminal is so slow that a frame with a new story takes noticeably long.

        False with Textual's own drivers, which don't measure the connection.
        """
        return bool(getattr(self.app._driver, "is_line_slow", False))

    def _start_painting(self) -> None:
        if not self.is_painting:
            self.is_painting = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        """Paint the changes if painting has started. Changes before that are painted together in the first frame."""
        if self.is_painting:
            due = self._repaint_required
            if self.app.screen is not self:  # a dialog covers part of each row
                self._painter.repaint_whole_rows()
            super()._compositor_refresh()
            self._has_painted.set()
            if self.app.screen is not self:  # Textual would repaint the panes under a dialog without end
                self._repaint_required = due
                if not self._compositor._dirty_regions:  # none of them is visible: Textual would keep them due for ever
                    self._dirty_widgets.clear()
        self.painted()
