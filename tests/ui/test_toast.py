"""Toasts: what the reader did, and the key that takes it back; nothing else."""

from __future__ import annotations

import pytest
from textual.geometry import Region

from bpost_tui.demo.server import SamplePortal
from bpost_tui.terminal.capabilities import RenderMode
from bpost_tui.ui.widgets.toast import Toast
from tests.ui.conftest import ReaderFactory
from tests.ui.facade import stand_again


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
async def test_mark_is_told_beside_the_cursors_row_and_the_focus_stays(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]
) -> None:
    async with reader(sample_portal.address, language="en", size=size) as bpost:
        assert not bpost.toast.display
        await bpost.press("down", "s")
        focused = bpost.main.focused
        toast = bpost.toast
        assert toast.display
        assert "Star added" in bpost.screen_text()
        assert "u Undo" in bpost.screen_text()
        assert not toast.region.overlaps(bpost.posts.cursor_region)
        assert Region(0, 0, *size).contains_region(toast.region)
        assert bpost.main.focused is focused


async def test_cursor_that_comes_to_a_toast_is_given_way(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(40, 24)) as bpost:
        await bpost.press("s")
        for _ in range(len(bpost.posts.rows)):
            await bpost.press("down")
            stand_again(bpost.toast)
            assert not bpost.toast.region.overlaps(bpost.posts.cursor_region)


async def test_undo_takes_the_toast_away_and_a_click_on_it_undoes(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("s", "u")
        assert not bpost.toast.display
        await bpost.press("m")
        assert bpost.posts.rows[0].read
        await bpost.pilot.click(Toast)
        await bpost.settle()
        assert not bpost.posts.rows[0].read


async def test_story_read_to_its_end_is_told_by_no_toast(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("enter", "G")
        assert bpost.posts.rows[0].read
        assert not bpost.toast.display
        await bpost.press("u")
        assert not bpost.posts.rows[0].read


async def test_toast_in_large_type_is_as_wide_as_its_words(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en", size=(140, 40), render_mode=RenderMode.MOSAIC) as bpost:
        await bpost.press("T", "s")
        assert bpost.app.renderer.typesetter.em_cells > 4
        assert "Star added" in " ".join(bpost.screen_text().split())
