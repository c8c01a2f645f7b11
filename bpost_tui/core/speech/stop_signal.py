"""Signal that stops a sentence while it is spoken."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class StopSignal:
    """Signal that stops a sentence, sent from any thread; a sentence not yet begun is skipped."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends: list[Callable[[], object]] = []
        self.is_set = False
        """Whether the sentence is to stop."""

    def __call__(self) -> None:
        """Stop the sentence; returns at once."""
        with self._lock:
            self.is_set, ends = True, self._ends
            self._ends = []
        for end in ends:
            end()

    def on_stop(self, end: Callable[[], object]) -> None:
        """Call `end` when the sentence is stopped, or now if it already is. `end` must not block."""
        with self._lock:
            if not self.is_set:
                self._ends.append(end)
                return
        end()
