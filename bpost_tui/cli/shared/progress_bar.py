"""How far a long task is and how long it will still take, in the line that is also a refresh's (console.Console.progress)."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bpost_tui.console import Console
from bpost_tui.i18n import Language

_BEFORE_A_GUESS_S = 2.0
"""How long a task has to have lasted before it says how long it will."""


class ProgressBar:
    """A task's bar, drawn where stderr is a terminal. Leaving the block clears it; where the task was stopped it is left standing.

    Args:
        console: Where it is drawn.
        language: Its words.
        clock: Gives seconds.
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
        """Show how many stories are done, and roughly how long the others will take."""
        self.update(self._language.progress(done, steps, stories=True), done, steps)

    def update(self, what: str, done: int, steps: int) -> None:
        """Show what is being done, how far it is, and roughly how long it will still take."""
        passed_s = self._clock() - self._began
        guess = [self._language.time_left(passed_s / done * (steps - done))] if done and passed_s >= _BEFORE_A_GUESS_S else []
        self._console.progress(done, steps, " · ".join((what, *guess)))
