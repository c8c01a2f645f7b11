"""Number typed before a key, for the key's action to use. A single digit that no key follows chooses a category."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from bpost_tui.tui.shared.screen_context import ScreenContext

_MOST_DIGITS = 7
ALONE_S = 0.6
"""Time in seconds after a single digit is typed, until the digit chooses a category if no key follows."""


class CountPrefix:
    """Collects typed digits into a number for the key that follows, as in Vim. A single digit without a key chooses a category.

    Args:
        choose: Goes to the category with a number, counted from 0.
    """

    def __init__(self, context: ScreenContext, choose: Callable[[int], None]) -> None:
        self._context = context
        self._choose = choose
        self._digits = ""
        self._single_digit_timer: Timer | None = None

    @property
    def value(self) -> int | None:
        """Number typed so far; None if no digit was typed."""
        return int(self._digits) if self._digits else None

    def notes(self) -> tuple[str, ...]:
        """Return the typed number as a note for the footer; empty if none was typed."""
        return () if self.value is None else (self._context.language.number(self.value),)

    def add(self, digit: int) -> None:
        """Append a digit to the number; ignore a 0 at its beginning, and digits after the seventh.

        A single digit chooses a category if no key follows: at once if there is nothing to move in, otherwise after 0.6 s.
        """
        self._stop_waiting()
        if digit or self._digits:
            self._digits = f"{self._digits}{digit}"[:_MOST_DIGITS]
        is_single = len(self._digits) == 1
        if is_single and not (len(self._context.posts.rows) > 1 or self._context.panes.has_motion):
            self.finish()
        elif is_single:
            self._single_digit_timer = self._context.screen.set_timer(ALONE_S, self.finish)
        self._context.status.show_footer()

    def take(self) -> int | None:
        """Return the typed number, and clear it; None if no digit was typed."""
        self._stop_waiting()
        count, self._digits = self.value, ""
        if count is not None:
            self._context.status.show_footer()
        return count

    def finish(self) -> None:
        """If a single digit was typed, choose the category with that number (from 1); discard a number of several digits."""
        is_single = len(self._digits) == 1
        count = self.take()
        if count is not None and is_single:
            self._choose(count - 1)

    def _stop_waiting(self) -> None:
        if self._single_digit_timer is not None:
            self._single_digit_timer.stop()
            self._single_digit_timer = None
