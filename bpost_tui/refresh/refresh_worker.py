"""Main program of the refresh process, which fetches and saves for the screen.

`refresh_process` starts it, and gives the reasons for a separate process. The process reads one request from standard input and
writes messages to standard output, in frames (`child_process`): an event for each step of the refresh, then `RefreshEnd`, or else
the error that ends the refresh.

When standard input ends, so does the process: a save that has begun is finished, and the rest is left to the next refresh. Frames
are pickled, which is safe because both processes have the same rights.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from contextlib import suppress

from bpost_tui import log
from bpost_tui.child_process import encode_frame, read_frame
from bpost_tui.clock import utc_now
from bpost_tui.errors import BPostError
from bpost_tui.refresh.library_refresh import refresh_papers
from bpost_tui.refresh.refresh_process import RefreshEnd, RefreshRequest
from bpost_tui.store.library import Library

_NICENESS = 5
"""Niceness (the higher it is, the lower the priority) of the process.

With a low priority, the response to a key comes first if the screen's process and this one need the same core.
"""
_SHUTDOWN_LIMIT_S = 10
"""Maximum time in seconds that the process has to finish a save after standard input has ended."""


def main() -> None:
    """Read the request from standard input, and write the events and the result to standard output."""
    os.nice(_NICENESS)
    if (frame := read_frame(sys.stdin.buffer)) is not None:
        request: RefreshRequest = pickle.loads(frame)  # noqa: S301 -- sent by the process that has started this one
        log.resume_log(request.log)
        with suppress(asyncio.CancelledError, BrokenPipeError):
            log.run_loop(_run_request(request))


async def _run_request(request: RefreshRequest) -> None:
    _cancel_at_eof(asyncio.current_task())
    try:
        with Library(request.folder, most_bytes=request.most_bytes) as library:
            async for event in refresh_papers(request.plans, library, offline=False, clock=utc_now):
                _send(event)
            _send(RefreshEnd(library.notices))
    except BPostError as error:
        _send(error)
    except Exception as bug:
        log.log_error(bug)
        raise


def _cancel_at_eof(task: asyncio.Task[None] | None) -> None:
    """Cancel `task` when standard input ends, and give the process `_SHUTDOWN_LIMIT_S` seconds to end. `task` may be None.

    The parent process sends nothing after the request, so standard input becomes readable only at its end.
    """
    loop = asyncio.get_running_loop()

    def end() -> None:
        loop.remove_reader(sys.stdin.fileno())
        signal.alarm(_SHUTDOWN_LIMIT_S)
        if task is not None:
            task.cancel()

    loop.add_reader(sys.stdin.fileno(), end)


def _send(value: object) -> None:
    sys.stdout.buffer.write(encode_frame(pickle.dumps(value)))
    sys.stdout.buffer.flush()
