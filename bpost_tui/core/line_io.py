"""Input and output of a session without a screen: lines are written to stdout and read from stdin."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from select import select
from typing import Protocol

from bpost_tui.console import Console


class LineIO(Protocol):
    """Input and output of a session without a screen: writes lines, and reads the lines that the reader types."""

    def write_line(self, line: str) -> None:
        """Write `line` and a line break."""

    def read_line(self, prompt: str) -> str | None:
        """Show `prompt`, and return the line that the reader types; None at the end of the input."""

    def read_pending_line(self) -> str | None:
        """Return a line that the reader has typed already, without waiting.

        None if no line was typed, or stdin isn't a terminal.
        """


@dataclass(frozen=True, slots=True)
class Stdio:
    """Line input and output on the standard streams: writes to stdout, and reads from stdin."""

    console: Console

    def write_line(self, line: str) -> None:
        """Write a line to stdout, without buffering."""
        self.console.write_result(line)
        self.console.finish()

    def read_line(self, prompt: str) -> str | None:
        """Print `prompt`, wait for a line on stdin, and return the line; None at the end of stdin, or if stdin is closed."""
        self.console.prompt(prompt)
        if sys.stdin is None:
            return None
        line = sys.stdin.buffer.readline()  # UTF-8 in every locale: Bengali has no other encoding
        return line.decode("utf-8", errors="replace") if line else None

    def read_pending_line(self) -> str | None:
        """Return a line that was typed already, if stdin is a terminal; else None."""
        if sys.stdin is None or not sys.stdin.isatty() or not select([sys.stdin], [], [], 0)[0]:
            return None
        return self.read_line("")
