"""Progress bar of a long task: progress and remaining time, on one line of the terminal."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bpost_tui.console import Console
from bpost_tui.i18n import Language

_BEFORE_A_GUESS_S = 2.0
"""Time in seconds from the start of a task after which its remaining time is estimated."""


class ProgressBar:
    """Progress bar of a task, drawn if stderr is a terminal. Leaving the `with` block clears it, except after Ctrl+C.

    Args:
        console: Console to draw on.
        language: Language of the words in the bar.
        clock: Function that returns the time in seconds.
    """

    def __init__(self, console: Console, language: Language, clock: Callable[[], float] = monotonic) -> None:
        self._console = console
        self._language = language
        self._clock = clock
        self._began = clock()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or not issubclass(kind, KeyboardInterrupt):
            self._console.clear_progress()

    def update_stories(self, done: int, steps: int) -> None:
        """Show `done` (number of stories that are done), `steps` (number of all stories), and the estimated remaining time."""
        self.update(self._language.progress(done, steps, stories=True), done, steps)

    def update(self, what: str, done: int, steps: int) -> None:
        """Show the name of the current step (`what`), the progress (`done` out of `steps`), and the estimated remaining time."""
        passed_s = self._clock() - self._began
        guess = [self._language.time_left(passed_s / done * (steps - done))] if done and passed_s >= _BEFORE_A_GUESS_S else []
        self._console.progress(done, steps, " · ".join((what, *guess)))
