"""Process that forks others after its imports; it ends with the process that started it."""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
from collections.abc import Mapping


def start_forking(program: str, env: Mapping[str, str] | None = None, python: str = sys.executable) -> socket.socket:
    """Start `program`, which forks a child for each request on a socket (its argument is the number); return the other end."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    quiet = subprocess.DEVNULL
    command, descriptor = [python, "-P", "-c", program], theirs.fileno()
    with theirs:
        process = subprocess.Popen(
            [*command, str(descriptor)], pass_fds=[descriptor], env=env, stdin=quiet, stdout=quiet, stderr=quiet
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
