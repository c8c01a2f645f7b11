"""Cbreak mode of a terminal: keys are delivered without waiting for Enter.

This code has its own module because the startup snapshot must load as little code as possible.
"""

from __future__ import annotations

import os
import termios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def set_cbreak(fd: int) -> list[Any]:
    """Make the terminal open as `fd` deliver each key at once, without echo; return its previous attributes (as of tcgetattr)."""
    before = termios.tcgetattr(fd)
    attributes = termios.tcgetattr(fd)
    attributes[3] &= ~(termios.ICANON | termios.ECHO)  # signals stay on: Ctrl-C ends the program
    attributes[0] &= ~termios.ICRNL  # Enter arrives as CR, as Textual reads it
    attributes[6][termios.VSUSP] = bytes((os.fpathconf(fd, "PC_VDISABLE"),))  # Ctrl-Z is a key: the app stops itself
    attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 0, 0
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    return before
