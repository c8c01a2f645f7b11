"""The reader's own programs: hooks, those a story is piped to, and the one that reads aloud. Standard library only; calls block.

A program is a list of arguments. A line is given to the shell only where the config says a line.
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
from typing import IO, NamedTuple, cast

from bpost_tui.config import Command
from bpost_tui.core.json_api import headline_to_json
from bpost_tui.errors import ProgramError, UsageError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.model.story import Headline

NO_MORE: Mapping[str, str] = MappingProxyType({})
_HOOK_S = 60.0
"""How long a hook may take."""
_MOST_BYTES = 64 << 10
"""How much of a program's output is kept."""
_GRACE_S = 0.2
"""How long a program that is asked to end may take."""
_AFTER_END_S = 1.0
"""How long after a program's end what it wrote is waited for: a child of its own may hold the pipe open."""


def parse_command(line: str) -> tuple[str, ...]:
    """Return the arguments of a typed command line, split without a shell; raises UsageError where there are none."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(message("A quotation mark isn't closed")) from error
    if not words:
        raise UsageError(message("No program was given"))
    return tuple(words)


class ProgramResult(NamedTuple):
    """How a program ended, and what it wrote."""

    status: int
    output: str
    errors: str


@dataclass(slots=True, eq=False)
class ExternalProgram:
    """A program that is given text and may be stopped meanwhile, with all that it started."""

    command: Command
    environ: Mapping[str, str] = field(default_factory=dict)
    """What it finds in its environment besides all that we have."""
    _running: subprocess.Popen[bytes] | None = None
    _is_stopped: bool = False
    _lock: Lock = field(default_factory=Lock)

    def run(self, text: str, *, timeout_s: float | None = None) -> str:
        """Give it a text on its stdin and wait for its end; return what it wrote, to stderr too, the first 64 kB.

        Raises:
            ProgramError: It can't be started, took too long or ended with another status than 0.
        """
        return self._run(text, timeout_s, subprocess.STDOUT, _MOST_BYTES).decode("utf-8", errors="replace")

    def run_for_bytes(self, text: str, *, timeout_s: float, most: int) -> bytes:
        """Do as `run`; return what it wrote to stdout, so many bytes at most."""
        return self._run(text, timeout_s, subprocess.PIPE, most)

    def wait_result(self, *, timeout_s: float) -> ProgramResult:
        """Wait for its end, whichever that is; raises ProgramError where it can't be started, or took too long."""
        status, output = self._ended("", timeout_s, subprocess.PIPE, _MOST_BYTES)
        written = ("", "") if output is None else (output.output.decode(errors="replace"), output.errors.decode(errors="replace"))
        return ProgramResult(status, *written)

    def _run(self, text: str, timeout_s: float | None, errors: int, most: int) -> bytes:
        status, output = self._ended(text, timeout_s, errors, most)
        if output is None:
            return b""
        if status and not self._is_stopped:
            said = output.errors if errors == subprocess.PIPE else output.output
            last = said.decode("utf-8", errors="replace").strip().splitlines()[-1:]
            raise ProgramError(
                prefix_reason(self.name, last[0][:200] if last else Reason("exited with status {status}", status=status))
            )
        return bytes(output.output)

    def _ended(self, text: str, timeout_s: float | None, errors: int, most: int) -> tuple[int, _PipeThreads | None]:
        """Wait for its end; return its status and what it wrote, None where it was stopped before it began."""
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
            if running.returncode is None:  # too slow, or Ctrl+C was pressed, which doesn't reach it
                terminate(running)
        output.finish()
        return running.returncode, output

    def stop(self) -> None:
        """End it and keep it from being run again; may be called from any thread, and takes 0.4 s at most."""
        with self._lock:
            self._is_stopped = True
        if self._running is not None and self._running.poll() is None:
            terminate(self._running)

    @property
    def was_stopped(self) -> bool:
        """Whether it was stopped."""
        return self._is_stopped

    @property
    def name(self) -> str:
        """What it is called."""
        return name_of(self.command)

    def _start(self, errors: int) -> subprocess.Popen[bytes] | None:
        """Start it in a session of its own, unless it was stopped before."""
        with self._lock:
            if self._is_stopped or not self.command:
                return None
            self._running = start_program(self.command, errors=errors, environ=self.environ)
            return self._running


def name_of(command: Command) -> str:
    """Return what a program is called."""
    words = shlex.split(command, posix=False) if isinstance(command, str) else command
    return words[0] if words else ""


def start_program(command: Command, *, errors: int, environ: Mapping[str, str] = NO_MORE) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, with pipes.

    Args:
        command: The program.
        errors: Where its stderr goes, as `subprocess.Popen` takes it.
        environ: What it finds in its environment besides all that we have.

    Raises:
        ProgramError: It can't be started.
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
        hint = message("Install espeak-ng, or set `listen` in the config; `bpost doctor` says which voices are there.")
        is_voice = name_of(command) == "espeak-ng"
        raise ProgramError(
            prefix_reason(name_of(command), Reason("this program isn't installed")), hint=hint if is_voice else ""
        ) from error
    except (OSError, ValueError) as error:
        raise ProgramError(f"{name_of(command)}: {getattr(error, 'strerror', error)}") from error


def pipes(running: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Return the stdin and the stdout of a program that was started with pipes."""
    return cast(IO[bytes], running.stdin), cast(IO[bytes], running.stdout)


class _PipeThreads:
    """What a program reads and writes, each by a thread that a program which leaves a pipe open can't hold up."""

    def __init__(self, running: subprocess.Popen[bytes], given: bytes, most: int) -> None:
        self.output, self.errors = bytearray(), bytearray()
        """What it has written to stdout, up to the most that is kept, and to stderr, where that has a pipe of its own."""
        self._running = running
        self._given = given
        self._most = most
        self._threads = [Thread(target=work, daemon=True) for work in (self._write, self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Wait for what the program wrote, once it has ended: its children may go on writing, but nobody waits for them."""
        for thread in self._threads:
            thread.join(_AFTER_END_S)

    def _write(self) -> None:
        if self._running.stdin is not None:
            with suppress(OSError), self._running.stdin as stdin:  # it may not want all of it
                stdin.write(self._given)

    def _read(self) -> None:
        for piece in _pieces(self._running.stdout, self._most):
            self.output += piece

    def _read_errors(self) -> None:
        for piece in _pieces(self._running.stderr, _MOST_BYTES):
            self.errors += piece


def _pieces(pipe: IO[bytes] | None, most: int) -> Iterator[bytes]:
    """Yield what comes from a pipe, so many bytes of it; the rest is read, too."""
    if pipe is None:
        return
    with suppress(OSError), pipe:
        while piece := os.read(pipe.fileno(), _MOST_BYTES):
            yield piece[:most]
            most -= min(most, len(piece))


def terminate(running: subprocess.Popen[bytes]) -> None:
    """End a program and all it started that is in its session's first group: asked first, then killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):  # macOS says so of one that has just ended
            os.killpg(running.pid, number)
        with suppress(subprocess.TimeoutExpired):
            running.wait(_GRACE_S)


def run_hook(hook: ExternalProgram, rows: Sequence[Headline], papers: Mapping[str, str]) -> None:
    """Give a hook stories, as a JSON list like that of `bpost list --json`; raises ProgramError as `ExternalProgram.run` does.

    `papers` are the papers' names by their keys.
    """
    hook.run(json.dumps([headline_to_json(row, papers) for row in rows], ensure_ascii=False), timeout_s=_HOOK_S)
