"""Keys that were typed for whoever reads the terminal next: a command that only asks it something must leave them to the shell."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import termios
from typing import Any

from bpost_tui.terminal.capabilities import Window


def uncooked(fd: int) -> list[Any]:
    """Have a terminal give each key as it comes, without showing it, and return how it was before."""
    before = termios.tcgetattr(fd)
    raw = termios.tcgetattr(fd)
    raw[3] &= ~(termios.ICANON | termios.ECHO)  # signals stay: an impatient Ctrl-C ends the program
    raw[0] &= ~termios.ICRNL  # keys are handed on as the app would have read them
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 0, 0
    termios.tcsetattr(fd, termios.TCSANOW, raw)
    return before


def keys_wait(path: str = "/dev/tty") -> bool:
    """Say whether keys stand in a terminal's input; there they stay."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return False
    try:
        before = uncooked(fd)  # else a line without its Enter would be hidden
        try:
            return bool(select.select([fd], [], [], 0)[0])
        finally:
            termios.tcsetattr(fd, termios.TCSANOW, before)
    finally:
        os.close(fd)


def put_back(fd: int, keys: bytes) -> bool:
    """Put keys that were read back into a terminal's input; say whether the system lets a program do that: Linux mostly doesn't."""
    try:
        for key in keys:
            fcntl.ioctl(fd, termios.TIOCSTI, bytes((key,)))
    except OSError:
        return False
    return True


def window_of(fd: int) -> Window:
    """Return the window of a terminal (TIOCGWINSZ).

    Raises:
        OSError: It is no terminal.
    """
    size = fcntl.ioctl(fd, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    rows, cols, width_px, height_px = struct.unpack("HHHH", size)
    return Window(cols, rows, width_px, height_px)


def cell_px() -> tuple[int, int] | None:
    """Return the width and height of a cell in pixels; None where the kernel isn't told."""
    stream = sys.__stderr__
    if stream is None:
        return None
    try:
        return window_of(stream.fileno()).cell_px
    except (OSError, ValueError):
        return None


def has_shell() -> bool:
    """Return whether a shell takes the terminal when this job stops; where a terminal runs it by itself, nobody would wake it."""
    session = os.getsid(0)
    try:
        return os.getpgrp() != session and os.getsid(os.getppid()) == session
    except OSError:  # the shell has ended
        return False
