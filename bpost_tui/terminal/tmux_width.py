"""Joiners (ZWJ) by which tmux gives to Bengali the cells that the terminal around it gives: see `agreeing`.

The tables take 3 ms to make, and only a reader inside tmux needs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial

from bpost_tui.text.graphemes import ZWJ

_INDIC = "".join(map(chr, range(0x900, 0xE00)))
_SPACING = "".join(char for char in _INDIC if unicodedata.category(char) == "Mc")
_NARROW = "".join(char for char in _INDIC if unicodedata.category(char) == "Mn")
_MARK = re.compile(f"[{_SPACING}]")
_JOINED: dict[str, re.Pattern[str]] = {
    "kitty": re.compile(f"[{_SPACING}]+"),
    "foot": re.compile(f"[{_SPACING}]+"),
    "konsole": re.compile(f"[{_SPACING}{_NARROW}]{{2,}}"),
    "alacritty": re.compile("[\u09be\u09d7]+"),
}
"""The marks to which a terminal, as measured, gives no cell of their own; to Konsole, none may be sent onto another's cell."""
_LIKE_C = frozenset({"xterm", "vte", "st"})
_LETTER, _NUKTA, _HASANTA = "[\u0995-\u09b9\u09dc-\u09df]", "\u09bc", "\u09cd"
_LONG = re.compile(f"(?:{_LETTER}{_NUKTA}?{_HASANTA}{ZWJ}?){{2,}}{_LETTER}")
"""A conjunct of three letters or more; foot gives none more than two cells."""
_AHEAD = re.compile(f"{ZWJ}(?![{_SPACING}{_NARROW}])")
"""A joiner before a letter, which tmux would put into the cell of the one before."""


def spelling_around(name: str) -> Callable[[str], str] | None:
    """Return what spells a text for a tmux in a terminal; None where nothing is known of that."""
    if name in _LIKE_C:
        return partial(_AHEAD.sub, "")
    return partial(_joined, name) if name in _JOINED else None


def _joined(name: str, text: str) -> str:
    text = _JOINED[name].sub(lambda marks: _MARK.sub(rf"{ZWJ}\g<0>", marks[0]), _AHEAD.sub("", text))
    return _LONG.sub(_shortened, text) if name == "foot" else text


def _shortened(conjunct: re.Match[str]) -> str:
    _, first, second, *others = re.split(f"(?={_LETTER})", conjunct[0])
    return ZWJ.join((first + second, *others))


_AS_C = (2, 2, 4)
"""The cells that the C library gives to the probe's samples."""


def spelling(name: str, multiplexer: str, samples: tuple[int, ...]) -> Callable[[str], str] | None:
    """Return what spells a text so that it takes the cells it is thought to take; None where nothing is known to.

    Args:
        name: The terminal, or the one around the multiplexer where that is known.
        multiplexer: What is between it and us.
        samples: The cells measured for the probe's samples.
    """
    if not multiplexer:
        return str
    if multiplexer != "tmux" or samples != _AS_C:
        return None

    return spelling_around(name)
