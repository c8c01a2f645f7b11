"""Tests of the compact list (one line per story): chosen by key, remembered, and automatic in a low window."""

from __future__ import annotations

from datetime import timedelta
from unicodedata import normalize

import pytest

from bpost_tui.model.datelines import without_tag
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.tui.widgets.row_list import CURSOR_BAR
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def letters(text: str) -> str:
    return normalize("NFD", text)


def is_one_line_each(bpost: Reader) -> bool:
    return set(bpost.row_heights.values()) == {1}


async def test_key_makes_the_list_compact_and_is_remembered(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        assert not is_one_line_each(bpost)
        await bpost.press("j", "j", "C")
        assert is_one_line_each(bpost)
        lines = bpost.screen_text().splitlines()
        row = bpost.posts.story
        assert row is not None
        line = next(line for line in lines if CURSOR_BAR in line)
        assert letters(without_tag(row.title).split()[0]) in letters(line) and bpost.language.age(row.published, bpost.now) in line
        assert bpost.posts.cursor == 2
    async with reader(sample_portal.address) as bpost:
        assert is_one_line_each(bpost)
        await bpost.press("C")
        assert not is_one_line_each(bpost)


@pytest.mark.parametrize(("size", "is_compact"), [((100, 40), False), ((60, 15), True), ((100, 14), True)])
async def test_list_is_compact_in_a_low_window(bpost: Reader, is_compact: bool) -> None:
    assert is_one_line_each(bpost) == is_compact


@pytest.mark.parametrize(("size", "has_age"), [((40, 12), False), ((60, 12), True)])
async def test_headline_has_a_narrow_line_for_itself(bpost: Reader, has_age: bool) -> None:
    await bpost.press("g")
    row = bpost.posts.story
    assert row is not None
    line = next(line for line in bpost.screen_text().splitlines() if CURSOR_BAR in line)
    assert (bpost.language.age(row.published, bpost.now) in line) == has_age
    headline = line.partition("●")[2].strip().partition("…")[0]
    assert letters(without_tag(row.title)).startswith(letters(headline))
    assert has_age or len(headline.split()) > 3


async def test_rule_of_the_last_visit_has_a_line_of_its_own(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library
) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        came = bpost.now + timedelta(minutes=1)
    library.save([Story(f"new-{n}", f"নতুন খবর {n}", published=came, full=True) for n in range(2)], now=came)
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("C", "j", "j", "j")
        lines = bpost.screen_text().splitlines()
        rule = next(at for at, line in enumerate(lines) if "─ Seen last time ─" in line)
        first = bpost.posts.region.y
        assert rule == first + 2
        assert CURSOR_BAR in lines[first + 4]


async def test_latin_row_in_a_mosaic_is_one_line_high(reader: ReaderFactory, sample_portal: SamplePortal, library: Library) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        came = bpost.now + timedelta(minutes=1)
    library.save([Story("latin", "Rain in Kolkata", published=came, full=True)], now=came)
    async with reader(sample_portal.address, language="en", render_mode=RenderMode.MOSAIC, how="mosaic", size=(130, 40)) as bpost:
        await bpost.press("C", "g")
        heights = bpost.row_heights
        row = bpost.posts.story
        assert row is not None and row.title == "Rain in Kolkata"
        assert heights[row.id] == 1 and set(heights.values()) > {1}
