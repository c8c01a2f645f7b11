"""One key after another: whatever a key opens is open before the next key is read, however fast they come.

Textual hands a key to the widget that has the focus when the key arrives; what the key before it does takes a few steps more. Of
letters that come at once, as they do over a slow line, those after `/` would go to the list. So the driver sends a `KeyBarrier`
after each key; a `KeyHandled` takes the key's own way through the widgets, and once that is back, the key has been read.
"""

from __future__ import annotations

from threading import Event
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

_POLL_S = 0.3
"""How often it is looked whether what has a key is still there: a widget that goes takes the message with it."""
_TIMEOUT_S = 10.0
"""How long the next key waits at most, as for an app that has much to do."""


class PendingKey:
    """A key on its way through the widgets, for the thread that reads keys."""

    def __init__(self) -> None:
        self._is_done = Event()
        self._holder: MessagePump | None = None

    def begin(self, holder: MessagePump) -> None:
        """Take note of what the message behind the key goes to."""
        self._holder = holder

    def end(self) -> None:
        """The key has been read."""
        self._is_done.set()

    def wait(self, leaving: Event) -> None:
        """Wait until the key has been read; not where what has it is gone, nor for an app that leaves or takes too long."""
        until = monotonic() + _TIMEOUT_S
        while not (self._is_done.wait(_POLL_S) or leaving.is_set() or monotonic() > until):
            if self._holder is not None and not self._holder.is_running:
                return


class KeyBarrier(Message, bubble=False):
    """Goes to the app behind a key."""

    def __init__(self, key: PendingKey) -> None:
        super().__init__()
        self.key = key


class KeyHandled(Message):
    """Goes through the widgets behind a key, and up to the app."""

    def __init__(self, key: PendingKey) -> None:
        super().__init__()
        self.key = key
