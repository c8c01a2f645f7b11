"""Tests of muted stories, of programs that a story is piped to, and of hook programs, in the reader."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.fetcher import Fetcher
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.sanitize import clean_line
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.refresh import RefreshEvent, RefreshResult, SavedBatch
from bpost_tui.refresh.library_refresh import _LibraryRefresh
from bpost_tui.store.library import Library
from bpost_tui.tui.widgets.story_view import StoryView
from tests.conftest import NOW
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader, ask_nothing_at_start

pytestmark = pytest.mark.given(language="en")


def writer(path: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", f"import sys; open({str(path)!r}, 'a').write(sys.stdin.read() + '\\n')")


async def test_muted_stories_are_hidden_counted_and_shown_by_key(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    settings = Settings(mute={"categories": ("festival",)})
    async with reader(sample_portal.address, language="en", settings=settings) as bpost:
        every = bpost.library.search.count("", now=bpost.clock())
        kept = [row for row in bpost.posts.stories if all(place.slug != "festival" for place in row.categories)]
        assert 0 < len(kept) == len(bpost.posts.stories) < every
        assert bpost.categories.rows[0].unread == len(kept)
        assert f"{every - len(kept)} muted" in bpost.screen_text()
        await bpost.press("M")
        assert len(bpost.posts.stories) == every
        assert "muted" not in bpost.screen_text().splitlines()[-1]


async def test_search_shows_muted_stories(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    settings = Settings(mute={"categories": ("festival",)})
    async with reader(sample_portal.address, language="en", settings=settings) as bpost:
        await bpost.press("slash", *"category:festival", "enter")
        assert bpost.posts.stories


async def test_failing_program_is_reported_in_one_line(bpost: Reader) -> None:
    for line in ("no-such-program-here", "sh -c 'echo out of paper; exit 3'", "a 'b"):
        await bpost.press("vertical_line")
        bpost.line.value = line
        await bpost.press("enter")
        assert bpost.app.screen is bpost.main
    assert "quotation mark" in bpost.screen_text()


async def test_output_of_a_program_cannot_command_the_terminal(bpost: Reader) -> None:
    await bpost.press("vertical_line")
    bpost.line.value = r"printf '\033]0;x\007[b]\033[2J\n'"
    await bpost.press("enter")
    text = bpost.screen_text()
    assert "\x1b" not in text and "[b]" in text
    assert clean_line(text, 10_000)


async def test_hook_gets_new_stories_once(reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path) -> None:
    hook_input = tmp_path / "told"
    async with reader(sample_portal.address, settings=Settings(hooks={"new_stories": writer(hook_input)})) as bpost:
        await bpost.press("r")
        lists = [json.loads(line) for line in hook_input.read_text(encoding="utf-8").splitlines() if line]
        ids = [story["id"] for stories in lists for story in stories]
        assert sorted(ids) == sorted(row.id for row in bpost.posts.stories)


async def test_hook_skips_stories_read_by_the_end_of_the_refresh(
    reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marks from the service arrive before the refresh ends, so stories read elsewhere aren't passed to the hook."""
    hook_input, finished, read = tmp_path / "told", _LibraryRefresh.result, list[int]()

    def sync_and_finish(job: _LibraryRefresh) -> RefreshResult:
        read.extend(job.library.story_ids(ListFilter(unread=True), limit=1))
        job.library.set_mark("read", read[-1:], True, now=NOW)
        return finished(job)

    monkeypatch.setattr(_LibraryRefresh, "result", sync_and_finish)
    settings = Settings(hooks={"new_stories": writer(hook_input)}, refresh_minutes=0)
    async with reader(sample_portal.address, settings=settings) as bpost:
        await bpost.press("r")
        given = {story["id"] for line in hook_input.read_text(encoding="utf-8").splitlines() for story in json.loads(line or "[]")}
        assert given and not given & {read[0]} and given < {row.id for row in bpost.posts.stories}


async def test_hook_gets_stories_of_a_replaced_refresh(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook_input = tmp_path / "told"
    (number,) = library.save([Story("গ", "শিরোনাম", published=NOW, full=True)], now=NOW).new
    waits: list[bool] = []

    async def refresh(*_: object) -> AsyncGenerator[RefreshEvent]:
        if not waits:
            yield SavedBatch((number,), ())
            waits.append(True)
            await asyncio.Event().wait()
        yield RefreshResult(0, 0, 0)

    monkeypatch.setattr(Fetcher, "refresh", refresh)
    ask_nothing_at_start(monkeypatch)
    settings = Settings(hooks={"new_stories": writer(hook_input)}, refresh_minutes=0)
    async with reader(sample_portal.address, settings=settings) as bpost:
        bpost.refresh_by_itself()
        assert await bpost.until(lambda: len(waits) == 1)
        await bpost.press("r")
        assert [story["id"] for story in json.loads(hook_input.read_text(encoding="utf-8"))] == [number]


async def test_hook_gets_a_story_fetched_by_a_link(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, tmp_path: Path
) -> None:
    hook_input = tmp_path / "told"
    link = f"{sample_portal.address}/art-and-craft/the-reed-mats-of-sabang.html"
    blocks = (Paragraph((Span("আরও", link=link),)),)
    (number,) = library.save([Story("গ", "শিরোনাম", published=NOW, blocks=blocks, full=True)], now=NOW).new
    settings = Settings(hooks={"new_stories": writer(hook_input)}, refresh_minutes=0)
    async with reader(sample_portal.address, settings=settings, open_story=number) as bpost:
        before = hook_input.read_text(encoding="utf-8") if hook_input.exists() else ""
        await bpost.press(";", "f")
        assert bpost.saved is not None and bpost.saved.headline.id != number
        lists = [json.loads(line) for line in hook_input.read_text(encoding="utf-8").removeprefix(before).splitlines() if line]
        assert [[story["id"] for story in stories] for stories in lists] == [[bpost.saved.headline.id]]


@pytest.mark.given(size=(100, 24), language="bn")
async def test_program_output_is_paged_with_the_readers_keys(bpost: Reader) -> None:
    await bpost.press("vertical_line")
    bpost.line.value = "cat"
    await bpost.press("enter")
    page = bpost.app.screen.query_one(StoryView)
    for on, back in ("space", "pageup"), ("pagedown", "pageup"), ("ctrl+f", "ctrl+b"), ("ctrl+d", "ctrl+u"):
        await bpost.press(on)
        assert page.scroll_offset.y > 1, on
        await bpost.press(back)
        assert page.scroll_offset.y == 0, back
