"""Tests of finding text in a story: matches while typing, steps beyond the last match, and searching everything instead."""

from __future__ import annotations

import pytest

from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Para, Run
from tests.tui.reader_facade import Reader


def highlighted(bpost: Reader) -> list[Run]:
    items = [item for item in bpost.items if isinstance(item, Para)]
    return [run for item in items for run in item.runs if run.ink == "mark"]


def note(bpost: Reader) -> str:
    return bpost.notes[0] if bpost.notes else ""


async def write(bpost: Reader, text: str) -> None:
    bpost.line.insert_text_at_cursor(text)
    await bpost.settle()


async def find(bpost: Reader, text: str) -> None:
    await bpost.press("slash")
    await write(bpost, text)
    await bpost.press("enter")


async def open_kangsabati(bpost: Reader) -> None:
    bpost.posts.cursor = next(at for at, row in enumerate(bpost.posts.stories) if row.tag == "Kangsabati")
    await bpost.press("enter")


@pytest.mark.parametrize("size", [(40, 12), (140, 40)])
async def test_find_highlights_as_typed_and_steps_round_the_end(bpost: Reader) -> None:
    await open_kangsabati(bpost)
    await bpost.press("slash")
    await write(bpost, "কংসা")
    begun = {run.text for run in highlighted(bpost)}
    assert begun and all(text.startswith("কংসা") for text in begun)
    await write(bpost, "বতী")
    runs = highlighted(bpost)
    assert "কংসাবতী" in {run.text for run in runs}
    assert [run.is_reversed for run in runs].count(True) == 1
    await bpost.press("enter")
    assert bpost.pane == "story"
    total = len(runs)
    number = bpost.number
    assert note(bpost) == f"{number(1)}/{number(total)}"
    assert note(bpost) in bpost.screen_text()
    for at in [*range(2, total + 1), 1]:
        await bpost.press("n")
        assert note(bpost) == f"{number(at)}/{number(total)}"
        row = bpost.reversed_row
        assert row is not None
        assert bpost.story.scroll_offset.y <= row < bpost.story.scroll_offset.y + bpost.story.size.height
    await bpost.press("N")
    assert note(bpost) == f"{number(total)}/{number(total)}"


async def test_find_matches_endings_and_roman_letters(bpost: Reader) -> None:
    await open_kangsabati(bpost)
    await bpost.press("slash", *"kangsabati")
    assert {run.text for run in highlighted(bpost)} >= {"কংসাবতী", "Kangsabati"}
    await bpost.press("ctrl+u")
    await write(bpost, "নদী")
    assert any(run.text != "নদী" and run.text.startswith("নদী") for run in highlighted(bpost))


async def test_escape_ends_find_and_frees_n(bpost: Reader) -> None:
    await open_kangsabati(bpost)
    cursor = bpost.posts.cursor
    await find(bpost, "নদী")
    await bpost.press("n")
    assert bpost.posts.cursor == cursor
    await bpost.press("escape")
    assert bpost.pane == "story"
    assert not highlighted(bpost) and not note(bpost)
    await bpost.press("n")
    assert bpost.posts.cursor == cursor + 1
    await bpost.press("escape")
    assert bpost.pane == "posts"


async def test_highlights_end_with_the_story(bpost: Reader) -> None:
    await open_kangsabati(bpost)
    await find(bpost, "নদী")
    assert highlighted(bpost)
    await bpost.press("J")
    assert not highlighted(bpost) and not note(bpost)


async def test_find_highlights_end_when_no_story_is_shown(bpost: Reader) -> None:
    await bpost.press("slash", *"kangsabati", "enter")
    assert bpost.matches
    await find(bpost, " is:starred")
    bpost.go("story")
    await bpost.settle()
    assert bpost.saved is None and bpost.pane == "story"
    assert not bpost.matches and not note(bpost)


@pytest.mark.given(language="en")
async def test_slash_on_the_empty_line_searches_everything(bpost: Reader) -> None:
    await bpost.press("enter", "slash", "slash")
    assert bpost.pane == "posts"
    assert "Search: words" in bpost.screen_text()
    await bpost.press(*"kangsabati")
    assert bpost.query == "kangsabati"


@pytest.mark.given(language="en")
async def test_story_from_a_search_highlights_hits_and_n_steps_through(bpost: Reader) -> None:
    await bpost.press("slash", *"kangsabati", "enter", "enter")
    total = len(highlighted(bpost))
    assert total > 1
    assert note(bpost) == f"0/{total}"
    await bpost.press("n")
    assert note(bpost) == f"1/{total}"
    await bpost.press("N")
    assert note(bpost) == f"{total}/{total}"
    await bpost.press("escape")
    assert bpost.pane == "posts"
    await bpost.press("escape", "enter")
    assert not highlighted(bpost)


@pytest.mark.given(render_mode=RenderMode.MOSAIC)
async def test_highlights_stay_through_a_reload_and_another_render_mode(bpost: Reader) -> None:
    await open_kangsabati(bpost)
    await find(bpost, "নদী")
    await bpost.press("n")
    before, at = len(highlighted(bpost)), note(bpost)
    await bpost.press("s", "T")
    assert (len(highlighted(bpost)), note(bpost)) == (before, at)
    assert bpost.reversed_row is not None


@pytest.mark.given(language="en")
async def test_find_without_matches_shows_a_message(bpost: Reader) -> None:
    await bpost.press("enter", "slash", *"৯৯৯৯", "enter")
    assert note(bpost) == "0/0"
    await bpost.press("N")
    assert "No matches here" in bpost.screen_text()
