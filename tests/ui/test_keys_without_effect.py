"""A key that can do nothing says why."""

from __future__ import annotations

import pytest

from tests.sample_portal.server import SamplePortal
from tests.ui.conftest import ReaderFactory


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("Z", "Z does nothing here · ?: the keys that work here"),
        ("at", "@ does nothing here · ?: the keys that work here"),
        ("f7", "F7 does nothing here · ?: the keys that work here"),
        ("ctrl+x", "Ctrl+X does nothing here · ?: the keys that work here"),
        ("ctrl+c", "No text is selected · Q: quit"),
    ],
)
async def test_key_that_can_do_nothing_says_why(reader: ReaderFactory, sample_portal: SamplePortal, key: str, said: str) -> None:
    async with reader(sample_portal.address, language="en", size=(160, 40)) as bpost:
        await bpost.press("enter", key)
        assert said in bpost.screen_text()


async def test_digit_beyond_the_categories_says_so(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en", size=(160, 40)) as bpost:
        assert bpost.categories.row_count() == 8
        await bpost.press("9")
        assert "There is no category 9" in bpost.screen_text()


async def test_key_that_does_nothing_is_told_in_bengali(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(160, 40)) as bpost:
        await bpost.press("Z")
        assert "Z বোতামে এখানে কিছু হয় না" in bpost.screen_text()


async def test_what_is_typed_in_a_line_is_no_key_in_vain(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("slash", "x", "f7")
        assert "does nothing here" not in bpost.screen_text()


async def test_type_of_another_size_in_cells_says_whose_it_is(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("plus")
        assert "change its font size" in bpost.screen_text()
