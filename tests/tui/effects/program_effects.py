"""Checks of actions that mute stories, or run the reader's own programs."""

from __future__ import annotations

import sys

from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


async def _begin_reading(bpost: Reader, more: str = "") -> str:
    """Start reading the story aloud, and return the first spoken sentence.

    The voice is a Python program that sleeps for a minute, followed by the statements `more`.
    """
    bpost.listen_with(sys.executable, "-c", f"import time; time.sleep(60){more}")
    await bpost.pilot.press(*keys("listen"))
    assert await bpost.until(lambda: bpost.has_voice)
    return bpost.spoken_sentence


@effect("muted")
async def muted(bpost: Reader) -> None:
    title = bpost.posts.stories[1].title
    bpost.mute({"words": (title,)})
    try:
        await bpost.settle()
        assert title not in {row.title for row in bpost.posts.stories}
        await bpost.press(*keys("muted"))
        assert title in {row.title for row in bpost.posts.stories}
        await bpost.press(*keys("muted"))
        assert title not in {row.title for row in bpost.posts.stories}
    finally:
        bpost.mute({})
        await bpost.settle()


@effect("unread_only")
async def unread_only(bpost: Reader) -> None:
    read, here = bpost.posts.stories[1], bpost.posts.stories[2]
    if not read.read:
        await bpost.press("up", *keys("read"), "down")
    await bpost.press(*keys("unread_only"))
    assert read.id not in {row.id for row in bpost.posts.stories}
    assert bpost.posts.stories[bpost.posts.cursor].id == here.id
    await bpost.press(*keys("unread_only"))
    assert [row.id for row in bpost.posts.stories[1:3]] == [read.id, here.id]
    assert bpost.posts.cursor == 2


@effect("turn")
async def turn(bpost: Reader) -> None:
    before = [row.id for row in bpost.posts.stories]
    await bpost.press(*keys("turn"))
    assert [row.id for row in bpost.posts.stories] == before[::-1]
    await bpost.press(*keys("turn"))
    assert [row.id for row in bpost.posts.stories] == before


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
    await _begin_reading(bpost)
    assert bpost.pane == "story"
    await bpost.press(*keys("listen"))
    assert not bpost.is_reading_aloud


@effect("pause")
async def pause(bpost: Reader) -> None:
    first = await _begin_reading(bpost)
    await bpost.press(*keys("pause"))
    assert bpost.is_reading_aloud and bpost.spoken_sentence == first
    assert bpost.footer_place == "paused"
    await bpost.pilot.press("space")
    assert await bpost.until(lambda: bpost.footer_place == "aloud")
    await bpost.press(*keys("listen"))
    assert bpost.spoken_sentence == ""


@effect("next_sentence")
async def next_sentence(bpost: Reader) -> None:
    first = await _begin_reading(bpost)
    await bpost.pilot.press(*keys("next_sentence"))
    assert await bpost.until(lambda: bpost.spoken_sentence not in ("", first))
    await bpost.press(*keys("listen"))


@effect("previous_sentence")
async def previous_sentence(bpost: Reader) -> None:
    first = await _begin_reading(bpost)
    await bpost.press(*keys("pause", "next_sentence", "next_sentence"))
    assert bpost.spoken_sentence != first
    await bpost.press(*keys("previous_sentence", "previous_sentence", "previous_sentence"))
    assert bpost.spoken_sentence == first
    await bpost.press(*keys("listen"))


@effect("faster")
async def faster(bpost: Reader) -> None:
    await _begin_reading(bpost, "  # BPOST_SPEED")
    before = bpost.choices.listen_speed
    await bpost.pilot.press(*keys("faster"))  # `press` would wait for the voice
    assert await bpost.until(lambda: bpost.choices.listen_speed > before)
    await bpost.press(*keys("listen"))


@effect("settings")
async def settings(bpost: Reader) -> None:
    await _begin_reading(bpost, "  # BPOST_SPEED")
    before = bpost.choices.listen_speed
    await bpost.pilot.press(*keys("settings"))  # `press` would wait for the voice
    assert await bpost.until(lambda: bpost.choices.listen_speed < before)
    await bpost.press(*keys("listen", "settings"))
    assert bpost.dialog == "choice"
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main
