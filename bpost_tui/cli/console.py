"""Where the command line speaks: results to stdout, the rest to stderr, all UTF-8, and nothing that moves a terminal."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from bpost_tui.errors import StoreError

_BAR_CELLS = 20
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""C0 but newline and tab, DEL, C1 (ECMA-48), and the bidi controls that reach beyond their own text (UAX 9)."""


def guarded(text: str) -> str:
    """Return a text in which nothing is a terminal's command; what came through the gate is unchanged."""
    return _UNSAFE.sub("\ufffd", text)


def open_standard_files() -> None:
    """Give a closed stdin, stdout or stderr to the null device, lest the library's file gets its number and is written into."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


class Console:
    """The two outputs."""

    def __init__(self, out: TextIO | None, err: TextIO | None) -> None:
        self._out = out
        self._err = err
        for stream in (out, err):
            if stream is not None and hasattr(stream, "reconfigure"):
                # Bengali has no other encoding, whatever the locale says
                stream.reconfigure(encoding="utf-8", errors="replace")

    @property
    def cells(self) -> int | None:
        """The width of the terminal the results go to, None where they go elsewhere."""
        return shutil.get_terminal_size().columns if self._out is not None and self._out.isatty() else None

    def result(self, text: str) -> None:
        """Write a line, or lines, of result.

        Raises:
            StoreError: stdout is closed or full.
            BrokenPipeError: Nobody reads any more.
        """
        if self._out is None:
            raise StoreError(f"stdout: {os.strerror(errno.EBADF)}")
        with self._writing():
            self._out.write(guarded(text) + "\n")

    def prompt(self, text: str) -> None:
        """Write what stands before something is typed, where there is a terminal; raises as `result` does."""
        if self._out is not None and self._out.isatty():
            with self._writing():
                self._out.write(text)
                self._out.flush()

    def picture(self, stream: str) -> None:
        """Write what the output boundary made for this terminal; raises as `result` does."""
        if self._out is not None:
            with self._writing():
                self._out.write(stream)

    def data(self, data: bytes) -> None:
        """Write what is no text; raises as `result` does."""
        if self._out is None:
            raise StoreError(f"stdout: {os.strerror(errno.EBADF)}")
        with self._writing():
            self._out.flush()
            self._out.buffer.write(data)

    def finish(self) -> None:
        """Hand over what is still held back; raises as `result` does."""
        if self._out is not None:
            with self._writing():
                self._out.flush()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # the interpreter flushes once more at its end, and would fail once more
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            os.close(nothing)
            if isinstance(error, BrokenPipeError):
                raise
            raise StoreError(f"stdout: {error.strerror}") from error

    def note(self, text: str) -> None:
        """Write a line that is no result; where nobody can see it, it is lost."""
        self._tell(guarded(text) + "\n")

    def progress(self, done: int, steps: int | None, what: str) -> None:
        """Draw a bar with what is being done in the terminal's present line; nowhere else."""
        if not self._is_terminal:
            return
        from bpost_tui.text.graphemes import truncate

        columns = shutil.get_terminal_size().columns
        filled = _BAR_CELLS * min(done, steps) // steps if steps else 0
        line = f"{'━' * filled}{'─' * (_BAR_CELLS - filled)} {guarded(what)}"
        self._tell(f"\r{truncate(line, columns - 1)}\x1b[K")

    def clear_progress(self) -> None:
        """Empty the terminal's present line."""
        if self._is_terminal:
            self._tell("\r\x1b[K")

    @property
    def _is_terminal(self) -> bool:
        return self._err is not None and self._err.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def _tell(self, text: str) -> None:
        try:
            if self._err is not None:
                self._err.write(text)
                self._err.flush()
        except OSError:
            self._err = None  # closed or full: there is nowhere left to say so
