"""One key after another: whatever a key opens is open before the next key is read, however fast they come.

Textual hands a key to the widget that has the focus when the key arrives; what the key before it does takes a few steps more. Of
letters that come at once, as they do over a slow line, those after `/` would go to the list. So the driver sends a `KeyBarrier`
after each key; a `KeyDone` takes the key's own way through the widgets, and once that is back, the key has been read.
"""

from __future__ import annotations

from threading import Event

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
