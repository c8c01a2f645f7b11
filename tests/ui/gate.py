"""A gate that holds up a read or a write of the reader's, until a test opens it."""

from __future__ import annotations

from threading import Event
from types import TracebackType
from typing import Any, Self

import pytest

from tests.tui.reader_facade import IN_TIME_S


class Gate:
    """A method of the library, its search or its lists that waits when called until the gate opens.

    Args:
        first_only: Whether only the first call waits.
    """

    def __init__(self, patch: pytest.MonkeyPatch, owner: type[object], name: str, *, first_only: bool = False) -> None:
        self.calls = self.ended = 0
        self._opened = Event()
        work = getattr(owner, name)

        def waiting(library: object, *arguments: Any, **named: Any) -> object:
            self.calls += 1
            if self.calls == 1 or not first_only:
                assert self._opened.wait(IN_TIME_S)
            try:
                return work(library, *arguments, **named)
            finally:
                self.ended += 1

        patch.setattr(owner, name, waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._opened.set()
