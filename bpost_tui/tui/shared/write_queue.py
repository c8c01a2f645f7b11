"""Write queue: changes to the library are carried out one after another, in the order of the keys pressed, and never cancelled.

The obvious way is to start each change in a thread of its own. But threads take the library's lock in any order. If the reader
marks a story as read and at once as unread, "read" may be saved last; and an undo may find nothing to undo. Workers of Textual
don't help either: leaving the screen cancels them, and the last marks would be lost.

So each change is a task of asyncio that waits for an `asyncio.Lock`, then writes in a thread. The lock is fair: tasks get it in the
order of their arrival. The tasks belong to this queue, not to the screen; a worker only waits for the result, and shows it or
raises its error. When the reader leaves, the app waits for the queue. No key waits for the queue: a mark is shown at once. Until
it is saved, it is applied to all rows that are read from the library (`PendingMarks`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.errors import BPostError

if TYPE_CHECKING:
    from bpost_tui.tui.shared.app_host import RunWorker


T = TypeVar("T")
WRITES = "writes"
"""Name of the group of workers (background tasks) that wait for the result of a change to the library."""


class WriteQueue:
    """Queue of changes to the library. Each change is made in a thread, in the order of the calls of `submit`."""

    def __init__(self, run: RunWorker) -> None:
        self._run = run
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[object]] = set()

    def submit(
        self,
        write: Callable[[], T],
        then: Callable[[T], object] | None = None,
        on_failure: Callable[[], object] | None = None,
    ) -> asyncio.Task[T]:
        """Queue the blocking function `write`; `then`, unless it is None, is called with its result, on the event loop.

        `on_failure`, unless it is None, is called if the change can't be made, as on a full disk; the error is shown all the same.
        The returned task is done when the change has been made or has failed.
        """
        task = asyncio.create_task(self._in_turn(write))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._run(partial(self._call_back, task, then, on_failure), group=WRITES)
        return task

    async def wait_until_done(self) -> None:
        """Wait until all queued changes have been made or have failed."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_turn(self, write: Callable[[], T]) -> T:
        async with self._lock:
            return await asyncio.to_thread(write)

    async def _call_back(
        self, task: asyncio.Task[T], then: Callable[[T], object] | None, on_failure: Callable[[], object] | None
    ) -> None:
        try:
            result = await asyncio.shield(task)  # leaving the screen cancels this worker, not the change
        except BPostError:
            if on_failure is not None:
                on_failure()
            raise
        if then is not None:
            then(result)
