"""The question whether the type can be read, and the head after another way to draw it."""

from __future__ import annotations

import pytest

from bpost_tui.type.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.ui.conftest import ReaderFactory

SPECIMEN = "মেদিনীপুরে"
QUESTION = "Can you read this?"


async def test_question_shows_a_line_of_bengali_as_type_is_drawn_after_every_change(
    reader: ReaderFactory, sample_portal: SamplePortal
) -> None:
    async with reader(sample_portal.address, language="en", size=(140, 40), render_mode=RenderMode.MOSAIC, how="mosaic") as bpost:
        assert QUESTION not in bpost.screen_text()
        for _ in range(2):
            await bpost.press("T")
            assert QUESTION in bpost.screen_text()
            assert SPECIMEN in bpost.screen_text(), bpost.screen_text()
        await bpost.press("j")
        assert bpost.posts.cursor == 1
        assert QUESTION in bpost.screen_text()
        await bpost.press("y")
        assert QUESTION not in bpost.screen_text()
        assert SPECIMEN not in bpost.screen_text()
        assert not bpost.app.clipboard


async def test_question_says_what_would_show_real_type_where_there_is_room(
    reader: ReaderFactory, sample_portal: SamplePortal
) -> None:
    async with reader(sample_portal.address, language="en", terminal="", size=(100, 30)) as bpost:
        assert "Real type needs a terminal that can show pictures" in bpost.screen_text()
        await bpost.press("y")
        assert "Real type needs" not in bpost.screen_text()
    async with reader(sample_portal.address, language="en", terminal="", size=(80, 16)) as bpost:
        assert "Real type needs" not in bpost.screen_text()


async def test_question_is_not_asked_where_there_is_no_other_way(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("T")
        assert QUESTION not in bpost.screen_text()


@pytest.mark.parametrize("size", [(110, 32), (180, 54)])
@pytest.mark.parametrize("language", ["en", "bn"])
async def test_head_after_another_way_to_draw_type_is_as_after_a_start_in_that_way(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int], language: str
) -> None:
    heads = {}
    async with reader(sample_portal.address):
        pass  # from now on nothing is new
    for how in ("mosaic", "cells"):
        async with reader(sample_portal.address, size=size, language=language, render_mode=RenderMode.MOSAIC, how=how) as bpost:
            heads[how] = bpost.head
    async with reader(sample_portal.address, size=size, language=language, render_mode=RenderMode.MOSAIC, how="mosaic") as bpost:
        for how in ("cells", "mosaic", "cells"):
            await bpost.press("T")
            assert bpost.head == heads[how]
