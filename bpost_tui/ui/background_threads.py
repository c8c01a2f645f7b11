"""The threads in which the reader's blocking work runs; what isn't done when the reader leaves is left behind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

_LEAVE_S = 0.3
"""How long threads that still work when the reader leaves are waited for: most end with the program or the query they wait for."""


class BackgroundThreads(ThreadPoolExecutor):
    """Python's own threads, but that shutting down takes no longer than 0.3 s.

    asyncio waits for the threads of its executor without limit (3.11), and so does `concurrent.futures` when the process ends; what
    may be lost with them, a story half saved, is rolled back by SQLite as after a crash. See `__main__`, which ends the process.
    """

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="bpost")
        self._running: set[Future[Any]] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function in a thread."""
        future = super().submit(fn, *args, **kwargs)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begin nothing more, and wait a moment for what has begun."""
        super().shutdown(wait=False, cancel_futures=True)
        wait_for(tuple(self._running), _LEAVE_S)
