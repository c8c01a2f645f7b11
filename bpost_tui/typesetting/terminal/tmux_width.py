"""Spelling text so that tmux gives Bengali as many cells as the terminal around it does.

tmux puts whatever follows a joiner (ZWJ) into the cell before, and terminals ignore the joiner: one before each mark to which the
terminal gives no cell makes both agree. What each terminal needs was measured; docs/terminals.md has the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

from bpost_tui.typesetting.terminal.terminals import Terminal, find_terminal
from bpost_tui.typesetting.text.graphemes import ZWJ

_LETTER, _NUKTA, _HASANTA = "[\u0995-\u09b9\u09dc-\u09df]", "\u09bc", "\u09cd"
_WIDTHS_OF_LIBC = (2, 2, 4)
"""The cells that the C library, and so tmux, gives to the probe's samples."""


class _SpellingPatterns(NamedTuple):
    """What to look for in a text; compiled when first needed (3 ms), since only a reader inside tmux needs it."""

    spacing_mark: re.Pattern[str]
    narrow_marks: re.Pattern[str]
    """Marks to which the terminal gives no cell of their own."""
    long_conjunct: re.Pattern[str]
    """A conjunct of three letters or more."""
    stray_joiner: re.Pattern[str]
    """A joiner before a letter, which tmux would put into the cell of the letter before."""


@cache
def _patterns(narrow_marks: str) -> _SpellingPatterns:
    indic = "".join(map(chr, range(0x900, 0xE00)))
    spacing = "".join(char for char in indic if unicodedata.category(char) == "Mc")
    nonspacing = "".join(char for char in indic if unicodedata.category(char) == "Mn")
    return _SpellingPatterns(
        spacing_mark=re.compile(f"[{spacing}]"),
        narrow_marks=re.compile(narrow_marks.format(spacing=spacing, nonspacing=nonspacing)),
        long_conjunct=re.compile(f"(?:{_LETTER}{_NUKTA}?{_HASANTA}{ZWJ}?){{2,}}{_LETTER}"),
        stray_joiner=re.compile(f"{ZWJ}(?![{spacing}{nonspacing}])"),
    )


def width_speller(name: str, multiplexer: str, samples: tuple[int, ...]) -> Callable[[str], str] | None:
    """Return a function that spells a text so that multiplexer and terminal agree on its width; None where no spelling is known to.

    Args:
        name: The terminal, or the one around the multiplexer where that is known.
        multiplexer: What is between it and us; empty where nothing is.
        samples: The cells measured for the probe's samples.
    """
    if not multiplexer:
        return str
    if multiplexer != "tmux" or samples != _WIDTHS_OF_LIBC:
        return None
    terminal = find_terminal(name)
    if terminal.counts_as_tmux:
        return partial(_patterns("").stray_joiner.sub, "")
    return partial(_joined, terminal) if terminal.narrow_marks else None


def _joined(terminal: Terminal, text: str) -> str:
    """Return a text with a joiner before each mark that must take no cell: for kitty, বাংলা is ব+া+ংল+া, + being the joiner."""
    spacing_mark, narrow_marks, long_conjunct, stray_joiner = _patterns(terminal.narrow_marks)
    text = narrow_marks.sub(lambda marks: spacing_mark.sub(rf"{ZWJ}\g<0>", marks[0]), stray_joiner.sub("", text))
    return long_conjunct.sub(_shortened, text) if terminal.shortens_conjuncts else text


def _shortened(conjunct: re.Match[str]) -> str:
    """Return a conjunct that takes two cells, with a joiner before its third letter and each one after."""
    _, first, second, *others = re.split(f"(?={_LETTER})", conjunct[0])
    return ZWJ.join((first + second, *others))
