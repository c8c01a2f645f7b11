"""Inside tmux and GNU screen: a text of which they and the terminal around them think that it takes the same cells.

Both draw a line anew from its left end, and move the cursor by what they think a word took: a box keeps only what they themselves
think in its place. They count as the C library does, a spacing mark taking a cell of its own, and so do xterm, VTE and st. kitty,
foot, Konsole and Alacritty give some marks none. Nor does tmux, 3.5 as measured, to a character behind a joiner (ZWJ), as long as
the cell holds no more than 21 bytes; GNU screen has nothing like it.
"""

from __future__ import annotations

from collections.abc import Callable

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
    from bpost_tui.terminal.joining import spelling_around  # 3 ms

    return spelling_around(name)
