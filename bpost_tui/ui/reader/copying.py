"""Taking a story elsewhere: to the clipboard, to the browser."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.i18n import Language
from bpost_tui.model.story import Headline
from bpost_tui.reading import templates
from bpost_tui.reading.actions import Keys
from bpost_tui.reading.session import Session
from bpost_tui.terminal.desktop import clipboard_command, copy_by_command
from bpost_tui.ui.reader.host import Run, Say


class Copying:
    """Copies addresses and text, and opens stories in the browser.

    Args:
        target: Returns the story that is meant.
        selected: Returns the text that the mouse has selected.
        copy: Gives a text to the terminal's clipboard.
        browse: Opens an address in the browser.
    """

    def __init__(
        self,
        session: Session,
        language: Language,
        keys: Keys,
        run: Run,
        say: Say,
        *,
        target: Callable[[], Headline | None],
        selected: Callable[[], str | None],
        copy: Callable[[str], None],
        browse: Callable[[str], None],
    ) -> None:
        self._session = session
        self._language = language
        self._keys = keys
        self._run = run
        self._say = say
        self._target = target
        self._selected = selected
        self._copy = copy
        self._browse = browse

    def open_browser(self) -> None:
        """Open the story in the browser."""
        link = self._link()
        if link is not None:
            self._browse(link)

    def copy_link(self) -> None:
        """Copy the story's address."""
        link = self._link()
        if link is not None:
            self.copy_address(link)

    def copy_address(self, address: str) -> None:
        """Copy an address."""
        self._take(address, self._language.text("Address copied"))

    def copy_story(self) -> None:
        """Copy the story as clean text."""
        if self._session.story is not None:
            self._take(templates.as_text(self._session.story, self._language), self._language.text("Story copied"))

    def copy_passage(self, text: str) -> None:
        """Copy some words of the story."""
        self._take(text, self._language.text("Selection copied"))

    def copy_selection(self) -> None:
        """Copy what the mouse has selected."""
        selected = self._selected()
        if selected:
            self._take(selected, self._language.text("Selection copied"))
        else:
            key = self._keys.shown("quit")
            self._say(self._language.text("No text is selected · {key}: quit", key=key))

    def _link(self) -> str | None:
        """Return the story's address, or say that there is none."""
        row = self._target()
        if row is not None and row.link is not None:
            return row.link
        self._say(self._language.text("This story has no address"))
        return None

    def _take(self, text: str, sentence: str) -> None:
        self._copy(text)
        command = clipboard_command(os.environ)
        if command is not None:
            self._run(partial(self._copy_locally, text, command), group="clipboard")
        self._say(sentence)

    async def _copy_locally(self, text: str, command: tuple[str, ...]) -> None:
        await to_thread(copy_by_command, text, command)
