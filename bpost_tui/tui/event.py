"""Events: what one part of the screen announces, and others follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVarTuple

Ts = TypeVarTuple("Ts")


class Event(Generic[*Ts]):
    """Something that happens; what is connected is called, in the order in which it was connected."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Ts], object]] = []

    def connect(self, *listeners: Callable[[*Ts], object]) -> None:
        """Have these called, too."""
        self._listeners += listeners

    def __call__(self, *values: *Ts) -> None:
        """Announce that it has happened."""
        for listener in self._listeners:
            listener(*values)
