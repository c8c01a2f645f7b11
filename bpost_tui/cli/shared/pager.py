"""Pager for typeset text. It uses bpost's typesetter and encoders, but not Textual.

The obvious way is to pipe the typeset lines into the reader's own pager (`less -R`). But a terminal row of typeset text is a
picture, or cells with a picture's placeholders. `less` neither knows the width of such a row nor repaints it. bpost's app could
show the text, but takes 200 ms to start. So the pager writes frames itself, and three ideas replace the app's widgets:

- Items (paragraphs, headings, pictures …) are typeset in pieces of `_PIECE_ITEMS`, about a page each, and only up to a page after
  the page on the screen. The first page is shown before the rest of a long text is read or typeset. A shorter last piece is
  typeset again when more items arrive.
- A frame is the whole window, within a synchronised update (mode 2026), so that it never flickers. Surfaces (pictures of typeset
  text) get their numbers while a frame is composed. When the numbers run out, all are assigned again. The frame is then composed
  again, since the numbers in its first rows would be void.
- Keys come from /dev/tty in cbreak mode, since stdin may be the text. A control string without its end isn't a key but a late
  answer of the terminal, so the pager waits for the rest of it.
"""

from __future__ import annotations

import gc
import os
import re
import select
import signal
import termios
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from bpost_tui.cli.shared.typeset_output import TypeSetup
from bpost_tui.core.page_matches import PageMatch, find_matches, highlight_matches
from bpost_tui.desktop import clipboard_sequence
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Language, message
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.model.sanitize import clean_text
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.terminal.cbreak import set_cbreak
from bpost_tui.typesetting.terminal.tty import window_size
from bpost_tui.typesetting.text.graphemes import truncate
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.protocols import Galley
from bpost_tui.typesetting.typeset.surface import Surface

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[0m\x1b[2J\x1b[?25h\x1b[?1049l"
_BEGIN_FRAME, _END_FRAME = "\x1b[?2026h", "\x1b[?2026l"
_KEYBOARD = "/dev/tty"
_PIECE_ITEMS = 16
"""Number of items (such as paragraphs) typeset at a time, about a page. The first page is shown before the next is typeset."""
_MAX_ITEMS = 50_000
"""Maximum number of items (such as paragraphs) of a text; each takes 2 to 5 kB."""
_MARGIN_CELLS = 2
_KEYS = {
    b" ": "page", b"f": "page", b"\x1b[6~": "page", b"\x06": "page",
    b"b": "page_back", b"\x1b[5~": "page_back", b"\x02": "page_back",
    b"j": "down", b"\x1b[B": "down", b"\x1bOB": "down", b"\r": "down", b"\n": "down",
    b"k": "up", b"\x1b[A": "up", b"\x1bOA": "up",
    b"g": "start", b"\x1b[H": "start", b"G": "end", b"\x1b[F": "end",
    b"/": "search", b"n": "next", b"N": "previous", b"y": "copy", b"q": "quit", b"\x1b": "quit", b"\x03": "quit", b"": "quit",
}  # fmt: skip
_ONE_KEY = re.compile(rb"\x1b(?:[PX^_\]].*?(?:\x07|\x1b\\)|\[[0-?]*[ -/]*[@-~]|O.)?|[\xc2-\xf4][\x80-\xbf]+|.", re.DOTALL)
_BEGUN = re.compile(rb"\x1b[PX^_\]](?!.*(?:\x07|\x1b\\))", re.DOTALL)
"""Pattern of a control string whose end hasn't arrived (ECMA-48, 5.6). It is a late answer of the terminal, not a key."""


class _Piece(NamedTuple):
    """Typeset piece of the text: its first row (counted from the text's top), its items (such as paragraphs), and its lines."""

    start: int
    items: Sequence[Item]
    galley: Galley


def _end_of(piece: _Piece) -> int:
    return piece.start + piece.galley.rows


class Pager:
    """Pager: shows a text page by page in the terminal, and obeys the keys that the reader presses.

    Args:
        setup: Typesetter, display and colours for the terminal.
        items: Items of the text, such as paragraphs, taken from the iterator only when needed. None means that no more have
            arrived yet.
        width: Maximum width of the text in cells.
        name: Name of the text, sanitized, for the footer.
        language: Language of the interface.
        finder: Function that takes the words to search for, and returns a search function. The search function takes a text,
            and returns the (start, end) of each match.
    """

    def __init__(
        self,
        setup: TypeSetup,
        items: Iterator[Item | None],
        *,
        width: int,
        name: str,
        language: Language,
        finder: Callable[[str], Callable[[str], Sequence[tuple[int, int]]]],
    ) -> None:
        self._setup = setup
        self._pending_items = items
        self._taken: list[Item] = []
        self._width = width
        self._name = name
        self._language = language
        self._finder = finder
        self._pieces: list[_Piece] = []
        self._is_whole = False
        self._top = 0
        self._found: tuple[PageMatch, ...] = ()
        self._at: int | None = None
        self._words = ""
        self._footer_message = ""
        self._resized = False
        self._typed = b""

    def run(self) -> None:
        """Show pages until the reader leaves, then restore the screen.

        Raises:
            UsageError: There is no terminal to read keys from, although stdout may be one, as under `setsid`.
        """
        try:
            fd = os.open(_KEYBOARD, os.O_RDWR | os.O_NOCTTY)
        except OSError as error:
            raise UsageError(f"{_KEYBOARD}: {error.strerror}", hint=message("Piped output is left as it is.")) from error
        try:
            with self._screen(fd):
                self._draw(fd)
                gc.freeze()
                gc.enable()  # the caller may have disabled it until the first page
                while self._act(fd, self._key(fd)):
                    self._draw(fd)
        finally:
            os.close(fd)

    @contextmanager
    def _screen(self, fd: int) -> Iterator[None]:
        before = set_cbreak(fd)
        former = signal.signal(signal.SIGWINCH, self._on_resize)
        os.write(fd, _ENTER.encode())
        try:
            self._measure(fd)
            yield
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGWINCH, former)
            with suppress(OSError, termios.error):  # the terminal may have been closed
                os.write(fd, (self._setup.display.boundary.free_all() + _LEAVE).encode())
                termios.tcsetattr(fd, termios.TCSAFLUSH, before)

    def _on_resize(self, *_: object) -> None:
        self._resized = True

    def _measure(self, fd: int) -> None:
        window = window_size(fd)
        self._cols, self._rows = window.cols, window.rows
        self._setup.display.boundary.rows = window.rows

    @property
    def _height(self) -> int:
        return max(1, self._rows - 1)

    @property
    def _measure_cells(self) -> int:
        return max(1, min(self._width, self._cols - 2 * _MARGIN_CELLS))

    # ── the text ────────────────────────────────────────────────────────────

    def _rows_so_far(self) -> int:
        return _end_of(self._pieces[-1]) if self._pieces else 0

    @property
    def _lacks_rows(self) -> bool:
        """Whether the page on the screen isn't full yet, although more of the text may arrive."""
        return not self._is_whole and self._rows_so_far() < self._top + self._height

    def _typeset_to(self, row: int) -> None:
        """Typeset the items that have arrived, until terminal row `row` of the text is reached."""
        while not self._is_whole and self._rows_so_far() <= row and self._typeset_next():
            pass

    def _reach_end(self, fd: int) -> None:
        """Typeset all items to the end of the text, or until a key is pressed in the terminal `fd`."""
        while not (self._is_whole or self._typed or self._resized or select.select([fd], [], [], 0)[0]):
            self._typeset_next()

    def _typeset_next(self) -> bool:
        """Typeset the next piece of the text, from the items that have arrived; return whether any had arrived."""
        last = self._pieces[-1] if self._pieces and len(self._pieces[-1].items) < _PIECE_ITEMS else None
        items, before = list(last.items) if last is not None else [], len(self._taken)
        for item in self._pending_items:
            if item is None:
                break
            items.append(item)
            self._taken.append(item)
            if len(items) == _PIECE_ITEMS:
                break
        else:
            self._is_whole = True
        self._is_whole = self._is_whole or len(self._taken) >= _MAX_ITEMS
        if len(self._taken) > before:
            if last is not None:
                self._pieces.pop()
            self._set(items)
        return len(self._taken) > before

    def _set(self, items: Sequence[Item]) -> None:
        self._pieces.append(_Piece(self._rows_so_far(), items, self._setup.setter.galley(items, self._measure_cells)))

    def _typeset_all(self) -> None:
        """Typeset all pieces again, for the current width and highlighted matches.

        The item at the top of the window stays there.
        """
        item, into = self._position()
        items = highlight_matches(self._taken, self._found, self._found[self._at] if self._at is not None else None)
        self._pieces.clear()
        for start in range(0, len(items), _PIECE_ITEMS):
            self._set(items[start : start + _PIECE_ITEMS])
        self._top = self._row_of(item) + into

    def _position(self) -> tuple[int, int]:
        """Return the index of the item (paragraph …) at the window's top, and the number of the item's rows above the window."""
        number, piece = self._piece_at(self._top)
        if piece is None:
            return 0, 0
        item = piece.galley.item_at(max(0, self._top - piece.start))
        return number * _PIECE_ITEMS + item, max(0, self._top - piece.start - piece.galley.row_of(item))

    def _row_of(self, item: int) -> int:
        if not self._pieces:
            return 0
        piece = self._pieces[min(item // _PIECE_ITEMS, len(self._pieces) - 1)]
        return piece.start + piece.galley.row_of(min(item % _PIECE_ITEMS, len(piece.items) - 1))

    def _piece_at(self, row: int) -> tuple[int, _Piece | None]:
        number = bisect_right(self._pieces, row, key=_end_of)
        return number, self._pieces[number] if number < len(self._pieces) else None

    def _page_text(self) -> str:
        pieces = ((self._piece_at(row)[1], row) for row in range(self._top, self._top + self._height))
        return "\n".join(filter(None, (piece.galley.text(row - piece.start) for piece, row in pieces if piece is not None)))

    # ── the screen ──────────────────────────────────────────────────────────

    def _draw(self, fd: int) -> None:
        self._typeset_to(self._top + self._height)
        self._top = max(0, min(self._top, self._rows_so_far() - self._height))
        surfaces, numbering, frame = self._setup.surfaces, -1, ""
        while numbering != surfaces.generation:  # when the numbers run out within a frame, the numbers in its first rows are void
            numbering, frame = surfaces.generation, self._frame()
        surfaces.frame_composed()
        # Konsole leaves a picture under blanks that are written over it
        if self._setup.capabilities.render_mode is RenderMode.INLINE:
            self._setup.display.boundary.clear()
        self._write(fd, frame)
        if not self._lacks_rows:
            self._typeset_to(self._top + 2 * self._height)

    def _frame(self) -> str:
        setup, frame = self._setup, list[str]()
        left = max(0, (self._cols - self._measure_cells) // 2)
        for row in range(self._height):
            frame.append(f"\x1b[{row + 1};1H{' ' * left}")
            _, piece = self._piece_at(self._top + row)
            used, shown = 0, frozenset[Surface]()
            if piece is not None:
                within = self._top + row - piece.start
                window = range(self._top - piece.start, self._top - piece.start + self._height)
                band = piece.galley.band(within, setup.inks, window)
                tokens = setup.surfaces.tokens(band.surface, within - band.first_row)
                frame.append(" " * band.column + tokens)
                used, shown = band.column + len(tokens), frozenset((band.surface,))
            setup.surfaces.screen.paint(row, 0, self._cols, shown)
            frame.append(" " * max(0, self._cols - left - used))
        frame.append(f"\x1b[{self._rows};1H\x1b[2m{self._footer()}\x1b[0m\x1b[K")
        return "".join(frame)

    def _footer(self) -> str:
        text = self._language.text
        if self._footer_message:
            return truncate(f" {self._footer_message}", self._cols - 1)
        keys = text("Space: next page · /: find · y: copy this page · q: back")
        if missing_letters := self._setup.setter.missing_letters(self._page_text()):
            from bpost_tui.core.templates.story_page import missing_letters_line  # only if a letter is missing

            keys = missing_letters_line(missing_letters, self._language)
        rows = self._rows_so_far()
        part = f"{min(100, 100 * (self._top + self._height) // max(1, rows))}%" if self._is_whole else ""
        if len(self._taken) >= _MAX_ITEMS:
            part += " · " + self._language.text("only the first {n} lines are shown", n=self._language.number(_MAX_ITEMS))
        return truncate(" " + "  ".join(filter(None, (self._name, part, keys))), self._cols - 1)

    def _write(self, fd: int, frame: str) -> None:
        shown = f"{_BEGIN_FRAME}{self._setup.display.boundary.translate(frame)}{_END_FRAME}"
        data = memoryview(shown.encode("utf-8", "replace"))
        while data:
            data = data[os.write(fd, data) :]

    # ── keys ────────────────────────────────────────────────────────────────

    def _key(self, fd: int) -> bytes:
        """Wait for a key on the file descriptor `fd`, and return its bytes.

        Three results aren't keys: `b""` if the terminal was closed, `b"resized"` if its size has changed, and `b"more"` if more of
        the page was typeset.
        """
        while not self._typed or _BEGUN.match(self._typed):
            if self._resized:
                return b"resized"
            is_lacking = self._lacks_rows and not self._typed
            if select.select([fd], [], [], 0 if is_lacking else 0.25)[0]:
                try:
                    typed = os.read(fd, 1024)
                except OSError:  # the terminal was closed
                    return b""
                if not typed:
                    return b""
                self._typed += typed
            elif self._typed:
                break  # Alt and a letter
            elif is_lacking and (self._typeset_next() or self._is_whole):
                return b"more"
        key = _ONE_KEY.match(self._typed)
        first = key[0] if key else self._typed
        self._typed = self._typed[len(first) :]
        return first

    def _act(self, fd: int, key: bytes) -> bool:
        """Carry out the command of a key, with the terminal's file descriptor `fd`; return False if the key leaves the pager."""
        if key == b"resized":
            self._resized = False
            self._measure(fd)
            self._setup.display.boundary.clear()
            self._typeset_all()
            return True
        if key == b"more":
            return True
        self._footer_message, what = "", _KEYS.get(key)
        if what == "quit":
            return False
        if what == "search":
            self._search(fd)
        elif what in ("next", "previous"):
            self._step(1 if what == "next" else -1)
        elif what == "copy":
            self._write(fd, clipboard_sequence(self._page_text(), self._setup.capabilities.multiplexer))
            self._footer_message = self._language.text("Page copied")
        elif what:
            self._move(fd, what)
        return True

    def _move(self, fd: int, what: str) -> None:
        if what == "end":
            self._reach_end(fd)
        self._top = {
            "page": self._next_page(),
            "page_back": self._top - self._height,
            "down": self._top + 1,
            "up": self._top - 1,
            "start": 0,
            "end": self._rows_so_far(),
        }[what]

    def _next_page(self) -> int:
        """Return the first row of the next page. A line of text that the end of this page would cut begins the next page."""
        end = self._top + self._height
        _, piece = self._piece_at(end - 1)
        if piece is None:
            return end
        uncut = piece.galley.uncut_rows(range(self._top - piece.start, end - piece.start))
        return max(self._top + 1, min(end, uncut.stop + piece.start))

    # ── finding ─────────────────────────────────────────────────────────────

    def _search(self, fd: int) -> None:
        typed = self._line(fd)
        if typed is None:
            return
        self._words = typed
        self._reach_end(fd)
        self._found = find_matches(self._taken, self._finder(typed)) if typed else ()
        first = self._position()[0]
        self._at = next((at for at, match in enumerate(self._found) if match.item >= first), 0) if self._found else None
        self._show_found()

    def _step(self, by: int) -> None:
        if self._found and self._at is not None:
            self._at = (self._at + by) % len(self._found)
            self._show_found()

    def _show_found(self) -> None:
        self._typeset_all()
        if self._at is None:
            self._footer_message = self._language.text("Nothing found: {query}", query=self._words) if self._words else ""
            return
        item = self._found[self._at].item
        piece = self._pieces[item // _PIECE_ITEMS]
        row = piece.galley.reversed_row()
        self._top = max(0, (piece.start + row if row is not None else self._row_of(item)) - self._height // 3)
        self._footer_message = f"{self._language.number(self._at + 1)}/{self._language.number(len(self._found))}  {self._words}"

    def _line(self, fd: int) -> str | None:
        """Return the text that the reader types in the footer of the terminal `fd`.

        Return None if the reader cancels, or if the terminal is resized or closed.
        """
        typed = b""
        while True:
            shown = clean_text(typed.decode("utf-8", "ignore"), MAX_QUERY_CHARS)
            self._write(fd, f"\x1b[{self._rows};1H/{truncate(shown, self._cols - 3)}\x1b[7m \x1b[0m\x1b[K")
            key = self._key(fd)
            if key == b"more":
                continue
            if key in (b"\x1b", b"\x03", b"", b"resized"):
                return None
            if key in (b"\r", b"\n"):
                return shown.strip()
            if key in (b"\x7f", b"\x08"):
                typed = shown[:-1].encode()
            elif not key.startswith(b"\x1b"):
                typed += bytes(byte for byte in key if byte >= 0x20)
