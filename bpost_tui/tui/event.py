"""Events between parts of the screen: one part announces, the connected parts follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVarTuple

Ts = TypeVarTuple("Ts")


class Event(Generic[*Ts]):
    """Event with values of types `Ts`. Calling it calls the listeners in the order of their connection."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Ts], object]] = []

    def connect(self, *listeners: Callable[[*Ts], object]) -> None:
        """Add `listeners`."""
        self._listeners += listeners

    def __call__(self, *values: *Ts) -> None:
        """Call all listeners with `values`."""
        for listener in self._listeners:
            listener(*values)
