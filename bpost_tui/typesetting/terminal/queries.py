"""What the terminal is asked, in one write."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.typesetting.terminal.terminals import TERMINALS

SAMPLES = ("কা", "ক্ষ", "স্ত্রী")
"""Clusters whose widths tell terminals apart."""
ENTER = "\x1b[?1049h"
"""Switches to the alternate screen, and clears it."""

_CLEAR = "\r\x1b[2K"
_GRAPHICS = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_COLOURS = "".join(["\x1b]10;?\x1b\\\x1b]11;?\x1b\\", *(f"\x1b]4;{index};?\x1b\\" for index in range(16))])
_ATTRIBUTES = "\x1b[c"
"""DA1."""
_OTHERS = "".join(
    [
        *(f"{_CLEAR}{sample}\x1b[6n" for sample in SAMPLES),
        _CLEAR,
        "\x1b[?1049l",
        "\x1b[>q",  # XTVERSION
        "\x1b[16t\x1b[14t",  # the size of a cell, and of all of them
        "\x1b[?2;1;0S",  # XTSMGRAPHICS
    ]
)


def queries(env: Mapping[str, str], *, leaves_none: bool = False) -> bytes:
    """Return the queries to a terminal, for the alternate screen, where one that is printed does no harm.

    With `leaves_none`, only what is answered before DA1: GNU screen answers that itself, and hands on the terminal's colours later.
    """
    around = [row for row in TERMINALS.values() if env.get(row.multiplexes_by)]
    graphics = "" if any(row.misreads_graphics for row in around) else _GRAPHICS
    colours = "" if leaves_none and any(row.passes_only_strings for row in around) else _COLOURS
    return f"{ENTER}{graphics}{_OTHERS}{colours}{_ATTRIBUTES}".encode()
