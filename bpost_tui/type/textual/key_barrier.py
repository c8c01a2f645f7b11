"""One key after another: whatever a key opens is open before the next key is read, however fast they come.

Textual hands a key to the widget that has the focus when the key arrives; what the key before it does takes a few steps more. Of
letters that come at once, as they do over a slow line, those after `/` would go to the list. So the driver sends a `KeyBarrier`
after each key; a `KeyDone` takes the key's own way through the widgets, and once that is back, the key has been read.
"""

from __future__ import annotations

from threading import Event

from textual.app import App
from textual.message import Message

LONGEST_S = 0.3
"""How long the next key waits; a widget that goes meanwhile takes the message with it."""


class KeyBarrier(Message, bubble=False):
    """Goes to the app behind a key."""

    def __init__(self, done: Event) -> None:
        super().__init__()
        self.done = done


class KeyDone(Message):
    """Goes through the widgets behind a key, and up to the app."""

    def __init__(self, done: Event) -> None:
        super().__init__()
        self.done = done


class KeyBarrierApp(App[str]):
    """Says when a key has done what it does."""

    def on_key_barrier(self, barrier: KeyBarrier) -> None:
        """Send a message the key's way."""
        if not self._screen_stack or not (self.focused or self.screen).post_message(KeyDone(barrier.done)):
            barrier.done.set()

    def on_key_done(self, key: KeyDone) -> None:
        """The key has been read."""
        key.done.set()
