"""Texts of both directions side by side. Pure; `bidi` is loaded once a text has letters that run right to left."""

from __future__ import annotations

import re

_RUNS_LEFTWARDS = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def runs_leftwards(text: str) -> bool:
    """Whether any letter of a text may run right to left."""
    return _RUNS_LEFTWARDS.search(text) is not None


def is_rtl(text: str) -> bool:
    """Whether a paragraph is read from right to left: its first letter is (UAX #9, P2 and P3)."""
    if not runs_leftwards(text):
        return False
    from bpost_tui.type.text.bidi import base_level  # 2 ms

    return base_level(text) == 1


def dotted(*parts: str) -> str:
    """Return the parts that aren't empty with dots between them; one that runs leftwards turns nothing around it (UAX #9, 2.4).

    For what is set in type: a command's output has no control characters.
    """
    return " · ".join(f"{_FIRST_STRONG_ISOLATE}{part}{_POP_ISOLATE}" if runs_leftwards(part) else part for part in parts if part)
