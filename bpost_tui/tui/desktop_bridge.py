"""Bridge to the desktop: sets the title of the terminal's window, sends notifications, and copies to the clipboard."""

from __future__ import annotations

import os
from asyncio import to_thread
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from bpost_tui.desktop import clipboard_sequence, notification_command, notification_sequence, run_notification_command
from bpost_tui.i18n import Language
from bpost_tui.typesetting.textual.driver import BoundaryDriver

if TYPE_CHECKING:
    from textual.app import App

    from bpost_tui.typesetting.terminal.display import Display


class DesktopBridge:
    """Sets the title of the terminal's window, sends notifications, and copies text to the clipboard.

    Args:
        app: App whose driver writes to the terminal.
        display: Display with the terminal's capabilities.
    """

    def __init__(self, app: App[str], language: Language, display: Display) -> None:
        self._app = app
        self._language = language
        self._display = display
        self.title = ""
        self.knows_focus = False
        """Whether the terminal has ever reported that its window gained or lost the focus."""

    def show_unread_count(self, unread: int, paper: str) -> None:
        """Show the number of unread stories, unless it is 0, in the window's title, as in "bpost (১২)".

        The title also contains `paper`, the paper's name, unless it is The Bengal Post.
        """
        count = f" ({self._language.number(unread)})" if unread else ""
        self.title = f"bpost{count}" + (f" · {paper}" if paper != self._language.text("The Bengal Post") else "")
        if isinstance(self._app._driver, BoundaryDriver):
            self._app._driver.set_title(self.title)

    def copy(self, text: str) -> None:
        """Copy `text` to the clipboard, by a control sequence to the terminal."""
        self._write(clipboard_sequence(text, self._display.capabilities.multiplexer))

    def notify(self, title: str, body: str) -> None:
        """Send a desktop notification with `title` and `body`, unless the window is known to have the focus."""
        if self.knows_focus and self._app.app_focus:
            return
        sequence = notification_sequence(self._display.capabilities, title, body)
        command = notification_command(title, body, os.environ)
        if sequence is not None and self._app._driver is not None:
            self._write(sequence)
        elif command is not None:
            _: Worker[None] = self._app.run_worker(
                partial(to_thread, run_notification_command, command), group="notification", exit_on_error=False
            )

    def _write(self, sequence: str) -> None:
        if self._app._driver is not None:
            self._app._driver.write(sequence)
