"""Tests of the settings dialog (key `,`): a saved change is written into the config, and a cancelled change isn't."""

from __future__ import annotations

from typing import get_args

import pytest

from bpost_tui.config import Settings
from bpost_tui.config.settings import SETTINGS
from bpost_tui.errors import UsageError
from bpost_tui.tui.changes import settings_menu
from bpost_tui.tui.changes.settings_menu import ROWS
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


@pytest.mark.parametrize("name", ROWS)
def test_offered_values_are_valid_in_the_config(name: str) -> None:
    expected, (_, values) = SETTINGS[name].value, ROWS[name]
    assert expected is not None
    assert [expected.convert_toml(value) for value in values] == list(values)
    assert not values or SETTINGS[name].default in values
    allowed = {value for part in get_args(expected.type()) for value in (get_args(part) or (part,)) if not isinstance(value, type)}
    assert not values or not allowed or allowed == set(values)


@pytest.mark.given(language="en")
async def test_kept_settings_are_written_and_restart_the_reader(bpost: Reader) -> None:
    await bpost.press("comma")
    assert "‹ that of the system ›" in bpost.screen_text()
    await bpost.press("right", "down", "down", "down", "left")
    assert "‹ বাংলা ›" in bpost.screen_text() and "‹ oldest first ›" in bpost.screen_text()
    await bpost.pilot.press("enter")
    assert await bpost.until(lambda: not bpost.app.is_running)
    assert bpost.written == [{"language": "bn", "story_order": "oldest"}]
    assert bpost.app.return_value == "again"


async def test_cancelled_settings_restore_the_theme(bpost: Reader) -> None:
    before = bpost.app.theme
    await bpost.press("comma", "down", "right", "right")
    assert bpost.app.theme != before
    await bpost.press("escape")
    assert (bpost.app.theme, bpost.app.screen, bpost.written) == (before, bpost.main, [])


@pytest.mark.given(language="en", size=(130, 40), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_settings_in_a_mosaic_are_as_high_as_their_names(bpost: Reader) -> None:
    await bpost.press("comma")
    assert bpost.app.screen.query_one("#choice_box").outer_size.height < 20


@pytest.mark.given(language="en", size=(20, 6))
async def test_settings_have_their_names_in_a_tiny_window(bpost: Reader) -> None:
    await bpost.press("comma", "down", "down")
    shown = bpost.screen_text()
    assert "Type " in shown and "‹ the best…" in shown and "Stories" in shown


@pytest.mark.given(language="en")
async def test_settings_that_cannot_be_written_restore_the_theme(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bpost.app.theme

    def refuse(call: object, *arguments: object) -> None:
        raise UsageError("the config has an error, so that it can't be changed")

    monkeypatch.setattr(settings_menu, "to_thread", refuse)
    await bpost.press("comma", "down", "right", "enter")
    assert "the config has an error" in bpost.screen_text()
    assert bpost.app.theme == before


async def test_unchanged_settings_are_not_written(bpost: Reader) -> None:
    await bpost.press("comma", "right", "left", "enter")
    assert (bpost.app.screen, bpost.written) == (bpost.main, [])


async def test_lists_and_categories_begin_in_the_order_of_the_config(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        assert await bpost.until(lambda: bool(bpost.posts.stories))
        usual = [row.id for row in bpost.posts.stories]
    async with reader(sample_portal.address, settings=Settings(story_order="oldest", category_order="unread")) as bpost:
        assert [row.id for row in bpost.posts.stories] == usual[::-1]
        unread = [row.unread for row in bpost.categories.rows[1:]]
        assert unread == sorted(unread, reverse=True)


@pytest.mark.given(size=(60, 16))
async def test_b_pages_back_as_in_less(bpost: Reader) -> None:
    await bpost.press("enter", "space", "space")
    there = bpost.story.scroll_offset.y
    await bpost.press("space")
    assert bpost.story.scroll_offset.y > there
    await bpost.press("b")
    assert bpost.story.scroll_offset.y == there
