"""BPostApp: wiring only. It puts the library, the portal, the type and the screens together, and gives the terminal back."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import App
from textual.driver import Driver

from bpost_tui.config import Settings
from bpost_tui.i18n import Language
from bpost_tui.store.library import Library
from bpost_tui.terminal.boundary import Boundary
from bpost_tui.terminal.cells import CellsEncoder
from bpost_tui.typeset.cells import CellTypesetter
from bpost_tui.typeset.galley import Typesetter
from bpost_tui.typeset.surface import SurfaceTable
from bpost_tui.ui.desk import Desk
from bpost_tui.ui.driver import boundary_driver
from bpost_tui.ui.press import Press
from bpost_tui.ui.refresher import Refresher
from bpost_tui.ui.screens.main import Keys, MainScreen
from bpost_tui.ui.theming import ReaderTheme, bundled_folder, load_themes

SAMPLE = "sample"
"""What the app returns when the reader asked for the sample edition."""

ZOOM_STEPS_PX = range(-6, 25)


@dataclass(frozen=True, slots=True)
class Wish:
    """How the reader wants the screen."""

    theme: str
    measure: int
    """The widest a story's column gets, in cells."""
    keys: Keys
    zoom_px: int = 0


class BPostApp(App[str]):
    """The Bengal Post in a terminal."""

    CSS_PATH = "ui/bpost.tcss"
    TITLE = "bpost"
    ENABLE_COMMAND_PALETTE = False
    PAUSE_GC_ON_SCROLL: ClassVar[bool] = True

    def __init__(
        self,
        desk: Desk,
        refresher: Refresher,
        press: Press,
        themes: dict[str, ReaderTheme],
        wish: Wish,
        *,
        open_story: int | None = None,
        driver_class: type[Driver] | None = None,
        set_type: Callable[[int], Typesetter] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self._desk = desk
        self._refresher = refresher
        self._press = press
        self._themes = themes
        self._wish = wish
        self._open_story = open_story
        self._set_type = set_type
        self._zoom_px = wish.zoom_px
        for theme in themes.values():
            self.register_theme(theme.textual())
        self.theme = wish.theme

    def on_mount(self) -> None:
        """Show the reader's screen."""
        main = MainScreen(
            self._press, self._desk, self._refresher, measure=self._wish.measure, keys=self._wish.keys, open_story=self._open_story
        )
        self.set_keymap({action: ",".join(keys) for action, keys in self._wish.keys.items()})
        self.push_screen(main)
        self.call_after_refresh(gc.freeze)  # what start-up made stays: no collection has to walk it

    async def on_unmount(self) -> None:
        """Close the line to the portal."""
        await self._refresher.close()

    def action_theme(self) -> None:
        """Take the next theme."""
        names = list(self._themes)
        name = names[(names.index(self.theme) + 1) % len(names)]
        self.theme = name
        self._press.change(palette=self._themes[name].inks)
        self._reset_type()

    def action_larger(self) -> None:
        """Larger type, by a pixel."""
        self._zoom(self._zoom_px + 1)

    def action_smaller(self) -> None:
        """Smaller type, by a pixel."""
        self._zoom(self._zoom_px - 1)

    def action_natural(self) -> None:
        """Type of the usual size."""
        self._zoom(0)

    def action_sample(self) -> None:
        """Leave for the sample edition."""
        self.exit(SAMPLE)

    def _zoom(self, zoom_px: int) -> None:
        if self._set_type is None or zoom_px not in ZOOM_STEPS_PX:
            return
        self._zoom_px = zoom_px
        self._press.change(typesetter=self._set_type(zoom_px))
        self._reset_type()

    def _reset_type(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.reset_type()


class Ending(NamedTuple):
    """How a reading session ended."""

    code: int
    """The exit status."""
    sample: bool
    """Whether the reader asked for the sample edition."""


def run(
    settings: Settings,
    folder: Path,
    *,
    language: Language,
    themes_folder: Path,
    offline: bool = False,
    open_story: int | None = None,
) -> Ending:
    """Read, in this terminal, until the reader leaves.

    Args:
        settings: The reader's choices.
        folder: The folder of the portal's library.
        language: Of the interface.
        themes_folder: The reader's own themes; need not exist.
        offline: Whether no request is ever made.
        open_story: A story to open at once, by the library's number.

    Raises:
        StoreError: The library can't be opened.
    """
    themes, _ = load_themes(bundled_folder(), themes_folder)
    theme = settings.theme if settings.theme in themes else Settings().theme
    library = Library(folder)
    try:
        surfaces = SurfaceTable()
        boundary = Boundary(surfaces, CellsEncoder(), width=cell_len)
        press = Press(CellTypesetter(), surfaces, themes[theme].inks)
        desk = Desk(library, language, _clock)
        refresher = Refresher(settings.portal, library, _clock, offline=offline)
        wish = Wish(theme, settings.text_width, dict(settings.keys), settings.zoom_px)
        app = BPostApp(desk, refresher, press, themes, wish, open_story=open_story)
        app.driver_class = boundary_driver(app.driver_class, boundary)
        outcome = app.run()
        return Ending(app.return_code or 0, outcome == SAMPLE)
    finally:
        library.close()


def _clock() -> datetime:
    return datetime.now(UTC)
