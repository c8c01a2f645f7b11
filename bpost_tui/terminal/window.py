"""The size of the terminal's window while the app runs: the kernel knows it, without asking the terminal."""

from __future__ import annotations

import fcntl
import struct
import sys
import termios

from bpost_tui.terminal.capabilities import Window


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
