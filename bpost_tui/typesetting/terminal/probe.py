"""Probe: queries the terminal for its name and capabilities before the app starts.

    with Probe.start(os.environ) as probe:
        import …                          # the terminal answers meanwhile
        capabilities = probe.finish("auto")

All queries go out in one write, on the alternate screen, and end with DA1, which nearly every terminal answers.

The obvious way is to query the terminal when the app runs, or to trust TERM. But TERM doesn't identify a terminal (`detection`),
and once Textual reads the input, it mistakes answers for keys. So the terminal is first put in cbreak mode (keys and answers are
read at once) and queried. Python imports the other modules meanwhile, and then the answers are read.

The time that answers need isn't known. A local terminal answers at once, a terminal over ssh later. GNU screen passes queries about
colours on still later, and a console never answers. So the probe waits 0.25 s, but 1 s if the terminal is remote, has begun to
answer, or always answers. The answer to the last query (DA1) ends the wait at once. An app that can use late answers (`uses_late`)
waits only 40 % of 0.25 s. Then `late_replies` removes late answers from its input for 5 s, and the render mode is chosen again when
all have come.

Keys pressed meanwhile are kept, since their bytes have another form than answers. The app receives them first, or they are put back
into the input for the next program (`leaves_keys`). In that case bytes are read one by one, so that none after the last answer is
removed.
"""

from __future__ import annotations

import os
import select
import subprocess
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol, Self

from bpost_tui.typesetting.terminal.capabilities import Capabilities, WindowSize
from bpost_tui.typesetting.terminal.cbreak import set_cbreak
from bpost_tui.typesetting.terminal.detection import TextSetting, detect
from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal
from bpost_tui.typesetting.terminal.queries import queries
from bpost_tui.typesetting.terminal.replies import LateReplies, Replies, answers, parse
from bpost_tui.typesetting.terminal.terminals import always_answers, may_query
from bpost_tui.typesetting.terminal.tty import push_back, window_size

REPLY_TIMEOUT_S, SLOW_REPLY_TIMEOUT_S = 0.25, 1.0
"""Maximum times in seconds to wait for replies. The second applies if the terminal is remote, has begun to reply, or always
replies.
"""
_SHORT_WAIT_SHARE = 0.4
"""Share of the usual wait (`REPLY_TIMEOUT_S`) that is enough for an app that can also use replies after the wait. Loading the app
takes longer than this short wait.
"""
LATE_REPLIES_S = 5.0
"""Time in seconds after the probe (queries to the terminal) during which late replies are removed from the input."""
_MAX_BYTES = 1 << 16
"""Maximum size in bytes of all replies. Longer input can't be replies only."""
_TMUX_TIMEOUT_S = 0.5


class EarlyPage(Protocol):
    """Page that may be on the screen before the app draws anything: the startup snapshot, a copy of the last page shown before."""

    is_shown: bool
    release: str
    """Sequence that deletes the page's pictures in the terminal."""

    @property
    def sent_queries(self) -> tuple[float, bytes] | None:
        """Time when queries were sent for the page (`time.monotonic`) and all bytes received since then; None if none were sent."""

    def take_over(self) -> list[Any]:
        """Leave the terminal to the app.

        Return the terminal's attributes from before the page, or an empty list if the page didn't change them.
        """


class Probe:
    """Probe of one terminal: the queries sent to it, and the replies received so far."""

    def __init__(self, fd: int | None, env: Mapping[str, str], *, leaves_keys: bool = False) -> None:
        self._fd = fd
        self._env = env
        self._leaves_keys = leaves_keys
        self.has_lost_keys = False
        """Whether keys typed before the replies were lost: they should have stayed in the input, but couldn't be put back."""
        self._saved_modes: list[Any] | None = None
        self.modes_before: list[Any] = []
        """Terminal's attributes to restore when the app ends, if `finish` left it in cbreak mode; else empty."""
        self._data = b""
        self._has_sent_queries = False
        """Whether the probe sent the queries. If they were sent before it, for `page`, the page knows the attributes to restore."""
        self._queried_at = 0.0
        self.page: EarlyPage | None = None
        """Startup snapshot (copy of the last page) that may be on the screen before the app's first frame, or None."""
        self.replies = Replies()
        self.window: WindowSize | None = None
        """Size of the window, as `finish` found it; None before that, or if there is no terminal."""
        self.outer: OuterTerminal | None = None
        """Terminal around tmux, as `finish` found it; None before that, without tmux, or if tmux doesn't answer."""

    @classmethod
    def start(
        cls,
        env: Mapping[str, str],
        path: str = "/dev/tty",
        *,
        leaves_keys: bool = False,
        page: EarlyPage | None = None,
    ) -> Self:
        """Start a probe: send the queries for name and capabilities to the terminal at `path`, if there is one.

        If it is queried, it stays in cbreak mode (keys are read without Enter, and not echoed) until `finish` or `close`.

        Args:
            env: Environment variables.
            path: Path of the terminal.
            leaves_keys: Whether keys stay in the input for the next program; if not, they are in `replies.typed`.
            page: Startup snapshot (copy of the last page) that may be on the screen already. Queries sent for it aren't sent again.
        """
        try:
            fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return cls(None, env)
        probe = cls(fd, env, leaves_keys=leaves_keys)
        probe.page = page
        try:
            if page is not None and page.sent_queries is not None:
                probe._saved_modes = set_cbreak(fd)
                probe._queried_at, probe._data = page.sent_queries
                probe.replies = parse(probe._data)
            elif may_query(env):
                probe._send_queries(fd)
        except BaseException:  # also a signal that ends the process
            probe.close()
            raise
        return probe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def finish(self, requested: TextSetting = "auto", *, uses_late: bool = False) -> Capabilities:
        """Wait for the terminal's last reply, or until the time is up, and return the terminal's capabilities.

        `requested` is the render mode that the reader chose. With `uses_late`, for apps that use `late_replies`, the wait is
        shorter until a first reply shows that the terminal answers. If replies are missing then, the terminal stays in cbreak mode
        until `close`, since it would otherwise echo late replies before the app starts.
        """
        try:
            if self._saved_modes is not None and self._fd is not None:
                self._read_replies(self._fd, REPLY_TIMEOUT_S * (_SHORT_WAIT_SHARE if uses_late else 1))
                self.has_lost_keys = self._leaves_keys and not push_back(self._fd, self.replies.typed)
            self.window = None if self._fd is None else window_size(self._fd)
            self.outer = query_tmux(self._env) if self.window and self._env.get("TMUX") else None
            if uses_late and self._saved_modes is not None and self.replies.attributes is None and self._has_sent_queries:
                self.modes_before = self._saved_modes
        finally:
            if not self.modes_before:
                self.close()
        return detect(self.replies, self._env, requested, window=self.window, outer=self.outer)

    def capabilities(self, window: WindowSize) -> Capabilities:
        """Return the capabilities of the queried terminal for a window of another size.

        Don't call this method inside a multiplexer, because it doesn't consider the terminal around the multiplexer.
        """
        return detect(self.replies, self._env, window=window)

    def late_replies(self) -> LateReplies | None:
        """Return the filter that removes replies from the input if they come late, or None if the terminal replied in time."""
        unanswered = self._saved_modes is not None and self.replies.attributes is None
        return LateReplies(self.replies.incomplete, self.answers) if unanswered else None

    def close(self) -> None:
        """Restore the terminal's attributes, and close the terminal."""
        if self._fd is None:
            return
        try:
            if self._saved_modes is not None:
                with suppress(termios.error):  # the terminal is gone
                    termios.tcsetattr(self._fd, termios.TCSANOW, self._saved_modes)
        finally:
            os.close(self._fd)
            self._fd = None

    @property
    def answers(self) -> bytes:
        """Replies of the terminal as bytes, without the keys typed in between."""
        return answers(self._data)

    def _send_queries(self, fd: int) -> None:
        self._saved_modes = set_cbreak(fd)
        self._has_sent_queries = True
        self._queried_at = time.monotonic()
        os.write(fd, queries(self._env, only_before_da1=self._leaves_keys))

    def _read_replies(self, fd: int, patience_s: float) -> None:
        has_answered = always_answers(self._env)
        while self.replies.attributes is None and len(self._data) < _MAX_BYTES:
            until = self._queried_at + (SLOW_REPLY_TIMEOUT_S if has_answered else patience_s)
            if not select.select([fd], [], [], max(0.0, until - time.monotonic()))[0]:
                break
            data = os.read(fd, 1 if self._leaves_keys else 4096)  # one at a time: no key after the answers is taken
            if not data:
                break
            self._data += data
            has_answered = has_answered or b"\x1b" in data
            if b"c" in data:  # DA1, the last answer, ends with c
                self.replies = parse(self._data)
        self.replies = parse(self._data)


def query_tmux(env: Mapping[str, str]) -> OuterTerminal | None:
    """Ask tmux about the terminal around it, and return the answer, or None if tmux doesn't answer."""
    fields = "#{client_termname}\t#{client_termtype}\t#{client_termfeatures}\t#{allow-passthrough}\t#{focus-events}\t#{client_pid}"
    try:
        done = subprocess.run(
            ["tmux", "display-message", "-p", fields],
            capture_output=True,
            text=True,
            timeout=_TMUX_TIMEOUT_S,
            check=True,
            env=dict(env),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    name, version, features, passthrough, focus, client = (done.stdout.rstrip("\n").split("\t") + [""] * 6)[:6]
    return OuterTerminal(name, version, frozenset(features.split(",")), passthrough in ("on", "all"), focus == "1", client)
