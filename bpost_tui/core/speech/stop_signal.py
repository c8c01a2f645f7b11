"""Signal that stops the speaking of a sentence."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock


class StopSignal:
    """Signal that stops a sentence; may be sent from any thread. If the sentence hasn't begun yet, it is skipped."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ends: list[Callable[[], object]] = []
        self.is_set = False
        """Whether the signal was sent. The sentence being read aloud then stops, or is skipped if it hasn't begun yet."""

    def __call__(self) -> None:
        """Send the signal to stop the sentence. Returns at once."""
        with self._lock:
            self.is_set, ends = True, self._ends
            self._ends = []
        for end in ends:
            end()

    def on_stop(self, end: Callable[[], object]) -> None:
        """Call `end` when the signal is sent, or now if it was sent already. `end` must not block."""
        with self._lock:
            if not self.is_set:
                self._ends.append(end)
                return
        end()
