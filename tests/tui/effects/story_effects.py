"""Checks of actions that change the width of the story's column, or follow its links."""

from __future__ import annotations

from bpost_tui.model.story_links import display_host, links_of
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("wider")
async def wider(bpost: Reader) -> None:
    await bpost.press(*keys("open", "narrower", "narrower"))
    before = bpost.story.column_cells
    await bpost.press(*keys("wider"))
    assert bpost.story.column_cells == min(before + 4, bpost.story.region.width - 5)
    assert bpost.choices.widths_em["story"] > 0


@effect("narrower")
async def narrower(bpost: Reader) -> None:
    await bpost.press(*keys("open", "wider"))
    before = bpost.story.column_cells
    await bpost.press(*keys("narrower"))
    assert bpost.story.column_cells == max(before - 4, 20)
    await bpost.press(*keys("wider"))


@effect("edge_right")
async def edge_right(bpost: Reader) -> None:
    before = bpost.posts.region.width
    await bpost.press(*keys("edge_right"))
    assert bpost.posts.region.width == before + (2 if bpost.posts.has_edge else 0)
    await bpost.press(*keys("edge_left"))


@effect("edge_left")
async def edge_left(bpost: Reader) -> None:
    before = bpost.posts.region.width
    await bpost.press(*keys("edge_left"))
    assert bpost.posts.region.width == before - (2 if bpost.posts.has_edge else 0)
    await bpost.press(*keys("edge_right"))


@effect("zen")
async def zen(bpost: Reader) -> None:
    await bpost.press(*keys("zen"))
    assert bpost.story.region.width == bpost.app.size.width
    assert not bpost.footer.region
    await bpost.press(*keys("zen"))
    assert bpost.footer.region


@effect("hints")
async def hints(bpost: Reader) -> None:
    await bpost.press(*keys("top", "open", "top"))
    before = bpost.saved
    while not bpost.story.links_in_sight() and not bpost.story.at_end:
        await bpost.press(*keys("page_down"))
    await bpost.press(*keys("hints"))
    assert bpost.dialog == "hints"
    assert "[f]" in bpost.screen_text()
    await bpost.press("f")
    assert bpost.app.screen is bpost.main
    assert bpost.saved is not before


@effect("links")
async def links(bpost: Reader) -> None:
    await bpost.press(*keys("top", "open", "links"))
    assert bpost.dialog == "links"
    assert bpost.saved is not None
    (first, *_) = links_of(bpost.saved.blocks)
    assert display_host(first.address) in bpost.screen_text()
    await bpost.press("y")
    assert bpost.app.clipboard == first.address
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


@effect("tour")
async def tour(bpost: Reader) -> None:
    await bpost.press(*keys("tour"))
    assert bpost.pane == "story"
    assert bpost.items == bpost.tour_page
    await bpost.press(*keys("open"))
    assert bpost.pane == "posts"
