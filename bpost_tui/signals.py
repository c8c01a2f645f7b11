"""Signals that end the process. SIGTERM and SIGHUP end it in the same way as SIGINT."""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

_AGAIN_S = 0.01
"""Time in seconds before an interrupt is sent again, after Python has ignored it."""


def handle_signals() -> Sequence[int]:
    """Make SIGTERM and SIGHUP end the process as SIGINT does, so that it cleans up. A signal ignored by `nohup` stays ignored.

    Returns:
        List of the numbers of received signals. Each new signal is appended to it.
    """
    received: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        received.append(signum)
        interrupt = signal.getsignal(signal.SIGINT)  # asyncio's own while its loop runs
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    for signum in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(signum) is not signal.SIG_IGN:
            signal.signal(signum, stop)
    sys.unraisablehook = _interrupt_again
    return received


def _interrupt_again(ignored: sys.UnraisableHookArgs) -> None:
    """Send the interrupt again after Python ignored a KeyboardInterrupt, as in finalisers and callbacks of imports.

    The obvious way is a timer of 10 ms, but it loses the interrupt on a busy machine. If the timer fires before this hook has
    returned, the error is raised within the hook, and Python ignores it as well. So a second thread inspects this thread's frames
    until the hook has returned, and then sends the signal. Between the last inspection and the signal, the second thread keeps the
    interpreter to itself, so the hook can't start again.
    """
    if not issubclass(ignored.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(ignored)
        return
    from threading import Thread, get_ident

    Thread(target=_interrupt_outside_hook, args=(get_ident(),), daemon=True).start()


def _interrupt_outside_hook(thread: int) -> None:
    """Send SIGINT as soon as the thread with the identifier `thread` has left the hook `_interrupt_again`."""
    from time import sleep

    sleep(_AGAIN_S)
    while _is_in_hook(sys._current_frames().get(thread)):
        sleep(_AGAIN_S)
    os.kill(os.getpid(), signal.SIGINT)


def _is_in_hook(frame: FrameType | None) -> bool:
    """Whether `_interrupt_again` is being executed in a frame or in one of the frame's callers."""
    while frame is not None:
        if frame.f_code is _interrupt_again.__code__:
            return True
        frame = frame.f_back
    return False
