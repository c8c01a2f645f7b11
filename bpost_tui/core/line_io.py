"""The lines of a session: said on stdout, heard from stdin."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from select import select
from typing import Protocol

from bpost_tui.console import Console


class LineIO(Protocol):
    """Says lines and hears lines."""

    def write_line(self, line: str) -> None:
        """Say a line."""

    def read_line(self, prompt: str) -> str | None:
        """Return what was typed, None where nothing more will come."""

    def read_pending_line(self) -> str | None:
        """Return a line that has been typed meanwhile; None where none has, or nobody types."""


@dataclass(frozen=True, slots=True)
class Stdio:
    """Says on stdout, hears from stdin."""

    console: Console

    def write_line(self, line: str) -> None:
        """Write a line at once."""
        self.console.write_result(line)
        self.console.finish()

    def read_line(self, prompt: str) -> str | None:
        """Wait for a line."""
        self.console.prompt(prompt)
        if sys.stdin is None:
            return None
        line = sys.stdin.buffer.readline()  # whatever the locale says, Bengali has no other encoding
        return line.decode("utf-8", errors="replace") if line else None

    def read_pending_line(self) -> str | None:
        """Return a line that is there already, where a terminal is typed into."""
        if sys.stdin is None or not sys.stdin.isatty() or not select([sys.stdin], [], [], 0)[0]:
            return None
        return self.read_line("")
