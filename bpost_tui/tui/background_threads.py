"""The threads in which the reader's blocking work runs; what isn't done when the reader leaves is left behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

_LEAVE_S = 0.3
"""How long threads that still work when the reader leaves are waited for: most end with the program or the query they wait for."""


class BackgroundThreads(ThreadPoolExecutor):
    """Python's own pool of threads, but shutting it down takes no longer than 0.3 s.

    asyncio waits for the threads of its executor without limit (3.11), and so does `concurrent.futures` when the process ends; what
    may be lost with them, a story half saved, is rolled back by SQLite as after a crash. See `__main__`, which ends the process.
    """

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="bpost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Begin nothing more; with `wait`, wait a moment for what has begun."""
        super().shutdown(wait=False, cancel_futures=True)
        if wait:
            waiting = Thread(target=super().shutdown, daemon=True)
            waiting.start()
            waiting.join(_LEAVE_S)
