"""The terminal window's title and its clipboard, by operating system commands (OSC).

Source: XTerm Control Sequences, "Operating System Commands" (OSC 2, OSC 52) and "Window manipulation" (CSI 22 ; 2 t, CSI 23 ; 2 t).
"""

from __future__ import annotations

from base64 import standard_b64encode
from typing import Final

from bpost_tui.model.sanitize import clean_line

PUSH_TITLE: Final = "\x1b[22;2t"
POP_TITLE: Final = "\x1b[23;2t"
_MAX_TITLE_CHARS = 80
_WITHOUT_TITLE = ("", "dumb", "linux", "cons25")
_CHUNK = 240
"""GNU screen holds no more than 256 bytes of a string."""


def takes_title(term: str) -> bool:
    """Whether a terminal of this TERM has a title; a console would print the sequence."""
    return term not in _WITHOUT_TITLE and not term.startswith("vt")


def title_sequence(text: str) -> str:
    """Return the sequence that sets the window's title."""
    return f"\x1b]2;{clean_line(text, _MAX_TITLE_CHARS)}\x1b\\"


def clipboard_sequence(text: str, multiplexer: str = "") -> str:
    """Return the sequence that puts a text on the terminal's clipboard.

    Inside GNU screen it comes in device control strings, which screen passes on; screen would print a bare OSC 52.
    """
    payload = standard_b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if multiplexer != "screen":
        return f"\x1b]52;c;{payload}\x07"
    pieces = ["\x1b]52;c;", *(payload[at : at + _CHUNK] for at in range(0, len(payload), _CHUNK)), "\x07"]
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
