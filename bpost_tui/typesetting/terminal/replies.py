"""Parser of the terminal's replies to the probe's queries. Pure.

Sources: XTVERSION, XTWINOPS, XTSMGRAPHICS and OSC 4, 10, 11 of xterm's ctlseqs; DA1 and CPR of ECMA-48; kitty's graphics protocol.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bpost_tui.typesetting.terminal.queries import SAMPLES
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour

_CSI, _STRING_END = rb"\x1b\[", rb"(?:\x1b\\|\x07)"
_BODY, _NUMBER = rb"[^\x1b\x07]{0,4096}", rb"\d{1,9}"
"""Patterns that limit a reply's length. Longer data is no reply, so that input is never held back for ever, and no number is too
long for `int`.
"""
_REPLY = re.compile(
    rb"(?P<version>\x1bP>\|" + _BODY + _STRING_END + rb")"
    rb"|(?P<graphics>\x1b_G" + _BODY + _STRING_END + rb")"
    rb"|(?P<colour>\x1b\]1[01];" + _BODY + _STRING_END + rb")"
    rb"|(?P<palette>\x1b\]4;" + _BODY + _STRING_END + rb")"
    rb"|(?P<pixels>" + _CSI + rb"[46];" + _NUMBER + rb";" + _NUMBER + rb"t)"
    rb"|(?P<sixel>" + _CSI + rb"\?" + _NUMBER + rb"(?:;" + _NUMBER + rb"){1,8}S)"
    rb"|(?P<cursor>" + _CSI + _NUMBER + rb";" + _NUMBER + rb"R)"
    rb"|(?P<attributes>" + _CSI + rb"\?(?:" + _NUMBER + rb"(?:;" + _NUMBER + rb"){0,64})?;?c)"
)
_CUT_OFF = re.compile(rb"\x1b(?:P>\||_G|\](?:1[01]|4);)" + _BODY + rb"(?=\x1b[^\\])")
"""Pattern of the beginning of a reply that has no end, because another sequence follows."""
# beginnings of these replies
_INCOMPLETE = re.compile(
    rb"\x1b(?:P(?:>(?:\|" + _BODY + rb"\x1b?)?)?|_(?:G" + _BODY + rb"\x1b?)?"
    rb"|\](?:4(?:;" + _BODY + rb"\x1b?)?|1(?:[01](?:;" + _BODY + rb"\x1b?)?)?)?|\[\??[\d;]{0,256})?\Z"
)

_MAX_KEY_BYTES = 2
_PATIENCE = 10
"""Number of pauses in the input after which the end of a reply isn't expected any more."""


class Replies(NamedTuple):
    """Replies of a terminal. A field is None, False or empty if the terminal didn't reply to the query for this field."""

    version: str | None = None
    """Reply to XTVERSION, such as `kitty(0.41.1)`."""
    graphics: bool = False
    """Whether the terminal accepts kitty's graphics commands. It may still lack placeholders (characters for cells of an image)."""
    cell_px: tuple[int, int] | None = None
    """Width and height of a cell in pixels."""
    area_px: tuple[int, int] | None = None
    """Width and height in pixels of the whole text area."""
    attributes: tuple[int, ...] | None = None
    """Attributes from the reply to DA1; 4 means sixel. DA1 is the last query, so no reply follows this one."""
    background: Colour | None = None
    foreground: Colour | None = None
    palette: tuple[tuple[int, Colour], ...] = ()
    """Colours of the palette that the terminal reported, as (number, colour)."""
    samples: tuple[int, ...] = ()
    """Number of cells that the terminal used for each of the sample texts (`queries.SAMPLES`)."""
    typed: bytes = b""
    """Keys pressed while replies were expected: all input that isn't a reply."""
    incomplete: bytes = b""
    """Beginning of a reply whose end hasn't been received yet."""


def parse(data: bytes) -> Replies:
    """Return the replies in `data`, all input received since the queries were sent."""
    data = _CUT_OFF.sub(b"", data)
    found: dict[str, list[bytes]] = {}
    typed, at = b"", 0
    for match in _REPLY.finditer(data):
        typed += data[at : match.start()]
        at = match.end()
        found.setdefault(match.lastgroup or "", []).append(match[0])
    incomplete = None if "attributes" in found else _INCOMPLETE.search(data, at)
    tail = incomplete.start() if incomplete else len(data)
    colours = {reply[2:4]: _colour(reply) for reply in found.get("colour", ())}
    pixels = {reply[2:3]: _numbers(reply)[:0:-1] for reply in found.get("pixels", ())}
    return Replies(
        version=found["version"][0][4:].rstrip(b"\x1b\\\x07").decode("utf-8", "replace") if "version" in found else None,
        graphics=any(b";OK" in reply for reply in found.get("graphics", ())),
        cell_px=_size(pixels.get(b"6")),
        area_px=_size(pixels.get(b"4")),
        attributes=_numbers(found["attributes"][-1]) if "attributes" in found else None,
        background=colours.get(b"11"),
        foreground=colours.get(b"10"),
        palette=tuple(_palette(found.get("palette", ()))),
        samples=tuple(_numbers(reply)[1] - 1 for reply in found.get("cursor", ())[: len(SAMPLES)]),
        typed=typed + data[at:tail],
        incomplete=data[tail:],
    )


def answers(data: bytes) -> bytes:
    """Return the replies in `data` without the keys between them."""
    return b"".join(match[0] for match in _REPLY.finditer(data))


def _palette(replies: Sequence[bytes]) -> Iterator[tuple[int, Colour]]:
    for reply in replies:
        number = re.match(rb"\x1b\]4;(\d+);", reply)
        colour = _colour(reply)
        if number and colour:
            yield int(number[1]), colour


def _numbers(reply: bytes) -> tuple[int, ...]:
    return tuple(map(int, re.findall(rb"\d+", reply)))


def _size(numbers: tuple[int, ...] | None) -> tuple[int, int] | None:
    return (numbers[0], numbers[1]) if numbers and all(numbers) else None


def _colour(reply: bytes) -> Colour | None:
    """Return the X11 colour in `reply`: `rgb:`, then one to four hexadecimal digits each for red, green and blue.

    For example, `rgb:ffff/0/80` is (255, 0, 128). Return None if there is no such colour.
    """
    parts = re.search(rb"rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})", reply)
    if parts is None:
        return None
    red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in parts.groups())
    return red, green, blue


class LateReplies:
    """Filter that removes late replies to the probe (queries at the start) from the input, so that they aren't read as keys.

    The end of a reply may never come, from a faulty terminal or a broken line. A terminal sends a reply in one piece, and keys come
    after a pause. So if a reply has begun but doesn't end, the bytes before the first pause are dropped, and the bytes after it go
    to the app as keys.

    Args:
        incomplete: Beginning of a reply that the probe has read.
        before: Replies that the probe has read completely, as bytes.
    """

    def __init__(self, incomplete: bytes = b"", before: bytes = b"") -> None:
        self._pending = incomplete
        self._first_piece = len(incomplete)
        """Number of held-back bytes (`_pending`) that came before the first pause in the input."""
        self._pauses = 0
        self._received = before
        self.has_answered = False
        """Whether the reply to the probe's last query has come."""
        self.on_replies: Callable[[Replies], object] = lambda _: None
        """Callback, called with all replies after the last reply came, on the thread that reads the input."""

    def feed(self, data: bytes) -> bytes:
        """Return the input without replies. A reply's possible beginning is held back until its end comes or `idle` returns it."""
        came = answers(self._pending + data)
        rest = _REPLY.sub(b"", self._pending + data)
        self._received += came
        if came and (replies := parse(self._received)).attributes is not None:
            self.has_answered = True
            self.on_replies(replies)
        incomplete = _INCOMPLETE.search(rest)
        tail = incomplete.start() if incomplete else len(rest)
        if tail or came:  # the beginning that was held back has an end, or can't have any more
            if rest.startswith(self._pending[: self._first_piece]):
                rest, tail = rest[self._dropped :], max(0, tail - self._dropped)
            self._first_piece = self._pauses = 0
        self._pending = rest[tail:]
        return rest[:tail]

    def idle(self) -> bytes:
        """Return held-back input that can't be a reply any more; call this after each pause of 0.1 s in the input."""
        if not self._pending:
            return b""
        self._pauses += 1
        self._first_piece = self._first_piece or len(self._pending)
        return self.release() if len(self._pending) <= _MAX_KEY_BYTES or self._pauses > _PATIENCE else b""

    def release(self) -> bytes:
        """Return the keys in the held-back input, and drop its other bytes. Call this when no more replies are expected."""
        held = self._pending[self._dropped :]
        self._pending, self._first_piece, self._pauses = b"", 0, 0
        return held

    @property
    def _dropped(self) -> int:
        """Number of held-back bytes to drop: those before the first pause, as part of a reply; 0 if they may be a key."""
        return self._first_piece if self._first_piece > _MAX_KEY_BYTES else 0
