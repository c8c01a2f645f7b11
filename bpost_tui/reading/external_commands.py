"""The reader's own programs: hooks, those a story is piped to, and the one that reads aloud. Standard library only; calls block.

A program is a list of arguments. A line is given to the shell only where the config says a line.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field

from bpost_tui.config import Command
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.model.story import Headline
from bpost_tui.reading.json_output import headline

_HOOK_S = 60.0
"""How long a hook may take."""
_MOST_BYTES = 64 << 10
"""How much of a program's output is kept."""


def command_of(line: str) -> tuple[str, ...]:
    """Return the arguments of a typed command line, split without a shell; raises UsageError where there are none."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(message("A quotation mark isn't closed")) from error
    if not words:
        raise UsageError(message("No program was given"))
    return tuple(words)


@dataclass(slots=True)
class Program:
    """A program that is given text and may be stopped meanwhile."""

    command: Command
    _running: subprocess.Popen[bytes] | None = None
    _is_stopped: bool = field(default=False)

    def run(self, text: str, *, timeout_s: float | None = None) -> str:
        """Give it a text on its stdin and wait for its end; return what it wrote, the first 64 kB.

        Raises:
            UsageError: It can't be started, took too long or ended with another status than 0.
        """
        if self._is_stopped or not self.command:
            return ""
        try:
            running = self._running = subprocess.Popen(
                self.command,
                shell=isinstance(self.command, str),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise UsageError(about(self.name, Reason("this program isn't installed"))) from error
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.name}: {getattr(error, 'strerror', error)}") from error
        try:
            output, _ = running.communicate(text.encode(), timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            running.kill()
            running.communicate()
            raise UsageError(about(self.name, Reason("it took longer than {seconds} s", seconds=f"{timeout_s:g}"))) from error
        told = output[:_MOST_BYTES].decode("utf-8", errors="replace")
        if running.returncode and not self._is_stopped:
            last = told.strip().splitlines()[-1:]
            ended = Reason("exited with status {status}", status=running.returncode)
            raise UsageError(about(self.name, last[0][:200] if last else ended))
        return told

    def stop(self) -> None:
        """End it and keep it from being run again; may be called from any thread."""
        self._is_stopped = True
        if self._running is not None and self._running.poll() is None:
            self._running.terminate()

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped."""
        return self._is_stopped

    @property
    def name(self) -> str:
        """What it is called."""
        words = shlex.split(self.command, posix=False) if isinstance(self.command, str) else self.command
        return words[0] if words else ""


def run_hook(command: Command, rows: Sequence[Headline]) -> None:
    """Tell a hook of stories, as a JSON list like that of `bpost list --json`; raises UsageError as `Program.run` does."""
    told = json.dumps([headline(row) for row in rows], ensure_ascii=False)
    Program(command).run(told, timeout_s=_HOOK_S)
