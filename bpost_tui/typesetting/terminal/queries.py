"""Queries to the terminal, sent in one write."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.typesetting.terminal.terminals import TERMINALS

SAMPLES = ("কা", "ক্ষ", "স্ত্রী")
"""Sample texts whose width in cells is measured, because the widths distinguish terminals."""
ENTER = "\x1b[?1049h"
"""Sequence that switches to the alternate screen and clears it."""

_CLEAR = "\r\x1b[2K"
_GRAPHICS = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_COLOURS = "".join(["\x1b]10;?\x1b\\\x1b]11;?\x1b\\", *(f"\x1b]4;{index};?\x1b\\" for index in range(16))])
_ATTRIBUTES = "\x1b[c"
"""Query for primary device attributes (DA1), which nearly every terminal answers."""
_OTHERS = "".join(
    [
        *(f"{_CLEAR}{sample}\x1b[6n" for sample in SAMPLES),
        _CLEAR,
        "\x1b[?1049l",
        "\x1b[>q",  # XTVERSION
        "\x1b[16t\x1b[14t",  # size of a cell, size of all cells
        "\x1b[?2;1;0S",  # XTSMGRAPHICS
    ]
)


def queries(env: Mapping[str, str], *, only_before_da1: bool = False) -> bytes:
    """Return the queries for a terminal. They switch to the alternate screen first, so that a query printed by mistake is harmless.

    `env` has the environment variables. With `only_before_da1`, queries that may be answered later than the last query (DA1) are
    left out: GNU screen answers DA1 itself, and passes queries about colours on later.
    """
    around = [row for row in TERMINALS.values() if env.get(row.multiplexes_by)]
    graphics = "" if any(row.misreads_graphics for row in around) else _GRAPHICS
    colours = "" if only_before_da1 and any(row.passes_only_strings for row in around) else _COLOURS
    return f"{ENTER}{graphics}{_OTHERS}{colours}{_ATTRIBUTES}".encode()
