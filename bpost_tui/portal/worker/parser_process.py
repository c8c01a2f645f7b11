"""Parser process: started when there is something to parse, killed when a document takes too much time or memory.

The obvious way is to parse in a thread. But a Python library for reading feeds took more than a minute for an author's name of
64 kB, and a picture of 13,000 × 13,000 pixels took 1.3 GB. Python's HTML parser is quadratic before 3.11.14. A thread can be
neither stopped nor limited, and if it crashes, so does the process of the screen.

So everything foreign is parsed by a child process, one document at a time, within `READ_LIMIT_S` and `sandbox.MAX_MEMORY_BYTES`. A
document that breaks the limits costs its process; the next one gets a new process. Starting takes 0.3 s, as long as parsing ten
feeds. So the process is started while the document is still being fetched, and not at all for a 304. It lives until its owner is
closed.

Requests and answers are frames of JSON (`wire`), never pickle. The child has read bytes of strangers, so its answers are foreign as
well, and `validation` checks them. There isn't one process for each processor core: on a small machine, more than two would take
too much memory.
"""

from __future__ import annotations

import asyncio
import os
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeGuard, cast

from bpost_tui import log
from bpost_tui.child_process import encode_frame, frame_head, kill, receive, worker_code, worker_command
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.portal.parse_results import ParserTask

if TYPE_CHECKING:
    from bpost_tui.portal.http.transport import Body
    from bpost_tui.portal.worker.sandbox import SandboxState

READ_LIMIT_S = 10.0
"""Maximum time in seconds for parsing one document."""
_START_LIMIT_S = 10.0
"""Additional time in seconds for a process's first document.

The process's imports took 0.3 s when measured. They take longer on slow or busy machines.
"""
_MAX_PARSERS = 2
"""Maximum number of processes of a pool. Each takes some 30 MB, or 130 MB for the largest feed."""
_WORTH_ANOTHER, _PATIENCE_S = 8, 0.5
"""Limits on waiting: number of documents in the queue, and seconds that a document waits. Above either, a second process starts.

Starting a process takes as long as parsing some ten feeds.
"""
_LARGE_BYTES = 2 << 20
_CHUNK_BYTES = 1 << 20
_PROGRAM = worker_code("bpost_tui.portal.worker.parser_worker")
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Environment variables that name folders of Python's libraries; a parser process gets no other variables."""


class ParserProcess:
    """Handle of a parser process, which parses one document at a time and is replaced after a failure."""

    def __init__(self, *, limit_s: float = READ_LIMIT_S) -> None:
        self._limit_s = limit_s
        self._process: Process | None = None
        self._fresh = True
        self._started_at = 0.0
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        """Start the process unless it runs, so that it loads its libraries while the document is fetched."""
        if not _runs(self._process):  # checked before the lock, which is held while a document is parsed
            async with self._lock:
                await self._ensure_running()

    async def parse(self, task: ParserTask, body: Body) -> object:
        """Return the value parsed from `body`. `task` names the parser and its further input.

        Raises:
            ContentError: The body can't be read. If it exceeded the limits of time and memory, or the parser crashed, the error's
                `is_unread` is True.
        """
        from bpost_tui.portal.worker import wire  # 5 ms, and a refresh without news parses nothing

        address = task.address
        async with self._lock:
            process = await self._ensure_running()
            limit_s = self._limit_s + (_START_LIMIT_S if self._fresh else 0.0)
            answered = False
            try:
                async with asyncio.timeout(limit_s):
                    answer = await _round_trip(process, wire.dump(task), body)
                    value = await asyncio.to_thread(_read_answer, task, answer)
                answered, self._fresh = True, False
            except TimeoutError as error:
                why = Reason("couldn't be read within {seconds} s", seconds=f"{limit_s:g}")
                raise ContentError(prefix_reason(address, why), address=address, is_unread=True) from error
            except (OSError, EOFError, ValueError) as error:
                why = Reason("takes too much memory to read, or crashed the parser")
                raise ContentError(prefix_reason(address, why), address=address, is_unread=True) from error
            finally:
                if not answered:
                    await self._stop()
        if isinstance(value, ContentError):
            raise value
        return value

    async def aclose(self) -> None:
        """End the process and wait for its end. If this call is cancelled, the process is killed without waiting."""
        try:
            async with self._lock:
                await self._stop()
        finally:
            self.kill()

    def kill(self) -> Process | None:
        """Kill the process if it runs, without waiting for its end, and return it; None if no process was started."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            kill(process)  # the process has nothing to save, and may still be loading its libraries
        return process

    async def _ensure_running(self) -> Process:
        if not _runs(self._process):
            await self._stop()
            self._process = await _start_worker()
            self._fresh = True
            self._started_at = time.monotonic()
            log.log_event("parser-start", child=self._process.pid)
        return self._process

    async def _stop(self) -> None:
        process = self.kill()
        if process is None or process.stdin is None:
            return
        with suppress(OSError):  # the pipe may not be readable any more
            while process.stdout is not None and await process.stdout.read(_CHUNK_BYTES):
                pass  # asyncio's wait() also waits for the pipe's end, which an unread answer holds back (CPython gh-119710)
        await process.wait()
        log.log_event("parser-end", since=self._started_at, child=process.pid, exit=process.returncode)


class ParserPool:
    """Parser processes that several papers share: at most two, started when there is something to parse.

    A document that crashes a process, or takes too long, doesn't affect other documents. Only one large document is parsed at a
    time, because it takes much memory.
    """

    def __init__(self) -> None:
        self._idle: list[ParserProcess] = []
        self._all: list[ParserProcess] = []
        self._slots = asyncio.Semaphore(1)
        self._more = _MAX_PARSERS - 1
        self._waiting = 0
        self._large = asyncio.Lock()

    async def start(self) -> None:
        """Start a process unless the pool has one, so that it loads its libraries while the document is fetched."""
        if not self._all:
            parser = self._new_parser()
            self._idle.append(parser)
            await parser.start()

    async def parse(self, task: ParserTask, body: Body) -> object:
        """Return the value parsed from `body` in the first free process; `task` names the parser and its further input.

        Raises ContentError if the body can't be read, or not within the limits of time and memory.
        """
        async with self._large if len(body) > _LARGE_BYTES else nullcontext():
            await self._acquire()
            parser = self._idle.pop() if self._idle else self._new_parser()
            try:
                return await parser.parse(task, body)
            finally:
                self._idle.append(parser)
                self._slots.release()

    async def _acquire(self) -> None:
        """Wait until a process of the pool is free. If many documents wait, or one waits long, the pool may start another."""
        self._waiting += 1
        if self._waiting > _WORTH_ANOTHER:
            self._allow_another()
        late = asyncio.get_running_loop().call_later(_PATIENCE_S, self._allow_another)
        try:
            await self._slots.acquire()
        finally:
            late.cancel()
            self._waiting -= 1

    def _allow_another(self) -> None:
        if self._more:
            self._more -= 1
            self._slots.release()

    async def aclose(self) -> None:
        """End the processes and wait for their end. If this call is cancelled, they are all killed without waiting."""
        try:
            for parser in self._all:
                await parser.aclose()
        finally:
            for parser in self._all:
                parser.kill()

    def _new_parser(self) -> ParserProcess:
        self._all.append(ParserProcess())
        return self._all[-1]


async def _start_worker() -> Process:
    """Start a worker process, and return it. Raises ContentError if the system has no process or file descriptor left."""
    try:
        return await asyncio.create_subprocess_exec(
            *worker_command(_PROGRAM),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd="/",
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            start_new_session=True,  # Ctrl+C is for us, not for the worker
        )
    except OSError as error:
        why = Reason("The process that reads news can't be started: {error}", error=error.strerror)
        raise ContentError(why, is_unread=True) from error


async def query_sandbox() -> SandboxState:
    """Start a parser process, and return the state of its sandbox on this system.

    Raises:
        ContentError: The process doesn't answer.
    """
    parser = ParserProcess()
    try:
        return cast("SandboxState", await parser.parse(ParserTask("sandbox", "", "", datetime.now(UTC), kind=""), b""))
    finally:
        await parser.aclose()


def _runs(process: Process | None) -> TypeGuard[Process]:
    return process is not None and process.returncode is None


async def _round_trip(process: Process, request: bytes, body: Body) -> bytes:
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise EOFError
    stdin.write(encode_frame(request) + frame_head(len(body)))
    for start in range(0, len(body), _CHUNK_BYTES):
        stdin.write(body[start : start + _CHUNK_BYTES])
        await stdin.drain()
    return await receive(stdout)


def _read_answer(task: ParserTask, answer: bytes) -> object:
    """Return the value in a parser process's answer to `task`, or the ContentError that the process reported instead.

    The error is returned, not raised, because the process is still usable after it.
    """
    from bpost_tui.portal.worker import validation  # 2 ms, while `wire` is loaded anyway

    try:
        return validation.validate_answer(task, answer)
    except ContentError as reported:
        return reported
