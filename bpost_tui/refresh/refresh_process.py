"""Has refreshes done by a process of their own, so that neither parsing's answers nor saving ever holds up the screen."""

from __future__ import annotations

import asyncio
import pickle
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from bpost_tui import log
from bpost_tui.child_process import encode_frame, kill, receive, worker_code, worker_command
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Reason, message
from bpost_tui.mark_sync.configured_peers import NO_PEERS, PeerSettings
from bpost_tui.refresh.refresh_events import PaperPlan, RefreshEvent

_PROGRAM = worker_code("bpost_tui.refresh.refresh_worker")
_SHUTDOWN_S = 0.4
"""How long a process whose refresh is given up may take to end; killed, it loses only what it was just about to save."""
_PROCESS_DIED = message("Fetching stopped unexpectedly; everything received so far is saved")
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
    peers: PeerSettings = NO_PEERS
    """Settings that name the peers with which marks are synced after the refresh."""


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
        peers: Settings that name peers on the network, with which a refresh process syncs marks.
    """

    def __init__(
        self,
        folder: Path,
        *,
        most_bytes: int | None,
        tell_oddities: Callable[[Sequence[str]], object],
        peers: PeerSettings = NO_PEERS,
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._tell_oddities = tell_oddities
        self._peers = peers
        self._running: dict[asyncio.Task[None], Process] = {}

    async def refresh(self, plans: Sequence[PaperPlan]) -> AsyncGenerator[RefreshEvent]:
        """Fetch what the plans ask for, and report each step.

        Raises:
            BPostError: Nothing could be fetched or saved, or the process has died.
        """
        process = await _start_process()
        events = asyncio.Queue[RefreshEvent | RefreshEnd | BPostError | None]()
        request = RefreshRequest(tuple(plans), self._folder, self._most_bytes, log.descriptor(), self._peers)
        following = asyncio.create_task(_forward_events(process, request, events))
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
            raise BPostError(_PROCESS_DIED, hint=_TRY_AGAIN)
        finally:
            _stop(process)
            await asyncio.wait((following,))

    async def aclose(self) -> None:
        """End the refreshes that still run."""
        for process in self._running.values():
            _stop(process)
        if self._running:
            await asyncio.wait(tuple(self._running))


async def _forward_events(
    process: Process, request: RefreshRequest, events: asyncio.Queue[RefreshEvent | RefreshEnd | BPostError | None]
) -> None:
    """Give a process its request, and queue what it tells until it has ended; None is the last."""
    began = time.monotonic()
    log.log_event("refresh-start", child=process.pid)
    try:
        if process.stdin is not None and process.stdout is not None:
            process.stdin.write(encode_frame(pickle.dumps(request)))
            while True:
                events.put_nowait(pickle.loads(await receive(process.stdout)))  # noqa: S301 -- see refresh_worker
    except (OSError, EOFError):
        pass
    events.put_nowait(None)
    await process.wait()
    log.log_event("refresh-end", since=began, child=process.pid, exit=process.returncode)


def _stop(process: Process) -> None:
    """Tell a process to end, and have it killed where that takes too long."""
    if process.stdin is not None:
        process.stdin.close()
    asyncio.get_running_loop().call_later(_SHUTDOWN_S, kill, process)


async def _start_process() -> Process:
    """Start one; raises BPostError where the system has no process or descriptor left for it."""
    log_descriptor = log.descriptor()
    try:
        return await asyncio.create_subprocess_exec(
            *worker_command(_PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            pass_fds=() if log_descriptor is None else (log_descriptor,),
            start_new_session=True,  # Ctrl+C is for us, not for it
        )
    except OSError as error:
        raise BPostError(Reason("The process that fetches news can't be started: {error}", error=error.strerror)) from error
