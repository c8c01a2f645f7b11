"""Fence: a query to the terminal after each frame. Its reply shows that the terminal has read the frame, and how fast the line is.

The obvious way to follow the terminal is the queue of frames that aren't written yet. But over a connection this queue is empty:
the buffers of TCP, ssh and pseudo-terminals hold megabytes. A cursor key held for two seconds fills them with frames that take 40 s
at 20 kB/s. So each frame is followed by a query, and until its reply comes, changes are collected instead of painted. Usually
only one frame is under way at any time, and the next frame shows the last state.

The query is DSR 5 (ECMA-48, 8.3.35), "report status". All terminals that answer DA1 answer it, with `CSI 0 n`. A terminal that
answers neither of the first two queries gets no further queries.

Replies have no number, so the first reply counts for the oldest frame. They come in order, but a query is lost if no terminal is
there to answer it, as in a detached session of dtach. Each later reply would then count for the frame before its own, and each
later frame would wait for `_PATIENCE_S`. So while a reply is overdue, the query is DA1 instead, which has another reply. When it
comes, the terminal has read all earlier frames.

A frame that was sent can't be cancelled, so on a line below 1 MB/s it must be short: its pictures may take `budget_bytes`, the
bytes that the line carries in 0.15 s. Two such frames may be under way, since the line would otherwise be idle from the end of a
frame to its reply. The line's rate is measured as the size of a frame, divided by the time to its reply. This time includes the
line's delay, so the measured rate is too low, above all for small frames. So only large frames lower the rate, and only in steps; a
higher rate counts at once.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable

FENCE, RECOVERY_FENCE = "\x1b[5n", "\x1b[c"
"""Queries sent after a frame: the usual one (DSR 5), and the one used while an earlier reply is overdue (DA1)."""
_REPLY = re.compile(rb"\x1b\[(?:[03]n|(?P<recovery>\?[\d;]*c))")
_INCOMPLETE = re.compile(rb"\x1b(?:\[(?:[03]|\?[\d;]*)?)?\Z")
_PATIENCE_S, _SLOW_PATIENCE_S = 5.0, 20.0
"""Time in seconds after which a reply is overdue and the app paints again: usually, and on a line below 1 MB/s, where a
frame with photographs may take 10 s.
"""
_MAX_LOST = 2
_BUDGET_S = 0.15
"""Maximum time in seconds for sending the pictures of a frame over a connection below 1 MB/s."""
_FRAMES_UNDER_WAY = 2
"""Maximum number of frames that may be under way (sent, but not yet read by the terminal) on a connection below 1 MB/s."""
_FAST_BYTES_PER_S = 1_000_000
"""Minimum rate in bytes a second of a fast connection to the terminal; its frames may have any size. Local terminals read 2 to 10
MB/s.
"""
_SLOW_BYTES = 20_000
"""Minimum number of bytes that the connection to the terminal must carry in 0.15 s so that it doesn't count as slow.

A frame with a list and a story takes twice this number, so a slow connection needs more than 0.3 s for it, and the reader notices
that.
"""
_MIN_SAMPLE_BYTES = 8_000
"""Size in bytes of the smallest frame that can lower the connection's measured rate. The time to the reply for a shorter frame is
mostly delay.
"""
_SHORTEST_S = 0.001
_DECAY = 0.8
"""Minimum share of the connection's measured rate that remains after a slower frame, so that one frame can't lower it far."""


class FrameFence:
    """State of the fences (queries after frames): whether the terminal has read all frames, and how fast the connection is.

    `feed` is called on the thread that reads the input, all other methods on the event loop. A lock protects the lists of frames:
    otherwise, a reply could remove a frame while the event loop reads the list.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        """Lock for each access to `_sent` and `_overdue`. It is never held during anything that may wait."""
        self._sent: deque[tuple[float, int]] = deque()
        """Frames that the terminal may not have read yet, as (time of sending, bytes)."""
        self._overdue: deque[tuple[float, int]] = deque()
        """Frames with an overdue reply, as (time of sending, bytes). A late reply shows the rate of a very slow connection."""
        self._pending = b""
        self._lost = 0
        self._has_reply = False
        self._bytes_per_s = 0.0

    def after_frame(self, size: int) -> str:
        """Return the query to send after a frame of `size` bytes, or "" if the terminal hasn't answered the first two queries."""
        if not self._has_reply and self._lost >= _MAX_LOST:
            return ""
        with self._lock:
            self._sent.append((self._clock(), size))
            return RECOVERY_FENCE if self._overdue and self._has_reply else FENCE

    @property
    def budget_bytes(self) -> int | None:
        """Maximum number of bytes for the next frame's pictures; None (no limit) if the connection is fast or of unknown rate."""
        return int(self._bytes_per_s * _BUDGET_S) if 0 < self._bytes_per_s < _FAST_BYTES_PER_S else None

    @property
    def is_line_slow(self) -> bool:
        """Whether the connection to the terminal is so slow that a frame with a new story takes noticeably long."""
        return self.budget_bytes is not None and self.budget_bytes < _SLOW_BYTES

    def is_waiting(self) -> bool:
        """Return whether the next frame has to wait, because the terminal may not have read the last frame.

        If the number of bytes per frame is limited (`budget_bytes`), only two unread frames make the next one wait.
        """
        return self.frames_under_way() >= (1 if self.budget_bytes is None else _FRAMES_UNDER_WAY)

    def frames_under_way(self) -> int:
        """Return the number of frames that the terminal may not have read yet. Frames with an overdue reply aren't counted."""
        patience_s = _PATIENCE_S if self.budget_bytes is None else _SLOW_PATIENCE_S
        with self._lock:
            if self._sent and self._clock() - self._sent[-1][0] > patience_s:
                self._overdue.extend(self._sent)
                self._sent.clear()
                self._lost += 1
            return len(self._sent)

    def feed(self, data: bytes) -> bytes:
        """Return the terminal's input `data` without replies to the queries after frames.

        While a reply is expected, a possible beginning of a reply is held back until the next call. After a pause in the input,
        call this method with empty `data` to get the held-back part.
        """
        if not (self._pending or b"\x1b" in data):
            return data
        data, came = self._pending + data, bool(data)
        with self._lock:
            for reply in _REPLY.finditer(data):
                if reply["recovery"]:
                    self._overdue.clear()
                else:
                    self._has_reply = True
                self._take_reply()
            is_reply_expected = bool(self._sent)
        rest = _REPLY.sub(b"", data)
        held = _INCOMPLETE.search(rest) if came and is_reply_expected else None
        tail = held.start() if held else len(rest)
        self._pending = rest[tail:]
        return rest[:tail]

    def reset(self) -> None:
        """Forget the queries that have no reply yet, because another program uses the terminal and would receive the replies."""
        with self._lock:
            self._sent.clear()
            self._overdue.clear()

    def _take_reply(self) -> None:
        """Remove the oldest frame without a reply, and measure the connection's rate by the frame's size and age.

        The caller holds the lock.
        """
        try:
            sent_at, size = (self._overdue or self._sent).popleft()
        except IndexError:  # the reply is doubled
            return
        rate = size / max(self._clock() - sent_at, _SHORTEST_S)
        if size >= _MIN_SAMPLE_BYTES or rate > self._bytes_per_s > 0:
            self._bytes_per_s = max(rate, self._bytes_per_s * _DECAY)
