"""Tests of quick sorting of news: many stories marked at once, flags, the other order, the next category, and undo by `u`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(offline=True, language="en")

STORIES = 12
HOURS = 18
"""Hours between two stories."""


@pytest.fixture
def dozen(library: Library, now: datetime) -> Library:
    """Save twelve stories, 18 hours apart, the newest an hour old: three are of the last two days, two are over a week old."""
    for number in range(STORIES):
        published = now - timedelta(hours=1 + HOURS * number)
        text = (Paragraph((Span("মেদিনীপুর শহরে বৃষ্টি। " * (1 + number % 3)),)),)
        slug = "education" if number % 2 else "arts"
        story = Story(f"g{number}", f"খবর {number}", f"http://a.test/{number}.html", published=published, blocks=text, full=True)
        library.save([story._replace(categories=(Category(slug, slug),))], now=now)
    return library


@pytest.fixture
def address(dozen: Library) -> str:
    return NOWHERE


def here(bpost: Reader) -> int:
    assert bpost.posts.story is not None
    return int(bpost.posts.story.title.split()[-1])


def unread(bpost: Reader) -> set[int]:
    rows = bpost.library.headlines(ListFilter(unread=True), limit=100)
    return {int(row.title.split()[-1]) for row in rows}


REACHES: Mapping[str, Callable[[int, int], bool]] = {
    "This list": lambda number, cursor: True,
    "Above the cursor": lambda number, cursor: number < cursor,
    "Below the cursor": lambda number, cursor: number > cursor,
    "Older than a day": lambda number, cursor: 1 + HOURS * number > 24,
    "Older than a week": lambda number, cursor: 1 + HOURS * number > 24 * 7,
}


@pytest.mark.parametrize("turned", [False, True])
async def test_mark_dialog_counts_marks_and_undoes_each_range(bpost: Reader, dozen: Library, turned: bool) -> None:
    await bpost.press(*(["R"] if turned else []), "j", "j", "j", "j", "m")
    at, before = here(bpost), unread(bpost)
    assert at == (STORIES - 5 if turned else 4) and before == set(range(STORIES)) - {at}
    for label, reaches in REACHES.items():
        swapped = {"Above the cursor": "Below the cursor", "Below the cursor": "Above the cursor"} if turned else {}
        reaches = REACHES[swapped.get(label, label)]
        await bpost.press("A")
        counts = dict(zip(bpost.choice_labels, bpost.choice_details, strict=True))
        marked = {number for number in before if reaches(number, at)}
        assert counts[label] == str(len(marked))
        await bpost.press(*["j"] * bpost.choice_labels.index(label), "enter")
        assert bpost.dialog == "" and unread(bpost) == before - marked
        assert f"{len(marked)} marked read" in bpost.message
        await bpost.press("u")
        assert unread(bpost) == before


@pytest.mark.parametrize("by_date", [False, True])
async def test_mark_dialog_in_a_search_counts_its_hits(bpost: Reader, dozen: Library, by_date: bool) -> None:
    await bpost.press("/", *"brishti", "enter", *(["R"] if by_date else []), "j", "j", "j")
    order = [int(row.title.split()[-1]) for row in bpost.posts.stories]
    assert (order == sorted(order)) is by_date and len(order) == STORIES
    await bpost.press("A")
    assert bpost.choice_details[:3] == [str(STORIES), "3", str(STORIES - 4)]
    await bpost.press("j", "j", "enter")
    assert unread(bpost) == set(order[:4])
    await bpost.press("u", "A", "j", "enter")
    assert unread(bpost) == set(order[3:])
    await bpost.press("u", "A", "j", "j", "j", "j", "enter")
    assert unread(bpost) == {number for number in order if not REACHES["Older than a week"](number, 0)}


async def test_mark_key_twice_marks_the_list_and_escape_cancels(bpost: Reader, dozen: Library) -> None:
    await bpost.press("A", "escape")
    assert len(unread(bpost)) == STORIES and bpost.dialog == ""
    await bpost.press("A", "A")
    assert not unread(bpost)


async def test_enter_right_after_the_key_answers_the_question(reader: ReaderFactory, dozen: Library) -> None:
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.pilot.press("A", "enter")
        await bpost.settle()
        assert not unread(bpost) and bpost.pane == "posts"


async def test_marks_act_on_all_flagged_stories_and_undo_together(bpost: Reader, dozen: Library) -> None:
    await bpost.press("x", "j", "x", "j", "j", "X")
    assert "5 selected" in bpost.notes
    assert bpost.screen_text().count("»") >= 2
    flagged = {0, 2, 3, 4, 5}
    await bpost.press("m")
    assert unread(bpost) == set(range(STORIES)) - flagged
    assert "5 marked read · u: undo" in bpost.message
    assert not any("selected" in note for note in bpost.notes) and "»" not in bpost.screen_text()
    await bpost.press("s")  # the mark has used the selection
    assert bpost.library.count(ListFilter(starred=True)) == 1
    await bpost.press("u", "u")
    assert "Undone: 5 stories unread again" in bpost.message
    assert unread(bpost) == set(range(STORIES))


async def test_flagged_row_still_shows_that_it_is_unread(bpost: Reader, dozen: Library) -> None:
    dots = bpost.screen_text().count("●")
    await bpost.press("x")
    assert bpost.screen_text().count("●") == dots and "»" in bpost.screen_text()


async def test_keys_of_stories_do_nothing_in_the_categories(bpost: Reader, dozen: Library) -> None:
    await bpost.press("h", *"msLxXB")
    assert unread(bpost) == set(range(STORIES)) and not bpost.posts.flagged and not bpost.dialog
    assert not bpost.library.headlines(ListFilter(starred=True), limit=5) + bpost.library.headlines(ListFilter(later=True), limit=5)
    assert bpost.message.startswith("First choose a story, with → · A marks the whole list read")


async def test_stories_are_not_selected_while_a_story_is_read(bpost: Reader, dozen: Library) -> None:
    await bpost.press("enter", "x", "X")
    assert here(bpost) == 0 and not bpost.posts.flagged
    assert bpost.message.startswith("Stories are selected in the list: ← goes there")


async def test_mark_is_removed_only_when_all_flagged_have_it(bpost: Reader, dozen: Library) -> None:
    await bpost.press("s", "x", "x", "s")
    assert bpost.library.count(ListFilter(starred=True)) == 2
    await bpost.press("g", "x", "x", "s")
    assert bpost.library.count(ListFilter(starred=True)) == 0
    assert "Stars removed from 2 stories" in bpost.message


async def test_flags_end_by_escape_key_and_change_of_list(bpost: Reader, dozen: Library) -> None:
    await bpost.press("x", "x", "k", "x")
    assert "1 selected" in bpost.notes
    await bpost.press("k", "enter", "s")  # in the story, the key marks that story
    (starred,) = bpost.library.headlines(ListFilter(starred=True), limit=5)
    assert starred.title == f"খবর {here(bpost)}"
    await bpost.press("escape")
    assert bpost.pane == "posts" and "1 selected" in bpost.notes
    await bpost.press("escape")
    assert not any("selected" in note for note in bpost.notes) and bpost.pane == "posts"
    await bpost.press("x", "2", "enter")
    assert not any("selected" in note for note in bpost.notes)


async def test_flags_stay_through_a_reload(bpost: Reader, dozen: Library, now: datetime) -> None:
    await bpost.press("x")
    dozen.save([Story("new", "খবর 99", published=now, full=True)], now=now)
    bpost.reload()
    await bpost.press("s")
    (starred,) = bpost.library.headlines(ListFilter(starred=True), limit=5)
    assert starred.title == "খবর 0"


async def test_order_key_lists_oldest_first_and_back(bpost: Reader, dozen: Library) -> None:
    await bpost.press("j", "R")
    assert [int(row.title.split()[-1]) for row in bpost.posts.stories] == [*reversed(range(STORIES))]
    assert here(bpost) == STORIES - 1 and "oldest first" in bpost.notes and "oldest first" in bpost.message.lower()
    await bpost.press("m", "n")
    assert here(bpost) == STORIES - 2
    await bpost.press("G")
    assert here(bpost) == 0
    await bpost.press("R")
    assert here(bpost) == 0 and [row.id for row in bpost.posts.stories] == [
        row.id for row in dozen.headlines(ListFilter(), limit=100)
    ]


async def test_new_stories_come_last_when_oldest_first(reader: ReaderFactory, dozen: Library, now: datetime) -> None:
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("R", "j")
        dozen.save([Story("new", "খবর 99", published=now, full=True)], now=now)
        dozen.save([Story("old", "খবর 98", published=now - timedelta(days=99), full=True)], now=now)
        await bpost.reloaded()
        numbers = [int(row.title.split()[-1]) for row in bpost.posts.stories]
        assert numbers == [98, *reversed(range(STORIES)), 99] and here(bpost) == STORIES - 2


async def test_key_goes_to_the_next_category_with_unread(bpost: Reader, dozen: Library) -> None:
    await bpost.press("}")
    first = bpost.categories.cursor
    assert first == 1 and bpost.pane == "posts"
    await bpost.press("}")
    second = bpost.categories.cursor
    assert second == 2
    await bpost.press("A", "A", "}", "}")
    assert bpost.categories.cursor == first  # past all news, which also has unread stories
    await bpost.press("A", "A", "}")
    assert "No other category" in bpost.message and bpost.categories.cursor == first


async def test_history_cannot_be_reversed(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en") as bpost:
        await bpost.press("enter", "escape")
        bpost.choose_category(len(bpost.categories.rows) - 1)
        await bpost.press("R")
        assert "one order only" in bpost.message
