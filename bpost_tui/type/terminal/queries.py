"""What the terminal is asked, in one write."""

from __future__ import annotations

from collections.abc import Mapping

from bpost_tui.type.terminal.known import KNOWN

SAMPLES = ("কা", "ক্ষ", "স্ত্রী")
"""Clusters whose widths tell terminals apart."""
ENTER = "\x1b[?1049h"
"""Switches to the alternate screen, and clears it."""

_CLEAR = "\r\x1b[2K"
_GRAPHICS = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_OTHERS = "".join(
    [
        *(f"{_CLEAR}{sample}\x1b[6n" for sample in SAMPLES),
        _CLEAR,
        "\x1b[?1049l",
        "\x1b[>q",  # XTVERSION
        "\x1b[16t\x1b[14t",  # the size of a cell, and of all of them
        "\x1b[?2;1;0S",  # XTSMGRAPHICS
        "\x1b]10;?\x1b\\\x1b]11;?\x1b\\",
        *(f"\x1b]4;{index};?\x1b\\" for index in range(16)),
        "\x1b[c",  # DA1
    ]
)


def queries(env: Mapping[str, str]) -> bytes:
    """Return the queries to a terminal, for the alternate screen, where one that is printed does no harm."""
    is_misread = any(row.misreads_graphics and env.get(row.multiplexes_by) for row in KNOWN.values())
    return f"{ENTER}{'' if is_misread else _GRAPHICS}{_OTHERS}".encode()
