"""Tests of the banner's question whether the type is readable, and of the bars after a change of the render mode."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Para
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

SPECIMEN = "মেদিনীপুরে"
QUESTION = "Can you read this?"


@pytest.mark.given(language="en", size=(140, 40), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_type_question_shows_a_specimen_after_each_change(bpost: Reader) -> None:
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


async def test_type_question_explains_real_type_when_it_fits(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en", terminal="", how="auto", size=(100, 30)) as bpost:
        assert "Real type needs a terminal that can show pictures" in bpost.screen_text()
        await bpost.press("y")
        assert "Real type needs" not in bpost.screen_text()
    async with reader(sample_portal.address, language="en", terminal="", how="auto", size=(80, 16)) as bpost:
        assert "Real type needs" not in bpost.screen_text()


async def test_type_question_shrinks_above_news_and_hides_in_zen(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
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


@pytest.mark.parametrize("size", [(20, 12), (40, 12), (80, 24)])
@pytest.mark.parametrize("render_mode", [RenderMode.MOSAIC, RenderMode.CELLS])
async def test_type_question_in_bengali_names_both_keys(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int], render_mode: RenderMode
) -> None:
    unsure = partial(reader, language="bn", terminal="", how="auto")
    async with unsure(sample_portal.address, render_mode=render_mode, size=size) as bpost:
        line = bpost.main.query_one("#banner", TypeLine)
        assert line.has_class("-shown")
        question = next(item for item in line._items if isinstance(item, Para))
        words = "".join(run.text for run in question.runs)
        assert "y" in words and "T" in words
        assert line.fits([question], size[0])


@pytest.mark.given(language="en", terminal="", how="mosaic", render_mode=RenderMode.MOSAIC)
async def test_type_question_is_skipped_for_a_configured_way(bpost: Reader) -> None:
    assert QUESTION not in bpost.screen_text()


@pytest.mark.given(language="en")
async def test_type_question_is_skipped_without_another_way(bpost: Reader) -> None:
    await bpost.press("T")
    assert QUESTION not in bpost.screen_text()


@pytest.mark.parametrize("terminal", ["kitty", "xterm.js"])
async def test_another_way_is_refused_with_the_reason_without_a_bengali_font(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path, terminal: str
) -> None:
    given = partial(reader, language="en", terminal=terminal, how="auto", settings=Settings(font=(tmp_path / "latin.ttf",)))
    async with given(sample_portal.address, render_mode=RenderMode.MOSAIC, size=(140, 24)) as bpost:
        for _ in range(2):
            await bpost.press("T")
            assert bpost.type_display.mode_name == "cells"
            assert "Bengali can't be set with" in bpost.screen_text()
            assert Preferences(tmp_path / "state").values.text[terminal] == "auto"


@pytest.mark.parametrize("size", [(110, 32), (180, 54)])
@pytest.mark.parametrize("language", ["en", "bn"])
async def test_masthead_after_switching_type_equals_a_fresh_start(
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
