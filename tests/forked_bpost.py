"""Command line forked from a process with all imports done: a fraction of a start's CPU time in each of two thousand commands.

A forked command is a separate process: environment, standard streams, signals, exit. Tests about starting (imports, other
locales, interrupts during the start, memory) start a command as every bpost is started.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from tests.clean_environment import AS_INSTALLED, OTHER_VERSION
from tests.fork_server import start_forking

_ROOT = Path(__file__).parents[1]
_MOST_BYTES = 1 << 17
"""Largest request in bytes: a command line and an environment."""

# A request has a command and four files: the three standard streams, and a pipe for the exit status.
_OWN = f"""
import asyncio, sys
sys.path.insert(0, {str(_ROOT)!r})
from tests import forked_parsers
del sys.path[0]
import bpost_tui.__main__, bpost_tui.cli.main, bpost_tui.portal.portal, bpost_tui.store.library, bpost_tui.refresh.paper_refresh
forked_parsers._forks()
asyncio.create_subprocess_exec = forked_parsers._start_or_fork
"""
_OTHER = "import bpost_tui.__main__, bpost_tui.cli.main\n"
_FORKS = f"""
import gc, json, os, select, socket, sys
asked = socket.socket(fileno=int(sys.argv[1]))
running = {{}}
poll = select.poll()
poll.register(asked, select.POLLIN)
gc.freeze()
while True:
    for fd, _ in poll.poll():
        if fd != asked.fileno():
            poll.unregister(fd)
            child, status = running.pop(fd)
            os.write(status, str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
            os.close(status)
            os.close(fd)
            continue
        told, files, *_ = socket.recv_fds(asked, {_MOST_BYTES}, 4)
        if not told:
            sys.exit()
        if not (child := os.fork()):
            asked.close()
            for standard, file in enumerate(files[:3]):
                os.dup2(file, standard)
            for file in (*files, *running, *(status for _, status in running.values())):
                os.close(file)
            arguments, environ = json.loads(told)
            os.environ.clear()
            os.environ.update(environ)
            sys.argv[1:] = arguments
            sys.orig_argv[1:] = ["-m", "bpost_tui", *arguments]
            bpost_tui.__main__.main()
        handle = os.pidfd_open(child)
        running[handle] = child, files[3]
        poll.register(handle, select.POLLIN)
        for file in files[:3]:
            os.close(file)
"""


def run(
    arguments: Sequence[str],
    env: Mapping[str, str],
    typed: str = "",
    *,
    errors: str = "strict",
    forks: socket.socket | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as `subprocess.run` does with captured output.

    Args:
        arguments: Arguments of the command.
        env: Complete environment of the command.
        typed: Input of the command, sent by a pipe, 64 kB at most (pipe(7)).
        errors: Error handler for output that isn't UTF-8.
        forks: Process to fork from, as `start` returns it; None for this checkout's.
    """
    ours, theirs = socket.socketpair()
    reads, writes = os.pipe()
    os.write(writes, typed.encode("utf-8", "surrogateescape"))
    os.close(writes)
    with ours, TemporaryFile() as out, TemporaryFile() as err, open(reads, "rb") as given:
        with theirs:
            files = [file.fileno() for file in (given, out, err, theirs)]
            socket.send_fds(forks or _forks(), [json.dumps([arguments, dict(env)]).encode()], files)
        status = int(ours.recv(16))
        written = []
        for file in (out, err):
            file.seek(0)
            written.append(file.read().decode(errors=errors))
    return subprocess.CompletedProcess(list(arguments), status, *written)


@cache
def _forks() -> socket.socket:
    return start()


def start(python: str = sys.executable, **variables: str) -> socket.socket:
    """Start a process with all imports done, and return the socket for its requests; `variables` are added to its environment.

    `python` is the interpreter of an environment with bpost. Commands of another version start their own parser processes.
    """
    program, path = (_OWN, AS_INSTALLED) if python == sys.executable else (_OTHER, OTHER_VERSION)
    env = {"PATH": os.environ["PATH"], "LANG": "en_GB.UTF-8", **path, **variables}
    return start_forking(program + _FORKS, env, python)
