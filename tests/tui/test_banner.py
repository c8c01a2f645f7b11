"""Tests of the question whether the type can be read, and of the masthead after another way of drawing."""

from __future__ import annotations

from functools import partial

import pytest

from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

SPECIMEN = "মেদিনীপুরে"
QUESTION = "Can you read this?"


@pytest.mark.given(language="en", size=(140, 40), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_question_shows_a_line_of_bengali_as_type_is_drawn_after_every_change(bpost: Reader) -> None:
    assert QUESTION not in bpost.screen_text()
    for _ in range(2):
        await bpost.press("T")
        assert QUESTION in bpost.screen_text()
        assert SPECIMEN in bpost.screen_text(), bpost.screen_text()
    await bpost.press("j")
    assert bpost.posts.cursor == 1
    assert QUESTION in bpost.screen_text()
    assert SPECIMEN not in bpost.screen_text()  # the reader goes on: one row, until it is answered
    await bpost.press("y")
    assert QUESTION not in bpost.screen_text()
    assert SPECIMEN not in bpost.screen_text()
    assert not bpost.app.clipboard


async def test_question_says_what_would_show_real_type_where_there_is_room(
    reader: ReaderFactory, sample_portal: SamplePortal
) -> None:
    async with reader(sample_portal.address, language="en", terminal="", how="auto", size=(100, 30)) as bpost:
        assert "Real type needs a terminal that can show pictures" in bpost.screen_text()
        await bpost.press("y")
        assert "Real type needs" not in bpost.screen_text()
    async with reader(sample_portal.address, language="en", terminal="", how="auto", size=(80, 16)) as bpost:
        assert "Real type needs" not in bpost.screen_text()


async def test_question_leaves_the_window_to_the_news_in_mosaic_and_to_a_story_shown_alone(
    reader: ReaderFactory, sample_portal: SamplePortal
) -> None:
    unsure = partial(reader, language="en", terminal="", how="auto", render_mode=RenderMode.MOSAIC, size=(80, 24))
    async with unsure("http://127.0.0.1:1", offline=True) as bpost:
        assert SPECIMEN in bpost.screen_text()  # only these words are in Bengali
    async with unsure(sample_portal.address) as bpost:
        assert QUESTION in bpost.screen_text()
        assert SPECIMEN not in bpost.screen_text()
        await bpost.press("enter", "z")
        assert QUESTION not in bpost.screen_text()
        await bpost.press("z")
        assert QUESTION in bpost.screen_text()


@pytest.mark.given(language="en", terminal="", how="mosaic", render_mode=RenderMode.MOSAIC)
async def test_question_is_not_asked_of_the_way_that_the_reader_has_named(bpost: Reader) -> None:
    assert QUESTION not in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_question_is_not_asked_where_there_is_no_other_way(bpost: Reader) -> None:
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
