"""The letters that stand for links while one of them is chosen. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

from bpost_tui.config.key_names import key_name
from bpost_tui.reading.keys.keyboards import aliases

LETTERS: Final = "fjdksalgh"
"""The home row, the strongest fingers first; it has no letter that looks like another."""


def labels(count: int) -> tuple[str, ...]:
    """Return so many labels, all of one length, so that none begins another."""
    length = next(length for length in range(1, 9) if len(LETTERS) ** length >= count)
    return tuple("".join(letters) for letters, _ in zip(product(LETTERS, repeat=length), range(count), strict=False))


def letter_of(key: str, layouts: Sequence[str]) -> str:
    """Return the letter of a label that a key stands for, under the first Bengali layout that has one on it; "" where none does."""
    if key.lower() in LETTERS:
        return key.lower()
    name = key_name(key)
    found = (letter for layout in layouts for letter in LETTERS if name in aliases(letter, (layout,)))
    return next(found, "")
