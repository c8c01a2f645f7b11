"""What is said of an address that was opened in the browser."""

from __future__ import annotations

from bpost_tui.i18n import Language
from bpost_tui.terminal.browser import Opening


def opening_line(opening: Opening, address: str, opened: str, language: Language) -> str:
    """Say what came of opening an address in the browser: what was opened, or that it wasn't, and the address."""
    match opening:
        case Opening.OPENED:
            return language.text("Opened in the browser: {host}", host=opened)
        case Opening.NO_BROWSER:
            return language.text("No browser found; the address is {link}", link=address)
        case Opening.FAILED:
            return language.text("The browser didn't open; the address is {link}", link=address)
