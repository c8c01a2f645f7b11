"""Checks of actions that mark stories, or pass a story to other programs."""

from __future__ import annotations

from bpost_tui.model.story import ListFilter
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("browser")
async def browser(bpost: Reader) -> None:
    await bpost.press(*keys("browser"))
    assert bpost.opened[-1] == bpost.posts.stories[2].link


@effect("read")
async def read(bpost: Reader) -> None:
    before = bpost.posts.stories[2]
    await bpost.press(*keys("read"))
    assert bpost.library.headline(before.id).read is not before.read
    assert bpost.posts.stories[2].read is not before.read


@effect("star")
async def star(bpost: Reader) -> None:
    before = bpost.posts.stories[2]
    await bpost.press(*keys("star"))
    assert bpost.library.headline(before.id).starred is not before.starred
    await bpost.press(*keys("star"))
    assert bpost.library.headline(before.id).starred is before.starred


@effect("later")
async def later(bpost: Reader) -> None:
    before = bpost.posts.stories[2]
    await bpost.press(*keys("later"))
    assert bpost.library.headline(before.id).later is not before.later
    await bpost.press(*keys("later"))
    assert bpost.library.headline(before.id).later is before.later


@effect("lists")
async def lists(bpost: Reader) -> None:
    own, story = bpost.library.own_lists, bpost.posts.stories[2].id
    key = own.create("Trip", now=bpost.now).key
    await bpost.press(*keys("lists", "lists"))
    assert own.count_in_lists([story]) == {key: 1}
    await bpost.press(*keys("lists", "lists"))
    assert own.count_in_lists([story]) == {}


@effect("all_read")
async def all_read(bpost: Reader) -> None:
    await bpost.press(*keys("all_read", "all_read"))
    assert bpost.library.count(ListFilter(unread=True)) == 0
    assert all(row.read for row in bpost.posts.stories)


@effect("flag")
async def flag(bpost: Reader) -> None:
    await bpost.press(*keys("flag"))
    assert list(bpost.posts.flagged) == [bpost.posts.stories[2].id]
    assert bpost.posts.cursor == 3
    await bpost.press("up", *keys("flag"))
    assert not bpost.posts.flagged


@effect("flag_range")
async def flag_range(bpost: Reader) -> None:
    await bpost.press(*keys("flag"), "down", *keys("flag_range"))
    assert list(bpost.posts.flagged) == [row.id for row in bpost.posts.stories[2:5]]
    await bpost.press("escape")
    assert not bpost.posts.flagged


@effect("undo")
async def undo(bpost: Reader) -> None:
    before = bpost.posts.stories[2]
    await bpost.press(*keys("star", "undo"))
    assert bpost.library.headline(before.id).starred is before.starred
    assert bpost.posts.stories[2].starred is before.starred


@effect("copy_link")
async def copy_link(bpost: Reader) -> None:
    await bpost.press(*keys("copy_link"))
    assert bpost.app.clipboard == bpost.posts.stories[2].link


@effect("copy_story")
async def copy_story(bpost: Reader) -> None:
    await bpost.press(*keys("copy_story"))
    assert bpost.app.clipboard.startswith(bpost.posts.stories[2].title + "\n")


@effect("share")
async def share(bpost: Reader) -> None:
    await bpost.press(*keys("share"))
    assert bpost.dialog == "choice"
    await bpost.press("down", "down", "enter")
    assert bpost.opened[-1].startswith("https://wa.me/?text=")
    bpost.app.copy_to_clipboard("before")
    await bpost.press(*keys("share", "copy_link"))
    assert bpost.app.clipboard == bpost.posts.stories[2].link
    assert bpost.dialog == ""


@effect("select")
async def select(bpost: Reader) -> None:
    bpost.app.copy_to_clipboard("before")
    await bpost.press(*keys("top", "open", "top", "select"))
    assert bpost.dialog == "selecting"
    await bpost.press("s", "y")
    assert not bpost.dialog
    assert bpost.app.clipboard not in ("", "before")


@effect("copy_selection")
async def copy_selection(bpost: Reader) -> None:
    bpost.app.copy_to_clipboard("before")
    await bpost.press(*keys("open", "top"))
    left = bpost.column_left
    await bpost.pilot.mouse_down(bpost.story, offset=(left, 2))
    await bpost.pilot.hover(bpost.story, offset=(left + 30, 4))
    await bpost.pilot.mouse_up(bpost.story, offset=(left + 30, 4))
    await bpost.press(*keys("copy_selection"))
    assert bpost.app.clipboard not in ("", "before")
    bpost.main.clear_selection()
