"""Textual app of the reader: holds its screen and everything that concerns the terminal as a whole.

The app owns the driver, the theme, the way letters are drawn, the window's title and the key that suspends bpost. Features have
no access to the app itself: they get an `AppHost`, the part of this class that the reader's screen needs.
"""

from __future__ import annotations

import gc
import os
from asyncio import to_thread
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual._styles_cache import StylesCache
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor, LineFilter
from textual.scrollbar import ScrollBar

from bpost_tui.config import Settings
from bpost_tui.core.keys.actions import Keys, action_of
from bpost_tui.core.themes import COLOURLESS, Themes
from bpost_tui.desktop import supports_title, title_sequence
from bpost_tui.i18n import Language, Reason
from bpost_tui.tui.desktop_bridge import DesktopBridge
from bpost_tui.tui.screen import ReaderScreen
from bpost_tui.tui.shared.reader_services import ReaderServices
from bpost_tui.tui.theme_switcher import ThemeSwitcher
from bpost_tui.tui.type_switcher import TypeSwitcher
from bpost_tui.tui.widgets.thin_scroll_bar import ThinScrollBar
from bpost_tui.typesetting.terminal.colour_scheme import ColourSchemeReports
from bpost_tui.typesetting.terminal.colours import TerminalColours
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.terminal.probe import query_tmux
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.textual.driver import BoundaryDriver, Handover
from bpost_tui.typesetting.textual.type_app import TypeApp

if TYPE_CHECKING:
    from bpost_tui.browser import OpenResult
    from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal

SAMPLE, RESTART = "sample", "again"
"""Return values of the app that ask the caller to open the sample edition, or to start again with the current config."""
_GC_DELAY_S = 1.0
"""Delay in seconds from mounting to turning garbage collection on. By then, the first screen has been painted."""
_TMUX_LEARNS_S = 1.0
"""Time in seconds until tmux knows the name and the version of a terminal that was just attached."""
_RETRY_S = 0.05
"""Interval in seconds for trying to apply the terminal's late replies (about its abilities) until the screen is mounted."""


class BPostApp(TypeApp[str]):
    """Textual app of the news reader for The Bengal Post."""

    CSS_PATH = "bpost.tcss"
    TITLE = "bpost"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [  # before all other keys, whatever dialog is open, and while text is typed
        Binding(",".join(action_of("suspend").keys), "suspend", id="suspend", show=False, priority=True)
    ]
    PAUSE_GC_ON_SCROLL: ClassVar[bool] = True

    def __init__(
        self,
        reading: ReaderServices,
        themes: Themes,
        display: Display,
        handover: Handover,
        notices: Sequence[str],
    ) -> None:
        """Make the app.

        Args:
            reading: Services for reading: the library's lists, settings, fetching of news, and pictures.
            themes: All themes, by name.
            display: Object that draws text in this terminal.
            handover: Keys that were typed before the app started, and the state of the terminal then.
            notices: Messages for the first screen, shown joined in one line.
        """
        settings, preferences, library = reading.settings, reading.preferences, reading.listings.library
        wanted = (COLOURLESS if display.capabilities.colourless else preferences.values.theme, settings.theme, Settings().theme)
        theme = next(name for name in wanted if name is not None and name in themes)
        keys = Keys(settings.keys, settings.keyboard)
        super().__init__(
            display,
            themes[theme].inks,
            handover,
            title=title_sequence if supports_title(os.environ.get("TERM", "")) else None,
            colour_scheme=ColourSchemeReports(self.on_background_report),
            holds_keys=True,
            alt_letters=keys.alt_letters,
        )
        self._language = language = reading.listings.language
        self._fetcher = reading.fetcher
        self._replies, self._outer = handover.replies, handover.outer
        self.keys = keys
        unknown = (
            (Reason("the theme {name} doesn't exist or can't be used", name=settings.theme),)
            if settings.theme not in themes
            else ()
        )
        startup_problems = (*notices, *library.notices, *unknown)
        self.theme_switcher = ThemeSwitcher(
            self, themes, theme, self.renderer, display.boundary.colours, preferences, language, startup_problems
        )
        ScrollBar.renderer = ThinScrollBar  # for all widgets: a scroll bar is made when it is first needed, by Textual
        self.type_switcher = TypeSwitcher(display, self.redraw_type, preferences, language)
        self.desktop = DesktopBridge(self, language, display)
        self.reader = reader = ReaderScreen(self, reading)
        """Main screen, over which dialogs are shown."""
        reader.waits_for_story = handover.page is not None and handover.page.is_shown
        self.theme_switcher.problem_found.connect(reader.show_notice)
        self.type_switcher.answered.connect(reader.show_answer)
        preferences.on_fixed_setting = partial(_warn_fixed_setting, reader.show_answer, language)
        if handover.late is not None:
            handover.late.on_replies = partial(self.call_later, self.on_late_replies)  # replies arrive on the input thread

    def on_mount(self) -> None:
        """Show the reader's screen."""
        self.set_keymap(self.keys.keymap)
        self.push_screen(self.reader)
        self.theme_switcher.begin()
        self.set_timer(_GC_DELAY_S, self._collect_again)
        if self._outer is not None and not self._outer.version:
            self.set_timer(_TMUX_LEARNS_S, self._follow_tmux)

    def on_background_report(self, dark: bool) -> None:
        """If "auto" is chosen, apply the theme for the background that the terminal has reported: dark if `dark`, else light."""
        self.theme_switcher.on_background_report(dark)

    def _collect_again(self) -> None:
        """Turn garbage collection on, but exclude the objects made at start-up, because they stay in use."""
        # A full collection visits all objects that are alive, and those made at start-up live until the end. Visiting the imported
        # modules alone takes 5 ms, in the middle of a key. So garbage isn't collected during start-up; now that the first screen is
        # there, its objects are frozen, and collections ignore them. They are never freed, nor need to be.
        gc.freeze()
        gc.enable()

    async def on_unmount(self) -> None:
        """Close the connections to portals (the papers' websites), because the app ends."""
        await self._fetcher.close()

    def on_late_replies(self, replies: Replies) -> None:
        """Apply the terminal's late `replies` about its abilities, which came after the first frame, and draw the screen again.

        Do nothing inside a multiplexer such as tmux, because it hides the terminal.
        """
        if not self.reader.is_mounted:
            self.set_timer(_RETRY_S, partial(self.on_late_replies, replies))
            return
        capabilities = self.type_switcher.apply_late_replies(replies)
        if capabilities is not None:
            self.theme_switcher.set_terminal_colours(TerminalColours.of(capabilities), capabilities.background)
            self.reader.ask_if_readable(self.type_switcher.is_unsure)

    def _follow_tmux(self) -> None:
        """Inside tmux, look in the background whether the reader has attached it to another terminal."""
        if self._outer is not None:
            self.run_worker(self._use_outer_terminal(self._outer), group="tmux", exclusive=True)

    async def _use_outer_terminal(self, former: OuterTerminal) -> None:
        outer = await to_thread(query_tmux, os.environ)
        if outer is not None and outer.name and outer != former and self.reader.is_mounted:
            self._outer = outer
            self.type_switcher.apply_outer_terminal(self._replies, outer)
            self.type_display.boundary.clear()
            self.reader.ask_if_readable(self.type_switcher.is_unsure)
            self.set_timer(_TMUX_LEARNS_S, self._follow_tmux)

    # ── for the reader's screen ─────────────────────────────────────────────

    def action_handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return the handlers of actions that the app itself carries out, by action id."""
        types = self.type_switcher
        return {
            "larger": partial(types.zoom_by, 1),
            "smaller": partial(types.zoom_by, -1),
            "natural": partial(types.zoom_to, 0),
            "draw_type": self._draw_another_way,
            "theme": self.theme_switcher.show_list,
            "sample": partial(self.exit, SAMPLE),
            "redraw": self.redraw,
            "suspend": self.action_suspend,
            "quit": self.exit,
        }

    def _draw_another_way(self) -> None:
        """Draw all text in the next render mode (pixels, block characters or plain text), and ask whether it is readable."""
        self.type_switcher.next_mode()
        if self.type_switcher.has_modes:
            self.reader.ask_if_readable()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` to the terminal's clipboard. Textual's input widget also calls this method."""
        self._clipboard = text
        self.desktop.copy(text)

    async def browse(self, address: str) -> OpenResult:
        """Open `address` in the browser, and return the result: opened, failed, or no browser found."""
        from bpost_tui.browser import open_in_browser  # only by key

        return await to_thread(open_in_browser, address, os.environ)

    def restart(self) -> None:
        """Leave the app, and start it again with the config file's current content."""
        self.exit(RESTART)

    def release_keys(self) -> None:
        """Deliver the keys that were typed before the first list was on the screen; from then on, deliver every key at once."""
        if isinstance(self._driver, BoundaryDriver):
            self._driver.release_keys()

    # ── the screen as a whole ───────────────────────────────────────────────

    def redraw(self) -> None:
        """Typeset and draw the whole screen again, because another program wrote on it or the terminal lost its contents."""
        self._follow_tmux()
        self.type_display.boundary.clear()
        self.renderer.change()
        self.screen.refresh(layout=True)

    def action_suspend(self) -> None:
        """Suspend the process of bpost, and return to the shell, whose command `fg` resumes bpost.

        If there is no shell to return to, show a message.
        """
        if not (isinstance(self._driver, BoundaryDriver) and self._driver.stop_job()):
            key = self.keys.key_label("quit")
            self.reader.show_answer(self._language.text("There is no shell to go back to · {key}: quit", key=key))

    # ── overrides of Textual ────────────────────────────────────────────────

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the colours of a theme.

        Before a screen exists, skip Textual's parsing of all style rules, which takes 4 ms. `animate` is passed to Textual: whether
        the changes of colours may be animated.
        """
        if self._screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's line filters, except its filter for the terminal's sixteen colours.

        That filter isn't needed, because the colours of themes have already been resolved to RGB.
        """
        return [each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)]

    def pop_screen(self) -> AwaitComplete:
        """Return to the screen below, and drop the closed screen's cached colours, which Textual 8.2 would keep."""
        StylesCache.get_inner_outer.cache_clear()
        return super().pop_screen()

    @property
    def bug(self) -> Exception | None:
        """Exception that ended the app; None if the app ended without an error."""
        return self._exception

    def _fatal_error(self) -> None:
        """End the app without a traceback over the screen.

        `run` raises the exception, and the command line shows it in one line.
        """
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print no traceback when the app ends, because the command line reports the error in one line."""

    def on_app_blur(self) -> None:
        """Note that the terminal reports changes of focus, because it has just reported that the window lost the focus."""
        self.desktop.knows_focus = True

    def on_app_focus(self) -> None:
        """Draw the whole screen again if the terminal may have lost bpost's pictures while another window had the focus.

        Also look whether tmux was attached to another terminal.
        """
        self._follow_tmux()
        if self.type_display.loses_pictures:
            self.screen.refresh()

    def on_resize(self) -> None:
        """Look whether tmux was attached to another terminal, which usually has another size.

        Textual also calls the method of the base class.
        """
        self._follow_tmux()

    async def on_event(self, event: events.Event) -> None:
        """Interrupt the preparation of the next page at each key, so that the key is handled first.

        Also note each key and mouse event as the reader's activity.
        """
        if isinstance(event, events.Key):
            self.reader.pause_look_ahead()
        if isinstance(event, events.InputEvent):
            self.reader.note_activity()
        await super().on_event(event)


def _warn_fixed_setting(show_answer: Callable[[str], None], language: Language, setting: str) -> None:
    """Show a message that the reader's choice for `setting` won't be remembered, because the config file sets it."""
    show_answer(language.text("Your config sets {setting}: this change lasts until you quit", setting=setting))
