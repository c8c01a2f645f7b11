"""Tests that a line at a pane's end is drawn whole or not at all, and that a dialog changes no cell beside it.

A galley (column of typeset lines) draws only whole lines (`tests/unit/typesetting/typeset/test_galley_edges.py`). These tests show
that the screen has the lines that the galleys draw for the present windows.
"""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.surface import Colour
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import Named, unlike

PIXELS = {"render_mode": RenderMode.KITTY, "how": "pixels"}


def cut_rows(bpost: Reader) -> set[int]:
    """Return the rows of the screen that don't show the drawing made for the present window."""
    lines = [strip.text for strip in bpost.strips]
    wrong, seen = set(), 0
    for pane, (_, top), galley in bpost.galleys():
        window = range(max(0, pane.y - top), pane.bottom - top)
        for at in range(max(pane.y, top), min(pane.bottom, top + galley.rows)):
            band = galley.band(at - top, bpost.app.renderer.palette, window)
            shown = [bpost.surfaces.find(char) for char in lines[at][pane.x : pane.right] if ord(char) >= 0xF0000]
            seen += len(shown)
            if shown and all(token is None or token[0] is not band.surface for token in shown):
                wrong.add(at)
    assert seen
    return wrong


@pytest.mark.given(size=(160, 45), **PIXELS)
async def test_dialog_changes_no_cell_beside_it(bpost: Reader) -> None:
    for keys in ("enter",), "j" * 7, "j" * 5:
        await bpost.press(*keys)
        await bpost.rest()  # the footer follows a moment later
        before = [list(line) for line in bpost.screenful.lines]
        for key in ("colon", "comma", "question_mark", "a"):
            await bpost.press(key)
            box = bpost.app.screen.children[0].region
            assert bpost.app.screen is not bpost.main
            assert box.area < bpost.app.size.area
            for y, (old, new) in enumerate(zip(before, bpost.screenful.lines, strict=True)):
                beside = [x for x in range(len(old)) if not box.contains(x, y)]
                assert [old[x] for x in beside] == [new[x] for x in beside], (keys, key, y)
            await bpost.press("escape")
            assert before == bpost.screenful.lines, (keys, key)


@pytest.mark.parametrize("key", ["question_mark", "colon", "t"])
@pytest.mark.given(size=(80, 24), **PIXELS)
async def test_dialog_opens_and_closes_in_one_frame(bpost: Reader, key: str) -> None:
    await bpost.press("enter")
    before = bpost.screenful.named()
    frames = await frames_of(bpost, key)
    dialog = frames[-1]
    assert all(is_one_of(frame, before, dialog) for frame in frames)
    if key == "t":
        frames = await frames_of(bpost, "j")
        assert inks(dialog) != inks(frames[-1])
        assert all(inks(frame) in (inks(dialog), inks(frames[-1])) for frame in frames)
        dialog = frames[-1]
    assert all(is_one_of(frame, dialog, before) for frame in await frames_of(bpost, "escape"))


def is_one_of(frame: list[Named], *wholes: list[Named]) -> bool:
    """Return whether `frame` is the same as one of the screens `wholes`, and no mixture of them."""
    return any(not unlike(whole, frame, drawn=True) for whole in wholes)


async def frames_of(bpost: Reader, key: str) -> list[list[Named]]:
    """Press `key`; return the lines of the screen after each frame that followed."""
    bpost.screenful.frames = noted = list[list[Named]]()
    await bpost.press(key)
    return noted


def inks(frame: list[Named]) -> set[Colour]:
    """Return the colours of all typeset text in `frame`."""
    surfaces = {piece[0] for line in frame for piece in line if not isinstance(piece, str)}
    return {layer.colour for surface in surfaces if surface is not None for layer in surface.layers}


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (60, 9), (110, 32)])
@pytest.mark.given(**PIXELS)
async def test_pane_cuts_no_line_of_type(bpost: Reader) -> None:
    for keys in ((), "jjj", ("enter",), "jj", "j"):
        await bpost.press(*keys)
        assert cut_rows(bpost) == set()
