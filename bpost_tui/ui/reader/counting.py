"""The number typed before a key, as it is typed: a digit that stays alone chooses a category."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen
from textual.timer import Timer

from bpost_tui.reading.count import CountPrefix

ALONE_S = 0.6
"""A digit that no key follows for so long is a category's."""


class Counting:
    """Takes digits.

    Args:
        screen: Whose timers it uses.
        choose: Goes to a category by its number, from 0.
        has_motion: Says whether a motion could lead anywhere from where one is: only then a digit waits for one.
        changed: Called whenever the number is another.
    """

    def __init__(
        self,
        screen: Screen[None],
        choose: Callable[[int], None],
        has_motion: Callable[[], bool],
        changed: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._choose = choose
        self._has_motion = has_motion
        self._changed = changed
        self._count = CountPrefix()
        self._alone: Timer | None = None

    @property
    def value(self) -> int | None:
        """The number typed so far."""
        return self._count.value

    @property
    def is_waiting(self) -> bool:
        """Whether a digit waits for what follows it."""
        return self._alone is not None

    def add(self, digit: int) -> None:
        """Put a digit behind the number."""
        self._stop_waiting()
        self._count.add(digit)
        if self._count.is_single and not self._has_motion():
            self.use_up()
        elif self._count.is_single:
            self._alone = self._screen.set_timer(ALONE_S, self.use_up)
        self._changed()

    def take(self) -> int | None:
        """Return the number, which is used up with that."""
        self._stop_waiting()
        count = self._count.take()
        if count is not None:
            self._changed()
        return count

    def use_up(self) -> None:
        """Take a single digit for a category's number; drop a longer one."""
        is_single = self._count.is_single
        count = self.take()
        if count is not None and is_single:
            self._choose(count - 1)

    def _stop_waiting(self) -> None:
        if self._alone is not None:
            self._alone.stop()
            self._alone = None
