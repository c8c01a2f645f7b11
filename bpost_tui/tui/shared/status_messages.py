"""Messages of the status line, beside the paper's name: one at a time, true, and not for long. Pure.

An answer to a key covers a notice, a notice covers the result of a search, and that covers a message about a refresh. A covered
message comes back when nothing covers it any more: a message replaces only another of its own kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

MESSAGE_TIME: Final = timedelta(seconds=10)
"""Time until a message expires."""


class MessageKind(IntEnum):
    """Kind of a message; higher kinds cover lower ones."""

    REFRESH = 0
    """State of a refresh, or its result."""
    SEARCH = 1
    """Result of a search, until the search is left."""
    NOTICE = 2
    """Message that came by itself and has to be read whole: an error, a problem of a file."""
    ANSWER = 3
    """Answer to a key."""


class StatusMessage(NamedTuple):
    """Message; how it looks, and how long it stays."""

    text: str
    short: str = ""
    """Shorter wording, if there is no room for the text."""
    is_accented: bool = False
    """Whether the accent colour is used."""
    lines: int = 1
    """Number of lines after which it is cut."""
    action: str = ""
    """Id of the action that a click on it runs."""
    is_sticky: bool = False
    """Whether the message stays until it is taken back, such as one about work in progress."""
    waits_for_activity: bool = False
    """Whether its time starts only with the reader's next key or mouse event, since it came by itself."""
    is_general: bool = False
    """Whether the message stays true in another story and another list."""
    repeat_count: int = 1
    """Number of times it was shown without a break, so that a repeated answer is seen to be new."""


class _ShownMessage(NamedTuple):
    message: StatusMessage
    since: datetime | None = None
    """Time of first being visible; None while the message is covered, or waits."""
    before: _ShownMessage | None = None
    """Message of the same kind before a sticky message about progress: the message after that is compared with it, for repeats."""

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over; a clock that was set back ends it also."""
        return self.since is not None and not self.message.is_sticky and not self.since <= now < self.since + MESSAGE_TIME


class StatusMessages:
    """Current messages, at most one of each kind."""

    def __init__(self) -> None:
        self._shown: dict[MessageKind, _ShownMessage] = {}

    @property
    def kind(self) -> MessageKind | None:
        """Kind of the visible message; None if there is none."""
        return max(self._shown, default=None)

    @property
    def message(self) -> StatusMessage:
        """Visible message; an empty one if there is none."""
        return StatusMessage("") if self.kind is None else self._shown[self.kind].message

    def show(self, kind: MessageKind, message: StatusMessage, now: datetime, *, counts_repeats: bool = True) -> None:
        """Show `message` in place of the last of its kind; an empty message clears that.

        With `counts_repeats`, the same text as the message still shown counts as a repetition.
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
        """Clear the message of `kind`."""
        self._shown.pop(kind, None)

    def clear_answer(self) -> None:
        """Clear an answer about the story or list that the reader has just left."""
        answer = self._shown.get(MessageKind.ANSWER)
        if answer is not None and not answer.message.is_general:
            self.clear(MessageKind.ANSWER)

    def expire(self, now: datetime, *, is_reader_here: bool = False) -> bool:
        """Clear expired messages, and start the time of the visible one; return whether any was cleared."""
        expired = [kind for kind, standing in self._shown.items() if standing.is_expired(now)]
        for kind in expired:
            self.clear(kind)
        if self.kind is not None:
            seen = self._shown[self.kind]
            if seen.since is None and (is_reader_here or not seen.message.waits_for_activity):
                self._shown[self.kind] = seen._replace(since=now)
        return bool(expired)

    @property
    def is_timed(self) -> bool:
        """Whether the visible message will expire."""
        return self.kind is not None and not self.message.is_sticky and self._shown[self.kind].since is not None
