"""The terminal window's title, and giving back the one that was there.

Source: XTerm Control Sequences, "Operating System Commands" (OSC 2) and "Window manipulation" (CSI 22 ; 2 t, CSI 23 ; 2 t).
"""

from __future__ import annotations

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
