"""Tests that a key without effect gives the reason."""

from __future__ import annotations

import pytest

from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

NAMES = {"Z": "Z", "at": "@", "f7": "F7", "ctrl+x": "Ctrl+X"}


@pytest.mark.given(size=(160, 40))
async def test_key_that_can_do_nothing_says_why(bpost: Reader) -> None:
    assert bpost.categories.row_count() == 8
    await bpost.press("9")
    assert "There is no category 9" in bpost.screen_text()
    await bpost.press("enter")
    for key, said in (
        *((key, f"{name} does nothing here · ?: the keys that work here") for key, name in NAMES.items()),
        ("ctrl+c", "No text is selected · Q: quit"),
    ):
        await bpost.press(key)
        assert said in bpost.screen_text()


@pytest.mark.given(size=(160, 40), language="bn")
async def test_key_that_does_nothing_is_told_in_bengali(bpost: Reader) -> None:
    await bpost.press("Z")
    assert "Z বোতামে এখানে কিছু হয় না" in bpost.screen_text()


async def test_what_is_typed_in_a_line_is_no_key_in_vain(bpost: Reader) -> None:
    await bpost.press("slash", "x", "f7")
    assert "does nothing here" not in bpost.screen_text()


async def test_type_of_another_size_in_cells_says_whose_it_is(bpost: Reader) -> None:
    await bpost.press("plus")
    assert "change its font size" in bpost.screen_text()
