"""Tests of look-ahead: the next page and the next story are prepared early, and no key waits for that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import repeat

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley
from bpost_tui.typesetting.typeset.surface import InkLayer
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader, prepare_nothing

PORTAL = "http://127.0.0.1:9"


@pytest.fixture
def stories(library: Library, now: datetime) -> Library:
    text = tuple(Paragraph((Span(f"মেদিনীপুর শহরে আজ বৃষ্টি হল। অনুচ্ছেদ {n}, কাল রোদ উঠবে।" * 6),)) for n in range(12))
    made = [
        Story(f"g{n}", f"শিরোনাম {n}", f"http://a.test/{n}.html", published=now - timedelta(hours=n), blocks=text, full=True)
        for n in range(40)
    ]
    library.save(made, now=now)
    return library


class Watch:
    """Counter of the pages typeset and drawn from now on. No page is prepared ahead any more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cols: list[int] = []
        self.drawn = 0
        set_type, draw, watch = Renderer.set, PixelTypesetter._draw, self

        def counted(press: Renderer, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
            watch.cols.append(cols)
            return set_type(press, items, cols, rows=rows)

        def counted_draw(typesetter: PixelTypesetter, *arguments: object) -> tuple[InkLayer, ...]:
            watch.drawn += 1
            return draw(typesetter, *arguments)  # type: ignore[arg-type]

        prepare_nothing(monkeypatch)
        monkeypatch.setattr(Renderer, "set", counted)
        monkeypatch.setattr(PixelTypesetter, "_draw", counted_draw)


@pytest.mark.given(address=PORTAL, offline=True)
async def test_next_page_of_the_list_is_typeset_early(stories: Library, monkeypatch: pytest.MonkeyPatch, bpost: Reader) -> None:
    await bpost.prepared()
    watch = Watch(monkeypatch)
    seen = bpost.posts.page_rows
    await bpost.press("pagedown")
    assert f"শিরোনাম {bpost.posts.cursor}" in bpost.screen_text()
    assert bpost.posts.cursor == seen
    assert bpost.posts.scrollable_content_region.width - 2 not in watch.cols


@pytest.mark.given(address=PORTAL, offline=True)
async def test_next_story_is_typeset_early(stories: Library, monkeypatch: pytest.MonkeyPatch, bpost: Reader) -> None:
    await bpost.press("enter")
    await bpost.prepared()
    watch = Watch(monkeypatch)
    cols = bpost.story.column_cells
    await bpost.press("J")
    assert bpost.saved is not None
    assert bpost.saved.headline.title == "শিরোনাম 1"
    assert bpost.story.column_cells == cols
    assert cols not in watch.cols


@pytest.mark.given(address=PORTAL, offline=True, render_mode=RenderMode.SIXEL, how="pixels")
async def test_next_page_of_a_story_is_drawn_early(stories: Library, monkeypatch: pytest.MonkeyPatch, bpost: Reader) -> None:
    await bpost.press("enter")
    await bpost.prepared()
    before = bpost.story.scroll_offset.y
    for row in range(before, before + bpost.story.scrollable_content_region.height):
        bpost.story.render_line(row - before)
    watch = Watch(monkeypatch)
    bpost.story.page(1)
    assert bpost.story.scroll_offset.y > before
    galley, window = bpost.galley, bpost.window
    assert galley is not None
    for row in window:
        assert galley.band(row, bpost.app.renderer.palette, window).surface.layers
    assert watch.drawn == 0


async def test_keys_are_answered_while_pages_are_prepared(
    reader: ReaderFactory, stories: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(posts: PostList) -> Iterator[None]:
        yield from repeat(None)

    monkeypatch.setattr(PostList, "prepare_next_page", endless)
    async with reader(PORTAL, offline=True) as bpost:
        for at in range(1, 4):
            await bpost.press("j")
            assert bpost.posts.cursor == at
            assert bpost.saved is not None
            assert bpost.saved.headline.title == f"শিরোনাম {at}"


@pytest.mark.given(address=PORTAL, offline=True)
async def test_preparing_a_page_survives_a_shorter_list(stories: Library, bpost: Reader) -> None:
    pieces = bpost.posts.prepare_next_page()
    next(pieces)
    bpost.find("after:2100")
    await bpost.settle()
    assert not bpost.posts.stories
    assert not any(pieces)
