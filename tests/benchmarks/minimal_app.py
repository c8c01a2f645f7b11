"""Smallest Textual app with a list that shows the same first screen as `bpost`: the cost of any such app."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import OptionList

ROWS = 200


class Minimal(App[None]):
    """App with a list; `q` or `Q` quits."""

    BINDINGS = [("q,Q", "quit", "Quit")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Yield the list."""
        yield OptionList(*(f"headline {number} of the day" for number in range(ROWS)))


if __name__ == "__main__":
    Minimal().run()
    sys.exit()
