"""Driver of Textual (terminal input and output) that writes through the output boundary, the translator of frames.

The obvious way is to subclass Textual's Linux driver. But Textual chooses the driver's class (Linux, headless, web) and makes the
instance itself. So `boundary_driver` derives a class from the chosen one, and sets the boundary, the keys typed before the app
started and the filters for the input as class attributes.

Writing: Textual writes a frame in pieces between two sequences of synchronized output. The driver collects the pieces and writes
them at once, so that no frame is left half written. While the app ends or is suspended, it writes no frames, only the sequences
that restore the terminal, so that a bug in a frame can't prevent that. After each frame, the driver sends a query (`frame_fence`).
Until the terminal replies, the screen paints nothing.

Reading: the driver replaces Textual's input loop. Keys typed before the app started come first, late replies and reports of a
changed background are removed, each key waits until the preceding key is handled (`key_barrier`), and Escape isn't mistaken for Alt
(`EscapeKeyFilter`).

Ending: a signal that ends the program ends the app first, since Python would not restore the terminal. If the terminal is gone,
errors of writing are ignored, and the end of the input ends the app. The terminal's attributes are restored after the last frame,
since otherwise keys would be echoed into this frame. Ctrl-Z suspends the app only under a shell with job control. After SIGCONT the
app sets the terminal up again, even if SIGSTOP had suspended it.
"""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from io import IOBase
from threading import Event
from typing import IO, TYPE_CHECKING, Any, ClassVar, cast

from textual.events import Key

from bpost_tui.typesetting.terminal.colour_scheme import DISABLE_COLOUR_SCHEME_REPORTS, ENABLE_COLOUR_SCHEME_REPORTS
from bpost_tui.typesetting.terminal.frame_fence import FrameFence
from bpost_tui.typesetting.terminal.probe import LATE_REPLIES_S
from bpost_tui.typesetting.terminal.queries import ENTER
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.terminal.terminals import multiplexer
from bpost_tui.typesetting.terminal.tty import has_job_control
from bpost_tui.typesetting.terminal.watcher import TerminalWatcher, without_excess
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.textual.key_barrier import KeyBarrier, PendingKey

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver
    from textual.drivers.linux_driver import LinuxDriver as Base
    from textual.message import Message

    from bpost_tui.typesetting.terminal.colour_scheme import ColourSchemeReports
    from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal
    from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
    from bpost_tui.typesetting.terminal.probe import EarlyPage, Probe
    from bpost_tui.typesetting.terminal.replies import LateReplies
else:
    Base = object  # the platform's driver is the next base class, see `boundary_driver`

_TICK_S = 0.1
_LAST_REPLY_S, _SLOW_LAST_REPLY_S, _REPLY_TICK_S = 0.5, 3.0, 0.005
"""Maximum time in seconds that the app waits, when it ends, for the terminal to read the last frame: usually, and on a slow
connection. The third number is the interval between two checks.
"""
_FIRST_LIST_S = 3.0
"""Maximum time in seconds that keys wait for the app to show its first list."""
_PUSH_TITLE, _POP_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""Sequences that save and restore the window's title (XTerm Control Sequences, window manipulation)."""
_MOUSE_IN_CELLS = "\x1b[?1016l"
"""Sequence that ends mouse reports in pixels. Textual starts them, if the terminal reports its size, and doesn't end them."""
_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"
"""Sequences that begin and end synchronized output; Textual writes them around a frame if the terminal supports them."""
_CLEAR = "\x1b[H\x1b[2J"
"""Sequence that clears the screen. It is needed because GNU screen has no second screen unless `altscreen on` is set, so bpost's
text would stay.
"""
_ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_ENTER = (b"\n", b"\r")
"""Bytes of the Enter key: as read before the terminal is in cbreak mode (keys read at once), and as Textual expects it."""
_ESCAPE_KEY = "\x1b[27u"
_AFTER_ESC = r"\[\]OPX^_\\\x00-\x1f\x7fbf"
"""Characters that may follow ESC in the sequence of a key or a reply, written for use between `[` and `]` in a regular expression.

The letters b and f are among them, because macOS sends ESC b and ESC f for Option with the left and right arrow.
"""
_STOPPED_BY_SIGNAL = 128
"""Number added to a signal's number in an exit status: a shell reports 128 + n for a program ended by signal n."""


class LastingStream:
    """Stream that ignores errors after its terminal is gone.

    An error would end Textual's writing thread, and the app would wait for that thread.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.fileno = stream.fileno

    def write(self, text: str) -> None:
        """Write the text, or do nothing if the terminal is gone: the thread that reads the input notices that and ends the app."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush the stream, or do nothing if the terminal is gone."""
        with suppress(OSError):
            self._stream.flush()


class EscapeKeyFilter:
    r"""Filter for a terminal's input that separates the Escape key from Alt, for terminals without a newer key protocol.

    Such a terminal sends ESC for Escape, ESC j for Alt+J, and ESC [ A for the up arrow. Textual waits a tenth of a second after
    ESC, and takes a letter that comes meanwhile for a letter with Alt. On a slow line or a busy machine, Escape and the next key
    come together, so Escape was lost, and the letter went into the line that Escape was to leave. By default, bpost has no keys
    with Alt and a letter. So here ESC before a character is Escape, which is passed on in its unmistakable form, ESC [ 27 u.

    Args:
        alt_letters: Letters whose combination with Alt is a key in the reader's config; a capital means with Shift as well.

    >>> escapes = EscapeKeyFilter()
    >>> escapes.feed("\x1bj\x1b[A\x1b")
    '\x1b[27uj\x1b[A'
    >>> escapes.idle()
    '\x1b[27u'
    """

    def __init__(self, alt_letters: Collection[str] = ()) -> None:
        kept = "".join(map(re.escape, alt_letters))
        self._escape = re.compile(rf"\x1b(?=[^{_AFTER_ESC}{kept}])")
        self._held = ""

    def feed(self, text: str) -> str:
        """Return `text` with each Escape key in its unmistakable form. ESC at the end is held back until the next call."""
        text = self._held + text
        self._held = "\x1b" if text.endswith("\x1b") else ""
        return self._escape.sub(_ESCAPE_KEY, text.removesuffix(self._held))

    def idle(self) -> str:
        """Return the held-back Escape key, or "" if none is held back. Call this if nothing more has come for a while."""
        held, self._held = self._held, ""
        return held and _ESCAPE_KEY


class Handover(NamedTuple):
    """Input and state of the terminal from the time before the app started."""

    typed: bytes = b""
    """Keys pressed before the app started; the app receives them first."""
    late: LateReplies | None = None
    """Filter that removes late replies to the probe from the first seconds of input; None if no reply is missing."""
    page: EarlyPage | None = None
    """Startup snapshot (copy of the last page) that may be on the screen before the app starts, or None."""
    answers: bool = False
    """Whether the terminal has answered the probe. Then it also answers the query after each frame."""
    replies: Replies = Replies()
    """Replies of the terminal to the probe."""
    outer: OuterTerminal | None = None
    """Terminal around tmux; None if the app doesn't run in tmux, or tmux didn't answer."""
    modes: Sequence[Any] = ()
    """Terminal's attributes from before the probe, which the app restores when it ends; empty if the probe has restored them."""

    @classmethod
    def of(cls, probe: Probe) -> Handover:
        """Return the input and the state of the terminal that a finished probe (queries to the terminal) leaves to the app."""
        replies = probe.replies
        answers = replies.attributes is not None
        return cls(replies.typed, probe.late_replies(), probe.page, answers, replies, probe.outer, probe.modes_before)


class BoundaryDriver(Base):
    """Driver derived from the platform's driver: an `OutputBoundary` translates all output, and keys come one at a time.

    Textual makes the instance itself, so its parameters are class attributes, set by `boundary_driver`.
    """

    _boundary: ClassVar[OutputBoundary]
    """Output boundary, which translates the output for this terminal."""
    _title: ClassVar[staticmethod[[str], str] | None] = None
    """Function that returns the sequence to set the window's title; None for no title."""
    _late_replies: ClassVar[LateReplies | None] = None
    """Filter that removes late replies to the probe from the first seconds of input; None if no reply is missing."""
    _colour_scheme: ClassVar[ColourSchemeReports | None] = None
    """Filter that removes reports of a changed background from the input; None if the terminal isn't asked for reports."""
    _page: ClassVar[EarlyPage | None] = None
    """Startup snapshot (copy of the last page) that may be on the screen until the first frame, or None."""
    _is_fenced: ClassVar[bool] = False
    """Whether a query follows each frame from the first on, because the terminal answered the probe in time."""
    _holds_keys: ClassVar[bool] = False
    """Whether keys wait until the app shows its first list, because before that they have nothing to act on."""
    _alt_letters: ClassVar[Collection[str]] = ()
    """Letters whose combination with Alt is a key of the app."""
    _modes_before: Sequence[Any] = ()
    """Attributes to restore in the terminal at the end, if the probe changed them before the app started; else empty."""
    _unread = b""
    """Keys pressed before the app started to read the input."""
    title = ""
    _frame = ""
    _is_on = False
    _is_stopping = False
    _must_signal_resume = False
    _in_band_window_resize = False
    _watcher: TerminalWatcher | None = None

    def __init__(self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._fence = FrameFence()
        self._has_list = Event()
        if not self._holds_keys:
            self._has_list.set()

    def write(self, data: str) -> None:
        """Translate a piece of Textual's output for this terminal and write it; all pieces of a frame are written together."""
        data = without_excess(data)
        if self._is_stopping:  # only the sequences that restore the terminal, so that no bug in a frame can prevent that
            if self._has_writer:
                super().write(data)
            return
        if data == ENTER and self._page is not None and self._page.is_shown:  # that would clear the page
            return
        self._boundary.rows = self._app.size.height or None
        self._boundary.budget_bytes, self._boundary.is_line_slow = self._fence.budget_bytes, self._fence.is_line_slow
        self._frame += self._boundary.translate(data)
        is_within = data == _FRAME_BEGINS or (self._frame.startswith(_FRAME_BEGINS) and data != _FRAME_ENDS)
        if not is_within:  # whole frames, so that the writing thread wakes up once
            written, self._frame = self._frame, ""
            if self._has_fence and not self._boundary.is_command(written):
                written += self._fence.after_frame(len(written))
            super().write(written)

    def set_title(self, title: str) -> None:
        """Set the window's title. The window's former title is restored when the program ends or is suspended."""
        if title != self.title:
            self.title = title
            if self._title and self._is_on:
                self.write(self._title(title))

    @property
    def _has_writer(self) -> bool:
        """Whether Textual's writing thread is alive. The queue of a thread that has ended would fill up and block the app."""
        writer = getattr(self, "_writer_thread", None)
        return writer is None or writer.is_alive()

    @property
    def _has_fence(self) -> bool:
        """Whether a query follows each frame, because the terminal has answered the probe, in time or late."""
        return self._is_fenced or (self._late_replies is not None and self._late_replies.has_answered)

    @property
    def is_backlogged(self) -> bool:
        """Whether the next frame has to wait, because a frame isn't written yet, or the terminal may not have read the last one.

        On a slow connection, the next frame waits only if the terminal may not have read the last two frames.
        """
        writer = getattr(self, "_writer_thread", None)
        return (writer is not None and writer._queue.qsize() > 0) or self._fence.is_waiting()

    @property
    def is_line_slow(self) -> bool:
        """Whether the connection to the terminal is so slow that a frame with a new story takes noticeably long."""
        return self._fence.is_line_slow

    def start_application_mode(self) -> None:
        """Set up the terminal. From now on, signals that end the program end the app first, so that the terminal is restored."""
        self._boundary.free_all()
        self._fence.reset()
        self._is_stopping = False
        self._in_band_window_resize = False  # after a suspension, SIGWINCH counts until the terminal reports its size itself again
        stream = getattr(self, "_file", None)
        if isinstance(stream, IOBase):
            self._file = LastingStream(cast("IO[str]", stream))  # type: ignore[assignment]  # the thread writes and flushes, no more
        if self._page is not None and self._page.is_shown:
            self._boundary.free_after_frame(self._page.release)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        taken_over = self._page.take_over() if self._page is not None else ()
        modes, self._modes_before = taken_over or self._modes_before, ()
        if modes:
            self.attrs_before = list(modes)
        if not self.is_headless:
            self._is_on = not self._must_signal_resume  # set if Textual left the terminal alone, in the background
            if self._is_on and stream is not None:
                self._watcher = TerminalWatcher(stream.fileno())
            if self._colour_scheme is not None and self._is_on:
                super().write(ENABLE_COLOUR_SCHEME_REPORTS)
            if self._title and self._is_on:
                super().write(_PUSH_TITLE + (self._title(self.title) if self.title else ""))
            for number in _ENDING:  # by default, they end Python without restoring the terminal
                self._loop.add_signal_handler(number, partial(self._app.exit, return_code=_STOPPED_BY_SIGNAL + number))

    def stop_application_mode(self) -> None:
        """Restore the terminal after deleting all pictures in it."""
        self._is_stopping, self._frame = True, ""
        self._has_list.set()  # Textual waits for the thread that waits for this
        if freed := self._boundary.free_all():
            super().write(freed)
        if not self.is_headless:
            if self._colour_scheme is not None and self._is_on:
                super().write(DISABLE_COLOUR_SCHEME_REPORTS)
            if self._title and self._is_on:
                super().write(self._title("") + _POP_TITLE)  # st, urxvt and PuTTY have no saved title to return to
            if self._in_band_window_resize:
                super().write(_MOUSE_IN_CELLS)
            if multiplexer(os.environ) == "screen":
                super().write(_CLEAR)
            self._is_on = False
            for number in _ENDING:
                self._loop.remove_signal_handler(number)
        self._wait_for_reply()
        modes, self.attrs_before = getattr(self, "attrs_before", None), None  # else keys are echoed while frames are sent
        super().stop_application_mode()
        if modes is not None:
            if self._writer_thread is not None:
                self._writer_thread.stop()
            with suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        if self._watcher is not None:
            self._watcher.dismiss()
            self._watcher = None

    def _wait_for_reply(self) -> None:
        """Wait for the terminal's reply to the query sent with the last frame, before the driver stops reading input.

        The shell would take a later reply for typed text.
        """
        until = time.monotonic() + (_SLOW_LAST_REPLY_S if self.is_line_slow else _LAST_REPLY_S)
        reader = getattr(self, "_key_thread", None)
        while reader is not None and reader.is_alive() and self._fence.frames_under_way() and time.monotonic() < until:
            time.sleep(_REPLY_TICK_S)

    def stop_job(self) -> bool:
        """Restore the terminal, suspend the app until a shell resumes it, and return True. If no shell can, only return False."""
        if self.is_headless or not has_job_control():
            return False
        self.suspend_application_mode()  # first: a shell takes the terminal once any process of the job has stopped
        self._must_signal_resume = True
        os.kill(0, signal.SIGTSTP)
        return True

    def _sigtstp_application(self, *_: object) -> None:
        """Suspend the process on SIGTSTP, by Textual's handler while the app runs, and without that handler after the app's end.

        Textual's handler restores the terminal first, but after the app's end the terminal is restored already.
        """
        if self._is_on:
            self._on_the_loop(super()._sigtstp_application)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        """Set the terminal up again on SIGCONT.

        SIGSTOP can't be caught, so after it the terminal may still be in the app's modes. These modes are left first, so that none
        is entered twice. Textual's handler doesn't leave them.
        """
        self._on_the_loop(super()._sigcont_application if self._must_signal_resume else self._start_again)

    def _start_again(self) -> None:
        if self._is_on:
            modes, self.attrs_before = self.attrs_before, None  # not restored meanwhile: keys would be echoed
            self.suspend_application_mode()
            self.resume_application_mode()
            self.attrs_before = modes

    def _on_the_loop(self, call: Callable[[], object]) -> None:
        """Call `call`, the handler of a signal, later on the event loop.

        A signal may come during a write. Its handler would then wait for ever for a lock that its own thread holds.
        """
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(call)

    def release_keys(self) -> None:
        """Pass all held-back keys to the app, and hold no more keys back. Call this when the first list is shown."""
        self._has_list.set()

    def _run_input_thread(self) -> None:
        """Read keys until the input ends, which closes the app. An exception while reading ends the app with an error."""
        try:
            self.run_input_thread()
        except OSError:  # the terminal is gone
            pass
        except Exception as error:  # noqa: BLE001 -- the edge: the app's own thread raises it
            self._app.call_later(self._app._handle_exception, error)
            return
        if not self.exit_event.is_set():
            self._app.call_later(self._app.exit, return_code=_STOPPED_BY_SIGNAL + signal.SIGHUP)

    def run_input_thread(self) -> None:
        """Pass keys to the app.

        Unlike Textual's loop, this method begins with the keys typed before the app started, and removes late replies of the
        terminal.
        """
        from textual._xterm_parser import XTermParser

        parser = XTermParser(self._debug)
        decode, escapes = getincrementaldecoder("utf-8")("replace").decode, EscapeKeyFilter(self._alt_letters)
        self._key: PendingKey | None = None
        until = time.monotonic() + LATE_REPLIES_S
        unread, self._unread = self._unread, b""
        self._dispatch(parser.feed(escapes.feed(decode(unread.replace(*_ENTER)))) if unread else ())
        is_first = True
        while not self.exit_event.is_set():
            ready = select.select([self.fileno], [], [], _TICK_S)[0]
            data = os.read(self.fileno, 4096) if ready else b""
            if ready and not data:
                break
            if data and is_first:
                is_first, data = False, data.replace(*_ENTER)
            if self._late_replies is not None and time.monotonic() < until:
                data = self._late_replies.feed(data) if data else self._late_replies.idle()
            elif self._late_replies is not None:
                data = self._late_replies.release() + data
            if self._colour_scheme is not None:
                data = self._colour_scheme.feed(data)
            data = self._fence.feed(data)
            typed = decode(data)
            if text := escapes.feed(typed) if ready or typed else escapes.idle():
                self._dispatch(parser.feed(text))
            self._dispatch(parser.tick())

    def _dispatch(self, messages: Iterable[Message]) -> None:
        """Pass messages to the app, each after the app has handled the preceding key.

        With `_holds_keys`, keys wait for `release_keys`, but not longer than `_FIRST_LIST_S` seconds.
        """
        for message in messages:
            if isinstance(message, Key) and not self._has_list.wait(_FIRST_LIST_S):
                self._has_list.set()  # no list in time: keys don't wait any more
            if self._key is not None:
                self._key.wait(self.exit_event)
            self.process_message(message)
            if isinstance(message, Key):
                self._key = PendingKey()
                with suppress(RuntimeError):  # the loop has ended: the key was the last
                    self._loop.call_soon_threadsafe(self._send_after, KeyBarrier(self._key))

    def _send_after(self, barrier: KeyBarrier) -> None:
        """Post `barrier` (message that follows each key) to the app at the event loop's next step, so that its key comes first."""
        self._loop.call_soon(self._app.post_message, barrier)


def boundary_driver(
    base: type[Driver],
    boundary: OutputBoundary,
    handover: Handover = Handover(),  # noqa: B008 -- a value
    *,
    title: Callable[[str], str] | None = None,
    colour_scheme: ColourSchemeReports | None = None,
    holds_keys: bool = False,
    alt_letters: Collection[str] = (),
) -> type[Driver]:
    """Return a driver class that translates output by `boundary`, and deletes the terminal's pictures when the app ends.

    Args:
        base: Driver of the platform.
        boundary: Output boundary, which translates Textual's output for this terminal.
        handover: Input and state of the terminal from before the app's start.
        title: Function that returns the sequence to set the window's title; None for no title.
        colour_scheme: Filter for reports of a changed background; None to request none.
        holds_keys: Whether keys wait for `release_keys`, three seconds at most.
        alt_letters: Letters whose combination with Alt is a key of the app.
    """
    bound = {
        "_boundary": boundary, "_unread": handover.typed, "_late_replies": handover.late, "_page": handover.page,
        "_title": staticmethod(title) if title else None, "_colour_scheme": colour_scheme, "_holds_keys": holds_keys,
        "_is_fenced": handover.answers, "_alt_letters": alt_letters, "_modes_before": handover.modes,
    }  # fmt: skip
    return type(BoundaryDriver.__name__, (BoundaryDriver, base), bound)
