"""The terminal window's title, and giving back the one that was there.

Source: XTerm Control Sequences, "Operating System Commands" (OSC 2) and "Window manipulation" (CSI 22 ; 2 t, CSI 23 ; 2 t).
"""

from __future__ import annotations

from base64 import standard_b64encode
from typing import Final

from bpost_tui.model.sanitize import clean_line

PUSH: Final = "\x1b[22;2t"
POP: Final = "\x1b[23;2t"
_MOST_CHARS = 80
_TITLELESS = ("", "dumb", "linux", "cons25")


def takes_title(term: str) -> bool:
    """Say whether a terminal of this TERM has a title; a console would show the sequence, or stumble over it."""
    return term not in _TITLELESS and not term.startswith("vt")


def titled(text: str) -> str:
    """Return what gives the window a title."""
    return f"\x1b]2;{clean_line(text, _MOST_CHARS)}\x1b\\"


_CHUNK = 240
"""GNU screen holds no more than 256 bytes of a string."""


def copied(text: str, multiplexer: str = "") -> str:
    """Return what gives a text to the terminal's clipboard.

    GNU screen hands it on to the terminal around it in device control strings; in its own way it would write it on the screen.
    """
    payload = standard_b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if multiplexer != "screen":
        return f"\x1b]52;c;{payload}\x07"
    pieces = ["\x1b]52;c;", *(payload[at : at + _CHUNK] for at in range(0, len(payload), _CHUNK)), "\x07"]
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
