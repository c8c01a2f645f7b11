"""The smallest Textual app with a list that shows what `bpost` shows first: what any of them must cost."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import OptionList

ROWS = 200


class Minimal(App[None]):
    """A list, and `q` or `Q` to leave."""

    BINDINGS = [("q,Q", "quit", "Quit")]  # noqa: RUF012

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield OptionList(*(f"headline {number} of the day" for number in range(ROWS)))


if __name__ == "__main__":
    Minimal().run()
    sys.exit()
