"""Job control: whether anybody is there to bring a stopped program back."""

from __future__ import annotations

import os


def has_shell() -> bool:
    """Return whether a shell takes the terminal when this job stops; where a terminal runs it by itself, nobody would wake it."""
    session = os.getsid(0)
    try:
        return os.getpgrp() != session and os.getsid(os.getppid()) == session
    except OSError:  # the shell has ended
        return False
