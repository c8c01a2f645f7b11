"""The size of the terminal's window while the app runs: asked of the kernel, which needs no reply."""

from __future__ import annotations

import fcntl
import struct
import sys
import termios


def cell_px() -> tuple[int, int] | None:
    """Return the width and height of a cell in pixels (TIOCGWINSZ); None where the kernel isn't told."""
    stream = sys.__stderr__
    if stream is None:
        return None
    try:
        size = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
    except (OSError, ValueError):
        return None
    rows, cols, width_px, height_px = struct.unpack("HHHH", size)
    if not (rows and cols and width_px >= cols and height_px >= rows):
        return None
    return width_px // cols, height_px // rows
