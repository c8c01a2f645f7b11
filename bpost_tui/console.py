"""Console output: results to stdout, everything else to stderr, in UTF-8 and without control characters."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TextIO

from bpost_tui.errors import StoreError, UsageError
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern

_BAR_CELLS = 20
_UNSAFE = lazy_pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that must not reach a terminal: C0 controls except newline and tab, DEL, and C1 (ECMA-48).

Also included are the bidi controls that affect following text (UAX 9).
"""


def without_controls(text: str) -> str:
    """Return a text with U+FFFD in place of each character that would control a terminal. Sanitized text stays unchanged."""
    return _UNSAFE.sub("\ufffd", text)


def open_standard_files() -> None:
    """Open the null device for each of stdin, stdout and stderr that is closed.

    Otherwise the next opened file would get the number (0, 1 or 2) of the closed one, and output would be written into that file.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def stdin_bytes() -> IO[bytes]:
    """Return stdin as bytes; raises UsageError if it is closed."""
    if sys.stdin is None:
        raise UsageError(f"stdin: {os.strerror(errno.EBADF)}")
    return sys.stdin.buffer


def flush_standard_files() -> None:
    """Flush stdout and stderr. Text that can't be written is lost: otherwise Python would try again, and end with status 120."""
    for name in ("stdout", "stderr"):
        try:
            if (stream := getattr(sys, name)) is not None and not stream.closed:
                stream.flush()
        except OSError:
            setattr(sys, name, None)


class Console:
    """Writer of results to stdout and of notes to stderr. `out` is stdout and `err` stderr, each None if it is closed."""

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        self._out = out
        self._err = err
        self._has_progress = False
        for stream in (out, err):
            if stream is not None and hasattr(stream, "reconfigure"):
                # Bengali has no other encoding, whatever the locale is
                stream.reconfigure(encoding="utf-8", errors="replace")

    @property
    def cells(self) -> int | None:
        """Width in cells (columns) of the terminal that shows the results, or None if stdout isn't a terminal."""
        return shutil.get_terminal_size().columns if self._out is not None and self._out.isatty() else None

    def write_result(self, text: str) -> None:
        """Write one or more lines of a result to stdout.

        Raises:
            StoreError: stdout is closed or full.
            BrokenPipeError: The reading end of the pipe is closed.
        """
        if self._out is None:
            raise StoreError(f"stdout: {os.strerror(errno.EBADF)}")
        with self._writing():
            self._out.write(without_controls(text) + "\n")

    def prompt(self, text: str) -> None:
        """Write a prompt to stdout, to ask the reader for input. Do nothing if stdout isn't a terminal.

        Raises StoreError if stdout can't be written.
        """
        if self._out is not None and self._out.isatty():
            with self._writing():
                self._out.write(text)
                self._out.flush()

    def picture(self, stream: str) -> None:
        """Write `stream`, a line with encoded pictures, to stdout with its control sequences. Do nothing if stdout is closed.

        Raises StoreError if stdout is full, and BrokenPipeError if nobody reads the pipe.
        """
        if self._out is not None:
            with self._writing():
                self._out.write(stream)

    def data(self, data: bytes) -> None:
        """Write bytes to stdout. Raises StoreError if stdout is closed or full, and BrokenPipeError if nobody reads the pipe."""
        if self._out is None:
            raise StoreError(f"stdout: {os.strerror(errno.EBADF)}")
        with self._writing():
            self._out.flush()
            self._out.buffer.write(data)

    def finish(self) -> None:
        """Flush stdout, if it is open. Raises StoreError if stdout is full, and BrokenPipeError if nobody reads the pipe."""
        if self._out is not None:
            with self._writing():
                self._out.flush()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise StoreError(f"stdout: {error.strerror}") from error

    def write_note(self, text: str) -> None:
        """Write a line to stderr. If stderr is closed or full, the line is lost."""
        self._write_note(without_controls(text) + "\n")

    def progress(self, done: int, steps: int | None, what: str) -> None:
        """Draw a progress bar in the current line of stderr, if stderr is a terminal.

        Args:
            done: Number of steps done.
            steps: Number of all steps, or None if it is unknown.
            what: Text beside the bar that names the present step, such as an address.
        """
        if not self._is_terminal:
            return
        from bpost_tui.typesetting.text.graphemes import truncate

        columns = shutil.get_terminal_size().columns
        filled = _BAR_CELLS * min(done, steps) // steps if steps else 0
        line = f"{'━' * filled}{'─' * (_BAR_CELLS - filled)} {without_controls(what)}"
        self._has_progress = True
        self._write_note(f"\r{truncate(line, columns - 1)}\x1b[K")

    def clear_progress(self) -> None:
        """Clear the current line of stderr, which may have a progress bar. Do nothing if stderr isn't a terminal."""
        if self._is_terminal:
            self._has_progress = False
            self._write_note("\r\x1b[K")

    def end_progress_line(self) -> None:
        """End the line of the progress bar, if the bar is drawn.

        Otherwise the shell would write its prompt over the bar.
        """
        if self._has_progress:
            self._has_progress = False
            self._write_note("\n")

    @property
    def _is_terminal(self) -> bool:
        return self._err is not None and self._err.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def _write_note(self, text: str) -> None:
        try:
            if self._err is not None:
                self._err.write(text)
                self._err.flush()
        except OSError:
            self._err = None  # closed or full: no output is left for a report
