"""Tests of images in a terminal: no placeholder (character for a cell of an image) shows a deleted or another image."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import cache
from random import Random

import pytest
from rich.cells import cell_len

from bpost_tui.typesetting.terminal.encoders.kitty import DIACRITICS, PLACEHOLDER, KittyEncoder, pack_surface
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.typeset.surface import InkLayer, Surface, SurfaceTable
from tests.unit.typesetting.terminal.surfaces import RED

COLS, ROWS, SLOTS = 6, 2, 8
COST = 4 * COLS * 4 * ROWS * 8
_PIECE = re.compile(
    rf"\x1b_G(?P<keys>[^;\x1b]*)(?:;(?P<data>[^\x1b]*))?\x1b\\|\x1b\[(?P<row>\d+);(?P<col>\d+)H|\x1b\[(?P<sgr>[\d;]*)m"
    rf"|(?P<cell>{PLACEHOLDER}[{DIACRITICS}]*)|(?P<blank> )|(?P<rest>\x1b\[2J)"
)


@dataclass
class Model:
    """Model of a terminal with kitty's protocol: pictures by number, and for each cell the number of the picture shown in it."""

    pictures: dict[int, bytes] = field(default_factory=dict)
    cells: dict[tuple[int, int], int] = field(default_factory=dict)
    most: int = 0

    def take(self, stream: str) -> None:
        """Interpret `stream`, a piece of the output; fail if a shown picture is deleted or its number is used again."""
        number, row, col, sending = 0, 0, 0, 0
        for piece in _PIECE.finditer(stream):
            if piece["keys"] is not None:
                keys = dict(key.split("=") for key in piece["keys"].split(","))
                if keys.get("a") == "T":
                    sending = int(keys["i"])
                    assert sending not in self.cells.values(), "a number was used again while a placeholder of it is shown"
                    self.pictures[sending] = b""
                if keys.get("a") == "d":
                    assert int(keys["i"]) not in self.cells.values(), "a picture was deleted while a placeholder of it is shown"
                    del self.pictures[int(keys["i"])]
                else:
                    self.pictures[sending] += base64.b64decode(piece["data"])
            elif piece["row"]:
                row, col = int(piece["row"]) - 1, int(piece["col"]) - 1
            elif piece["sgr"] is not None:
                colour = re.search(r"38;2;(\d+);(\d+);(\d+)", piece["sgr"])
                number = sum(int(part) << shift for part, shift in zip(colour.groups(), (16, 8, 0), strict=True)) if colour else 0
            elif piece["rest"]:
                self.cells.clear()
            else:
                if piece["cell"]:
                    assert number in self.pictures
                    self.cells[row, col] = number
                else:
                    self.cells.pop((row, col), None)
                col += 1
        self.most = max(self.most, len(self.pictures))


def surface(dice: Random) -> Surface:
    mask = dice.randbytes(COLS * 4 * ROWS * 8)
    return Surface(COLS, ROWS, 4, 8, ((),) * ROWS, lambda: (InkLayer(RED, mask),))


@pytest.mark.parametrize("limit", [1, 3 * COST, 20 * COST])
def test_placeholders_always_have_their_picture(limit: int) -> None:
    dice, table, model = Random(limit), SurfaceTable(max_bytes=limit), Model()
    sent = cache(lambda each: pack_surface(each).png())
    edge = OutputBoundary(table, KittyEncoder(), WidthBoxes(cell_len))
    known = [surface(dice) for _ in range(30)]
    shown: dict[int, Surface] = {}
    for step in range(3000):
        if step % 97 == 0:
            table.clear()
        if step % 211 == 0:
            table.new_generation()
        if step % 301 == 0:
            model.take("\x1b[2J" + edge.free_all())
            shown.clear()
        if dice.random() < 0.1:
            known[dice.randrange(len(known))] = surface(dice)
        for _ in range(dice.randint(1, 3)):
            shown[dice.randrange(SLOTS)] = dice.choice(known)
        rows = [(ROWS * slot + row, table.tokens(each, row)) for slot, each in shown.items() for row in range(ROWS)]
        for slot, each in shown.items():  # composed first, then written, as in Textual
            for row in range(ROWS):
                table.screen.paint(ROWS * slot + row, 0, COLS, frozenset({each}))
        table.frame_composed()
        model.take(edge.translate("\x1b[?2026h"))
        model.take(edge.translate("".join(f"\x1b[{y + 1};1H\x1b[0m{tokens}" for y, tokens in rows)))
        model.take(edge.translate("\x1b[?2026l"))
        for slot, each in shown.items():
            pictures = {model.pictures[model.cells[ROWS * slot + row, x]] for row in range(ROWS) for x in range(COLS)}
            assert pictures == {sent(each)}
    assert model.most <= max(limit // COST, SLOTS) + 2 * SLOTS
    assert set(model.cells.values()) <= set(model.pictures)
