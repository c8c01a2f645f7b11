"""An app that shows set type: what it needs of the terminal, of keys and of painting stands here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from textual.app import App, ReturnType
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


class TypeApp(App[ReturnType]):
    """An app whose widgets draw with `renderer`.

    Args:
        display: How type is shown in this terminal.
        palette: The inks; `text` is taken for those that it lacks.
        handover: What was had of the terminal before: `Handover.of(probe)`.
        title: Returns what gives the terminal's window a title; None where the app gives it none.
        ground: What takes reports of another ground out of the input; without it none are asked for.
        holds_keys: Whether keys wait until the app calls its driver's `release_keys`, or for three seconds.
    """

    def __init__(
        self,
        display: Display,
        palette: Palette,
        handover: Handover = Handover(),  # noqa: B008 -- a value
        *,
        title: Callable[[str], str] | None = None,
        ground: ColourSchemeReports | None = None,
        holds_keys: bool = False,
    ) -> None:
        super().__init__()
        self.no_color = self.no_color or display.capabilities.colourless
        if self.console.color_system == "256":  # Rich would take yellow for cream, and pink for grey
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
            changed=self.reset_type,
        )
        self._cell_px = cell_size_px()
        self.driver_class = boundary_driver(
            self.driver_class, display.boundary, handover, title=title, ground=ground, holds_keys=holds_keys
        )

    def reset_type(self) -> None:
        """Have all type set again: screens that know how do so themselves, of others the views."""
        for screen in self.screen_stack:
            if not screen.is_mounted:  # it will be set as things are then
                continue
            reset = getattr(screen, "reset_type", None)
            for again in (reset,) if reset is not None else (view.reset_type for view in screen.query(TypeView)):
                again()

    def draw_again(self) -> None:
        """Set and draw all type as the display is now: its render mode, its zoom or its cells have changed."""
        self.renderer.photo_colours = self.type_display.photo_colours
        self.renderer.change(typesetter=self.type_display.typesetter(), spare_rows=self.type_display.reserved_rows)

    def on_resize(self) -> None:
        """Notice another size of the terminal's font."""
        measured = cell_size_px()
        if measured is not None and measured != self._cell_px:
            self._cell_px = measured
            self.type_display.resize(measured)
            self.draw_again()

    def on_key_barrier(self, barrier: KeyBarrier) -> None:
        """Send a message the key's way."""
        if self._screen_stack:
            holder = self.focused or self.screen
            barrier.key.begin(holder)
            if holder.post_message(KeyHandled(barrier.key)):
                return
        barrier.key.end()

    def on_key_handled(self, done: KeyHandled) -> None:
        """The key has been read."""
        done.key.end()

    def _get_screen(self, screen: Screen[Any] | str) -> tuple[Screen[Any], AwaitMount]:
        """Have every screen painted by a painter, dialogs too."""
        got, mounted = super()._get_screen(screen)
        if not isinstance(got._compositor, Painter):
            got._compositor = Painter(self.renderer.surfaces)
        return got, mounted
