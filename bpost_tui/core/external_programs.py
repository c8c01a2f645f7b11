"""Runs programs that the reader configured: hooks, programs that get a story by pipe, voices. Calls block.

Standard library only. A command that is a list of arguments runs without a shell. A command that is a single string in the config
runs in a shell.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from types import MappingProxyType
from typing import IO, cast

from bpost_tui.config import Command
from bpost_tui.core.json_api import headline_to_json
from bpost_tui.errors import ProgramError, UsageError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.named_tuple import NamedTuple

VOICE_HINT = message("Install espeak-ng, or set `listen` in the config; `bpost doctor` says which voices are there.")
"""Advice shown with an error of reading aloud: install a voice, or name one in the config."""
NO_MORE: Mapping[str, str] = MappingProxyType({})
_HOOK_S = 60.0
"""Maximum time in seconds that a hook may run."""
_MOST_BYTES = 64 << 10
"""Maximum number of bytes of a program's output that are kept."""
_GRACE_S = 0.2
"""Time in seconds that a program gets to end after SIGTERM, before SIGKILL."""
_AFTER_END_S = 1.0
"""Time in seconds to wait for output after a program has ended.

Without a limit, a child of the program that keeps the pipe open would block us forever.
"""


def parse_command(line: str) -> tuple[str, ...]:
    """Return the program and arguments in a typed command line, split without a shell.

    Raises UsageError if it has no words or an open quotation mark.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(message("A quotation mark isn't closed")) from error
    if not words:
        raise UsageError(message("No program was given"))
    return tuple(words)


class ProgramResult(NamedTuple):
    """Exit status and output of a program."""

    status: int
    output: str
    errors: str


@dataclass(slots=True, eq=False)
class ExternalProgram:
    """Program that gets text on its stdin. It can be stopped, together with all programs that it started."""

    command: Command
    environ: Mapping[str, str] = field(default_factory=dict)
    """Environment variables for the program, in addition to our own."""
    _running: subprocess.Popen[bytes] | None = None
    _is_stopped: bool = False
    _lock: Lock = field(default_factory=Lock)

    def run(self, text: str, *, timeout_s: float | None = None) -> str:
        """Run the program with `text` on its stdin, and return the first 64 kB of its output (stdout and stderr together).

        The program may run for `timeout_s` seconds; None means no limit. If there is no command, or `stop` was called before, the
        program doesn't run, and the result is empty. If `stop` is called meanwhile, the result is the output so far.

        Raises:
            ProgramError: The program can't be started, takes too long, or ends with an exit status other than 0.
        """
        return self._run(text, timeout_s, subprocess.STDOUT, _MOST_BYTES).decode("utf-8", errors="replace")

    def run_for_bytes(self, text: str, *, timeout_s: float, most: int) -> bytes:
        """Run the program with `text` on its stdin, and return the first `most` bytes of its stdout.

        The program may run for `timeout_s` seconds. If there is no command, or `stop` was called before, the result is empty.

        Raises:
            ProgramError: The program can't be started, takes too long, or ends with an exit status other than 0.
        """
        return self._run(text, timeout_s, subprocess.PIPE, most)

    def wait_result(self, *, timeout_s: float) -> ProgramResult:
        """Run the program with empty input, and return its exit status and output, even if the status isn't 0.

        If there is no command, or `stop` was called before, the status is 0 and the output is empty.

        Raises ProgramError if the program can't start, or takes longer than `timeout_s` seconds.
        """
        status, output = self._wait("", timeout_s, subprocess.PIPE, _MOST_BYTES)
        written = ("", "") if output is None else (output.output.decode(errors="replace"), output.errors.decode(errors="replace"))
        return ProgramResult(status, *written)

    def _run(self, text: str, timeout_s: float | None, errors: int, most: int) -> bytes:
        status, output = self._wait(text, timeout_s, errors, most)
        if output is None:
            return b""
        if status and not self._is_stopped:
            written = output.errors if errors == subprocess.PIPE else output.output
            last = written.decode("utf-8", errors="replace").strip().splitlines()[-1:]
            raise ProgramError(
                prefix_reason(self.name, last[0][:200] if last else Reason("exited with status {status}", status=status))
            )
        return bytes(output.output)

    def _wait(self, text: str, timeout_s: float | None, errors: int, most: int) -> tuple[int, _PipeThreads | None]:
        """Run the program with `text` on its stdin, and return its exit status and its output.

        If `stop` was called before, or there is no command, don't run the program, and return (0, None).

        Args:
            text: Input of the program.
            timeout_s: Maximum time in seconds that the program may run; None for no limit.
            errors: Destination of stderr, as for `subprocess.Popen`.
            most: Maximum number of bytes of output to keep.

        Raises:
            ProgramError: The program can't be started, or takes too long.
        """
        running = self._start(errors)
        if running is None:
            return 0, None
        try:
            output = _PipeThreads(running, text.encode(), most)
            running.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise ProgramError(
                prefix_reason(self.name, Reason("it took longer than {seconds} s", seconds=f"{timeout_s:g}"))
            ) from error
        finally:
            if running.returncode is None:  # too slow, or Ctrl+C was pressed, which doesn't reach the program
                terminate(running)
        output.finish()
        return running.returncode, output

    def stop(self) -> None:
        """End the program within 0.4 s, and prevent it from running again; may be called from any thread."""
        with self._lock:
            self._is_stopped = True
        if self._running is not None and self._running.poll() is None:
            terminate(self._running)

    @property
    def was_stopped(self) -> bool:
        """Whether `stop` has been called."""
        return self._is_stopped

    @property
    def name(self) -> str:
        """Name of the program: the first word of its command; empty if there is no command."""
        return name_of(self.command)

    def _start(self, errors: int) -> subprocess.Popen[bytes] | None:
        """Start the program as the leader of a new process group. Return None if `stop` was called before, or there is no command.

        `errors` is the destination of stderr, as for `subprocess.Popen`. Raises ProgramError if the program can't be started.
        """
        with self._lock:
            if self._is_stopped or not self.command:
                return None
            self._running = start_program(self.command, errors=errors, environ=self.environ)
            return self._running


def name_of(command: Command) -> str:
    """Return the name of a program: the first word of its command; empty for an empty command."""
    words = shlex.split(command, posix=False) if isinstance(command, str) else command
    return words[0] if words else ""


def start_program(command: Command, *, errors: int, environ: Mapping[str, str] = NO_MORE) -> subprocess.Popen[bytes]:
    """Start a program in a new process session, with pipes for stdin and stdout, and return the process.

    Args:
        command: Program and its arguments, or a string that a shell runs.
        errors: Destination of stderr, as for `subprocess.Popen`.
        environ: Environment variables for the program, in addition to our own.

    Raises:
        ProgramError: The program can't be started.
    """
    try:
        return subprocess.Popen(
            command,
            shell=isinstance(command, str),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, **environ} if environ else None,
        )
    except FileNotFoundError as error:
        is_voice = name_of(command) == "espeak-ng"
        raise ProgramError(
            prefix_reason(name_of(command), Reason("this program isn't installed")), hint=VOICE_HINT if is_voice else ""
        ) from error
    except (OSError, ValueError) as error:
        raise ProgramError(f"{name_of(command)}: {getattr(error, 'strerror', error)}") from error


def pipes(running: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the pipe to stdin and the pipe from stdout of a running program."""
    return cast(IO[bytes], running.stdin), cast(IO[bytes], running.stdout)


class _PipeThreads:
    """Threads for the pipes of a running program, one per pipe.

    With threads, a program that keeps a pipe open can't block the caller.
    """

    def __init__(self, running: subprocess.Popen[bytes], text: bytes, most: int) -> None:
        self.output, self.errors = bytearray(), bytearray()
        """Output so far: up to `most` bytes of stdout, and the stderr if it has its own pipe."""
        self._running = running
        self._text = text
        self._most = most
        self._threads = [Thread(target=work, daemon=True) for work in (self._write, self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Wait for the last output of a program that has ended, at most `_AFTER_END_S` seconds per pipe.

        Children of the program may go on writing; their output isn't waited for.
        """
        for thread in self._threads:
            thread.join(_AFTER_END_S)

    def _write(self) -> None:
        if self._running.stdin is not None:
            with suppress(OSError), self._running.stdin as stdin:  # the program may not read everything
                stdin.write(self._text)

    def _read(self) -> None:
        for piece in _pieces(self._running.stdout, self._most):
            self.output += piece

    def _read_errors(self) -> None:
        for piece in _pieces(self._running.stderr, _MOST_BYTES):
            self.errors += piece


def _pieces(pipe: IO[bytes] | None, most: int) -> Iterator[bytes]:
    """Yield the first `most` bytes of a pipe in pieces, then read and drop the rest, so that the program can go on writing.

    If `pipe` is None, yield nothing.
    """
    if pipe is None:
        return
    with suppress(OSError), pipe:
        while piece := os.read(pipe.fileno(), _MOST_BYTES):
            yield piece[:most]
            most -= min(most, len(piece))


def terminate(running: subprocess.Popen[bytes]) -> None:
    """End the program `running` and all programs in its process group, by SIGTERM and then SIGKILL."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):  # macOS raises PermissionError for a program that has just ended
            os.killpg(running.pid, number)
        with suppress(subprocess.TimeoutExpired):
            running.wait(_GRACE_S)


def run_hook(hook: ExternalProgram, rows: Sequence[Headline], papers: Mapping[str, str]) -> None:
    """Run a hook with stories on its stdin, as the JSON list that `bpost list --json` prints.

    `papers` maps papers' keys to their names. Raises ProgramError if the hook can't be started, or ends with an exit status other
    than 0.
    """
    hook.run(json.dumps([headline_to_json(row, papers) for row in rows], ensure_ascii=False), timeout_s=_HOOK_S)
