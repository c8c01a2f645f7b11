"""Parser processes forked from a process with all imports done: 5 ms instead of 150 in each of a thousand tests.

A forked parser equals a started one: a separate process with its own memory limit, which may be killed at any time. Tests of a
whole process (the command line, the first fault of each group, heavy faults) start their own parser as every bpost does.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

from bpost_tui.portal.worker import parser_worker as worker
from tests.fork_server import start_forking

# A request has a connection and a socket for the reply. The program forks a child that serves the connection, and sends the
# child's pid and a pidfd. Nobody waits for the children's exit status.
_FORKS = f"""
import os, signal, socket, sys
import {worker.__name__} as worker
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
asked = socket.socket(fileno=int(sys.argv[1]))
while (got := socket.recv_fds(asked, 1, 2))[0]:
    line, answer = got[1]
    if not (child := os.fork()):
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            for standard in (0, 1):
                os.dup2(line, standard)
            os.close(line)
            os.close(answer)
            asked.close()
            worker.main()
        finally:
            os._exit(0)
    handle = os.pidfd_open(child)  # it can't have ended: it waits for a first request
    socket.send_fds(socket.socket(fileno=answer), [child.to_bytes(4, "big")], [handle])
    for each in (line, handle):
        os.close(each)
"""
_start = asyncio.create_subprocess_exec


@contextmanager
def forked_parsers() -> Iterator[None]:
    """Fork the program's parser processes instead of starting them."""
    with mock.patch.object(asyncio, "create_subprocess_exec", _start_or_fork):
        yield


async def _start_or_fork(*command: str, **pipes: Any) -> Any:
    if not any(worker.__name__ in word for word in command):
        return await _start(*command, **pipes)
    ours, theirs = socket.socketpair()
    answer, other = socket.socketpair()
    with theirs, answer, other:  # other tests may ask the same process at the same time
        socket.send_fds(_forks(), [b"!"], [theirs.fileno(), other.fileno()])
        number, (handle,), _, _ = socket.recv_fds(answer, 4, 1)
    return _Forked(int.from_bytes(number, "big"), handle, *(await asyncio.open_connection(sock=ours)))


@cache
def _forks() -> socket.socket:
    return start_forking(_FORKS)


class _Forked:
    """The part of `asyncio.subprocess.Process` that the program uses, by a pidfd: the pid may already belong to another process."""

    def __init__(self, pid: int, handle: int, stdout: asyncio.StreamReader, stdin: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self._handle = handle
        weakref.finalize(self, os.close, handle)

    @property
    def returncode(self) -> int | None:
        return 0 if select.select([self._handle], [], [], 0)[0] else None

    def kill(self) -> None:
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    async def wait(self) -> int:
        await asyncio.to_thread(select.select, [self._handle], [], [])
        return 0
