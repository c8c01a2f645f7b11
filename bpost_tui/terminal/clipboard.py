"""The terminal's clipboard: OSC 52 (XTerm Control Sequences, "Operating System Commands")."""

from __future__ import annotations

from base64 import standard_b64encode

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
