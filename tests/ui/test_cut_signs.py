"""A line of type at an end of a pane, or above or below a dialog, is drawn whole or not at all.

What a galley draws in a window holds only whole lines (`tests/unit/type/typeset/test_galley_edges.py`); here it is shown that what
is on the screen is what the galleys draw in the windows that are there, parted by a dialog.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from textual.geometry import Region

from bpost_tui.type.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.ui.conftest import ReaderFactory
from tests.ui.facade import Reader

PIXELS = {"render_mode": RenderMode.KITTY, "how": "pixels"}


def stretches(pane: Region, dialog: Region) -> list[range]:
    """Return the rows of the screen that a pane has above, beside and below a dialog."""
    if not dialog or dialog.right <= pane.x or pane.right <= dialog.x:
        return [range(pane.y, pane.bottom)]
    cuts = [pane.y, *(min(max(cut, pane.y), pane.bottom) for cut in (dialog.y, dialog.bottom)), pane.bottom]
    return [range(*pair) for pair in pairwise(cuts)]


def cut_rows(bpost: Reader) -> set[int]:
    """Return the screen's rows that show anything else than the galleys draw in these stretches."""
    dialog = bpost.app.screen.children[0].region if bpost.app.screen is not bpost.main else Region()
    lines = [strip.text for strip in bpost.strips]
    wrong, seen = set(), 0
    for pane, top, galley in bpost.galleys():
        for rows in stretches(pane, dialog):
            window = range(rows.start - top, rows.stop - top)
            for at in range(max(rows.start, top), min(rows.stop, top + galley.rows)):
                band = galley.band(at - top, bpost.app.renderer.palette, range(max(0, window.start), window.stop))
                shown = [bpost.surfaces.find(char) for char in lines[at][pane.x : pane.right] if ord(char) >= 0xF0000]
                seen += len(shown)
                if shown and all(token is None or token[0] is not band.surface for token in shown):
                    wrong.add(at)
    assert seen
    return wrong


@pytest.mark.parametrize("key", ["colon", "t", "question_mark", "a"])
@pytest.mark.parametrize("down", [0, 7, 12])
async def test_dialog_cuts_no_line_of_type(reader: ReaderFactory, sample_portal: SamplePortal, key: str, down: int) -> None:
    async with reader(sample_portal.address, size=(160, 45), **PIXELS) as bpost:
        await bpost.press("enter", *"j" * down)
        assert cut_rows(bpost) == set()
        await bpost.press(key)
        assert bpost.app.screen is not bpost.main
        assert cut_rows(bpost) == set()
        await bpost.press("escape")
        assert cut_rows(bpost) == set()


@pytest.mark.parametrize("size", [(40, 12), (60, 20), (60, 9), (110, 32)])
async def test_pane_cuts_no_line_of_type(reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]) -> None:
    async with reader(sample_portal.address, size=size, **PIXELS) as bpost:
        for keys in ((), "jjj", ("enter",), "jj", "j"):
            await bpost.press(*keys)
            assert cut_rows(bpost) == set()
