"""Messages of the status line, beside the paper's name. Only a single message is visible at a time, and most expire soon. Pure.

An answer to a key hides a notice, a notice hides the result of a search, and the result of a search hides a message about a
refresh. A hidden message becomes visible again when the message that hides it ends, because a message replaces only messages of
its own kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from bpost_tui.typesetting.text.named_tuple import NamedTuple

MESSAGE_TIME: Final = timedelta(seconds=10)
"""Time that a message is visible before it expires."""


class MessageKind(IntEnum):
    """Kind of a message. A message of a higher kind hides messages of lower kinds."""

    REFRESH = 0
    """State of a refresh (fetching of news), or its result."""
    SEARCH = 1
    """Result of a search, shown until the reader leaves the search."""
    NOTICE = 2
    """Message that isn't the answer to a key and must be shown whole, such as an error or a problem of a file."""
    ANSWER = 3
    """Answer to a key."""


class StatusMessage(NamedTuple):
    """Text of a message, how it is drawn, and the conditions under which it disappears."""

    text: str
    short: str = ""
    """Shorter version, used if there is no room for `text`."""
    is_accented: bool = False
    """Whether the message is drawn in the accent colour."""
    lines: int = 1
    """Maximum number of lines; a longer message is cut."""
    action: str = ""
    """Id of the action that a click on the message runs; empty for no action."""
    is_sticky: bool = False
    """Whether the message stays until it is removed or replaced, such as a message about work in progress."""
    waits_for_activity: bool = False
    """Whether the message's 10 s begin only at the reader's next key or mouse event, so that an absent reader doesn't miss it."""
    is_general: bool = False
    """Whether the message remains true when the reader goes to another story or list."""
    repeat_count: int = 1
    """Number of times that the same message was shown in succession.

    Showing the number lets the reader notice a repeated answer.
    """


class _ShownMessage(NamedTuple):
    message: StatusMessage
    since: datetime | None = None
    """Time when the message first became visible; None while it is hidden or waits for the reader's activity."""
    before: _ShownMessage | None = None
    """Earlier message of the same kind, if the message is sticky (shown during an action); None if there was no earlier message.

    The message shown after the sticky message is compared with the earlier message, so that a repetition is recognised although
    a sticky message was between them.
    """

    def is_expired(self, now: datetime) -> bool:
        """Return whether the message has been visible for 10 s at `now`, or the clock was set back to a time before it appeared.

        A sticky message never expires.
        """
        return self.since is not None and not self.message.is_sticky and not self.since <= now < self.since + MESSAGE_TIME


class StatusMessages:
    """Messages that exist now, at most one of each kind; only the message of the highest kind is visible."""

    def __init__(self) -> None:
        self._shown: dict[MessageKind, _ShownMessage] = {}

    @property
    def kind(self) -> MessageKind | None:
        """Kind of the visible message; None if no message is visible."""
        return max(self._shown, default=None)

    @property
    def message(self) -> StatusMessage:
        """Visible message; an empty message if none is visible."""
        return StatusMessage("") if self.kind is None else self._shown[self.kind].message

    def show(self, kind: MessageKind, message: StatusMessage, now: datetime, *, counts_repeats: bool = True) -> None:
        """Show `message` in place of the last message of kind `kind`. If `message` is empty, only remove the last message.

        With `counts_repeats`, a message with the same text as the last message gets a `repeat_count` higher by 1.
        """
        self.expire(now)
        before = self._shown.pop(kind, None)
        if not message.text:
            return
        if before is not None and before.message.is_sticky:
            before = before.before
        if counts_repeats and before is not None and not before.is_expired(now) and before.message.text == message.text:
            message = message._replace(repeat_count=before.message.repeat_count + 1)
        self._shown[kind] = _ShownMessage(message, before=before if message.is_sticky else None)
        self.expire(now)

    def clear(self, kind: MessageKind) -> None:
        """Remove the message of kind `kind`."""
        self._shown.pop(kind, None)

    def clear_answer(self) -> None:
        """Remove the answer about the story or list that the reader has just left; a general answer stays."""
        answer = self._shown.get(MessageKind.ANSWER)
        if answer is not None and not answer.message.is_general:
            self.clear(MessageKind.ANSWER)

    def expire(self, now: datetime, *, is_reader_here: bool = False) -> bool:
        """Remove expired messages, and return whether any was removed.

        Also start the 10 s of the message that is visible then. If this message waits for the reader's activity, start them only
        with `is_reader_here` (the reader has pressed a key or moved the mouse).
        """
        expired = [kind for kind, shown in self._shown.items() if shown.is_expired(now)]
        for kind in expired:
            self.clear(kind)
        if self.kind is not None:
            seen = self._shown[self.kind]
            if seen.since is None and (is_reader_here or not seen.message.waits_for_activity):
                self._shown[self.kind] = seen._replace(since=now)
        return bool(expired)

    @property
    def is_timed(self) -> bool:
        """Whether the visible message expires by itself; False if it is sticky, or still waits for the reader's activity."""
        return self.kind is not None and not self.message.is_sticky and self._shown[self.kind].since is not None
