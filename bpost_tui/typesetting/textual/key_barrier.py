"""Key barrier: each key is read only after the app has completely handled the preceding key, however fast keys come.

The obvious way is Textual's: the driver posts each key as it comes, and the app gives it to the widget that has the focus at that
moment. The preceding key may still be on its way: it takes a few more steps of the event loop to push a screen or move the focus.
When letters come at once, as over a slow line, the letters typed after `/` would go to the list, not to the search field.

So the driver posts a `KeyBarrier` after each key. When the app handles the barrier, the app posts a `KeyHandled` to the widget that
has the focus. This message goes through the same queues as the key and bubbles up through the same widgets. So it reaches the app
only after the key's handlers have run. Then the thread that reads keys reads the next one. If a widget is removed, the message
is lost with it. So the thread checks every `_POLL_S` whether the receiver still runs, and after `_TIMEOUT_S` reads the next key
anyway. Work that a key starts in the background is not waited for.
"""

from __future__ import annotations

from threading import Event
from time import monotonic

from textual.message import Message
from textual.message_pump import MessagePump

_POLL_S = 0.3
"""Interval in seconds between checks whether the widget that receives `KeyHandled` still runs.

If the widget is removed, this message is lost, and the next key would wait for `_TIMEOUT_S`.
"""
_TIMEOUT_S = 10.0
"""Maximum time in seconds that the next key waits, in case the app is busy for long."""


class PendingKey:
    """Key that widgets are handling. The thread that reads keys reads the next one only after this key is handled."""

    def __init__(self) -> None:
        self._is_done = Event()
        self._holder: MessagePump | None = None

    def begin(self, holder: MessagePump) -> None:
        """Record the widget (`holder`) that gets the `KeyHandled` message, so that `wait` notices if this widget stops running."""
        self._holder = holder

    def end(self) -> None:
        """Mark the key as handled."""
        self._is_done.set()

    def wait(self, leaving: Event) -> None:
        """Wait until the key is handled, its receiver has stopped, `_TIMEOUT_S` has passed, or `leaving` is set.

        `leaving` means that the thread that reads keys must end.
        """
        until = monotonic() + _TIMEOUT_S
        while not (self._is_done.wait(_POLL_S) or leaving.is_set() or monotonic() > until):
            if self._holder is not None and not self._holder.is_running:
                return


class KeyBarrier(Message, bubble=False):
    """Message that the driver posts to the app after a key. The app then sends `KeyHandled` through the same widgets as the key."""

    def __init__(self, key: PendingKey) -> None:
        super().__init__()
        self.key = key


class KeyHandled(Message):
    """Message sent after a key through the same widgets. It bubbles up to the app, so the app gets it after the key was handled."""

    def __init__(self, key: PendingKey) -> None:
        super().__init__()
        self.key = key
