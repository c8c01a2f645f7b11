"""The front page at once: the last page, shown before anything of the reader is loaded, and taken over by the app.

    with StartupSnapshot(arguments, os.environ) as front:     # shown after some milliseconds, if it is still true
        import …
        Probe.start(…, front=front)                     # the terminal was asked already
        front.hand_over()                               # the app has it: it draws over the page, and gives the terminal back
    front.keep(…)                                       # draws what the next start would show

After a refresh from the command line, `kept_again` has it drawn in a process, which finds out its start by `recalled`.

What is imported here is between the reader and the page: the standard library's modules in C, and next to nothing of ours.
"""

from __future__ import annotations

import os

from bpost_tui import __version__
from bpost_tui.startup_snapshot.snapshot_file import find, folder_of, settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Self

    from bpost_tui.core.session_config import SessionConfig
    from bpost_tui.startup_snapshot.renew_snapshot import SnapshotRenewal as SnapshotRenewal
    from bpost_tui.typesetting.terminal.probe import Probe

_BEGIN, _END = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2026h", b"\x1b[?2026l"
"""The alternate screen, no cursor, no wrapping; and the page at one go (synchronized output)."""
_LEAVE = b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h"
_ANSWER_S = 0.1
"""How long the terminal's answers are waited for, where it gave some the last time: without them, it may be another terminal."""


__all__ = ["StartupSnapshot", "kept_again", "recalled"]


class StartupSnapshot:
    """The terminal from the first moment on, with the last page on it where that still is true."""

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self.arguments = arguments
        """Of the command line."""
        self.environ = dict(environ)
        """As it was at the start."""
        self.fd: int | None = None
        """The terminal, where it was asked; otherwise the caller opens it."""
        self.modes: list[Any] = []
        """The terminal's attributes, as they were before."""
        self.answers = b""
        """What has come of the terminal so far: answers, and keys."""
        self.asked_at = 0.0
        """When it was asked, by `time.monotonic`."""
        self.is_shown = False
        self._freeing = b""

    def __enter__(self) -> Self:
        try:
            self._show()
        except Exception:  # noqa: BLE001 -- whatever is wrong with it: the reader starts without
            self.give_back()
        except BaseException:  # a signal that ends us
            self.give_back()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Take the page back and restore the terminal, unless the app has it."""
        if self.fd is None:
            return
        import termios

        fd, self.fd = self.fd, None
        try:
            if self.is_shown:
                _write(fd, self._freeing + _LEAVE)
            if self.modes:
                termios.tcsetattr(fd, termios.TCSADRAIN, self.modes)
                termios.tcflush(fd, termios.TCIFLUSH)  # answers that are late would be taken for what the reader types
        except (OSError, termios.error):  # the terminal is gone
            pass
        finally:
            os.close(fd)
        self.is_shown = False

    @property
    def freeing(self) -> str | None:
        """What frees the pictures of the page that is shown; None where none is."""
        return self._freeing.decode() if self.is_shown else None

    def hand_over(self) -> list[Any]:
        """Let the app have the terminal, and return its attributes as they were before; empty where it wasn't taken."""
        fd, self.fd = self.fd, None
        self.is_shown = False
        if fd is None:
            return []
        os.close(fd)
        return self.modes

    def keep(self, given: SessionConfig, probe: Probe, config_file: Path, *, is_plain: bool, longest_s: float) -> None:
        """Keep the page that the next start like this one would show; where that can't be, none is kept.

        Args:
            given: What that start would give the reader.
            probe: The terminal, as it was when the reader began.
            config_file: Need not exist.
            is_plain: Whether that start would show a list, and say nothing first.
            longest_s: What drawing it may take.
        """
        from bpost_tui.startup_snapshot.save_snapshot import keep

        keep(self.arguments, self.environ, given, probe, config_file, is_plain=is_plain, longest_s=longest_s)

    def _show(self) -> None:
        """Show the last page, if there is one for this start, and it is true."""
        if self.arguments and not self.arguments[0].startswith("-"):  # a verb
            return
        folder = folder_of(self.environ)
        if folder is None or not (os.path.isdir(folder) and all(map(os.isatty, (0, 1, 2)))):
            return
        window = _window_of(1)
        page = find(folder, self.arguments, self.environ, __version__, window)
        if page is None or not page.is_true():
            return
        fd = self._ask(page.queries)
        if self._is_the_same(fd, page.answers, has_px=all(window)):
            self.is_shown, self._freeing = True, page.freeing
            _write(fd, _BEGIN + page.frame + _END)

    def _ask(self, queries: bytes) -> int:
        """Ask the terminal what the reader will want to know of it, and return it."""
        import time

        from bpost_tui.signals import handle_signals  # 2 ms: from here on the terminal has to be given back
        from bpost_tui.typesetting.terminal.cbreak import set_cbreak

        handle_signals()
        self.fd = fd = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        self.modes = set_cbreak(fd)
        self.asked_at = time.monotonic()
        _write(fd, queries)
        return fd

    def _is_the_same(self, fd: int, known: bytes, *, has_px: bool) -> bool:
        """Whether the terminal answers what it answered the last time; one that answered nothing isn't waited for."""
        import time
        from select import select

        last = known[known.rfind(b"\x1b[?") :]
        while known not in (come := settled(self.answers, has_px=has_px)):
            left_s = self.asked_at + _ANSWER_S - time.monotonic()
            if last in self.answers or left_s <= 0 or not select([fd], [], [], left_s)[0]:
                return False
            if not (data := os.read(fd, 4096)):
                return False
            self.answers += data
        return b"\x1b" not in come.replace(known, b"", 1)  # but for letters typed meanwhile, it has said nothing else


def kept_again(environ: Mapping[str, str], module: str) -> SnapshotRenewal:
    """Return what keeps the newest page true over a refresh; for its arguments see `SnapshotRenewal`."""
    from bpost_tui.startup_snapshot.renew_snapshot import SnapshotRenewal as SnapshotRenewal

    return SnapshotRenewal(environ, module)


def recalled(environ: Mapping[str, str]) -> tuple[StartupSnapshot, Probe] | None:
    """Return a start as it was, in the process that `SnapshotRenewal` began, and its terminal; None where the page is gone."""
    from bpost_tui.startup_snapshot.renew_snapshot import recalled

    start = recalled(environ)
    return None if start is None else (StartupSnapshot(start[0], environ), start[1])


def _window_of(fd: int) -> tuple[int, ...]:
    """Return the size of a terminal's window: columns, rows, width and height in pixels, 0 where it isn't known."""
    import struct
    import termios
    from fcntl import ioctl

    rows, cols, width_px, height_px = struct.unpack("HHHH", ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    return cols, rows, width_px, height_px


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
