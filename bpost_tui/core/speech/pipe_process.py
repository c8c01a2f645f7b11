"""A program that runs beside us, whose pipes hold nobody up: each call returns within a tenth of a second."""

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

LOOKS_S = 0.1
_PIECE = 1 << 16
_LONGEST_LINE = 200
_ERROR_LINES = 20
_NO_DEVICE = re.compile(r"ALSA|\bsnd_|\bPCM\b|PulseAudio|\bpulse\b|\bpa_context|audio device|sound card", re.IGNORECASE)
"""What a program says, in one of its lines, where it finds nothing to play on; espeak-ng's last line then is only the system's."""
_END_S = 1.0
"""How long a program that has closed a pipe may take to end, so that its status is known."""


def program_error(name: str, said: Sequence[str]) -> ProgramError:
    """Return the error of a program that has failed: that there is nothing to play on, else what it said last."""
    if any(map(_NO_DEVICE.search, said)):
        hint = message("`bpost listen -o FILE` writes the sound to a file; on a server, that is the way.")
        return ProgramError(prefix_reason(name, Reason("there is no sound device here that can be used")), hint=hint)
    return ProgramError(prefix_reason(name, said[-1]))


class PipeProcess:
    """A program with pipes, and the last line of what it complains of. Raises ProgramError where it can't be started.

    Args:
        command: The program.
        environ: What it finds in its environment besides all that we have.
        is_read: Whether what it writes is asked for; else it may complain there, too.
    """

    def __init__(self, command: Command, environ: Mapping[str, str] = NO_MORE, *, is_read: bool = True) -> None:
        self.name = name_of(command)
        self.is_closed = False
        """Whether it was ended by us."""
        self._is_read = is_read
        self._errors: deque[str] = deque(maxlen=_ERROR_LINES)
        self._lock = Lock()
        """Held while a pipe is used, and while they are closed."""
        self._running = start_program(command, errors=subprocess.PIPE, environ=environ)
        self._stdin, self._stdout = pipes(self._running)
        for pipe in (self._stdin, self._stdout) if is_read else (self._stdin,):
            os.set_blocking(pipe.fileno(), False)
        followed = [pipe for pipe in (self._running.stderr, None if is_read else self._stdout) if pipe is not None]
        self._followers = [Thread(target=self._follow, args=(pipe,), daemon=True) for pipe in followed]
        for thread in self._followers:
            thread.start()

    def write(self, data: memoryview) -> int:
        """Return how many bytes it has taken; raises ProgramError where it has ended with an error, or will take no more."""
        with self._lock:
            if self.is_closed:
                return 0
            try:
                return os.write(self._stdin.fileno(), data) if select([], [self._stdin], [], LOOKS_S)[1] else 0
            except BlockingIOError:
                return 0
            except OSError as error:
                self._fail(error)
                return 0

    def read(self) -> bytes | None:
        """Return what it has written; None where nothing will come."""
        with self._lock:
            if self.is_closed:
                return None
            try:
                return (os.read(self._stdout.fileno(), _PIECE) or None) if select([self._stdout], [], [], LOOKS_S)[0] else b""
            except BlockingIOError:
                return b""

    def end_input(self) -> None:
        """Tell it that no more will come."""
        with self._lock, suppress(OSError):
            self._stdin.close()

    def has_ended(self, wait_s: float = 0.0) -> bool:
        """Return whether it has ended, or does so soon; raises ProgramError where that was an error."""
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(wait_s)
        if self._running.returncode and not self.is_closed:
            raise self.exit_error()
        return self._running.returncode is not None

    def close_soon(self) -> None:
        """Have it count as ended at once, and end it behind: this holds nobody up."""
        self.is_closed = True
        Thread(target=self.close).start()

    def close(self) -> None:
        """End it with all that it has started; may be called from any thread, and takes half a second at most."""
        self.is_closed = True
        if self._running.poll() is None:
            terminate(self._running)
        with self._lock:
            for pipe in (self._stdin, self._stdout) if self._is_read else (self._stdin,):
                with suppress(OSError):
                    pipe.close()

    def _fail(self, error: OSError) -> None:
        if not self.is_closed:  # meanwhile, by another thread
            raise self.exit_error() from error

    def exit_error(self) -> ProgramError:
        """Return the error of one that has ended: what it said last, or its status."""
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(_END_S)
        for thread in self._followers:
            thread.join(_END_S)
        status = self._running.returncode
        ended = Reason("exited with status {status}", status=status) if status else Reason("it exited")
        return program_error(self.name, [*self._errors] or [ended])

    def _follow(self, pipe: IO[bytes]) -> None:
        """Keep the last line that comes from a pipe; piper notes each sentence on stderr."""
        with suppress(OSError, ValueError), pipe:
            while line := pipe.readline(_PIECE):
                if said := line.decode("utf-8", "replace").strip():
                    self._errors.append(said[:_LONGEST_LINE])
