"""Stopping a sentence while it is said."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class StopSignal:
    """A way to have a sentence end, from any thread; one that hasn't begun isn't said then."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends: list[Callable[[], object]] = []
        self.is_set = False
        """Whether it is to end."""

    def __call__(self) -> None:
        """Have it end; returns at once."""
        with self._lock:
            self.is_set, ends = True, self._ends
            self._ends = []
        for end in ends:
            end()

    def on_stop(self, end: Callable[[], object]) -> None:
        """Call something that holds nobody up when the sentence is to end, now where it already is."""
        with self._lock:
            if not self.is_set:
                self._ends.append(end)
                return
        end()
