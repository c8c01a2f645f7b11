"""Joiners added to text for tmux, so that tmux and the terminal around it give Bengali the same number of cells.

tmux puts the character after a joiner (ZWJ) into the cell before the joiner, and terminals ignore the joiner. So a joiner is
written before each mark that takes no cell in the terminal: then the mark takes no cell in tmux either. The needs of each terminal
were measured; docs/terminals.md has the table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial

from bpost_tui.typesetting.terminal.terminals import Terminal, find_terminal
from bpost_tui.typesetting.text.graphemes import ZWJ
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_LETTER, _NUKTA, _HASANTA = "[\u0995-\u09b9\u09dc-\u09df]", "\u09bc", "\u09cd"
_WIDTHS_OF_LIBC = (2, 2, 4)
"""Number of cells that the C library, and therefore tmux, uses for each of the sample texts (`queries.SAMPLES`)."""


class _SpellingPatterns(NamedTuple):
    """Patterns for adding joiners (U+200D) to a text, and removing them, so that tmux and the terminal agree on its width.

    They are compiled (in 3 ms) when first needed, since only readers in tmux need them.
    """

    spacing_mark: re.Pattern[str]
    narrow_marks: re.Pattern[str]
    """Combining marks that have no cell of their own in the terminal."""
    long_conjunct: re.Pattern[str]
    """Conjunct (joined consonants) of three letters or more."""
    stray_joiner: re.Pattern[str]
    """Joiner before a letter. tmux would put that letter into the cell of the letter before the joiner."""


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
    """Return a function that changes joiners in a text so that multiplexer and terminal agree on its width; None if none can.

    If the app runs in no multiplexer, the function returns texts unchanged.

    Args:
        name: Name of the terminal; inside a multiplexer, name of the terminal around it, if known.
        multiplexer: Name of the multiplexer that the app runs in, or "".
        samples: Number of cells measured in the terminal for each of the sample texts (`queries.SAMPLES`).
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
    """Return a text with a joiner before each mark without a cell in `terminal`: for kitty, বাংলা becomes ব+া+ংল+া (+: joiner)."""
    spacing_mark, narrow_marks, long_conjunct, stray_joiner = _patterns(terminal.narrow_marks)
    text = narrow_marks.sub(lambda marks: spacing_mark.sub(rf"{ZWJ}\g<0>", marks[0]), stray_joiner.sub("", text))
    return long_conjunct.sub(_shortened, text) if terminal.shortens_conjuncts else text


def _shortened(conjunct: re.Match[str]) -> str:
    """Return a conjunct with a joiner before its third and each later letter, so that it takes two cells."""
    _, first, second, *others = re.split(f"(?={_LETTER})", conjunct[0])
    return ZWJ.join((first + second, *others))
