"""Events between parts of the screen. When one part announces an event, the functions connected to the event are called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVarTuple

Ts = TypeVarTuple("Ts")


class Event(Generic[*Ts]):
    """Event that carries values of types `Ts`. Calling the event calls the connected functions in the order of their connection."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Ts], object]] = []
        self._early: list[tuple[*Ts]] = []
        """Values announced before the first function was connected."""

    def connect(self, *listeners: Callable[[*Ts], object]) -> None:
        """Call the functions `listeners` whenever the event is announced from now on.

        The first call of `connect` also calls its functions for each earlier announcement, because these had no listener.
        """
        self._listeners += listeners
        early, self._early = self._early, []
        for values in early:
            self(*values)

    def __call__(self, *values: *Ts) -> None:
        """Announce the event: call all connected functions with `values`, or keep the values until a function is connected."""
        if not self._listeners:
            self._early.append(values)
        for listener in self._listeners:
            listener(*values)
