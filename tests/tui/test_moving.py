"""Tests of moving: numbers before keys, categories by their digits, and from section to section."""

from __future__ import annotations

import pytest

from bpost_tui.model.blocks import Heading, Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.tui.lists import count_prefix
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

ABOVE_THE_TEXT = 4
"""Number of items above a story's text: category, headline, the line below it, and a rule."""


COUNTED = [
    (("5", "j"), 5),
    (("5", "down", "2", "k"), 3),
    (("1", "0", "G"), 9),
    (("1", "0", "j"), -1),
    (("৫", "j"), 5),
    (("১", "০", "G"), 9),
    (("3", "J"), 3),
    (("3", "J", "2", "K"), 1),
    (("4", "n", "2", "p"), 2),
    (("9", "9", "j"), -1),
    (("0", "j"), 1),
    (("G", "4", "g"), 3),
    (("1", "2", "escape", "j"), 1),
    (("1", "2", "W", "j"), 1),
]
"""Pairs of keys, pressed on the first story, and the index of the story under the cursor afterwards; -1 is the last."""


def slugs(bpost: Reader) -> list[str]:
    return bpost.slugs


async def test_count_repeats_a_motion(bpost: Reader) -> None:
    for keys, cursor in COUNTED:
        await bpost.press("home", *keys)
        assert (keys, bpost.posts.cursor) == (keys, range(len(bpost.posts.stories))[cursor])
    assert bpost.categories.cursor == 0


@pytest.mark.given(size=(90, 24))
async def test_count_shows_in_the_footer_until_used(bpost: Reader) -> None:
    await bpost.pilot.press("1", "2")
    await bpost.pilot.pause()
    assert bpost.screen_text().splitlines()[-1].rstrip().endswith("১২")
    await bpost.press("j")
    assert not bpost.screen_text().splitlines()[-1].rstrip().endswith("১২")
    await bpost.pilot.press(*"999999999")
    await bpost.pilot.pause()
    assert bpost.screen_text().splitlines()[-1].rstrip().endswith(" ৯৯,৯৯,৯৯৯")


async def test_digit_alone_is_a_category(bpost: Reader) -> None:
    for keys in (("3",), ("3", "enter"), ("৩",), ("0", "3")):
        await bpost.press("1", "enter", *keys)
        assert bpost.categories.cursor == 2
        assert bpost.pane == "posts"
        slug = slugs(bpost)[2]
        assert all(slug in [category.slug for category in row.categories] for row in bpost.posts.stories)


async def test_digit_alone_chooses_a_category_after_a_pause(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(count_prefix, "ALONE_S", 0.01)
        await bpost.pilot.press("3")
    assert await bpost.until(lambda: bpost.categories.cursor == 2)


async def test_digit_acts_at_once_in_an_empty_list(bpost: Reader) -> None:
    await bpost.pilot.press("3")
    assert (bpost.count, bpost.categories.cursor) == (3, 0)
    await bpost.press("escape", "slash", *"ঢঢঢঢ", "enter")
    assert not bpost.posts.stories
    await bpost.pilot.press("3")
    assert (bpost.count, bpost.categories.cursor) == (None, 2)
    await bpost.settle()
    assert bpost.posts.stories and not bpost.query


async def test_digit_before_a_key_without_count_chooses_a_category(bpost: Reader, library: Library) -> None:
    await bpost.press("3", "s")
    starred = [row for row in bpost.posts.stories if row.starred]
    assert bpost.categories.cursor == 2
    assert len(starred) <= 1


async def test_number_of_no_category_with_enter_does_nothing(bpost: Reader) -> None:
    await bpost.press("9", "9", "enter")
    assert bpost.pane == "posts"
    assert (bpost.categories.cursor, bpost.posts.cursor) == (0, 0)
    assert bpost.count is None


async def test_escape_clears_the_count_before_leaving_a_search(bpost: Reader) -> None:
    await bpost.press("slash", *"nodi", "enter", "1", "2", "escape")
    assert bpost.query == "nodi"
    assert bpost.count is None
    await bpost.press("escape")
    assert bpost.query == ""


async def test_digits_in_a_search_are_text(bpost: Reader) -> None:
    await bpost.press("slash", "2", "0")
    assert bpost.line.value == "20"
    assert bpost.count is None


@pytest.mark.given(size=(80, 24))
async def test_count_moves_by_lines_in_a_story(bpost: Reader) -> None:
    await bpost.press("enter", "7", "j", "2", "k")
    assert bpost.story.scroll_offset.y == 5
    await bpost.press("1", "2", "G")
    assert bpost.story.scroll_offset.y == 11


def _story(*, heads: bool) -> Story:
    text = Paragraph((Span("একটি অনুচ্ছেদ যা কয়েক সারি জুড়ে থাকে " * 12),))
    head = Heading((Span("উপশিরোনাম"),))
    blocks = (text, text, head, text, text, head, text, text, text, text) if heads else (text,) * 10
    return Story("গ", "শিরোনাম", published=NOW, blocks=blocks, full=True)


@pytest.mark.parametrize(("heads", "stops"), [(True, [2, 5]), (False, [0, 1])])
async def test_sections_are_sub_heads_or_paragraphs(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, heads: bool, stops: list[int]
) -> None:
    (number,) = library.save([_story(heads=heads)], now=NOW).new
    async with reader(sample_portal.address, size=(60, 16), offline=True, open_story=number) as bpost:
        seen = []
        for key in ("]", "]", "["):
            await bpost.press(key)
            seen.append(bpost.story.item - ABOVE_THE_TEXT)
        assert seen == [*stops, stops[0]]
        await bpost.press("9", "9", "]")
        assert bpost.story.at_end
        await bpost.press("9", "9", "[")
        assert bpost.story.scroll_offset.y == 0
        await bpost.press("2", "]")
        assert bpost.story.item - ABOVE_THE_TEXT == stops[1]
