"""Python processes of bpost's own: how one imports what this one does, and the frames in which it is talked to.

A frame is four bytes of length, big-endian, and that many bytes.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import bpost_tui
from bpost_tui.limits import MAX_FRAME_BYTES

if TYPE_CHECKING:
    from asyncio import StreamReader
    from asyncio.subprocess import Process

_LENGTH = struct.Struct(">I")
_SET_PDEATHSIG = 1
"""Of uapi/linux/prctl.h."""


def worker_code(module: str) -> str:
    """Return the program, for `worker_command`, that calls a module's `main`."""
    return f"import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"


def worker_command(program: str) -> tuple[str, ...]:
    """Return the command of a Python process that runs a program, given the folders that it may import from.

    They are this process's, but for the current folder or a script's.
    """
    return (sys.executable, "-I", "-S", "-c", program, *dict.fromkeys(_import_folders()))


def own_command(*arguments: str) -> tuple[str, ...]:
    """Return the command that runs bpost's own command line; what is appended to it is a further argument."""
    program = (
        "import sys; at = sys.argv.index('--'); sys.path[:] = sys.argv[1:at]; sys.argv[1:] = sys.argv[at + 1:]; "
        "from bpost_tui.__main__ import main; main()"
    )
    return (*worker_command(program), "--", *arguments)


def end_with_parent() -> None:
    """Have the kernel kill this process once the one that started it has ended, even where this one is stopped; on Linux only."""
    with suppress(ImportError, OSError, AttributeError):  # a Python without ctypes, a C library without prctl
        if sys.platform.startswith("linux"):
            import ctypes

            number = ctypes.c_ulong
            ctypes.CDLL(None).prctl(ctypes.c_int(_SET_PDEATHSIG), number(signal.SIGKILL), number(0), number(0), number(0))


def _import_folders() -> Iterator[str]:
    yield from (str(Path(path).absolute()) for path in (sys.path if sys.flags.safe_path else sys.path[1:]) if path)
    yield from (str(Path(path).absolute().parent) for path in bpost_tui.__path__)


def kill(process: Process) -> None:
    """Kill a process that asyncio has started; its own `kill` may reap it, and asyncio, which waits for it, then warns."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def encode_frame(data: bytes) -> bytes:
    """Return data as a frame."""
    return _LENGTH.pack(len(data)) + data


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return what the next frame of a stream holds, None at its end."""
    head = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


async def receive(stream: StreamReader) -> bytes:
    """Return what the next frame of a stream holds.

    Raises:
        EOFError: The stream ends before the frame does.
        ValueError: No frame may be as long as this one says it is.
    """
    length = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))[0]
    if length > MAX_FRAME_BYTES:
        raise ValueError("a frame of impossible size")
    return await stream.readexactly(length)
