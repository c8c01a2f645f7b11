"""Tests of the times when the screen is painted, and of the number of writes for a frame."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from queue import SimpleQueue
from types import SimpleNamespace

import pytest
from textual.app import ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from bpost_tui.model.story import RowKey, SavedStory
from bpost_tui.tui.shared.paced_screen import PacedScreen
from bpost_tui.tui.story import story_controller
from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.textual.driver import boundary_driver
from bpost_tui.typesetting.textual.type_app import TypeApp
from bpost_tui.typesetting.typeset.pixel_typesetter import MAX_COLS
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.fenced_terminal import FencedTerminal
from tests.tui.reader_facade import IN_TIME_S, Reader, allow_paint
from tests.tui.repaint_check import Named

_FRAMES_S = 0.2
"""Time in seconds, long enough for a dozen of Textual's frames unless they wait."""


class Slow(HeadlessDriver):
    """Driver that collects the output in `written`, and has a queue for output that a stalled terminal doesn't read."""

    written: list[str]

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.written = []
        self._writer_thread = SimpleNamespace(_queue=SimpleQueue())

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)


class Page(PacedScreen):
    def compose(self) -> ComposeResult:
        yield Static("first")

    def on_mount(self) -> None:
        allow_paint(self)


async def written(pilot: Pilot[None], driver: Slow, text: str) -> None:
    """Wait until the output collected by `driver` contains `text`."""
    async with asyncio.timeout(IN_TIME_S):
        while text not in "".join(driver.written):
            await pilot.pause()


@asynccontextmanager
async def painted() -> AsyncIterator[tuple[Page, Pilot[None], Slow]]:
    """Open a page with the driver `Slow`; after the first frame, yield (page, pilot, driver)."""
    display = Display(Capabilities("", (), RenderMode.CELLS, "a test", 10, 20))
    page = Page(display.surfaces)

    class Painted(TypeApp[None]):
        def on_mount(self) -> None:
            self.push_screen(page)

    app = Painted(display, {"text": (1, 2, 3)})
    app.driver_class = boundary_driver(Slow, display.boundary)
    async with app.run_test(headless=False, size=(20, 3)) as pilot:
        driver = app._driver
        assert isinstance(driver, Slow)
        await written(pilot, driver, "first")
        yield page, pilot, driver


async def test_lagging_terminal_gets_only_the_newest_frame() -> None:
    async with painted() as (page, pilot, driver):
        driver._writer_thread._queue.put("a frame that waits")
        driver.written.clear()
        for text in ("second", "third", "fourth"):
            page.query_one(Static).update(text)
            await pilot.pause()
        assert driver.written == []
        driver._writer_thread._queue.get()
        await written(pilot, driver, "fourth")
        assert "second" not in "".join(driver.written) and "third" not in "".join(driver.written)


@pytest.mark.parametrize(("render_mode", "how"), [(RenderMode.KITTY, "pixels"), (RenderMode.CELLS, "cells")])
@pytest.mark.parametrize("dialog", ["", "question_mark"])
async def test_reader_paints_only_the_last_state_for_a_busy_terminal(
    reader: ReaderFactory, sample_portal: SamplePortal, render_mode: RenderMode, how: str, dialog: str
) -> None:
    terminal = FencedTerminal()
    async with reader(sample_portal.address, render_mode=render_mode, how=how, fenced=terminal) as bpost:
        await bpost.press(*([dialog] if dialog else []))
        assert bpost.surfaces.screen.surfaces(), "the painter records no surface"
        terminal.is_busy = True
        bpost.screenful.frames = frames = list[list[Named]]()
        bpost.show_refresh_message("a frame without a reply")
        assert await bpost.until(lambda: bool(frames))
        await bpost.pilot.press(*(("pagedown", "pageup", "pagedown") if dialog else ("j", "j", "j")))
        assert await bpost.until(lambda: bpost.shown == bpost.posts.stories[bpost.posts.cursor].id)
        await asyncio.sleep(_FRAMES_S)
        assert len(frames) == 1
        terminal.is_busy = False
        terminal.answer()
        await bpost.settle()
        assert all(frame == frames[-1] for frame in frames[1:])


@pytest.mark.given(prepares=False)  # a busy machine takes longer for a key than the rest before which the next story is read
async def test_slow_line_gets_the_story_when_a_key_needs_it_and_none_before(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_controller, "_REST_S", 60.0)
    before, read, from_library = bpost.saved, list[RowKey](), bpost.listings.story_and_item

    def noted(key: RowKey) -> tuple[SavedStory, int]:
        read.append(key)
        return from_library(key)

    monkeypatch.setattr(bpost.listings, "story_and_item", noted)
    monkeypatch.setattr(bpost.driver, "is_line_slow", True, raising=False)
    await bpost.pilot.press("j", "j", "j")
    assert bpost.saved is before and read == []
    await bpost.press("a")  # the list of links waits for the story
    assert bpost.saved is not None and bpost.saved is not before
    assert read[0] == bpost.saved.key


async def test_slow_line_gets_the_story_once_the_cursor_rests(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(story_controller, "_REST_S", 0.01)
    monkeypatch.setattr(bpost.driver, "is_line_slow", True, raising=False)
    before = bpost.saved
    await bpost.press("j")
    assert bpost.saved is not None and bpost.saved is not before


async def test_driver_writes_a_synchronized_frame_whole() -> None:
    async with painted() as (_, _, driver):
        driver.written.clear()
        for piece in ("\x1b[?2026h", "a frame", "\x1b[?2026l", "\x07"):
            driver.write(piece)
        assert driver.written == ["\x1b[?2026ha frame\x1b[?2026l", "\x07"]


async def test_story_scrolled_back_reuses_its_strips(bpost: Reader) -> None:
    await bpost.press("enter")
    lines = Region(0, 0, bpost.story.scrollable_content_region.width, 6)
    before = bpost.story.render_lines(lines)
    bpost.story.go_to(2)
    assert bpost.story.render_lines(lines)[:4] == before[2:]
    assert all(now is then for now, then in zip(bpost.story.render_lines(lines), before[2:], strict=False))
    bpost.story.reset()
    assert all(now is not then for now, then in zip(bpost.story.render_lines(lines), before[2:], strict=False))


@pytest.mark.given(render_mode=RenderMode.KITTY, how="pixels", size=(100, 26))
async def test_paging_through_a_story_skips_no_line(bpost: Reader) -> None:
    await bpost.press("enter")
    story, galley = bpost.story, bpost.galley
    assert galley is not None and galley.rows > 2 * len(bpost.window)
    windows = [bpost.window]
    while not story.at_end:
        story.page(1)
        windows.append(bpost.window)
    assert any(galley.uncut_rows(window) != window for window in windows), "nothing was cut"
    assert all(after.start <= galley.uncut_rows(before).stop for before, after in pairwise(windows))
    back = 0
    while story.scroll_offset.y:
        below = galley.uncut_rows(bpost.window)
        story.page(-1)
        assert bpost.window.stop >= below.start
        back += 1
    assert back <= len(windows) + 1


@pytest.mark.parametrize(
    ("render_mode", "how", "narrow"), [(RenderMode.MOSAIC, "mosaic", True), (RenderMode.KITTY, "pixels", False)]
)
async def test_lines_reach_the_edge_of_a_very_wide_window(
    reader: ReaderFactory, sample_portal: SamplePortal, render_mode: RenderMode, how: str, narrow: bool
) -> None:
    async with reader(sample_portal.address, render_mode=render_mode, how=how, size=(MAX_COLS + 43, 60)) as bpost:
        if narrow:  # in large letters
            await bpost.press(*["plus"] * 8)
        assert bpost.main.has_class("-narrow") is narrow
        for widget in (bpost.posts, bpost.footer) if narrow else (bpost.footer,):
            width = widget.scrollable_content_region.width
            assert width > MAX_COLS
            lengths = {sum(slice.cell_length for slice in widget.render_line(y)) for y in range(widget.content_size.height)}
            assert lengths == {width}


async def test_unchanged_list_is_repainted_only_for_its_ages(
    reader: ReaderFactory, sample_portal: SamplePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[Widget] = []
    set_dirty = Widget._set_dirty

    def noted(widget: Widget, *regions: Region) -> None:
        painted.append(widget)
        set_dirty(widget, *regions)

    async with reader(sample_portal.address) as bpost:
        await bpost.reloaded()
        monkeypatch.setattr(Widget, "_set_dirty", noted)
        await bpost.reloaded()
        assert not {bpost.posts, bpost.story} & set(painted)
        bpost.tick()
        await bpost.reloaded()
        assert bpost.posts in painted


async def test_change_below_a_dialog_repaints_whole_rows(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await bpost.press("question_mark")
    dialog, below = bpost.app.screen, bpost.app.screen_stack[-2]
    assert dialog is not below
    repainted: list[Region] = []
    repaint = dialog.refresh

    def noted(*regions: Region, **named: bool) -> Widget:
        repainted.extend(regions)
        return repaint(*regions, **named)

    monkeypatch.setattr(dialog, "refresh", noted)
    below.query_one("#posts").refresh()
    assert await bpost.until(lambda: bool(repainted))
    assert {(region.x, region.width) for region in repainted} == {(0, bpost.app.size.width)}
