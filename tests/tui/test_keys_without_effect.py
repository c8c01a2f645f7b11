"""Tests that a key without effect gives the reason."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

NAMES = {"Z": "Z", "number_sign": "#", "f7": "F7", "ctrl+x": "Ctrl+X"}


@pytest.mark.given(size=(160, 40))
async def test_key_without_effect_shows_the_reason(bpost: Reader) -> None:
    assert bpost.categories.row_count() == 8
    await bpost.press("9")
    assert "There is no category 9" in bpost.screen_text()
    await bpost.press("enter")
    for key, message in (
        *((key, f"{name} does nothing here · ?: the keys that work here") for key, name in NAMES.items()),
        ("ctrl+c", "No text is selected · Q: quit"),
    ):
        await bpost.press(key)
        assert message in bpost.screen_text()


@pytest.mark.given(size=(160, 40), language="bn")
async def test_key_without_effect_shows_a_bengali_message(bpost: Reader) -> None:
    await bpost.press("Z")
    assert "Z বোতামে এখানে কিছু হয় না" in bpost.screen_text()


async def test_typed_text_shows_no_message_about_unused_keys(bpost: Reader) -> None:
    await bpost.press("slash", "x", "f7")
    assert "does nothing here" not in bpost.screen_text()


async def test_zoom_in_cells_names_the_terminals_font_size(bpost: Reader) -> None:
    await bpost.press("plus")
    assert "change its font size" in bpost.screen_text()


@pytest.mark.parametrize("pane", ["posts", "story"])
@pytest.mark.given(address="http://127.0.0.1:1", offline=True)
async def test_key_shows_that_there_is_no_story(bpost: Reader, pane: str) -> None:
    for key in "msLBeoyY*&FW!|daivHxX":
        bpost.go(pane)
        bpost.status.show_answer("")
        await bpost.press(key)
        assert (key, bpost.message, bpost.dialog, bpost.is_asking) == (key, "There is no story here", "", False)


@pytest.mark.given(settings=Settings(keys={"draw_type": ("f2",), "search": ("f3",), "refresh": ("f4",), "back": ("f5",)}))
async def test_messages_name_the_keys_of_the_config(bpost: Reader) -> None:
    for key, message in (
        ("w", "There is no search to save; F3 starts one"),
        ("N", "No matches here; F3 finds words in a story"),
        ("i", "Cells can't show pictures; F2 draws type another way"),
    ):
        bpost.posts.cursor = next(at for at, row in enumerate(bpost.posts.stories) if row.tag == "Kangsabati")
        await bpost.press(key)
        assert bpost.message == message
    bpost.library.own_lists.create("empty", now=bpost.now)
    await bpost.reloaded()
    bpost.choose_category(len(bpost.categories.rows) - 1)
    await bpost.settle()
    assert "F5: categories · F4: fetch new stories" in bpost.screen_text()


@pytest.mark.given(settings=Settings(keys={"back": ("b",)}))
async def test_escape_leaves_a_line_despite_another_key_for_back(bpost: Reader) -> None:
    await bpost.press("slash", "b", "escape")
    assert not bpost.is_asking and not bpost.query
