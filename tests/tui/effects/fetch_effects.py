"""Checks of actions that fetch from the portal: the portal's edits of a saved story, and older stories."""

from __future__ import annotations

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("changes")
async def changes(bpost: Reader) -> None:
    row = bpost.posts.stories[2]
    edited = Story(row.guid, row.title, row.link, published=row.published, blocks=(Paragraph((Span("বদলানো লেখা"),)),), full=True)
    bpost.library.save([edited], now=bpost.now)
    await bpost.reloaded()
    await bpost.press(*keys("open", "changes"))
    assert bpost.dialog == "page"
    shown = [run.text for item in bpost.page_items for run in getattr(item, "runs", ())]
    assert any("বদলানো" in text for text in shown)
    await bpost.press(*keys("changes"))
    assert bpost.app.screen is bpost.main


@effect("older")
async def older(bpost: Reader) -> None:
    first, before = bpost.posts.stories[0], bpost.library.count(ListFilter())
    await bpost.press(*keys("older"))
    assert bpost.library.count(ListFilter()) == len(bpost.posts.stories) > before
    assert (bpost.posts.stories[0], bpost.posts.cursor) == (first, 2)
