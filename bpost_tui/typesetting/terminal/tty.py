"""System calls for terminals: unread keys, window size, job control."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import termios

from bpost_tui.typesetting.terminal.capabilities import WindowSize
from bpost_tui.typesetting.terminal.cbreak import set_cbreak


def has_pending_keys(path: str = "/dev/tty") -> bool:
    """Whether a terminal's input has keys that nobody has read yet; they stay in the input.

    False if there is no terminal at `path`.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return False
    try:
        before = set_cbreak(fd)  # otherwise a line without Enter would be hidden
        try:
            return bool(select.select([fd], [], [], 0)[0])
        finally:
            termios.tcsetattr(fd, termios.TCSANOW, before)
    finally:
        os.close(fd)


def push_back(fd: int, keys: bytes) -> bool:
    """Put keys back into the input of the terminal open as `fd`, for the next program that reads it.

    Return whether that succeeded; False if the system forbids it, as Linux mostly does.
    """
    try:
        for key in keys:
            fcntl.ioctl(fd, termios.TIOCSTI, bytes((key,)))
    except OSError:
        return False
    return True


def window_size(fd: int) -> WindowSize:
    """Return the size of a terminal's window (TIOCGWINSZ).

    Raises:
        OSError: `fd` is not a terminal.
    """
    size = fcntl.ioctl(fd, termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    rows, cols, width_px, height_px = struct.unpack("HHHH", size)
    return WindowSize(cols, rows, width_px, height_px)


def cell_size_px() -> tuple[int, int] | None:
    """Return the width and height of a cell in pixels, or None if the kernel doesn't know them."""
    window = screen_size()
    return None if window is None else window.cell_px


def screen_size() -> WindowSize | None:
    """Return the size of the window that this process writes to, or None if it doesn't write to a terminal."""
    stream = sys.__stderr__
    if stream is None:
        return None
    try:
        return window_size(stream.fileno())
    except (OSError, ValueError):
        return None


def has_job_control() -> bool:
    """Whether a shell can resume this program after it stops.

    If a terminal started the program directly, nothing would resume it.
    """
    session = os.getsid(0)
    try:
        return os.getpgrp() != session and os.getsid(os.getppid()) == session
    except OSError:  # the shell has ended
        return False
