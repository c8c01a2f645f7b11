"""Calls of a method that a test delays, such as reading a story from the library."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from threading import Event
from types import TracebackType
from typing import Any, Self

import pytest

from bpost_tui.core.lists.listings import Listings
from bpost_tui.tui.lists.list_controller import ListController
from tests.tui.reader_facade import IN_TIME_S, Reader


class HeldCalls:
    """Calls of a method that wait in their thread until the `with` block of this object ends.

    Args:
        patch: Patch that replaces the method.
        owner: Class that has the method.
        name: Name of the method.
        first_only: Whether only the first call waits.
    """

    def __init__(self, patch: pytest.MonkeyPatch, owner: type[object], name: str, *, first_only: bool = False) -> None:
        self.calls = self.ended = 0
        self._let_go = Event()
        work = getattr(owner, name)

        def waiting(library: object, *arguments: Any, **named: Any) -> object:
            self.calls += 1
            if self.calls == 1 or not first_only:
                assert self._let_go.wait(IN_TIME_S)
            try:
                return work(library, *arguments, **named)
            finally:
                self.ended += 1

        patch.setattr(owner, name, waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._let_go.set()


def watch_nothing(patch: pytest.MonkeyPatch) -> None:
    """Keep the app from reloading the list, which it does every two seconds if the library has changed.

    On a busy machine, such a reload could come between a key and its effect, and its reads would be counted as the key's.
    """

    async def nothing(_: ListController) -> None:
        pass

    patch.setattr(ListController, "_watch", nothing)


@asynccontextmanager
async def story_on_its_way(bpost: Reader, patch: pytest.MonkeyPatch, key: str) -> AsyncGenerator[HeldCalls]:
    """Press `key`, which shows another story. The first reading of that story waits until the `async with` block ends."""
    watch_nothing(patch)
    await bpost.settle()
    with HeldCalls(patch, Listings, "story_and_item", first_only=True) as held:
        await bpost.pilot.press(key)
        assert await bpost.until(lambda: held.calls >= 1)
        yield held
