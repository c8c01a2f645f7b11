"""The number typed before a key: how often a motion is made, or which category is meant."""

from __future__ import annotations

_MOST_DIGITS = 7


class CountPrefix:
    """Digits typed so far."""

    def __init__(self) -> None:
        self._digits = ""

    @property
    def value(self) -> int | None:
        """The number typed so far; None where there is none."""
        return int(self._digits) if self._digits else None

    @property
    def is_single(self) -> bool:
        """Whether it is one digit, which may be a category's."""
        return len(self._digits) == 1

    def add(self, digit: int) -> None:
        """Put a digit behind the number; none begins with 0."""
        if digit or self._digits:
            self._digits = f"{self._digits}{digit}"[:_MOST_DIGITS]

    def take(self) -> int | None:
        """Return the number, which is used up with that."""
        value, self._digits = self.value, ""
        return value
