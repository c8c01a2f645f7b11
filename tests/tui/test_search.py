"""Tests of searching from the screen, as the reader types."""

from __future__ import annotations

import pytest

from bpost_tui.store.library import Library
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


async def test_roman_letters_find_bengali_as_typed(bpost: Reader) -> None:
    everything = [row.id for row in bpost.posts.stories]
    await bpost.press("slash", *"kangsabati")
    assert bpost.posts.stories
    assert "কংসাবতী" in bpost.posts.stories[0].title or bpost.posts.stories[0].tag == "Kangsabati"
    assert "found" in bpost.screen_text()
    assert len(bpost.posts.stories) < len(everything)
    await bpost.press("enter")
    assert bpost.pane == "posts"
    await bpost.press("escape")
    assert [row.id for row in bpost.posts.stories] == everything


async def test_half_typed_word_finds_its_prefix_and_is_saved_whole(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"medinipur")
    found = {row.id for row in bpost.posts.stories}
    for letters in ("medinipu", "medinip", "medini", "medin"):
        await bpost.press("backspace")
        assert bpost.query == letters
        assert {row.id for row in bpost.posts.stories} & found
    begun = [row.id for row in bpost.posts.stories]
    assert "মেদিনীপুর" in next(line for line in bpost.screen_text().splitlines() if "found" in line)
    await bpost.press("enter")
    assert [row.id for row in bpost.posts.stories] == begun
    await bpost.press("w", "enter")
    assert [(saved.name, saved.query) for saved in library.saved_searches.all()] == [("মেদিনীপুর", "মেদিনীপুর")]
    await bpost.press("w")
    assert library.saved_searches.all() == ()


async def test_footer_names_no_letter_keys_while_typing(bpost: Reader) -> None:
    assert "o Browser" in bpost.screen_text()
    await bpost.press("slash", *"nodi")
    assert "o Browser" not in bpost.screen_text()
    assert "Esc Back" in bpost.screen_text()
    await bpost.press("enter")
    assert "o Browser" in bpost.screen_text()
    await bpost.press("slash", "escape")
    assert "o Browser" in bpost.screen_text()


async def test_found_words_are_marked_and_marks_survive_reading(bpost: Reader) -> None:
    await bpost.press("slash", *"tag:Kangsabati")
    found = bpost.posts.stories
    assert [row.tag for row in found] == ["Kangsabati"]
    await bpost.press("enter", "m")
    assert [row.id for row in bpost.posts.stories] == [row.id for row in found]
    assert bpost.posts.stories[0].read


async def test_invalid_query_shows_a_message(bpost: Reader) -> None:
    await bpost.press("slash", "quotation_mark", "x", "x", "y", "z")
    text = bpost.screen_text()
    assert "The quotation mark isn't closed" in text or "Nothing found" in text
    await bpost.press("escape", "2")
    assert bpost.posts.stories


@pytest.mark.parametrize("size", [(140, 40), (80, 24), (60, 20)])
async def test_query_error_is_shown_whole_in_any_window(bpost: Reader) -> None:
    bpost.find("is:purple hugli")
    await bpost.settle()
    message = " ".join(bpost.screen_text().partition(": not")[2].split()[:9])
    assert message.startswith("understood (at character 1). It was ignored"), message


@pytest.mark.given(language="bn")
async def test_category_ends_a_search(bpost: Reader) -> None:
    await bpost.press("slash", *"hugli", "enter", "2")
    slug = bpost.slugs[1]
    assert all(slug in [category.slug for category in row.categories] for row in bpost.posts.stories)


@pytest.mark.given(size=(110, 32))
async def test_search_left_returns_to_the_story_and_position(bpost: Reader) -> None:
    await bpost.press("j", "j", "j", "enter", "space", "left")
    story, position = bpost.posts.story, bpost.story.position
    assert bpost.posts.cursor == 3 and position != (0, 0)
    await bpost.press("slash", *"nodi", "escape")
    assert (bpost.posts.story, bpost.story.position, bpost.posts.cursor) == (story, position, 3)
    await bpost.press("slash", *"nodi", "enter", "j", "escape")
    assert (bpost.posts.story, bpost.story.position, bpost.posts.cursor) == (story, position, 3)
    await bpost.press("j")
    assert bpost.posts.cursor == 4
