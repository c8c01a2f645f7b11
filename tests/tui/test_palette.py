"""Tests of the palette and the help: typed words find every action and every list."""

from __future__ import annotations

import gc
import weakref
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widget import Widget

from bpost_tui.core.keys.actions import ACTIONS, Keys
from bpost_tui.i18n import Language
from bpost_tui.store.library import Library
from bpost_tui.tui.dialogs.choice_list import ChoiceList
from bpost_tui.tui.dialogs.palette import PaletteEntry, action_entries, matching_entries
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def names(bpost: Reader) -> list[str]:
    return [entry.name for entry in bpost.app.screen.query_one(ChoiceList).values]


@pytest.mark.given(language="en")
async def test_palette_offers_every_action_category_and_theme(bpost: Reader) -> None:
    await bpost.press("colon")
    offered = names(bpost)
    assert {action.help for action in ACTIONS if action.id != "palette"} <= set(offered)
    assert {count.name for count in bpost.categories.rows} <= set(offered)
    assert "Theme: Night" in offered


async def test_palette_knows_stories_and_kept_searches(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    library.saved_searches.save("নদী", "kangsabati", now=now)
    async with reader(sample_portal.address, language="en") as bpost:
        story = next(row for row in bpost.posts.stories if "কংসাবতী" in row.title)
        await bpost.press("colon", *"kangsabati")
        assert names(bpost)[:2] == ["নদী", story.title]
        await bpost.press("down", "enter")
        assert bpost.pane == "story"
        assert bpost.posts.story is not None and bpost.posts.story.id == story.id
        await bpost.press("colon", *"kangsabati", "enter")
        assert bpost.query == "kangsabati"
        assert story.id in [row.id for row in bpost.posts.stories]


@pytest.mark.given(language="en")
async def test_palette_opens_a_story_outside_the_list(bpost: Reader) -> None:
    story = next(row for row in bpost.posts.stories if "কংসাবতী" in row.title)
    await bpost.press("slash", *"vidyasagar", "enter")
    assert bpost.posts.slice.index_of(story.key) is None
    await bpost.press("colon", *"kangsabati", "enter")
    assert bpost.posts.story is not None and bpost.posts.story.id == story.id
    assert bpost.pane == "story"


async def test_help_is_found_by_typing_in_either_language(bpost: Reader) -> None:
    await bpost.press("question_mark", *"browser")
    assert "খবরটি ব্রাউজারে খুলুন" in bpost.screen_text()
    await bpost.press(*["backspace"] * 7, *"horof")
    assert "হরফ অন্য ভাবে দেখান" in bpost.screen_text()
    await bpost.press(*"zzz")
    assert "এমন কিছু নেই" in bpost.screen_text()
    await bpost.press("question_mark")
    assert bpost.app.screen is bpost.main


async def test_help_shows_the_keys_of_its_place(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    in_list, in_story = "Open the story ", "Next story, without"
    async with reader(sample_portal.address, language="en", size=(140, 60)) as bpost:
        for pane, has, lacks in ("posts", in_list, in_story), ("story", in_story, in_list):
            bpost.go(pane)
            await bpost.press("question_mark", *"story")
            shown = bpost.screen_text().replace("Open the story in", "")
            assert has in shown and lacks not in shown
            await bpost.press("escape", "escape")
            assert bpost.dialog == ""


ENTRIES = [PaletteEntry(name, "", str) for name in ("তারাচিহ্ন দিন", "Star the story", "restart", "পড়া হয়েছে")]


@given(st.text(max_size=12))
def test_palette_offers_each_match_once(typed: str) -> None:
    found = matching_entries(ENTRIES, typed)
    assert len(set(found)) == len(found)
    assert set(found) <= set(ENTRIES)


@pytest.mark.parametrize(
    ("typed", "first", "count"),
    [("star", "Star the story", 2), ("STORY st", "Star the story", 1), ("পড\u09bcা", "পড়া হয়েছে", 1), ("", "তারাচিহ্ন দিন", 4)],
)
def test_palette_ranks_word_beginnings_first(typed: str, first: str, count: int) -> None:
    found = matching_entries(ENTRIES, typed)
    assert (found[0].name, len(found)) == (first, count)


@pytest.mark.parametrize("typed", ["add", "add a p", "add  a paper"])
def test_palette_ranks_first_the_name_that_begins_with_all_that_is_typed(typed: str) -> None:
    entries = [
        PaletteEntry(name, "", str) for name in ("All links, with their addresses; a place", "Add a paper …", "Copy the address")
    ]
    assert matching_entries(entries, typed)[0].name == "Add a paper …"


def test_palette_shows_each_key_as_on_the_keyboard() -> None:
    notes = {entry.note for entry in action_entries(Language("en"), Keys(), lambda name: None)}
    assert "@" in notes
    assert not {note for note in notes if note.islower() and len(note) > 1}


def test_palette_ranks_names_before_addresses() -> None:
    papers = [PaletteEntry(f"Daily {at}", "", str, f"p{at}.example-{key}") for at, key in ((0, "c8451e"), (44, "a45d"), (45, "77"))]
    assert [each.name for each in matching_entries(papers, "daily 45")] == ["Daily 45", "Daily 0", "Daily 44"]


async def test_closed_help_frees_its_paint_caches(bpost: Reader) -> None:
    await bpost.press("question_mark")
    painted = [weakref.ref(widget._styles_cache) for widget in bpost.app.screen.walk_children(Widget, with_self=True)]
    await bpost.press("escape")

    def is_left() -> bool:
        gc.collect()
        return any(cache() for cache in painted)

    assert painted and await bpost.until(lambda: not is_left())


@pytest.mark.parametrize(("cols", "rows", "is_whole"), [(80, 20, True), (160, 50, False)])
async def test_palette_fills_the_window_rather_than_leave_slivers(
    reader: ReaderFactory, sample_portal: SamplePortal, cols: int, rows: int, is_whole: bool
) -> None:
    async with reader(sample_portal.address, language="en", size=(cols, rows)) as bpost:
        await bpost.press("colon")
        box = bpost.app.screen.query_one("#palette")
        assert (box.outer_size == bpost.app.size) is is_whole


@pytest.mark.parametrize(("rows", "framed"), [(30, False), (120, True)])
async def test_palette_and_help_drop_their_frame_in_a_low_window(
    reader: ReaderFactory, sample_portal: SamplePortal, rows: int, framed: bool
) -> None:
    async with reader(sample_portal.address, size=(100, rows), render_mode=RenderMode.MOSAIC, how="mosaic") as bpost:
        for key, name, page in (("colon", "#palette", "#choices"), ("question_mark", "#help", "#keys")):
            await bpost.press(key)
            box, line = bpost.app.screen.query_one(name), bpost.app.screen.query_one("#line")
            assert (box.styles.border_top[0] == "round") is framed
            if not framed:
                assert bpost.app.screen.query_one(page).outer_size.height == rows - line.outer_size.height
            await bpost.press("escape")


@pytest.mark.given(size=(110, 32), language="en", render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_palette_rows_in_latin_are_one_line_in_a_mosaic(bpost: Reader) -> None:
    await bpost.press("colon")
    choices = bpost.app.screen.query_one("#choices", ChoiceList)
    await bpost.settle()
    assert [choices.window.heights.height(row) for row in range(20)] == [1] * 20


@pytest.mark.given(language="en", size=(130, 32))
async def test_palette_finds_the_language_setting(bpost: Reader) -> None:
    for typed in ("lang", "bhasha", "settings"):
        await bpost.press("colon", *typed, "enter")
        assert bpost.dialog == "choice"
        assert "‹ that of the system ›" in bpost.screen_text()
        await bpost.press("escape")
        assert bpost.dialog == ""


@pytest.mark.given(size=(80, 24), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_palette_without_a_frame_fills_the_window(bpost: Reader) -> None:
    await bpost.press("colon")
    box = bpost.app.screen.query_one("#palette")
    assert box.has_class("-bare") and box.outer_size == bpost.app.size
