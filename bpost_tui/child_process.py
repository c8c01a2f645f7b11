"""Child processes that run bpost's own modules: their command lines, and the frames of the pipes between them.

A frame is four bytes of length, big-endian, and that many bytes.

The obvious way to start such a process is `python -m bpost_tui.x`, or multiprocessing. But `-m` puts the current folder first on
the import path, so a file `json.py` in that folder would run. multiprocessing imports the parent's main module again, and sends
pickles in both directions. So a child runs with `-I` (no environment variables, no current folder) and `-S` (no `site`), and gets
the parent's import folders as arguments. The child can't find these folders by itself, because a virtual environment or a zipped
application has its own folders. The parser process, which reads foreign bytes, answers in JSON and never in pickles.
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
"""Number of the option PR_SET_PDEATHSIG of prctl(2), from uapi/linux/prctl.h."""


def worker_code(module: str) -> str:
    """Return Python code that calls the function `main` of `module`, to be run by `worker_command`."""
    return f"import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"


def worker_command(program: str) -> tuple[str, ...]:
    """Return the command of a Python process that runs the code `program` with this process's import folders.

    The current folder, or the script's folder, isn't among them.
    """
    return (sys.executable, "-I", "-S", "-c", program, *dict.fromkeys(_import_folders()))


def own_command(*arguments: str) -> tuple[str, ...]:
    """Return the command that runs bpost's own command line with `arguments`. More arguments may be appended."""
    program = (
        "import sys; at = sys.argv.index('--'); sys.path[:] = sys.argv[1:at]; sys.argv[1:] = sys.argv[at + 1:]; "
        "from bpost_tui.__main__ import main; main()"
    )
    return (*worker_command(program), "--", *arguments)


def end_with_parent() -> None:
    """Make the kernel kill this process when its parent ends, even if this process is suspended at that time. Linux only."""
    with suppress(ImportError, OSError, AttributeError):  # a Python without ctypes, a C library without prctl
        if sys.platform.startswith("linux"):
            import ctypes

            number = ctypes.c_ulong
            ctypes.CDLL(None).prctl(ctypes.c_int(_SET_PDEATHSIG), number(signal.SIGKILL), number(0), number(0), number(0))


def _import_folders() -> Iterator[str]:
    yield from (str(Path(path).absolute()) for path in (sys.path if sys.flags.safe_path else sys.path[1:]) if path)
    yield from (str(Path(path).absolute().parent) for path in bpost_tui.__path__)


def kill(process: Process) -> None:
    """Kill a process that asyncio has started.

    The process object's own method `kill` isn't used, because it may collect the exit status first, and then asyncio prints a
    warning.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def encode_frame(data: bytes) -> bytes:
    """Return data as a frame: its length in four bytes, then the data."""
    return frame_head(len(data)) + data


def frame_head(size_bytes: int) -> bytes:
    """Return the beginning of a frame whose content has `size_bytes`."""
    return _LENGTH.pack(size_bytes)


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the content of the next frame (length and data) of a stream; None if the stream ends before the content begins.

    If the stream ends within the content, return the part before its end.
    """
    head = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


async def receive(stream: StreamReader) -> bytes:
    """Return the content of the next frame of a stream.

    Raises:
        EOFError: The stream ends before the frame does.
        ValueError: The frame's length is above MAX_FRAME_BYTES.
    """
    length = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))[0]
    if length > MAX_FRAME_BYTES:
        raise ValueError("a frame of impossible size")
    return await stream.readexactly(length)
