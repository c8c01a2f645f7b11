"""How a text is spelt for tmux, so that it gives to Bengali the cells that the terminal around it gives: with joiners (ZWJ)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from bpost_tui.text.graphemes import ZWJ

_LIKE_C = frozenset({"xterm", "vte", "st"})
_LETTER, _NUKTA, _HASANTA = "[\u0995-\u09b9\u09dc-\u09df]", "\u09bc", "\u09cd"
_AS_C = (2, 2, 4)
"""The cells that the C library gives to the probe's samples."""


class _Patterns(NamedTuple):
    """What is looked for in a text; made when first needed (3 ms), since only a reader inside tmux does."""

    mark: re.Pattern[str]
    joined: dict[str, re.Pattern[str]]
    """The marks to which a terminal, as measured, gives no cell of their own; to Konsole, none may be sent onto another's cell."""
    long: re.Pattern[str]
    """A conjunct of three letters or more; foot gives none more than two cells."""
    ahead: re.Pattern[str]
    """A joiner before a letter, which tmux would put into the cell of the one before."""


@cache
def _patterns() -> _Patterns:
    indic = "".join(map(chr, range(0x900, 0xE00)))
    spacing = "".join(char for char in indic if unicodedata.category(char) == "Mc")
    narrow = "".join(char for char in indic if unicodedata.category(char) == "Mn")
    joined = {
        "kitty": f"[{spacing}]+",
        "foot": f"[{spacing}]+",
        "konsole": f"[{spacing}{narrow}]{{2,}}",
        "alacritty": "[\u09be\u09d7]+",
    }
    return _Patterns(
        mark=re.compile(f"[{spacing}]"),
        joined={name: re.compile(marks) for name, marks in joined.items()},
        long=re.compile(f"(?:{_LETTER}{_NUKTA}?{_HASANTA}{ZWJ}?){{2,}}{_LETTER}"),
        ahead=re.compile(f"{ZWJ}(?![{spacing}{narrow}])"),
    )


def spelling_around(name: str) -> Callable[[str], str] | None:
    """Return what spells a text for a tmux in a terminal; None where nothing is known of that."""
    if name in _LIKE_C:
        return partial(_patterns().ahead.sub, "")
    return partial(_joined, name) if name in _patterns().joined else None


def _joined(name: str, text: str) -> str:
    mark, joined, long, ahead = _patterns()
    text = joined[name].sub(lambda marks: mark.sub(rf"{ZWJ}\g<0>", marks[0]), ahead.sub("", text))
    return long.sub(_shortened, text) if name == "foot" else text


def _shortened(conjunct: re.Match[str]) -> str:
    _, first, second, *others = re.split(f"(?={_LETTER})", conjunct[0])
    return ZWJ.join((first + second, *others))


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
