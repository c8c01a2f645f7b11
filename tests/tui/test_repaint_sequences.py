"""Tests that the screen stays right during long sequences of keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.geometry import Region

from bpost_tui.config import Settings
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import unlike

LONG = "দীর্ঘ শিরোনাম যা এক সারিতে কিছুতেই ধরে না, দুই সারি লাগেই লাগে, তিনটিও লাগতে পারে যদি পাতা সরু হয়"
PIXELS = {"render_mode": RenderMode.KITTY, "how": "pixels"}


@pytest.fixture
def stories(library: Library) -> Library:
    """Return a library of sixty stories: every third with a long headline, every fifth without an excerpt, the newest very long."""
    text = tuple(Paragraph((Span(f"অনুচ্ছেদ {at}: " + "মেদিনীপুরের নদীর জল বাড়ছে। " * 12),)) for at in range(120))
    library.save(
        [
            Story(
                f"g{at}",
                LONG if at % 3 == 1 else f"খবর {at}",
                published=NOW.replace(minute=at % 30, hour=5 - at // 30),
                excerpt="" if at % 5 == 0 else "প্রথম বাক্য। দ্বিতীয় বাক্য, যা একটু দীর্ঘ।",
                blocks=text if at == 29 else (Paragraph((Span("ছোট খবর।"),)),),
                full=True,
            )
            for at in range(60)
        ],
        now=NOW,
    )
    return library


@pytest.mark.parametrize("max_bytes", [64 << 20, 6 << 20, 1])
async def test_masthead_is_unchanged_after_a_hundred_pages(reader: ReaderFactory, stories: Library, max_bytes: int) -> None:
    async with reader(NOWHERE, offline=True, max_bytes=max_bytes, size=(100, 30), **PIXELS) as bpost:
        await bpost.press("enter")
        first = bpost.screenful.named()
        head = bpost.answer_region
        for page in range(100):
            if bpost.story.at_end:
                await bpost.press("g")
            await bpost.press("space")
            now = bpost.screenful.named()
            assert not unlike(first[: head.bottom], now[: head.bottom]), page
        assert bpost.surfaces.retained_bytes <= max(max_bytes, 16 << 20)


@pytest.mark.given(address=NOWHERE, offline=True, size=(130, 40), **PIXELS)
async def test_rows_keep_their_height_after_zoom_and_back(stories: Library, bpost: Reader) -> None:
    await bpost.press(*"jjjjj")
    before = bpost.screenful.named()
    await bpost.press("+", "-")
    assert not unlike(before, bpost.screenful.named())


@pytest.mark.given(address=NOWHERE, offline=True, size=(130, 40), **PIXELS)
async def test_list_keeps_its_position_after_a_redraw(stories: Library, bpost: Reader) -> None:
    await bpost.press(*"j" * 30)
    region, before = bpost.cursor_region, bpost.screenful.named()
    rows = slice(bpost.posts.region.y, bpost.posts.region.bottom)
    for keys in ("t", "escape"), ("ctrl+l",), ("?", "escape"), ("+", "-"), ("T", "T", "T"):
        await bpost.press(*keys)
        assert bpost.cursor_region == region, keys
        assert bpost.row_at(bpost.posts.scroll_offset.y)[1] == 0, keys
        if keys != ("T", "T", "T"):
            assert not unlike(before[rows], bpost.screenful.named()[rows]), keys


@pytest.mark.parametrize("meanwhile", ["marked by another process", "measured again", "resized and back"])
@pytest.mark.given(address=NOWHERE, offline=True, size=(130, 40), **PIXELS)
async def test_list_keeps_its_position_if_it_changes_while_zoomed(stories: Library, bpost: Reader, meanwhile: str) -> None:
    await bpost.press(*"j" * 30)
    region = bpost.cursor_region
    await bpost.press("+")
    assert bpost.cursor_region != region  # larger rows don't fit there
    if meanwhile == "marked by another process":
        stories.set_mark("read", [row.id for row in bpost.posts.stories[29:31]], True, now=NOW)
        bpost.notice_others()
    elif meanwhile == "measured again":
        bpost.posts.on_resize()
    else:
        for height in 36, 40:
            await bpost.pilot.resize_terminal(130, height)
            await bpost.settle()
    await bpost.settle()
    await bpost.press("-")
    assert bpost.cursor_region == region


@pytest.mark.given(address=NOWHERE, offline=True, size=(80, 40), settings=Settings())
async def test_row_of_a_read_story_fits_its_new_headline(stories: Library, bpost: Reader) -> None:
    await bpost.press("j", "m", "j", "m", "k")
    heights = bpost.row_heights
    for row in bpost.posts.stories:
        if row.id in heights:
            at = bpost.posts.slice.index_of(row.key)
            assert at is not None
            assert heights[row.id] == bpost.posts._galley(at, bpost.posts.scrollable_content_region.width - 2).rows + 1


@pytest.mark.given(address=NOWHERE, offline=True, size=(100, 20))
async def test_list_at_its_end_has_whole_rows_after_a_resize(stories: Library, bpost: Reader) -> None:
    await bpost.press("G", "k")
    for _ in range(5):
        await bpost.pilot.resize_terminal(100, 50)
        await bpost.settle()
        assert bpost.row_at(bpost.posts.scroll_offset.y)[1] == 0
        before = bpost.screenful.named()
        await bpost.press("ctrl+l")
        assert not unlike(before, bpost.screenful.named())
        await bpost.pilot.resize_terminal(100, 20)
        await bpost.settle()


async def test_list_reloaded_under_the_categories_is_at_its_top(reader: ReaderFactory, stories: Library) -> None:
    fair = (Category("fair", "Fair"),)
    many = [
        Story(f"c{at}", f"মেলা {at}", published=NOW - timedelta(days=1, hours=at), categories=fair if at % 8 == 0 else ())
        for at in range(270)
    ]
    stories.save(many, now=NOW)
    async with reader(NOWHERE, offline=True, size=(80, 25), **PIXELS) as bpost:
        for _ in range(70):
            await bpost.press("j")
        assert bpost.posts.scroll_offset.y > 0
        await bpost.press("h")
        assert not bpost.posts.scrollable_content_region.height
        await bpost.press("j", "k", "l")
        assert (bpost.posts.cursor, bpost.posts.scroll_offset.y) == (0, 0)


async def test_dialog_is_painted_together_with_a_part_of_its_screen(bpost: Reader) -> None:
    await bpost.press("e")
    screen, choices = bpost.app.screen, bpost.app.focused
    assert choices is not None
    screen.refresh(Region(0, 0, 3, 1))  # as Textual does after a change below a dialog
    choices.refresh(Region(0, 0, 5, 1))
    screen._compositor.update_widgets({screen})  # as it names them then
    assert any(region.overlaps(choices.region) for region in screen._compositor._dirty_regions)


@pytest.mark.parametrize("key", ["?", ":", ",", "A", "t", "a"])
@pytest.mark.parametrize("how", ["cells", "mosaic"])
async def test_resized_dialog_equals_a_newly_opened_one(
    reader: ReaderFactory, sample_portal: SamplePortal, key: str, how: str
) -> None:
    async with reader(sample_portal.address, size=(140, 40), render_mode=RenderMode.MOSAIC, how=how) as bpost:
        await bpost.press("enter" if key == "a" else "g", key)
        for size in ((60, 20), (100, 30)):
            await bpost.pilot.resize_terminal(*size)
            await bpost.rest()  # the progress in the story appears a moment later
            shown = bpost.screenful.named()
            await bpost.press("escape", key)
            await bpost.rest()
            assert unlike(shown, bpost.screenful.named()) == []


@pytest.mark.given(size=(140, 40), **PIXELS)
async def test_words_under_a_moved_box_are_repainted_whole(bpost: Reader) -> None:
    await bpost.press("alt+right", ":")  # with widths set by the reader, panes keep their size
    for cols in (130, 139, 132, 140):
        await bpost.pilot.resize_terminal(cols, 40)
        await bpost.rest()
        before = bpost.screenful.named()
        bpost.app.redraw()
        await bpost.rest()
        assert unlike(before, bpost.screenful.named()) == []
