"""Checks of actions for passages (saved words of stories)."""

from __future__ import annotations

from bpost_tui.model.story import PassageRow
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


async def keep(bpost: Reader, note: str = "") -> None:
    """Save the first sentence of the story under the cursor as a passage, with `note` as the reader's note on it."""
    await bpost.press(*keys("top", "open", "top", "select"), "s", "p")
    await bpost.until(lambda: bpost.is_asking)
    bpost.line.insert_text_at_cursor(note)
    await bpost.press("enter")


async def to_passages(bpost: Reader) -> None:
    """Go to the list of passages."""
    await bpost.press("escape", "escape", "left", "left")
    at = bpost.slugs.index("passages")
    bpost.categories.cursor = at
    await bpost.press("right")
    await bpost.until(lambda: isinstance(bpost.posts.current, PassageRow))


@effect("passage")
async def passage(bpost: Reader) -> None:
    before = bpost.library.count_passages()
    await keep(bpost)
    assert bpost.library.count_passages() == before + 1
    await bpost.press(*keys("top", "passage"))
    assert bpost.pane == "story"
    assert bpost.reversed_row in bpost.window
    await bpost.press(*keys("undo"))
    assert bpost.library.count_passages() == before


@effect("note")
async def note(bpost: Reader) -> None:
    await keep(bpost, "first")
    assert bpost.library.passages.all()[0].note == "first"
    await bpost.press(*keys("note"))
    bpost.line.value = "second"
    await bpost.press("enter")
    assert bpost.library.passages.all()[0].note == "second"
    await bpost.press(*keys("undo"))
    assert bpost.library.passages.all()[0].note == "first"
    await bpost.press(*keys("undo"))


@effect("delete_passage")
async def delete_passage(bpost: Reader) -> None:
    await keep(bpost)
    before = bpost.library.count_passages()
    await bpost.press(*keys("delete_passage"))
    assert bpost.library.count_passages() == before - 1
    await bpost.press(*keys("undo"))
    assert bpost.library.count_passages() == before
    await bpost.press(*keys("undo"))
