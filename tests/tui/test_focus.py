"""Tests that the current pane is recognised at a glance: a change of focus alone changes the screen, even without colours."""

from __future__ import annotations

from itertools import combinations
from operator import ne

import pytest

from bpost_tui.config import Settings
from bpost_tui.tui.widgets.row_list import CURSOR_BAR, HINT_BAR
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def look(bpost: Reader, *, coloured: bool) -> list[tuple[str, object]]:
    """Return the texts on the screen, each with its style, or with None unless `coloured`."""
    return [(segment.text, segment.style if coloured else None) for strip in bpost.strips for segment in strip]


PANES = {"posts": (), "categories": ("h",), "story": ("l", "l")}
"""Maps each pane to the keys that go to it from the preceding pane of this mapping."""


@pytest.mark.parametrize("theme", ["newsprint", "night", "terminal"])
async def test_focus_changes_the_screen_visibly(reader: ReaderFactory, sample_portal: SamplePortal, theme: str) -> None:
    async with reader(sample_portal.address, settings=Settings(theme=theme)) as bpost:
        looks = {}
        for pane, keys in PANES.items():
            await bpost.press(*keys)
            assert bpost.pane == pane
            looks[pane] = [look(bpost, coloured=coloured) for coloured in (True, False)]
        for one, other in combinations(looks, 2):
            assert all(map(ne, looks[one], looks[other])), (one, other)


async def test_cursor_bar_is_strong_only_in_the_focused_pane(bpost: Reader) -> None:
    for pane, keys in PANES.items():
        await bpost.press(*keys)
        bars = [pane_of(bpost, column) for column in columns_of(bpost, CURSOR_BAR)]
        assert set(bars) == {pane} - {"story"}
        assert {pane_of(bpost, column) for column in columns_of(bpost, HINT_BAR)} == {"categories", "posts"} - {pane}


def columns_of(bpost: Reader, sign: str) -> list[int]:
    return [at for line in bpost.screen_text().splitlines() for at, char in enumerate(line[:70]) if char == sign]


def pane_of(bpost: Reader, column: int) -> str:
    return "categories" if column < bpost.posts.region.x else "posts"
