"""Paging through a story: each line is shown whole in some window, forwards and backwards, for any type and window."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.tui.widgets.story_view import _page_line, _window_at
from bpost_tui.typesetting.terminal.display import ZOOM_RANGE_PX
from bpost_tui.typesetting.typeset.banded_galley import BandedGalley
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.mosaic_typesetter import MosaicTypesetter
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.stacked_galley import PairGalley, StackedGalley
from tests.unit.typesetting.typeset.sample_items import bundled_fonts

SOFT = 0.01
"""Height of a cut in a line that nobody notices, in rows."""
TEXT = "মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। "
ZOOMS = (ZOOM_RANGE_PX[0], 0, 8, ZOOM_RANGE_PX[-1])


def mosaic(dots: tuple[int, int], zoom_px: int) -> Typesetter:
    """Return a typesetter for a mosaic whose dots have no shades."""
    return MosaicTypesetter(
        PixelTypesetter.for_dots(bundled_fonts(), *dots, (10, 20), zoom_px=zoom_px, shaded=False),
        CellTypesetter(BENGALI.language_rules),
    )


TYPESETTERS = {
    **{f"{across}x{down} {zoom}": mosaic((across, down), zoom) for across, down in ((2, 4), (2, 3), (2, 2)) for zoom in ZOOMS},
    "1x2 0": mosaic((1, 2), 0),
    "1x2 8": mosaic((1, 2), 8),
    **{f"pixels {zoom}": PixelTypesetter(bundled_fonts(), 9, 17, zoom_px=zoom) for zoom in ZOOMS},
}


def story(number: int) -> tuple[Item, ...]:
    """Return a random story: paragraphs, sub-heads and lines in both scripts, close together or apart."""
    chance = random.Random(number)
    page: list[Item] = [Para((Run("Kharagpur"),), Size.SMALL), Para((Run(TEXT),), Size.HEADLINE), Rule()]
    for _ in range(chance.randint(3, 6)):
        kinds: tuple[Item, ...] = (
            Para((Run(TEXT * chance.randint(1, 4)), Run("এখানে", underline=True)), before=chance.choice((0, 0.5, 0.9))),
            Para((Run(TEXT),), Size.SUBHEAD, before=1.0),
            Para((Run("It needs no shaping. " * 9),), before=0.9),
            Pair((Run("মেদিনীপুর"),), (Run("4 h"),), before=0.5),
        )
        page.append(chance.choice(kinds))
    return tuple(page)


def inks(galley: Galley, first_row: int = 0) -> Iterator[tuple[float, float]]:
    """Yield the first and last row of each line's ink in a galley, as far as it is drawn."""
    if isinstance(galley, StackedGalley):
        for part in galley._parts:
            yield from inks(part.galley, first_row + part.first_row)
    elif isinstance(galley, PairGalley):
        yield from inks(galley._left, first_row)
    elif isinstance(galley, BandedGalley) and galley._ink_rows is not None:
        for top, bottom in map(galley._ink_rows, galley._lines):
            yield first_row + max(0.0, top) + SOFT, first_row + min(galley.rows, bottom) - SOFT


def paged(galley: Galley, rows: int, pages: int, window: range) -> list[range]:
    """Page to one end of a galley, as the story's view does, and return the windows."""
    windows = [window]
    end = _window_at(galley, galley.rows if pages > 0 else 0, rows)
    while windows[-1] != end:
        windows.append(_window_at(galley, _page_line(galley, windows[-1], pages, max(1, rows - 2)), rows))
        assert (windows[-1].start - windows[-2].start) * pages > 0
    return windows


@pytest.mark.parametrize("name", TYPESETTERS)
def test_paging_shows_each_fitting_line_whole(name: str) -> None:
    shown = cut = 0
    for number, cols in enumerate((44, 60, 90)):
        galley = TYPESETTERS[name].galley(story(number), cols)
        for rows in (2, 5, 7, 9, 11, 14, 22, 36):
            on = paged(galley, rows, 1, _window_at(galley, 0, rows))
            back = paged(galley, rows, -1, on[-1])
            lines = [ink for ink in inks(galley) if math.ceil(ink[1]) - math.floor(ink[0]) <= rows]
            for windows in (on, back):
                for top, bottom in lines:
                    assert any(window.start <= top and bottom <= window.stop for window in windows), (cols, rows, top)
            shown += len(lines)
            cut += sum(galley.uncut_rows(window) != window for window in on)
    assert shown and cut


def test_paging_back_takes_as_many_pages_as_paging_forward() -> None:
    galley = TYPESETTERS["2x4 0"].galley(story(1), 60)
    for rows in (7, 11, 22):
        on = paged(galley, rows, 1, _window_at(galley, 0, rows))
        back = paged(galley, rows, -1, on[-1])
        assert abs(len(back) - len(on)) <= 1
        assert all(before.stop >= after.start for before, after in pairwise(on))
