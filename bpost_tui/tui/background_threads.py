"""Thread pool for the reader's blocking work. When the reader leaves, the app waits only 0.3 s for unfinished work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

_LEAVE_S = 0.3
"""Maximum time in seconds to wait for running threads when the reader leaves. Most end sooner, with their program or query."""


class BackgroundThreads(ThreadPoolExecutor):
    """Thread pool like Python's, but shutting it down takes at most 0.3 s.

    asyncio waits without limit for the threads of its executor (Python 3.11), and so does `concurrent.futures` when the process
    ends. A story that is half saved in such a thread is rolled back by SQLite, as after a crash. `__main__` ends the process.
    """

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="bpost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more work. With `wait`, give running work 0.3 s to end."""
        super().shutdown(wait=False, cancel_futures=True)
        if wait:
            waiting = Thread(target=super().shutdown, daemon=True)
            waiting.start()
            waiting.join(_LEAVE_S)
