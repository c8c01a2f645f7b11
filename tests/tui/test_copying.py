"""Tests of copying: the source text is copied in every render mode."""

from __future__ import annotations

from bpost_tui.store.library import Library
from tests.tui.reader_facade import Reader


async def test_y_copies_the_address_and_capital_y_the_story(bpost: Reader, library: Library) -> None:
    row = bpost.posts.stories[0]
    await bpost.press("y")
    assert bpost.app.clipboard == row.link
    await bpost.press("Y")
    copied = bpost.app.clipboard
    assert copied.startswith(row.title + "\n")
    assert copied.rstrip().endswith(str(row.link))
    paragraph = "".join(span.text for span in library.story(row.id).blocks[1].spans)  # type: ignore[union-attr]
    assert paragraph in copied


async def test_dragging_over_the_story_selects_its_source_text(bpost: Reader) -> None:
    story = bpost.story
    await bpost.pilot.mouse_down(story, offset=(6, 8))
    await bpost.pilot.hover(story, offset=(30, 12))
    await bpost.pilot.mouse_up(story, offset=(30, 12))
    await bpost.settle()
    selected = bpost.main.get_selected_text()
    assert selected
    assert all(ord(char) < 0xF0000 for char in selected)
    assert "নমুনা" in selected
    ground = bpost.app.screen.get_component_rich_style("screen--selection").bgcolor
    grounds = [{segment.style.bgcolor for segment in strip if segment.style} for strip in bpost.strips]
    first = bpost.story.region.y + 8
    assert all(ground in row for row in grounds[first : first + 5])
    assert not any(ground in row for row in grounds[: first - 1])
    await bpost.press("ctrl+c")
    assert bpost.app.clipboard == selected
