"""Base class of apps with typeset text: sets up the terminal, keys and painting."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from textual.app import App, ReturnType
from textual.events import Event, Resize
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.widget import AwaitMount

from bpost_tui.typesetting.terminal.colour_scheme import ColourSchemeReports
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.terminal.tty import cell_size_px
from bpost_tui.typesetting.textual.driver import Handover, boundary_driver
from bpost_tui.typesetting.textual.key_barrier import KeyBarrier, KeyHandled
from bpost_tui.typesetting.textual.painter import Painter
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.textual.type_view import TypeView
from bpost_tui.typesetting.typeset.items import Palette

_MAX_COLS, _MAX_ROWS = 1600, 500
"""Maximum size in cells of the part of a window that is laid out: an 8K screen of small type.

A terminal may report any size, and 5,000 × 5,000 cells took 500 MB and 12 s.
"""


def _laid_out(size: Size) -> Size:
    return Size(min(size.width, _MAX_COLS), min(size.height, _MAX_ROWS))


class TypeApp(App[ReturnType]):
    """App with typeset text, which all its widgets draw by means of one `renderer`.

    Args:
        display: Render mode, typesetter and output for this terminal.
        palette: Colours for text, links and so on, by name; a name that isn't in it gets the colour of `text`.
        handover: Input and state of the terminal from before the app's start, as returned by `Handover.of`.
        title: Function that returns the sequence to set the window's title; None for no title.
        colour_scheme: Filter for reports of a changed background; None to request none.
        holds_keys: Whether keys wait until the app calls its driver's `release_keys`, at most three seconds.
        alt_letters: Letters whose combination with Alt is a key of the app.
    """

    def __init__(
        self,
        display: Display,
        palette: Palette,
        handover: Handover = Handover(),  # noqa: B008 -- a value
        *,
        title: Callable[[str], str] | None = None,
        colour_scheme: ColourSchemeReports | None = None,
        holds_keys: bool = False,
        alt_letters: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.no_color = self.no_color or display.capabilities.colourless
        if self.console.color_system == "256":  # Rich would turn cream into yellow, and grey into pink
            display.boundary.colours.of_256 = True
            self.console = Console(file=self.console.file, color_system="truecolor", force_terminal=True, legacy_windows=False)
        self.type_display = display
        display.layout_width = cell_len  # Textual lays text out by Rich's widths
        self.renderer = Renderer(
            display.typesetter(),
            display.surfaces,
            palette,
            spare_rows=display.reserved_rows,
            photo_colours=display.photo_colours,
            encode=display.boundary.prepare,
            on_change=self.reset_type,
        )
        self._cell_px = cell_size_px()
        self.driver_class = boundary_driver(
            self.driver_class,
            display.boundary,
            handover,
            title=title,
            colour_scheme=colour_scheme,
            holds_keys=holds_keys,
            alt_letters=alt_letters,
        )

    @property
    def size(self) -> Size:
        """Size of the window in cells; of an implausibly large window, size of the part that is laid out."""
        return _laid_out(super().size)

    async def on_event(self, event: Event) -> None:
        """Handle an event. An implausibly large window size in a `Resize` event is reduced first."""
        if isinstance(event, Resize):
            event = Resize(_laid_out(event.size), _laid_out(event.virtual_size), event.container_size, event.pixel_size)
        await super().on_event(event)

    def reset_type(self) -> None:
        """Typeset everything again: call `reset_type` of each screen, or of its views if the screen has no such method."""
        for screen in self.screen_stack:
            if not screen.is_mounted:  # its type is set when it is mounted
                continue
            reset = getattr(screen, "reset_type", None)
            for again in (reset,) if reset is not None else (view.reset_type for view in screen.query(TypeView)):
                again()

    def redraw_type(self) -> None:
        """Typeset and draw everything again after the display's render mode, zoom or cell size changed."""
        self.renderer.photo_colours = self.type_display.photo_colours
        self.renderer.change(typesetter=self.type_display.typesetter(), spare_rows=self.type_display.reserved_rows)

    def on_resize(self) -> None:
        """Typeset everything again if the window was resized because the terminal's font size changed."""
        measured = cell_size_px()
        if measured is not None and measured != self._cell_px:
            self._cell_px = measured
            self.type_display.resize(measured)
            self.redraw_type()

    def on_key_barrier(self, barrier: KeyBarrier) -> None:
        """Send `KeyHandled` to the widget with the focus. It arrives after the key that `barrier` follows."""
        if self._screen_stack:
            holder = self.focused or self.screen
            barrier.key.begin(holder)
            if holder.post_message(KeyHandled(barrier.key)):
                return
        barrier.key.end()

    def on_key_handled(self, done: KeyHandled) -> None:
        """Record that all handlers of a key have run, so that the next key is read."""
        done.key.end()

    def get_default_screen(self) -> Screen[Any]:
        """Return the app's first screen, with a `Painter` as its compositor. Other screens get a `Painter` in `_get_screen`."""
        return self.with_painter(super().get_default_screen())

    def _get_screen(self, screen: Screen[Any] | str) -> tuple[Screen[Any], AwaitMount]:
        """Return a screen (or dialog) that Textual is about to open, with a `Painter` as its compositor.

        The second value is awaited until the screen is mounted.
        """
        got, mounted = super()._get_screen(screen)
        return self.with_painter(got), mounted

    def with_painter(self, screen: Screen[Any]) -> Screen[Any]:
        """Give `screen` a painter (compositor that repaints only changed cells) unless it has one, and return the screen.

        From then on, the screen's frames wait until the terminal has read the earlier frames.
        """
        if not isinstance(screen._compositor, Painter):
            screen._compositor = Painter(self.renderer.surfaces)
        if "_on_timer_update" not in vars(screen):
            screen._on_timer_update = partial(self._paint_if_ready, screen._on_timer_update)  # type: ignore[method-assign]
        return screen

    # Textual paints a frame for every change. Over a slow connection, a held key produces frames faster than the terminal takes
    # them. The reader would see all of them, one after the other. So a frame is only painted once the terminal has read the one
    # before (`frame_fence`). A class of screens that waits would leave out dialogs, which derive from Textual's ModalScreen, so
    # each screen gets this method when it is opened. We don't drop frames that were painted: the terminal's state would differ
    # from the compositor's.
    def _paint_if_ready(self, paint: Callable[[], None]) -> None:
        """Paint a screen's changes, unless the terminal is still busy with the preceding frame.

        The changes are then painted later, so while a key is held, the terminal gets the newest state, and not every state.
        """
        if not getattr(self._driver, "is_backlogged", False):  # the timer keeps firing until the frame is painted
            paint()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write `renderable`, a frame of `screen`, unless it is None.

        On a slow connection, the next frame paints the pictures that this frame has left out.
        """
        super()._display(screen, renderable)
        if blank := self.type_display.boundary.take_deferred():
            self.screen.refresh(*(Region(first, row, end - first, 1) for row, first, end in blank))
