"""Process of a program, with pipes that never block: each call returns within a tenth of a second.

Blocking reads and writes are the obvious way. But the reader may stop a sentence at any moment, from another thread. A thread in
`os.read` or `os.write` doesn't notice this, and keeps using the pipe. Closing the pipe's file descriptor under such a thread has
undefined results, because the descriptor's number may belong to another file by then. So pipes are non-blocking, `select` waits at
most `POLL_S`, and each call holds a lock, as does closing the pipes. Callers loop, and check between two calls whether they should
go on. A separate thread reads stderr, because a program would hang when that pipe is full.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from select import select
from threading import Lock, Thread
from typing import IO

from bpost_tui.config.value_types import Command
from bpost_tui.core.external_programs import NO_MORE, name_of, pipes, start_program, terminate
from bpost_tui.errors import ProgramError
from bpost_tui.i18n import Reason, message, prefix_reason

POLL_S = 0.1
_PIECE = 1 << 16
_LONGEST_LINE = 200
_ERROR_LINES = 20
_NO_DEVICE = re.compile(r"ALSA|\bsnd_|\bPCM\b|PulseAudio|\bpulse\b|\bpa_context|audio device|sound card", re.IGNORECASE)
"""Pattern of error lines that mean a missing sound device.

The last line alone wouldn't show this, because espeak-ng's last line is a general error.
"""
_END_S = 1.0
"""Time in seconds to wait for the end of a program that has closed a pipe, so that its exit status is known."""


def program_error(name: str, lines: Sequence[str]) -> ProgramError:
    """Return the error of the program `name` that has failed, from the `lines` of its stderr.

    If a line shows that there is no sound device, the message says so; otherwise the message is the last line.
    """
    if any(map(_NO_DEVICE.search, lines)):
        hint = message("`bpost listen -o FILE` writes the sound to a file; on a server, that is the way.")
        return ProgramError(prefix_reason(name, Reason("there is no sound device here that can be used")), hint=hint)
    return ProgramError(prefix_reason(name, lines[-1]))


class PipeProcess:
    """Running process with pipes. The last lines of its stderr are kept for error messages.

    Raises ProgramError if the program can't be started.

    Args:
        command: Program and its arguments.
        environ: Environment variables for the program, in addition to our own.
        is_read: Whether the caller reads stdout; if not, its last lines are also kept for error messages.
    """

    def __init__(self, command: Command, environ: Mapping[str, str] = NO_MORE, *, is_read: bool = True) -> None:
        self.name = name_of(command)
        self.is_closed = False
        """Whether `close` or `close_soon` was called."""
        self._is_read = is_read
        self._errors: deque[str] = deque(maxlen=_ERROR_LINES)
        self._lock = Lock()
        """Lock that a thread holds while it uses or closes a pipe."""
        self._running = start_program(command, errors=subprocess.PIPE, environ=environ)
        self._stdin, self._stdout = pipes(self._running)
        for pipe in (self._stdin, self._stdout) if is_read else (self._stdin,):
            os.set_blocking(pipe.fileno(), False)
        followed = [pipe for pipe in (self._running.stderr, None if is_read else self._stdout) if pipe is not None]
        self._followers = [Thread(target=self._follow, args=(pipe,), daemon=True) for pipe in followed]
        for thread in self._followers:
            thread.start()

    def write(self, data: memoryview) -> int:
        """Write to the program's stdin, and return how many bytes of `data` the program has accepted; may be 0.

        Raises ProgramError if the program has closed its stdin or ended.
        """
        with self._lock:
            if self.is_closed:
                return 0
            try:
                return os.write(self._stdin.fileno(), data) if select([], [self._stdin], [], POLL_S)[1] else 0
            except BlockingIOError:
                return 0
            except OSError as error:
                self._fail(error)
                return 0

    def read(self) -> bytes | None:
        """Return the output that can be read now: empty if there is none yet, None at the end of the output or after `close`."""
        with self._lock:
            if self.is_closed:
                return None
            try:
                return (os.read(self._stdout.fileno(), _PIECE) or None) if select([self._stdout], [], [], POLL_S)[0] else b""
            except BlockingIOError:
                return b""

    def end_input(self) -> None:
        """Close the program's stdin, so that the program ends by itself."""
        with self._lock, suppress(OSError):
            self._stdin.close()

    def has_ended(self, wait_s: float = 0.0) -> bool:
        """Return whether the program ends within `wait_s` seconds. Raises ProgramError if it has ended with an error."""
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(wait_s)
        if self._running.returncode and not self.is_closed:
            raise self.exit_error()
        return self._running.returncode is not None

    def close_soon(self) -> None:
        """Mark the process as closed at once, and end the program in another thread."""
        self.is_closed = True
        Thread(target=self.close).start()

    def close(self) -> None:
        """End the program and all programs that it started, within half a second; may be called from any thread."""
        self.is_closed = True
        if self._running.poll() is None:
            terminate(self._running)
        with self._lock:
            for pipe in (self._stdin, self._stdout) if self._is_read else (self._stdin,):
                with suppress(OSError):
                    pipe.close()

    def _fail(self, error: OSError) -> None:
        if not self.is_closed:  # unless closed by another thread meanwhile
            raise self.exit_error() from error

    def exit_error(self) -> ProgramError:
        """Return the error of a program that has ended. The message is its last line of stderr, or its exit status."""
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(_END_S)
        for thread in self._followers:
            thread.join(_END_S)
        status = self._running.returncode
        ended = Reason("exited with status {status}", status=status) if status else Reason("it exited")
        return program_error(self.name, [*self._errors] or [ended])

    def _follow(self, pipe: IO[bytes]) -> None:
        """Read a pipe to its end, and keep only its last lines, for errors: piper writes a line to stderr for each sentence."""
        with suppress(OSError, ValueError), pipe:
            while line := pipe.readline(_PIECE):
                if text := line.decode("utf-8", "replace").strip():
                    self._errors.append(text[:_LONGEST_LINE])
