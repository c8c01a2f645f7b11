"""Tests of the reader's own lists below the categories, and of the line above stories that were seen at the last visit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def rule_at(bpost: Reader) -> int | None:
    """Return `Reader.rule_at`. It is a function, because mypy assumes that an attribute is the same after a key."""
    return bpost.rule_at


def slugs(bpost: Reader) -> list[str]:
    return bpost.slugs


async def choose(bpost: Reader, slug: str) -> None:
    bpost.go("categories")
    bpost.categories.cursor = slugs(bpost).index(slug)
    await bpost.settle()


@pytest.mark.given(language="en")
async def test_own_lists_come_in_order_below_a_rule(bpost: Reader) -> None:
    assert not {"later", "starred", "opened"} & set(slugs(bpost))
    await bpost.press("s", "down", "L", "down", "enter")
    assert slugs(bpost)[-3:] == ["later", "starred", "opened"]
    assert bpost.categories.breaks == (len(slugs(bpost)) - 3,)
    lines = [line[: bpost.categories.region.width - 4].strip() for line in bpost.screen_text().split("\n")]
    at = lines.index("Read later")
    assert set(lines[at - 1]) <= {"─", "│", " "} and "─" in lines[at - 1]


async def test_click_below_the_rule_hits_the_right_row(bpost: Reader) -> None:
    story_id = bpost.posts.stories[1].id
    await bpost.press("s", "down", "L")
    pane = bpost.categories
    y = len(slugs(bpost)) - 2 + 1  # one line for the rule
    await bpost.pilot.click(pane, offset=(3, y))
    await bpost.settle()
    assert bpost.slug == "later"
    assert [row.id for row in bpost.posts.stories] == [story_id]
    await bpost.pilot.click(pane, offset=(3, y - 1))
    assert bpost.slug == "later"


async def test_later_mark_is_removed_in_its_list_and_undone(bpost: Reader, library: Library) -> None:
    await bpost.press("L", "down", "L")
    await choose(bpost, "later")
    bpost.go("posts")
    kept = [row.id for row in bpost.posts.stories]
    assert len(kept) == 2
    await bpost.press("L")
    assert [row.id for row in bpost.posts.stories] == kept[1:]
    await bpost.press("u")
    assert [row.id for row in bpost.posts.stories] == kept
    assert library.count(ListFilter(later=True)) == 2


async def test_history_lists_opened_stories_latest_first_and_keeps_order(bpost: Reader) -> None:
    ids = [row.id for row in bpost.posts.stories]
    for _ in range(3):
        await bpost.press("enter")
        bpost.tick()
        await bpost.press("escape", "down", "down")
    await choose(bpost, "opened")
    assert [row.id for row in bpost.posts.stories] == [ids[4], ids[2], ids[0]]
    bpost.go("posts")
    await bpost.press("down", "enter")
    await bpost.reloaded()
    assert [row.id for row in bpost.posts.stories] == [ids[4], ids[2], ids[0]]
    assert bpost.shown == ids[2]


@pytest.mark.parametrize("size", [(40, 12), (140, 40)])
async def test_last_visit_rule_stays_through_a_refresh(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, size: tuple[int, int]
) -> None:
    async with reader(sample_portal.address, language="en", size=size) as bpost:
        assert rule_at(bpost) is None
        heights = bpost.row_heights
        oldest = bpost.posts.stories[0]
        visit = bpost.now
    assert library.reading_log.last_visit() == visit
    came = visit + timedelta(minutes=1)
    stories = [Story(f"new-{n}", f"Midnapore: নতুন খবর {n}", published=came, full=True) for n in range(2)]
    library.save(stories, now=came)
    async with reader(sample_portal.address, language="en", size=size) as bpost:
        assert rule_at(bpost) == 2
        assert {row: height for row, height in bpost.row_heights.items() if row in heights}.items() <= heights.items()
        bpost.tick()
        await bpost.press("r")
        assert rule_at(bpost) == 2
        await bpost.press("down", "down")
        assert bpost.posts.stories[bpost.posts.cursor].id == oldest.id
        assert "─ Seen last time ─" in bpost.screen_text()
        await bpost.press("slash", *"kangsabati", "enter")
        assert rule_at(bpost) is None
        await bpost.press("escape")
        assert rule_at(bpost) == 2
    assert library.reading_log.last_visit() == came
