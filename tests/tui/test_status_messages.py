"""Tests of status messages: they are beside the paper's name, cover no text, and disappear after a while."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from textual.geometry import Region

from bpost_tui.core.fetcher import Fetcher
from bpost_tui.refresh import RefreshEvent, RefreshPlan, RefreshResult
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

SIZES = [(32, 3), (40, 12), (80, 24), (120, 30), (200, 50)]


def panes(bpost: Reader) -> list[Region]:
    """Return the regions of the visible panes."""
    return [pane.region for pane in (bpost.categories, bpost.posts, bpost.story) if pane.region]


def marks(bpost: Reader) -> list[tuple[bool, bool, bool]]:
    return [(row.read, row.starred, row.later) for row in bpost.posts.stories]


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("size", SIZES)
async def test_status_message_is_whole_and_moves_nothing(bpost: Reader) -> None:
    before, focused = panes(bpost), bpost.main.focused
    for key, sentence in (
        ("s", "Star added"),
        ("L", "Added to Read later"),
        ("m", "Marked read"),
        ("U", "Read stories are hidden"),
    ):
        await bpost.press(key)
        assert bpost.text(sentence) in bpost.screen_text()
        assert panes(bpost) == before
        assert bpost.main.focused is focused


async def test_change_is_undone_by_a_click_on_its_message(bpost: Reader) -> None:
    before = marks(bpost)
    for keys in ("s",), ("L",), ("m",), ("A", "enter"):
        await bpost.press(*keys)
        assert "· u: undo" in bpost.screen_text()
        assert marks(bpost) != before
        await bpost.pilot.click("#status")
        await bpost.settle()
        assert marks(bpost) == before
        assert "Undone: " in bpost.screen_text()
        await bpost.pilot.click("#status")
        await bpost.settle()
        assert marks(bpost) == before


async def test_message_disappears_after_ten_seconds(bpost: Reader) -> None:
    await bpost.press("s")
    assert bpost.message == "Star added · u: undo"
    bpost.tick(9)
    assert not await bpost.until(lambda: not bpost.message, 0.6)
    bpost.tick(1)
    assert await bpost.until(lambda: "Star added" not in bpost.message)
    await bpost.settle()
    assert "Star added" not in bpost.screen_text()


async def test_message_disappears_when_moving(bpost: Reader) -> None:
    for goes in ("j",), ("3",), ("enter", "J"), ("escape", "slash", "n"):
        await bpost.press("s")
        assert "Star " in bpost.message
        await bpost.press(*goes)
        assert "Star " not in bpost.message, goes


async def test_message_about_no_story_stays_when_moving(bpost: Reader) -> None:
    await bpost.press("plus", "j")
    assert bpost.message == "In cells the terminal draws the letters: change its font size"


async def test_mark_that_removes_its_row_is_reported(bpost: Reader) -> None:
    await bpost.press("U")
    first = bpost.shown
    await bpost.press("m", "r")
    await bpost.press("down", "m")
    assert bpost.message == "Marked read · u: undo"
    assert bpost.shown != first


async def test_repeated_message_is_counted(bpost: Reader) -> None:
    await bpost.press("u")
    assert bpost.message == "Nothing to undo"
    await bpost.press("u", "u")
    assert bpost.message == "Nothing to undo ×3"
    assert "×3" in bpost.screen_text()
    for message in ("Nothing new", "Nothing new ×2", "Nothing new ×3"):
        await bpost.press("r")
        assert bpost.message == message


@pytest.mark.given(offline=True)
async def test_refresh_offline_shows_the_reason(bpost: Reader) -> None:
    await bpost.press("r")
    assert bpost.message == "Offline: nothing is fetched"
    await bpost.press("r")
    assert bpost.message == "Offline: nothing is fetched ×2"


async def test_story_read_to_its_end_shows_no_message(bpost: Reader) -> None:
    await bpost.press("enter", "G")
    assert bpost.posts.stories[0].read
    assert "undo" not in bpost.message
    await bpost.press("u")
    assert not bpost.posts.stories[0].read


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_message_in_zen_uses_the_empty_row_above_the_story(bpost: Reader) -> None:
    await bpost.press("z")
    before = bpost.story.content_region
    for key, message in (("s", "Star added · u: undo"), ("u", "Undone: no longer starred")):
        await bpost.press(key)
        assert message in bpost.screen_text()
        assert bpost.story.content_region == before
    bpost.tick()
    assert await bpost.until(lambda: not bpost.message)
    await bpost.settle()
    assert "Undone" not in bpost.screen_text()
    assert bpost.story.content_region == before
    await bpost.press("s", "z")
    assert bpost.text("The Bengal Post") in bpost.screen_text()


@pytest.mark.parametrize("size", SIZES[1:])
async def test_problem_at_the_start_is_shown_whole_and_stays(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]
) -> None:
    problem = "config.toml:3: there is no setting them; did you mean theme? · line 7: zoom_px is too large"
    async with reader(sample_portal.address, language="en", size=size) as bpost:
        bpost.show_notice(problem)
        await bpost.settle()
        assert problem.replace(" ", "") in "".join(bpost.screen_text().split())
        assert not any(bpost.answer_region.overlaps(pane) for pane in panes(bpost))
        bpost.tick()
        await bpost.press("down")
        assert bpost.message == problem
        bpost.tick()
        assert await bpost.until(lambda: bpost.message != problem)


@pytest.mark.given(size=(100, 36))
async def test_long_message_takes_two_lines_and_moves_nothing(bpost: Reader) -> None:
    before, answer = panes(bpost), "Story sent to " + " ".join(f"program-{number}" for number in range(9))
    bpost.status.show_answer(answer)
    await bpost.settle()
    assert panes(bpost) == before
    rows = bpost.screen_text().splitlines()[1:3]  # below the blank row
    assert all(word in "".join(rows) for word in answer.split())
    assert bpost.text("The Bengal Post").split()[0] in "".join(rows)


@pytest.mark.given(size=(140, 40), render_mode=RenderMode.MOSAIC)
async def test_message_in_a_mosaic_is_whole(bpost: Reader) -> None:
    await bpost.press("T", "s")
    assert "Star added" in " ".join(bpost.screen_text().split())


async def test_message_replaces_the_progress_for_a_while(bpost: Reader) -> None:
    status = bpost.status
    status.show_refresh_message("Fetching new stories …", is_sticky=True)
    await bpost.press("s")
    assert bpost.message == "Star added · u: undo"
    status.show_refresh_message("● 12 new", is_accented=True, waits_for_activity=True)
    await bpost.settle()
    assert bpost.message == "Star added · u: undo"
    bpost.tick(10)
    assert await bpost.until(lambda: bpost.message == "● 12 new")
    bpost.tick(3600)
    await bpost.settle()
    assert bpost.message == "● 12 new"


async def test_refresh_shows_its_message_before_any_request(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def refresh(self: Fetcher, plan: RefreshPlan, papers: tuple[str, ...] = ()) -> AsyncGenerator[RefreshEvent]:
        await bpost.until(lambda: "Fetching new stories …" in bpost.screen_text())  # no event here announces this message
        seen.append(bpost.screen_text())
        yield RefreshResult(0, 0, 0)

    monkeypatch.setattr(Fetcher, "refresh", refresh)
    await bpost.press("r")
    assert len(seen) == 1 and "Fetching new stories …" in seen[0]
    assert "Nothing new" in bpost.screen_text()
