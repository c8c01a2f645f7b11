"""Thread pool of the app for blocking calls, such as queries of the library. It delays the end of the app by 0.3 s at most."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

_LEAVE_S = 0.3
"""Maximum time in seconds that the app, when it ends, waits for running threads.

Most threads end sooner, when the program or the query that they wait for ends.
"""


class BackgroundThreads(ThreadPoolExecutor):
    """Thread pool like Python's, but shutting it down takes at most 0.3 s.

    asyncio waits without limit for the threads of its executor (Python 3.11), and so does `concurrent.futures` when the process
    ends. After the shutdown, `__main__` ends the process although threads may still run. If a thread is saving a story then, SQLite
    rolls the change back, as after a crash.
    """

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="bpost")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more work, and cancel queued work. `cancel_futures` has no effect.

        With `wait`, wait at most 0.3 s for running work.
        """
        super().shutdown(wait=False, cancel_futures=True)
        if wait:
            waiting = Thread(target=super().shutdown, daemon=True)
            waiting.start()
            waiting.join(_LEAVE_S)
