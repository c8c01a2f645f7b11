"""Separate process that makes refreshes for the screen, so that parsing and saving never delay the screen's response to a key."""

# The obvious way is to refresh in threads of the screen's process. But Python runs one thread at a time. Checking and saving the
# parser's answers kept keys waiting for up to 210 ms (of 4,518 keys in `make faults`, in the group of large feeds). A thread can't
# be made to be brief, and work in small steps takes its turns from the screen all the same.
#
# So each refresh has a process of its own, which runs requests, parsers, saving and the search index, and gives back all its
# memory at its end. The library is made for several processes at once, and `Retry-After` and contacts are saved in it, so they
# hold for all. The process reports the same events as a refresh in this process would, pickled: it has the reader's own rights,
# so checking its answers would protect nothing. It runs at a lower priority, so a key goes first if both want the same core.
#
# To end a refresh, its standard input is closed, which also happens if the screen's process dies. A save in progress is one
# transaction, and is there entirely or not at all.
#
# The price is about a third of a second before the first event (0.25 to 0.65 s on two busy cores). So `bpost refresh` and
# `--plain`, which have no screen, refresh in their own process, and single texts, links and pictures are fetched by the screen's
# process.

from __future__ import annotations

import asyncio
import pickle
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

from bpost_tui import log
from bpost_tui.child_process import encode_frame, kill, receive, worker_code, worker_command
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Reason, message
from bpost_tui.refresh.refresh_events import PaperPlan, RefreshEvent
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_PROGRAM = worker_code("bpost_tui.refresh.refresh_worker")
_SHUTDOWN_S = 0.4
"""Time in seconds that the process has to end by itself after its refresh was cancelled.

A process that takes longer is killed. Then only the page of the feed that it is saving at that moment is lost.
"""
_PROCESS_DIED = message("Fetching stopped unexpectedly; everything received so far is saved")
_TRY_AGAIN = message("Try again; if this happens every time, quit bpost and start it again.")


class RefreshRequest(NamedTuple):
    """Request for a refresh, which is sent to the process."""

    plans: tuple[PaperPlan, ...]
    """Plan for each paper that is to be refreshed."""
    folder: Path
    """Folder of the library."""
    most_bytes: int | None
    """Maximum size of the library in bytes, or None if there is no limit."""
    log: int | None
    """File descriptor of the log, or None if nothing is logged."""


class RefreshEnd(NamedTuple):
    """Last message that the refresh process sends after a refresh without an error."""

    notices: tuple[str, ...]
    """Sentences about damaged files of the library."""


class RefreshProcess:
    """Runner of refreshes that save into one library, each in a separate process that ends after the refresh.

    Args:
        folder: Folder of the library.
        most_bytes: Maximum size of the library in bytes, or None if there is no limit.
        report_problems: Function to call at the end of a refresh with sentences about damaged files of the library.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int | None,
        report_problems: Callable[[Sequence[str]], object],
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._report_problems = report_problems
        self._running: dict[asyncio.Task[None], Process] = {}

    async def refresh(self, plans: Sequence[PaperPlan]) -> AsyncGenerator[RefreshEvent]:
        """Refresh papers by their plans in a new process, and yield an event for each step.

        Raises:
            BPostError: Nothing could be fetched or saved, or the process has died.
        """
        process = await _start_process()
        events = asyncio.Queue[RefreshEvent | RefreshEnd | BPostError | None]()
        request = RefreshRequest(tuple(plans), self._folder, self._most_bytes, log.descriptor())
        task = asyncio.create_task(_forward_events(process, request, events))
        self._running[task] = process
        task.add_done_callback(self._running.pop)
        try:
            while (event := await events.get()) is not None:
                match event:
                    case BPostError():
                        raise event
                    case RefreshEnd():
                        self._report_problems(event.notices)
                        return
                    case _:
                        yield event
            raise BPostError(_PROCESS_DIED, hint=_TRY_AGAIN)
        finally:
            _stop(process)
            await asyncio.wait((task,))

    async def aclose(self) -> None:
        """End all refreshes that are running."""
        for process in self._running.values():
            _stop(process)
        if self._running:
            await asyncio.wait(tuple(self._running))


async def _forward_events(
    process: Process, request: RefreshRequest, events: asyncio.Queue[RefreshEvent | RefreshEnd | BPostError | None]
) -> None:
    """Send a process its request, and put its messages into the queue `events` until the process has ended.

    None marks the end of the messages.
    """
    began = time.monotonic()
    log.log_event("refresh-start", child=process.pid)
    try:
        if process.stdin is not None and process.stdout is not None:
            process.stdin.write(encode_frame(pickle.dumps(request)))
            while True:
                events.put_nowait(pickle.loads(await receive(process.stdout)))  # noqa: S301 -- see refresh_worker
    except (OSError, EOFError):
        pass
    except Exception as bug:  # noqa: BLE001 -- any error: bpost may have been upgraded since this process started
        log.log_error(bug)
    events.put_nowait(None)
    await process.wait()
    log.log_event("refresh-end", since=began, child=process.pid, exit=process.returncode)


def _stop(process: Process) -> None:
    """Ask a process to end, and kill it if it hasn't ended after `_SHUTDOWN_S`."""
    if process.stdin is not None:
        process.stdin.close()
    asyncio.get_running_loop().call_later(_SHUTDOWN_S, kill, process)


async def _start_process() -> Process:
    """Start a process for a refresh, and return it. Raises BPostError if the system has no process or file descriptor left."""
    log_descriptor = log.descriptor()
    try:
        return await asyncio.create_subprocess_exec(
            *worker_command(_PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            pass_fds=() if log_descriptor is None else (log_descriptor,),
            start_new_session=True,  # Ctrl+C is meant for the screen's process alone
        )
    except OSError as error:
        raise BPostError(Reason("The process that fetches news can't be started: {error}", error=error.strerror)) from error
