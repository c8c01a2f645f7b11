"""Has refreshes done by a process of their own, so that neither parsing's answers nor saving ever holds up the screen."""

from __future__ import annotations

import asyncio
import pickle
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bpost_tui import log
from bpost_tui.child_process import command, frame, program_of, receive
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Reason, message
from bpost_tui.sync.events import Plan, SyncEvent

_PROGRAM = program_of("bpost_tui.sync.refresh_worker")
_CHUNK_BYTES = 1 << 16
_PARTING_S = 0.4
"""How long a process whose refresh is given up may take to end; killed, it loses only what it was just about to save."""
_STOPPED = message("Fetching stopped unexpectedly; what arrived until then is saved")
_TRY_AGAIN = message("Try again; if this happens every time, it is a bug.")


class Request(NamedTuple):
    """What to refresh."""

    address: str
    """The portal's front page."""
    folder: Path
    """Of its library."""
    most_bytes: int | None
    """How large the library may become."""
    plan: Plan
    log: int | None
    """The descriptor of the log, if there is one."""


class Ended(NamedTuple):
    """Nothing more will be reported."""

    notices: tuple[str, ...]
    """What is odd about the library's files."""


class RefreshProcess:
    """Runs refreshes of one portal into one library, each in a process that ends with it.

    Args:
        address: The portal's front page.
        folder: Of the library.
        most_bytes: How large the library may become; None is any size.
        tell_oddities: Is given what a process found odd about the library's files.
    """

    def __init__(
        self, address: str, folder: Path, *, most_bytes: int | None, tell_oddities: Callable[[Sequence[str]], object]
    ) -> None:
        self._address = address
        self._folder = folder
        self._most_bytes = most_bytes
        self._tell_oddities = tell_oddities

    async def refresh(self, plan: Plan) -> AsyncGenerator[SyncEvent]:
        """Fetch what the plan asks for, and tell each step.

        Raises:
            BPostError: Nothing could be fetched or saved, or the process has died.
        """
        began, process = time.monotonic(), await _started(log.descriptor())
        log.event("refresh-start", child=process.pid)
        request = Request(self._address, self._folder, self._most_bytes, plan, log.descriptor())
        try:
            async for told in _told(process, request):
                match told:
                    case BPostError():
                        raise told
                    case Ended():
                        self._tell_oddities(told.notices)
                        return
                    case _:
                        yield told
        except (OSError, EOFError) as error:
            raise BPostError(_STOPPED, hint=_TRY_AGAIN) from error
        finally:
            await _part_from(process)
            log.event("refresh-end", since=began, child=process.pid, exit=process.returncode)


async def _told(process: Process, request: Request) -> AsyncGenerator[SyncEvent | Ended | BPostError]:
    """Yield what a process tells that is given a request; raises EOFError where it dies."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(frame(pickle.dumps(request)))
    while True:
        yield pickle.loads(await receive(process.stdout))  # noqa: S301 -- see refresh_worker


async def _part_from(process: Process) -> None:
    """Let a process end, and kill it where that takes too long."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_PARTING_S):
            await _ended(process)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await _ended(process)


async def _ended(process: Process) -> None:
    while process.stdout is not None and await process.stdout.read(_CHUNK_BYTES):
        pass  # asyncio's wait() waits for the pipe's end as well, which unread events hold back (CPython gh-119710)
    await process.wait()


async def _started(log_descriptor: int | None) -> Process:
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
