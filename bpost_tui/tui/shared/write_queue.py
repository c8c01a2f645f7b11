"""What changes the library: one thing after the other, in the order of the keys, to its end even where the reader leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bpost_tui.tui.shared.app_host import RunWorker

T = TypeVar("T")


class WriteQueue:
    """A queue of changes, each made in a thread; asyncio's lock is fair, so none overtakes another.

    Args:
        is_held: Whether all of them wait, and are never made.
    """

    def __init__(self, run: RunWorker, *, is_held: bool = False) -> None:
        self._run = run
        self._is_held = is_held
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[object]] = set()

    def submit(self, write: Callable[[], T], then: Callable[[T], object] | None = None) -> asyncio.Task[T]:
        """Make a change that blocks, once those before it are made; `then` takes what it returned, on the event loop.

        The task that is returned is done once the change was made, or has failed.
        """
        task = asyncio.create_task(self._in_turn(write))
        if self._is_held:
            task.cancel()
            return task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._run(partial(self._call_back, task, then), group="writes")
        return task

    async def wait_until_done(self) -> None:
        """Wait until all changes are made."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_turn(self, write: Callable[[], T]) -> T:
        async with self._lock:
            return await asyncio.to_thread(write)

    async def _call_back(self, task: asyncio.Task[T], then: Callable[[T], object] | None) -> None:
        result = await asyncio.shield(task)  # the screen may go, the change is made all the same
        if then is not None:
            then(result)
