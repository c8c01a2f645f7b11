"""What bpost says beside the paper's name: one sentence at a time, true, and not for long. Pure.

An answer to a key comes before a notice, a notice before what a search has found, that before what the portal has to say. What is
covered comes back once nothing covers it any more: no sentence takes another's place but one of its own kind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final, NamedTuple

MESSAGE_TIME: Final = timedelta(seconds=10)
"""How long a sentence is to be seen."""


class MessageKind(IntEnum):
    """What a sentence is; the higher ones cover the lower."""

    REFRESH = 0
    """How a refresh goes, and what it has brought."""
    SEARCH = 1
    """What a search has found: true until it is left."""
    NOTICE = 2
    """What came by itself, and has to be read whole: an error, a problem of a file."""
    ANSWER = 3
    """What a key has done."""


class StatusMessage(NamedTuple):
    """A sentence, and how long it is true."""

    text: str
    short: str = ""
    """The same in fewer words, where there is no room for all of them."""
    is_accented: bool = False
    """Whether it is in the accent."""
    lines: int = 1
    """It is cut after so many."""
    action: str = ""
    """The id of the action that a click on it does."""
    is_sticky: bool = False
    """Whether it is true until it is taken back, as what is still being done."""
    waits_for_activity: bool = False
    """Whether it came by itself, so that its time begins when the reader is there: with the next key, or the mouse."""
    is_general: bool = False
    """Whether it stays true in another story and another list."""
    repeat_count: int = 1
    """How often it was said, each time while the one before still stood: so that a repeated answer is seen to be one."""


class _ShownMessage(NamedTuple):
    message: StatusMessage
    since: datetime | None = None
    """When it was first to be seen; None while something covers it, or it waits."""
    before: _ShownMessage | None = None
    """What had been said before it, where it only tells how things go."""

    def is_expired(self, now: datetime) -> bool:
        """Whether it has stood long enough; a clock that was set back ends it, too."""
        return self.since is not None and not self.message.is_sticky and not self.since <= now < self.since + MESSAGE_TIME


class StatusMessages:
    """The sentences that stand, one of each kind at most."""

    def __init__(self) -> None:
        self._shown: dict[MessageKind, _ShownMessage] = {}

    @property
    def kind(self) -> MessageKind | None:
        """What is seen; None where nothing is said."""
        return max(self._shown, default=None)

    @property
    def message(self) -> StatusMessage:
        """What is seen; an empty one where nothing is said."""
        return StatusMessage("") if self.kind is None else self._shown[self.kind].message

    def show(self, kind: MessageKind, message: StatusMessage, now: datetime, *, counts_repeats: bool = True) -> None:
        """Say a sentence in place of what was said of its kind; an empty one takes that back.

        With `counts_repeats`, the same again, while it is still shown, is seen to be another.
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
        """Say it no longer."""
        self._shown.pop(kind, None)

    def clear_answer(self) -> None:
        """Say no longer what was about the story or the list that the reader has just left."""
        answer = self._shown.get(MessageKind.ANSWER)
        if answer is not None and not answer.message.is_general:
            self.clear(MessageKind.ANSWER)

    def expire(self, now: datetime, *, is_reader_here: bool = False) -> bool:
        """Let go of what has stood long enough, and let the time of what is seen begin; return whether anything went."""
        over = [kind for kind, standing in self._shown.items() if standing.is_expired(now)]
        for kind in over:
            self.clear(kind)
        if self.kind is not None:
            seen = self._shown[self.kind]
            if seen.since is None and (is_reader_here or not seen.message.waits_for_activity):
                self._shown[self.kind] = seen._replace(since=now)
        return bool(over)

    @property
    def is_timed(self) -> bool:
        """Whether what is seen goes by itself, by and by."""
        return self.kind is not None and not self.message.is_sticky and self._shown[self.kind].since is not None
