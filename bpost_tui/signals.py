"""Signals that end the process."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_AGAIN_S = 0.01
"""After so long, what ignored an interrupt has returned."""


def handle_signals() -> Sequence[int]:
    """Let SIGTERM and SIGHUP end the process as SIGINT does, so that it cleans up; what nohup has it ignore stays ignored.

    Returns:
        The signals received; the list grows.
    """
    received: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        received.append(signum)
        interrupt = signal.getsignal(signal.SIGINT)  # asyncio puts its own there while it runs
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    for signum in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, stop)
    sys.unraisablehook = _interrupt_again
    return received


def _interrupt_again(ignored: sys.UnraisableHookArgs) -> None:
    """Interrupt again where Python has ignored an interrupt: an import's callbacks and finalisers can't raise anything."""
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    from threading import Timer

    timer = Timer(_AGAIN_S, os.kill, (os.getpid(), signal.SIGINT))
    timer.daemon = True
    timer.start()
