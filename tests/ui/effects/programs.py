"""What is left out of lists, and the reader's own programs."""

from __future__ import annotations

import sys

from bpost_tui.ui.screens.changes import ChangesScreen
from tests.ui.conftest import Reader
from tests.ui.effects import effect, keys


@effect("muted")
async def muted(bpost: Reader) -> None:
    title = bpost.posts.rows[1].title
    bpost.main._desk.muting.queries = (f'"{title}"',)
    try:
        bpost.main.reload()
        await bpost.settle()
        assert title not in {row.title for row in bpost.posts.rows}
        await bpost.press(*keys("muted"))
        assert title in {row.title for row in bpost.posts.rows}
        await bpost.press(*keys("muted"))
        assert title not in {row.title for row in bpost.posts.rows}
    finally:
        bpost.main._desk.muting.queries = ()
        bpost.main.reload()
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


@effect("pipe")
async def pipe(bpost: Reader) -> None:
    await bpost.press(*keys("pipe"))
    bpost.main._asked.value = f"{sys.executable} -c 'import sys; print(sys.stdin.read()[:5][::-1])'"
    await bpost.press("enter")
    assert isinstance(bpost.app.screen, ChangesScreen)
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


@effect("listen")
async def listen(bpost: Reader) -> None:
    bpost.main._setup = bpost.main._setup._replace(listen=(sys.executable, "-c", "import time; time.sleep(60)"))
    await bpost.pilot.press(*keys("listen"))
    while bpost.main._voice is None or bpost.main._voice._running is None:
        await bpost.pilot.pause(0.01)
    assert bpost.main.pane == "story"
    await bpost.press(*keys("listen"))
    assert bpost.main._voice is None
