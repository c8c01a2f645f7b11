"""What the reader sees of bpost while another window has the focus: its title, and notifications."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from textual import on

from bpost_tui.terminal import notifications
from bpost_tui.terminal.osc import clipboard_sequence
from bpost_tui.ui.driver import Titled
from bpost_tui.ui.reader.noticing import NoticeScreen
from bpost_tui.ui.theme_switcher import ThemedApp
from bpost_tui.ui.widgets.category_list import CategoryList

if TYPE_CHECKING:
    from bpost_tui.terminal.capabilities import Capabilities


class OutsideApp(ThemedApp):
    """An app that is heard of outside of its window."""

    window_title = ""
    _knows_focus = False
    """Whether the terminal has ever said where the reader looks."""

    def terminal(self) -> Capabilities:
        """Return what the terminal is and can."""
        raise NotImplementedError

    def copy_to_clipboard(self, text: str) -> None:
        """Give a text to the terminal's clipboard."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard_sequence(text, self.terminal().multiplexer))

    def on_app_blur(self) -> None:
        """The reader looks elsewhere."""
        self._knows_focus = True

    @on(CategoryList.Counted)
    def _count_in_title(self, event: CategoryList.Counted) -> None:
        """Have the unread stories in the window's title: "bpost (১২)"."""
        self.window_title = f"bpost ({self._language.number(event.unread)})" if event.unread else "bpost"
        driver: object = self._driver
        if isinstance(driver, Titled):
            driver.set_title(self.window_title)

    @on(NoticeScreen.Noted)
    def _notify(self, event: NoticeScreen.Noted) -> None:
        """Tell the desktop, unless the reader looks here."""
        if self._knows_focus and self.app_focus:
            return
        sequence = notifications.sequence(self.terminal(), event.title, event.body)
        command = notifications.program(event.title, event.body, os.environ)
        if sequence is not None and self._driver is not None:
            self._driver.write(sequence)
        elif command is not None:
            self.run_worker(partial(notifications.run, command), thread=True, group="notice", exit_on_error=False)
