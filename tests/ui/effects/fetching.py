"""What comes from the portal after a story was saved: edits of it, and older ones."""

from __future__ import annotations

from bpost_tui.news.model import Paragraph, Shelf, Span, Story
from bpost_tui.ui.screens.changes import ChangesScreen
from tests.ui.conftest import Reader
from tests.ui.effects import effect, keys


@effect("changes")
async def changes(bpost: Reader) -> None:
    row = bpost.posts.rows[2]
    edited = Story(row.guid, row.title, row.link, published=row.published, blocks=(Paragraph((Span("বদলানো লেখা"),)),), full=True)
    bpost.library.save([edited], now=bpost.now)
    bpost.main.reload()
    await bpost.settle()
    await bpost.press(*keys("open", "changes"))
    assert isinstance(bpost.app.screen, ChangesScreen)
    shown = [run.text for item in bpost.app.screen._items for run in getattr(item, "runs", ())]
    assert any("বদলানো" in text for text in shown)
    await bpost.press(*keys("changes"))
    assert bpost.app.screen is bpost.main


@effect("older")
async def older(bpost: Reader) -> None:
    first, before = bpost.posts.rows[0], bpost.library.count(Shelf())
    await bpost.press(*keys("older"))
    assert bpost.library.count(Shelf()) == len(bpost.posts.rows) > before
    assert (bpost.posts.rows[0], bpost.posts.cursor) == (first, 2)
