"""Tests of selecting words by keys: from the first visible line or a match, shown in every render mode, and copied."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.letters import composed
from bpost_tui.bengali.sentences import sentences
from bpost_tui.model.blocks import Paragraph, text_of
from bpost_tui.model.passage_anchoring import quotable_text
from bpost_tui.typesetting.typeset.items import Para, Run
from tests.tui.reader_facade import Reader


def highlighted(bpost: Reader) -> list[Run]:
    return [run for item in bpost.items if isinstance(item, Para) for run in item.runs if run.ink == "mark"]


def text(bpost: Reader) -> str:
    assert bpost.saved is not None
    return quotable_text(bpost.saved.blocks)


async def test_the_first_sentence_is_selected_seen_and_copied(bpost: Reader) -> None:
    await bpost.press("enter", "H")
    assert [run.is_reversed for run in highlighted(bpost)] == [True]
    await bpost.press("s")
    seen = "".join(run.text for run in highlighted(bpost))
    start, end = sentences(text(bpost))[0]
    assert seen == text(bpost)[start:end]
    assert {run.underline or run.is_reversed for run in highlighted(bpost)} == {True}
    await bpost.press("y")
    assert bpost.app.clipboard == seen
    assert bpost.message == bpost.text("Selection copied")
    assert not highlighted(bpost)


@pytest.mark.given(size=(60, 16))
async def test_selecting_begins_in_view_and_scrolls_along(bpost: Reader) -> None:
    await bpost.press("enter", "pagedown", "H")
    assert bpost.dialog == "selecting", bpost.message
    assert bpost.reversed_row is not None, (highlighted(bpost), bpost.window, bpost.saved, bpost.pane)
    assert bpost.reversed_row in range(bpost.window.start, bpost.window.start + 4)
    first = highlighted(bpost)[0].text
    await bpost.press("space", *["down"] * 12)
    assert bpost.reversed_row in bpost.window
    await bpost.press("enter")
    assert bpost.app.clipboard.startswith(first)
    assert "\n\n" in bpost.app.clipboard
    for part in bpost.app.clipboard.split("\n\n"):
        assert " ".join(part.split()) in " ".join(text(bpost).split())


@pytest.mark.given(size=(60, 16))
async def test_selecting_from_the_list_begins_in_view(bpost: Reader) -> None:
    await bpost.press("enter", "pagedown", "escape")
    assert bpost.pane == "posts"
    await bpost.press("H")
    assert bpost.dialog == "selecting" and bpost.pane == "story"
    assert bpost.reversed_row in range(bpost.window.start, bpost.window.start + 4)


async def test_selecting_begins_at_a_match_and_escape_keeps_it(bpost: Reader) -> None:
    bpost.posts.cursor = next(at for at, row in enumerate(bpost.posts.stories) if row.tag == "Kangsabati")
    await bpost.press("enter", "slash")
    bpost.line.insert_text_at_cursor("কংসাবতী")
    await bpost.settle()
    await bpost.press("enter", "n")
    matches = highlighted(bpost)
    await bpost.press("H")
    assert highlighted(bpost)[0].text.startswith("কংসাবতী")
    bpost.app.copy_to_clipboard("before")
    await bpost.press("right", "escape")
    assert highlighted(bpost) == matches
    assert bpost.app.clipboard == "before"
    assert bpost.pane == "story"
    assert bpost.saved is not None
    assert any(isinstance(block, Paragraph) and text_of(block.spans) for block in bpost.saved.blocks)


async def test_selecting_extends_a_selection_by_mouse(bpost: Reader) -> None:
    await bpost.press("enter")
    await bpost.pilot.mouse_down(bpost.story, offset=(6, 10))
    await bpost.pilot.hover(bpost.story, offset=(30, 12))
    await bpost.pilot.mouse_up(bpost.story, offset=(30, 12))
    await bpost.settle()
    by_mouse = bpost.main.get_selected_text()
    assert by_mouse
    await bpost.press("H")
    assert bpost.main.get_selected_text() is None
    await bpost.press("y")
    assert composed("".join(by_mouse.split())) in composed("".join(bpost.app.clipboard.split()))
    assert len(bpost.app.clipboard.split()) <= len(by_mouse.split()) + 2


async def test_other_keys_do_nothing_while_selecting(bpost: Reader) -> None:
    await bpost.press("enter", "H")
    before = highlighted(bpost)
    for key in "tr1x":
        await bpost.press(key)
        assert (bpost.dialog, highlighted(bpost)) == ("selecting", before), key
