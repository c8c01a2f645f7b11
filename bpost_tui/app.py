"""BPostApp: wiring only. It puts the library, the portal, the type and the screens together, and gives the terminal back."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, NamedTuple, cast

from textual import events, on
from textual._styles_cache import StylesCache
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType

from bpost_tui.config import Settings
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.durations import age
from bpost_tui.reading.actions import action_of, keymap, keys_of, shown
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import ImageCache
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.preferences import Preferences
from bpost_tui.reading.themes import COLOURLESS, Themes
from bpost_tui.store.library import Library
from bpost_tui.store.pictures import PictureStore
from bpost_tui.terminal.capabilities import Capabilities, widths_agree
from bpost_tui.terminal.colours import TerminalColours
from bpost_tui.terminal.osc import takes_title
from bpost_tui.terminal.probe import Probe
from bpost_tui.terminal.replies import LateReplies
from bpost_tui.terminal.tty import cell_size_px
from bpost_tui.typeset.surface import SurfaceTable
from bpost_tui.ui.desktop import OutsideApp
from bpost_tui.ui.display import ZOOM_RANGE_PX, Display, display_for
from bpost_tui.ui.driver import Stoppable, boundary_driver
from bpost_tui.ui.pane_widths import chosen
from bpost_tui.ui.reader.main import MainScreen
from bpost_tui.ui.reader.room import RoomScreen
from bpost_tui.ui.reader.setup import Setup, Wanted
from bpost_tui.ui.renderer import Renderer

SAMPLE = "sample"
"""What the app returns when the reader asked for the sample edition."""
CLEAR = "\x1b[2J"
_SETTLED_S = 1.0
"""By then the first screen stands."""
_SWITCH_S = 0.0005
"""How long a thread that has read the library waits for its turn: at Python's 5 ms, the first list took 50 ms instead of 4."""


class BPostApp(OutsideApp):
    """The Bengal Post in a terminal."""

    CSS_PATH = "ui/bpost.tcss"
    TITLE = "bpost"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [  # first of all keys, whatever is open, and while one types
        Binding(",".join(action_of("suspend").keys), "suspend", id="suspend", show=False, priority=True)
    ]
    PAUSE_GC_ON_SCROLL: ClassVar[bool] = True

    def __init__(
        self,
        settings: Settings,
        listings: Listings,
        fetcher: Fetcher,
        image_cache: ImageCache,
        surfaces: SurfaceTable,
        type_display: Display,
        themes: Themes,
        memory: Preferences,
        *,
        open_story: int | None = None,
        typed: bytes = b"",
        late: LateReplies | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        wanted = (COLOURLESS if type_display.can.colourless else memory.choices.theme, settings.theme, Settings().theme)
        worn = next(name for name in wanted if name is not None and name in themes)
        renderer = Renderer(
            type_display.typesetter(),
            surfaces,
            themes[worn].inks,
            spare_rows=type_display.spare_rows,
            encode=type_display.boundary.prepare,
        )
        super().__init__(themes, worn, renderer, type_display.boundary.colours, memory, listings.language)
        self._untold = (*notices, *listings.library.notices, *self._untold)
        if settings.theme not in themes:
            self._untold += (Reason("there is no theme {name} that can be used", name=settings.theme),)
        self.driver_class = boundary_driver(
            self.driver_class, type_display.boundary, typed=typed, late=late, has_title=takes_title(os.environ.get("TERM", ""))
        )
        self._settings = settings
        self._type_display = type_display
        self.renderer.photo_colours = type_display.photo_colours
        self._cell_px = cell_size_px()
        self._fetcher = fetcher
        self._main = MainScreen(
            self.renderer,
            listings,
            fetcher,
            image_cache,
            Setup(
                chosen(settings.text_width, memory.choices.widths_em),
                keys=settings.keys,
                keyboard=settings.keyboard,
                bangla_date=settings.bangla_date,
                pictures=cast(Wanted, settings.pictures),
                notify=settings.notify,
                listen=settings.listen,
                new_stories=settings.hooks.get("new_stories", ()),
                refresh_minutes=settings.refresh_minutes,
                is_unsure=type_display.is_unsure and type_display.terminal not in memory.choices.text,
                open_story=open_story,
                is_tour_due=open_story is None and not memory.choices.toured,
            ),
            themes=self.theme_labels,
        )

    def on_mount(self) -> None:
        """Show the reader's screen."""
        self.set_keymap(keymap(self._settings.keys, self._settings.keyboard))
        self.push_screen(self._main)
        self.set_timer(_SETTLED_S, self._collect_again)

    def _collect_again(self) -> None:
        """Collect garbage again; what start-up made stays, so that no collection has to walk it."""
        gc.freeze()
        gc.enable()

    def pop_screen(self) -> AwaitComplete:
        """Go back to the screen below, and let go of what this one painted: its colours are cached under it (Textual 8.2)."""
        StylesCache.get_inner_outer.cache_clear()
        return super().pop_screen()

    async def on_unmount(self) -> None:
        """Close the line to the portal."""
        await self._fetcher.close()

    @property
    def bug(self) -> Exception | None:
        """What ended the app, where it wasn't the reader."""
        return self._exception

    def _fatal_error(self) -> None:
        """End without a traceback over the screen: `run` raises what it was, and the command line tells it in one line."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print nothing: see `_fatal_error`."""

    def on_app_focus(self) -> None:
        """Draw everything anew where the terminal may have lost pictures while the reader looked elsewhere."""
        if self._type_display.loses_pictures:
            self.screen.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Notice another size of the terminal's font."""
        measured = cell_size_px()
        if measured is not None and measured != self._cell_px:
            self._cell_px = measured
            self._type_display.resize(measured)
            self._reset_type()

    async def on_event(self, event: events.Event) -> None:
        """Let a key go before what is done ahead."""
        if isinstance(event, events.Key):
            self._main.rest()
        await super().on_event(event)

    def terminal(self) -> Capabilities:
        """Return what the terminal is and can."""
        return self._type_display.can

    def tell(self, sentence: str) -> None:
        """Tell the reader something, in one line."""
        self._main.tell(sentence)

    def action_larger(self) -> None:
        """Larger type, by a pixel."""
        self._zoom(self._type_display.zoom_px + 1)

    def action_smaller(self) -> None:
        """Smaller type, by a pixel."""
        self._zoom(self._type_display.zoom_px - 1)

    def action_natural(self) -> None:
        """Type of the usual size."""
        self._zoom(0)

    def action_rung(self) -> None:
        """Draw type the next way that this terminal takes."""
        before, freed = self._type_display.how, self._type_display.next_render_mode()
        if self._type_display.how == before:
            self.tell(self._language.text("This terminal shows type in cells only"))
        elif self._type_display.how == "cells" and not widths_agree(self._type_display.can):
            self.tell(self._language.text("Cells may tear the page inside {name}", name=self._type_display.can.multiplexer))
        if freed and self._driver is not None:
            self._driver.write(freed)
        self._keep_rung()
        self._reset_type()

    def action_redraw(self) -> None:
        """Draw all of the screen anew: something else has written on it, or it has lost what it held."""
        if self._driver is not None:
            self._driver.write(self._type_display.boundary.free_all() + CLEAR)
        self.refresh(layout=True)

    @on(MainScreen.Readable)
    def _keep_rung(self) -> None:
        """The way type is drawn is the right one for this terminal, the next time too."""
        self._memory.keep(text=(self._type_display.terminal, self._type_display.choice))

    @on(MainScreen.Toured)
    def _keep_toured(self) -> None:
        self._memory.keep(toured=True)

    @on(MainScreen.UnreadOnly)
    def _keep_unread_only(self, event: MainScreen.UnreadOnly) -> None:
        self._memory.keep(unread_only=event.on)

    @on(RoomScreen.WidthChosen)
    def _keep_width(self, event: RoomScreen.WidthChosen) -> None:
        self._memory.keep(width_em=(event.name, event.em))

    def action_suspend(self) -> None:
        """Go back to the shell, until its `fg`."""
        driver: object = self._driver
        if not (isinstance(driver, Stoppable) and driver.stop_job()):
            key = shown(keys_of(action_of("quit"), self._settings.keys)[0])
            self.tell(self._language.text("There is no shell to go back to · {key}: leave", key=key))

    def action_sample(self) -> None:
        """Leave for the sample edition."""
        self.exit(SAMPLE)

    def _zoom(self, zoom_px: int) -> None:
        if self._type_display.how == "cells":
            self.tell(self._language.text("In cells the letters are the terminal's own: its font makes them larger or smaller"))
        if zoom_px in ZOOM_RANGE_PX:
            self._type_display.zoom_px = zoom_px
            self._memory.keep(zoom_px=zoom_px)
            self._reset_type()

    def _reset_type(self) -> None:
        self.renderer.change(typesetter=self._type_display.typesetter(), spare_rows=self._type_display.spare_rows)
        self.renderer.photo_colours = self._type_display.photo_colours
        self.reset_type()


class Ending(NamedTuple):
    """How a reading session ended."""

    code: int
    """The exit status."""
    sample: bool
    """Whether the reader asked for the sample edition."""
    notices: tuple[str, ...] = ()
    """What was odd about the library's files, a line each."""


def run(
    settings: Settings,
    folder: Path,
    *,
    probe: Probe,
    language: Language,
    themes_folder: Path,
    state_folder: Path,
    offline: bool = False,
    open_story: int | None = None,
    text: str | None = None,
    notices: Sequence[str] = (),
) -> Ending:
    """Read, in this terminal, until the reader leaves.

    Args:
        settings: The reader's choices.
        folder: The folder of the portal's library.
        probe: The terminal, already asked.
        language: Of the interface.
        themes_folder: The reader's own themes; need not exist.
        state_folder: Where choices by key are kept; need not exist.
        offline: Whether no request is ever made.
        open_story: A story to open at once, by the library's number.
        text: How type is drawn, where the command line asks for a way: "auto" passes over what was chosen before.
        notices: What to tell first, in one line: sentences in the reader's language.

    Raises:
        StoreError: The library can't be opened.
    """
    themes = Themes(themes_folder)
    memory = Preferences(state_folder)
    with Library(folder) as library:
        surfaces = SurfaceTable()
        can = probe.finish()
        themes.hang_in(TerminalColours.of(can))
        if can.truecolour:
            os.environ.setdefault("COLORTERM", "truecolor")  # neither ssh nor xterm says so, and Rich goes by it
        else:
            os.environ.pop("COLORTERM", None)  # of the terminal around GNU screen, which takes 38;2;7 for reverse
        type_display = display_for(can, surfaces, settings, memory, text)
        listings = Listings(library, language, _clock, settings.mute, memory.choices.unread_only)
        fetcher = Fetcher(settings.portal, library, _clock, offline=offline, keep=age(settings.keep))
        image_cache = ImageCache(
            fetcher, PictureStore(folder, max_bytes=settings.pictures_mb << 20, marked=library.marked_pictures)
        )
        keys, late = probe.replies.typed, probe.late()
        app = BPostApp(
            settings,
            listings,
            fetcher,
            image_cache,
            surfaces,
            type_display,
            themes,
            memory,
            open_story=open_story,
            typed=keys,
            late=late,
            notices=notices,
        )
        sys.setswitchinterval(_SWITCH_S)
        outcome = app.run()
        if app.bug is not None:
            raise app.bug
        return Ending(app.return_code or 0, outcome == SAMPLE, library.notices)


def _clock() -> datetime:
    return datetime.now(UTC)
