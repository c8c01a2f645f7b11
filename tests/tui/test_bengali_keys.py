"""Tests of the single-letter keys with a Bengali keyboard layout: the tests press the characters that the terminal sends then."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.keys.keyboard_layouts import LAYOUTS, aliases
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

KEYBOARDS = [("probhat", "auto"), *((layout, layout) for layout in LAYOUTS)]
"""(Layout that the test types with, value of `keyboard` in the config.)"""


@pytest.mark.parametrize(("layout", "keyboard"), KEYBOARDS)
async def test_keys_under_a_bengali_layout_move_and_mark(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, layout: str, keyboard: str
) -> None:
    def sent(key: str) -> str:
        return aliases(key, [layout])[0]

    async with reader(sample_portal.address, settings=Settings(keyboard=keyboard)) as bpost:
        first, second, third = (row.id for row in bpost.posts.stories[:3])
        await bpost.press(sent("j"), sent("j"), sent("k"))
        assert bpost.posts.cursor == 1
        await bpost.press(sent("s"), sent("m"))
        assert library.headline(second).starred and library.headline(second).read
        assert not library.headline(first).starred and not library.headline(third).read
        await bpost.press(sent("n"))
        assert bpost.posts.cursor == 2
        await bpost.press(sent("l"), sent("h"))
        assert bpost.pane == "posts"
        await bpost.press(sent("2"))
        assert bpost.categories.cursor == 1


@pytest.mark.given(language="en", settings=Settings(keyboard="inscript"))
async def test_help_in_a_bengali_layout_shows_latin_keys(bpost: Reader) -> None:
    await bpost.press("য")  # ? under InScript
    assert "Next unread story" in bpost.screen_text()
    assert bpost.dialog == "help"
    assert [bpost.help_keys(action) for action in ("browser", "down", "help")] == ["o", "↓  j", "?"]
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


async def test_bengali_letters_are_text_in_the_palette(bpost: Reader) -> None:
    await bpost.press("ctrl+p", "ত", "া", "র", "া")
    assert "তারা" in bpost.screen_text()
    await bpost.press("escape")
    assert bpost.posts.cursor == 0


@pytest.mark.given(settings=Settings(keys={"star": ("j",)}))
async def test_configured_key_works_in_a_bengali_layout(bpost: Reader, library: Library) -> None:
    story = bpost.posts.stories[0].id
    await bpost.press("জ")
    assert library.headline(story).starred
    await bpost.press("j")
    assert not library.headline(story).starred
    await bpost.press("s", "down")
    assert bpost.posts.cursor == 1 and not library.headline(story).starred


@pytest.mark.given(language="en", terminal="", how="auto")
async def test_type_question_takes_its_keys_in_a_bengali_layout(bpost: Reader) -> None:
    await bpost.press("ঠ")  # T
    assert "Can you read this" in bpost.screen_text()
    await bpost.press("জ")
    assert "Can you read this" in bpost.screen_text()
    await bpost.press("এ")  # y
    assert "Can you read this" not in bpost.screen_text()
