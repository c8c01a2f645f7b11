"""Tests of reversed type: letters cut out of a coloured block, pixel by pixel; in plain cells, reversed cells."""

from __future__ import annotations

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Para, Run
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter

PALETTE = {"text": (0, 0, 0), "mark": (200, 0, 0)}
WORDS = (Run("আগে "), Run("কংসাবতী", "mark", is_reversed=True), Run(", পরে"))


def test_reversed_ground_and_letters_are_complements() -> None:
    typesetter = PixelTypesetter(load_fonts(BENGALI), 10, 20)
    reversed_, plain = (
        {layer.colour: layer.mask for layer in typesetter.galley((Para(runs),), 40).band(0, PALETTE).surface.layers}
        for runs in (WORDS, (WORDS[0], Run("কংসাবতী", "mark"), WORDS[2]))
    )
    assert reversed_[PALETTE["text"]] == plain[PALETTE["text"]]
    cut, letters = reversed_[PALETTE["mark"]], plain[PALETTE["mark"]]
    inside = [(hole, ink) for hole, ink in zip(letters, cut, strict=True) if ink]
    assert all(hole + ink == 255 for hole, ink in inside)
    assert sum(letters) > 0
    assert all(ink == 255 - hole or not ink for hole, ink in zip(letters, cut, strict=True))
    assert not any(ink for hole, ink in zip(letters, cut, strict=True) if hole == 255)


def test_reversed_row_is_found_or_none() -> None:
    for typesetter in (CellTypesetter(BENGALI.language_rules), PixelTypesetter(load_fonts(BENGALI), 10, 20)):
        paras = [Para((Run("এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ"),)), Para(WORDS)]
        galley = typesetter.galley(paras, 20)
        row = galley.reversed_row()
        assert row is not None and row >= galley.row_of(1)
        assert typesetter.galley(paras[:1], 20).reversed_row() is None


def test_reversed_word_in_cells_is_reversed() -> None:
    words = CellTypesetter(BENGALI.language_rules).galley((Para(WORDS),), 40).band(0, PALETTE).surface.words[0]
    assert [word.text for word in words if word.is_reversed] == ["কংসাবতী"]
