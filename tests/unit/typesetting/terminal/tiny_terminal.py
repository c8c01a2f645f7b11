"""Tiny terminal for tests: it follows cursor movements and records written cells. A function gives each character's width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from bpost_tui.typesetting.terminal.encoders.kitty import PLACEHOLDER

_PIECE = re.compile(
    r"\x1b\[([0-?]*)([@-~])|\x1bP(?:[^\x1b]|\x1b\x1b)*\x1b\\|\x1b[_\]][^\x1b\x07]*(?:\x07|\x1b\\)|\x1b([78])|(.)", re.DOTALL
)


def width_as_xterm(char: str) -> int:
    """Return the width of a character in cells in xterm, the largest of all terminals: every spacing mark takes a cell."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width_as_kitty(char: str) -> int:
    return 0 if unicodedata.category(char)[0] == "M" or unicodedata.category(char) == "Cf" else width_as_xterm(char)


@dataclass
class Screen:
    cols: int = 80
    width: Callable[[str], int] = width_as_xterm
    row: int = 0
    col: int = 0
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    furthest: int = 0
    saved: tuple[int, int] = (0, 0)
    last: str = ""
    """Character written last, without its marks, which REP repeats (ECMA-48, 8.3.103)."""

    def feed(self, stream: str) -> Screen:
        for match in _PIECE.finditer(stream):
            parameters, final, save, char = match.groups()
            if final:
                self._control(parameters, final)
            elif save == "7":
                self.saved = self.row, self.col
            elif save == "8":
                self.row, self.col = self.saved
            elif char == "\n":
                self.row, self.col = self.row + 1, 0
            elif char is not None:
                assert char.isprintable() or char == PLACEHOLDER or unicodedata.category(char) in ("Cf", "Co", "Cn"), ascii(char)
                self._put(char)
        return self

    def _control(self, parameters: str, final: str) -> None:
        numbers = [int(part) for part in re.findall(r"\d+", parameters)]
        if final == "C":
            self.col = min(self.cols - 1, self.col + max(1, numbers[0] if numbers else 1))
        elif final == "b":
            for _ in range(numbers[0] if numbers else 1):
                self._put(self.last)
        elif final == "D":
            self.col = max(0, self.col - (numbers[0] if numbers else 1))
        elif final == "H":
            self.row, self.col = (numbers or [1])[0] - 1, (numbers[1] if len(numbers) > 1 else 1) - 1

    def _put(self, char: str) -> None:
        width = self.width(char)
        if width == 0:
            if self.col:
                self.cells[self.row, self.col - 1] = self.cells.get((self.row, self.col - 1), "") + char
            return
        self.cells[self.row, self.col] = self.last = char
        for extra in range(1, width):
            self.cells[self.row, self.col + extra] = ""
        self.col += width
        self.furthest = max(self.furthest, self.col)

    def text(self, row: int = 0) -> str:
        return "".join(self.cells.get((row, col), " ") for col in range(self.furthest))
