"""Keys as they come. A module of its own: the kept front page loads little more."""

from __future__ import annotations

import os
import termios

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def set_cbreak(fd: int) -> list[Any]:
    """Have a terminal hand over each key at once and unechoed; return its attributes as they were before."""
    before = termios.tcgetattr(fd)
    attributes = termios.tcgetattr(fd)
    attributes[3] &= ~(termios.ICANON | termios.ECHO)  # signals stay: an impatient Ctrl-C ends the program
    attributes[0] &= ~termios.ICRNL  # Enter arrives as the app would have read it
    attributes[6][termios.VSUSP] = bytes((os.fpathconf(fd, "PC_VDISABLE"),))  # Ctrl-Z is the app's: it gives the terminal back
    attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 0, 0
    termios.tcsetattr(fd, termios.TCSANOW, attributes)
    return before
