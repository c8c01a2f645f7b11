"""Selecting words by keys: the selection is in the story below, and this screen takes the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.screen import ModalScreen

from bpost_tui.config.key_names import key_name
from bpost_tui.core.story.selection import SelectionStep, steps_by_key


class SelectScreen(ModalScreen[SelectionStep]):
    """Gives back how it was left: by copying, by keeping, or just so.

    Args:
        step: Moves or extends the selection.
        layouts: The Bengali layouts under which keys may be pressed.
    """

    def __init__(self, step: Callable[[SelectionStep], None], layouts: Sequence[str]) -> None:
        super().__init__()
        self._step = step
        self._steps = steps_by_key(layouts)

    def on_key(self, event: events.Key) -> None:
        """Move, extend, copy, keep or leave."""
        event.stop()
        event.prevent_default()  # Tab is a key of this screen's
        step = self._steps.get(key_name(event.key))
        if step in (SelectionStep.COPY, SelectionStep.KEEP, SelectionStep.LEAVE):
            self.dismiss(step)
        elif step is not None:
            self._step(step)

    def on_click(self) -> None:
        """Select nothing."""
        self.dismiss(SelectionStep.LEAVE)
