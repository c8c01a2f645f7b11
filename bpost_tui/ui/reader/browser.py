"""Opening addresses in the browser, and saying what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bpost_tui.i18n import Language
from bpost_tui.model.links import shown_host
from bpost_tui.reading.browsing import opening_line
from bpost_tui.terminal.browser import Opening
from bpost_tui.ui.reader.host import Run, Say
from bpost_tui.urls import shareable


class Browser:
    """Opens addresses.

    Args:
        browse: Opens an address and returns what came of it.
    """

    def __init__(self, language: Language, run: Run, say: Say, *, browse: Callable[[str], Awaitable[Opening]]) -> None:
        self._language = language
        self._run = run
        self._say = say
        self._browse = browse

    def open(self, address: str) -> None:
        """Open an address; it is checked once more, whatever it went through."""
        if shareable(address):
            self._run(partial(self._open, address), group="browser")

    async def _open(self, address: str) -> None:
        host = shown_host(address) or self._language.text("a new mail")
        self._say(self._language.text("Opening {host} …", host=host), lasts=True)
        self._say(opening_line(await self._browse(address), address, host, self._language))
