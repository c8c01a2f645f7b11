"""Startup snapshot: shows a saved page (bpost's first screen) before the app is loaded. The app then draws over the page.

    with StartupSnapshot(arguments, os.environ) as snapshot:  # shows the page after some milliseconds, if it is up to date
        import …
        with Probe.start(…, page=snapshot) as probe:          # the terminal was queried already
            run(…, probe)                                     # the app draws over the page, and gives the terminal back
        snapshot.save(…)                                      # a process in the background draws the page for the next start

Whatever this module imports delays the page: it loads the standard library's modules in C, and hardly any modules of bpost.
"""

from __future__ import annotations

import os

from bpost_tui import __version__
from bpost_tui.startup_snapshot.snapshot_file import comparable_answers, find, snapshot_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Self

    from bpost_tui.core.session_config import SessionConfig
    from bpost_tui.typesetting.terminal.probe import Probe

_BEGIN, _END = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2026h", b"\x1b[?2026l"
"""Escape sequences sent before and after the saved page (first screen). The first sets the alternate screen, no cursor, no line
wrap and synchronized output (no partial frames); the second ends synchronized output."""
_LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
"""Escape sequence that removes the saved page (first screen) and restores the terminal's modes."""
_ANSWER_S = 0.1
"""Maximum wait in seconds for the terminal's answers to the queries.

They are compared with the answers saved with the page, because bpost may run in another terminal now than at the last start.
"""


__all__ = ["StartupSnapshot"]


class StartupSnapshot:
    """Startup snapshot: shows the saved page (first screen), if it is up to date, until the app takes the terminal over."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self.arguments = arguments
        """Arguments of the command line."""
        self.environ = dict(environ)
        """Environment at the start."""
        self.is_shown = False
        """Whether the saved page (bpost's first screen) is shown in the terminal."""
        self.release = ""
        """Escape sequence that frees the terminal's memory for the pictures of the saved page."""
        self._fd: int | None = None
        """File descriptor of the terminal, open from the queries until the app takes over the terminal."""
        self._modes: list[Any] = []
        """Terminal attributes (termios) from before the queries; empty if the terminal wasn't queried."""
        self._queried_at = 0.0
        """Time of the queries in seconds, by `time.monotonic`."""
        self._received = b""
        """Bytes that the terminal has sent since the queries: answers, and typed keys."""

    def __enter__(self) -> Self:
        try:
            self._show()
        except Exception:  # noqa: BLE001 -- whatever is wrong with the page: the reader starts without
            self.give_back()
        except BaseException:  # also a signal that ends the process
            self.give_back()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Remove the saved page (first screen) and restore the terminal, unless the app has taken over the terminal."""
        if self._fd is None:
            return
        import termios

        fd, self._fd = self._fd, None
        try:
            if self.is_shown:
                _write(fd, self.release.encode() + _LEAVE)
            if self._modes:
                termios.tcsetattr(fd, termios.TCSADRAIN, self._modes)
                termios.tcflush(fd, termios.TCIFLUSH)  # late answers would count as typed keys
        except (OSError, termios.error):  # the terminal is gone
            pass
        finally:
            os.close(fd)
        self.is_shown = False

    @property
    def sent_queries(self) -> tuple[float, bytes] | None:
        """Time of the queries to the terminal, and the bytes received since then; None if no queries were sent."""
        return (self._queried_at, self._received) if self._fd is not None else None

    def take_over(self) -> list[Any]:
        """Leave the terminal to the app. Return the attributes (termios) that the terminal had before bpost sent queries to it.

        Return an empty list if no queries were sent.
        """
        fd, self._fd = self._fd, None
        self.is_shown = False
        if fd is None:
            return []
        os.close(fd)
        return self._modes

    def save(self, config: SessionConfig, probe: Probe, config_file: Path) -> None:
        """Save the first screen for the next start with the same arguments; a process in the background draws it.

        Args:
            config: Configuration of this session.
            probe: Result of the queries to the terminal at the start of this session.
            config_file: Path of the config file; need not exist.
        """
        from bpost_tui.startup_snapshot.save_snapshot import save_in_background

        save_in_background(self.arguments, self.environ, config, probe, config_file)

    def _show(self) -> None:
        """Show the saved page (first screen) for this start, if such a page exists and is up to date."""
        if self.arguments and not self.arguments[0].startswith("-"):  # a verb
            return
        folder = snapshot_folder(self.environ)
        if folder is None or not (os.path.isdir(folder) and all(map(os.isatty, (0, 1, 2)))):
            return
        window = _window_of(1)
        page = find(folder, self.arguments, self.environ, __version__, window)
        if page is None or not page.is_current():
            return
        fd = self._query(page.queries)
        if self._answers_alike(fd, page.answers, has_px=all(window)):
            self.is_shown, self.release = True, page.release.decode()
            _write(fd, _BEGIN + page.frame + _END)

    def _query(self, queries: bytes) -> int:
        """Open the terminal, send `queries` to it, and return its file descriptor."""
        import time

        from bpost_tui.signals import handle_signals  # 2 ms: from here on the terminal has to be given back
        from bpost_tui.typesetting.terminal.cbreak import set_cbreak

        handle_signals()
        self._fd = fd = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        self._modes = set_cbreak(fd)
        self._queried_at = time.monotonic()
        _write(fd, queries)
        return fd

    def _answers_alike(self, fd: int, known: bytes, *, has_px: bool) -> bool:
        """Whether the terminal, open as `fd`, gives the same answers to the queries as when the page was saved (`known`).

        Letters typed meanwhile are ignored. If `known` is empty, the method waits for no answer. `has_px` is whether the kernel
        knows the size of the window in pixels; the terminal's own answer about this size is then ignored.
        """
        import time
        from select import select

        last = known[known.rfind(b"\x1b[?") :]
        while known not in (answers := comparable_answers(self._received, has_px=has_px)):
            left_s = self._queried_at + _ANSWER_S - time.monotonic()
            if last in self._received or left_s <= 0 or not select([fd], [], [], left_s)[0]:
                return False
            if not (data := os.read(fd, 4096)):
                return False
            self._received += data
        return b"\x1b" not in answers.replace(known, b"", 1)  # other bytes are typed letters


def _window_of(fd: int) -> tuple[int, ...]:
    """Return the size of terminal `fd`: columns, rows, width and height in pixels; a size that the kernel doesn't know is 0."""
    import struct
    import termios
    from fcntl import ioctl

    rows, cols, width_px, height_px = struct.unpack("HHHH", ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    return cols, rows, width_px, height_px


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
