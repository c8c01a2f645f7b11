"""Copies stories and addresses to the clipboard, and opens addresses in the browser."""

from __future__ import annotations

import os
from asyncio import to_thread
from functools import partial

from bpost_tui.browser import launch, open_result_message, program_command
from bpost_tui.core import templates
from bpost_tui.desktop import clipboard_command, run_clipboard_command
from bpost_tui.model.media_kind import media_kind_in_text
from bpost_tui.model.story_links import display_host
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.urls import shareable


class CopyAndOpen:
    """Copies addresses and text, and opens stories in the browser."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context

    def browse(self, address: str) -> None:
        """Open `address` in the browser; do nothing unless it is a web address or a mailto address."""
        if shareable(address):
            self._context.run_worker(partial(self._browse, address), group="browser")

    async def _browse(self, address: str) -> None:
        host = display_host(address) or self._context.text("a new mail")
        self._context.show_answer(self._context.text("Opening {host} …", host=host), is_sticky=True)
        story = self._context.session.story
        program = self._context.settings.open.get(media_kind_in_text(address, story.blocks if story is not None else ()), ())
        opening = await (to_thread(launch, program_command(program, address)) if program else self._context.host.browse(address))
        self._context.show_answer(open_result_message(opening, address, host, self._context.language, program))

    def open_browser(self) -> None:
        """Open the story under the cursor, or the open story, in the browser; show a message if it has no address."""
        link = self._link()
        if link is not None:
            self.browse(link)

    def copy_link(self) -> None:
        """Copy the address of the story under the cursor, or of the open story; show a message if it has none."""
        link = self._link()
        if link is not None:
            self.copy_address(link)

    def copy_address(self, address: str) -> None:
        """Copy `address`, the address of a link, to the clipboard."""
        self._copy_text(address, self._context.text("Address copied"))

    def copy_story(self) -> None:
        """Copy the open story as plain text to the clipboard; do nothing if none is open."""
        if self._context.session.story is not None:
            self._copy_text(
                templates.story_as_text(self._context.session.story, self._context.language), self._context.text("Story copied")
            )

    def copy_passage(self, text: str) -> None:
        """Copy `text`, the selected words of the story, to the clipboard."""
        self._copy_text(text, self._context.text("Selection copied"))

    def copy_selection(self) -> None:
        """Copy the text that is selected with the mouse, or show a message if none is."""
        selected = self._context.screen.get_selected_text()
        if selected:
            self._copy_text(selected, self._context.text("Selection copied"))
        else:
            key = self._context.keys.key_label("quit")
            self._context.show_answer(self._context.text("No text is selected · {key}: quit", key=key))

    def _link(self) -> str | None:
        """Return the address of the story that keys act on; if there is none, show a message and return None."""
        row = self._context.target_story
        if row is not None and row.link is not None:
            return row.link
        self._context.show_answer(self._context.text("This story has no address"))
        return None

    def _copy_text(self, text: str, sentence: str) -> None:
        self._context.host.copy_to_clipboard(text)
        command = clipboard_command(os.environ)
        if command is not None:
            self._context.run_worker(partial(to_thread, run_clipboard_command, text, command), group="clipboard")
        self._context.show_answer(sentence)
