"""Thread pool for the reader's blocking work; leaving the reader doesn't wait for work that isn't done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

_LEAVE_S = 0.3
"""Longest wait in seconds for threads that still work when the reader leaves: most end with their program or query."""


class BackgroundThreads(ThreadPoolExecutor):
    """Python's thread pool, except that shutting it down takes 0.3 s at most.

    asyncio waits without limit for the threads of its executor (Python 3.11), and so does `concurrent.futures` when the process
    ends. A story that is half saved in such a thread is rolled back by SQLite, as after a crash. `__main__` ends the process.
    """

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="bpost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Start no more work; with `wait`, give the work that has begun 0.3 s to end."""
        super().shutdown(wait=False, cancel_futures=True)
        if wait:
            waiting = Thread(target=super().shutdown, daemon=True)
            waiting.start()
            waiting.join(_LEAVE_S)
