"""What is left out of lists, and the reader's own programs."""

from __future__ import annotations

import sys

from bpost_tui.store.search.mute import mute_queries
from tests.ui.effects import effect, keys
from tests.ui.facade import Reader


@effect("muted")
async def muted(bpost: Reader) -> None:
    title = bpost.posts.rows[1].title
    bpost.listings.muting.queries = mute_queries({"words": (title,)})
    try:
        bpost.reload()
        await bpost.settle()
        assert title not in {row.title for row in bpost.posts.rows}
        await bpost.press(*keys("muted"))
        assert title in {row.title for row in bpost.posts.rows}
        await bpost.press(*keys("muted"))
        assert title not in {row.title for row in bpost.posts.rows}
    finally:
        bpost.listings.muting.queries = ()
        bpost.reload()
        await bpost.settle()


@effect("unread_only")
async def unread_only(bpost: Reader) -> None:
    read, here = bpost.posts.rows[1], bpost.posts.rows[2]
    if not read.read:
        await bpost.press("up", *keys("read"), "down")
    await bpost.press(*keys("unread_only"))
    assert read.id not in {row.id for row in bpost.posts.rows}
    assert bpost.posts.rows[bpost.posts.cursor].id == here.id
    await bpost.press(*keys("unread_only"))
    assert [row.id for row in bpost.posts.rows[1:3]] == [read.id, here.id]
    assert bpost.posts.cursor == 2


@effect("compact")
async def compact(bpost: Reader) -> None:
    was_compact = bpost.posts.is_compact
    await bpost.press(*keys("compact"))
    assert bpost.posts.is_compact is not was_compact
    assert set(bpost.row_heights.values()) == {1} or was_compact
    await bpost.press(*keys("compact"))
    assert bpost.posts.is_compact is was_compact


@effect("pipe")
async def pipe(bpost: Reader) -> None:
    await bpost.press(*keys("pipe"))
    bpost.line.value = f"{sys.executable} -c 'import sys; print(sys.stdin.read()[:5][::-1])'"
    await bpost.press("enter")
    assert bpost.dialog == "page"
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


@effect("listen")
async def listen(bpost: Reader) -> None:
    bpost.listen_with(sys.executable, "-c", "import time; time.sleep(60)")
    await bpost.pilot.press(*keys("listen"))
    while not bpost.has_voice:
        await bpost.pilot.pause(0.01)
    assert bpost.pane == "story"
    await bpost.press(*keys("listen"))
    assert not bpost.is_reading_aloud
