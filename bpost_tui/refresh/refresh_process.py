"""Has refreshes done by a process of their own, so that neither parsing's answers nor saving ever holds up the screen."""

from __future__ import annotations

import asyncio
import pickle
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui import log
from bpost_tui.child_process import command, frame, kill, program_of, receive
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Reason, message
from bpost_tui.refresh.refresh_events import PaperPlan, SyncEvent

if TYPE_CHECKING:
    from bpost_tui.mark_sync.greader_account import GreaderAccount

_PROGRAM = program_of("bpost_tui.refresh.refresh_worker")
_PARTING_S = 0.4
"""How long a process whose refresh is given up may take to end; killed, it loses only what it was just about to save."""
_STOPPED = message("Fetching stopped unexpectedly; everything received so far is saved")
_TRY_AGAIN = message("Try again; if this happens every time, it is a bug.")


class RefreshRequest(NamedTuple):
    """What to refresh."""

    plans: tuple[PaperPlan, ...]
    """What to fetch of each paper."""
    folder: Path
    """Of the library."""
    most_bytes: int | None
    """How large the library may become."""
    log: int | None
    """The descriptor of the log, if there is one."""
    service: GreaderAccount | None = None
    """Whose marks are exchanged after that, if there is a service."""


class RefreshEnd(NamedTuple):
    """Nothing more will be reported."""

    notices: tuple[str, ...]
    """What is odd about the library's files."""


class RefreshProcess:
    """Runs refreshes into one library, each in a process that ends with it.

    Args:
        folder: Of the library.
        most_bytes: How large the library may become; None is any size.
        tell_oddities: Is given what a process found odd about the library's files.
        service: The reader's account with a service.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int | None,
        tell_oddities: Callable[[Sequence[str]], object],
        service: GreaderAccount | None = None,
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._tell_oddities = tell_oddities
        self._service = service
        self._running: dict[asyncio.Task[None], Process] = {}

    async def refresh(self, plans: Sequence[PaperPlan]) -> AsyncGenerator[SyncEvent]:
        """Fetch what the plans ask for, and report each step.

        Raises:
            BPostError: Nothing could be fetched or saved, or the process has died.
        """
        process = await _started()
        events = asyncio.Queue[SyncEvent | RefreshEnd | BPostError | None]()
        request = RefreshRequest(tuple(plans), self._folder, self._most_bytes, log.descriptor(), self._service)
        following = asyncio.create_task(_follow(process, request, events))
        self._running[following] = process
        following.add_done_callback(self._running.pop)
        try:
            while (told := await events.get()) is not None:
                match told:
                    case BPostError():
                        raise told
                    case RefreshEnd():
                        self._tell_oddities(told.notices)
                        return
                    case _:
                        yield told
            raise BPostError(_STOPPED, hint=_TRY_AGAIN)
        finally:
            _end(process)
            await asyncio.wait((following,))

    async def aclose(self) -> None:
        """End the refreshes that still run."""
        for process in self._running.values():
            _end(process)
        if self._running:
            await asyncio.wait(tuple(self._running))


async def _follow(
    process: Process, request: RefreshRequest, events: asyncio.Queue[SyncEvent | RefreshEnd | BPostError | None]
) -> None:
    """Give a process its request, and queue what it tells until it has ended; None is the last."""
    began = time.monotonic()
    log.event("refresh-start", child=process.pid)
    try:
        if process.stdin is not None and process.stdout is not None:
            process.stdin.write(frame(pickle.dumps(request)))
            while True:
                events.put_nowait(pickle.loads(await receive(process.stdout)))  # noqa: S301 -- see refresh_worker
    except (OSError, EOFError):
        pass
    events.put_nowait(None)
    await process.wait()
    log.event("refresh-end", since=began, child=process.pid, exit=process.returncode)


def _end(process: Process) -> None:
    """Tell a process to end, and have it killed where that takes too long."""
    if process.stdin is not None:
        process.stdin.close()
    asyncio.get_running_loop().call_later(_PARTING_S, kill, process)


async def _started() -> Process:
    """Start one; raises BPostError where the system has no process or descriptor left for it."""
    log_descriptor = log.descriptor()
    try:
        return await asyncio.create_subprocess_exec(
            *command(_PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            pass_fds=() if log_descriptor is None else (log_descriptor,),
            start_new_session=True,  # Ctrl+C is for us, not for it
        )
    except OSError as error:
        raise BPostError(Reason("The process that fetches news can't be started: {error}", error=error.strerror)) from error
