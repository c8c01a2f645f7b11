"""Tests of "more like this": similar stories are listed, the search is saved under a name, and new stories are counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.new_story_notices import notable
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")

BREACH = "Ghatal: ঘাটালের মনসুকা বাঁধে ফাটল, কংসাবতী ব্যারাজ থেকে জল ছাড়ায় আতঙ্ক"
PLUGGED = "মনসুকার বাঁধের ফাটল বোজানো হল, কংসাবতী ব্যারাজে জল কমায় স্বস্তি ঘাটালে"
OTHER = "খড়্গপুরে আন্তঃজেলা ক্যারাটে প্রতিযোগিতার ফাইনাল রবিবার"


def story(number: int, title: str, published: datetime) -> Story:
    return Story(
        guid=f"https://thebengalpost.net/?p=77{number}",
        link=f"https://thebengalpost.net/77{number}/",
        title=title,
        author="নিজস্ব প্রতিবেদক",
        published=published,
        tags=("সেচ দপ্তর",),
        blocks=(Paragraph((Span(f"{title}।"),)),),
        full=True,
    )


@pytest.fixture
def story_ids(library: Library, now: datetime) -> tuple[int, ...]:
    """Save three stories, one a day: the breach of a dam, other news, and the breach repaired. Return their ids."""
    days = [now - timedelta(days=4 - at) for at in range(3)]
    stories = [story(at, title, day) for at, (title, day) in enumerate(zip((BREACH, OTHER, PLUGGED), days, strict=True))]
    ids = {}
    for each in stories:
        (ids[each.guid],) = library.save([each], now=now).new
    return tuple(ids.values())


def rows(bpost: Reader) -> list[int]:
    return [row.id for row in bpost.posts.stories]


def last_row(bpost: Reader) -> tuple[str, int]:
    count = bpost.categories.rows[-1]
    return count.name, count.unread


async def go_to_story(bpost: Reader, number: int) -> None:
    bpost.posts.cursor = rows(bpost).index(number)
    await bpost.settle()


async def test_more_like_this_lists_a_timeline_and_back_returns(
    reader: ReaderFactory, sample_portal: SamplePortal, story_ids: Sequence[int]
) -> None:
    breach, _, plugged = story_ids
    async with reader(sample_portal.address, language="en") as bpost:
        before = rows(bpost)
        await go_to_story(bpost, plugged)
        await bpost.press("*")
        assert rows(bpost) == [breach, plugged]
        assert (bpost.pane, bpost.posts.cursor) == ("posts", 1)
        assert "2 found" in bpost.screen_text()
        await bpost.press("R")
        assert rows(bpost) == [plugged, breach]
        assert "The newest first" in bpost.screen_text()
        await bpost.press("R")
        assert "The oldest first" in bpost.screen_text()
        await bpost.press("backspace")
        assert rows(bpost) == before
        assert bpost.posts.stories[bpost.posts.cursor].id == plugged


@pytest.mark.given(size=(200, 40))
async def test_more_like_this_shows_the_headline_and_query_on_edit(story_ids: tuple[int, ...], bpost: Reader) -> None:
    await go_to_story(bpost, story_ids[0])
    await bpost.press("*")
    assert 'like:"' not in bpost.screen_text(), bpost.screen_text()
    assert f"2 found like “{BREACH.split(': ')[-1][:20]}" in bpost.screen_text()
    await bpost.press("slash")
    assert 'like:"' in bpost.screen_text()


async def test_more_like_this_from_a_story_gives_a_timeline(story_ids: Sequence[int], bpost: Reader, library: Library) -> None:
    await go_to_story(bpost, story_ids[2])
    await bpost.press("enter", "*")
    assert rows(bpost) == [story_ids[0], story_ids[2]]
    assert bpost.pane == "posts"
    library.set_mark("read", story_ids, False, now=bpost.now)
    bpost.reload()
    await bpost.press("g", "enter", "n")
    assert bpost.shown == story_ids[2]


async def test_followed_story_counts_new_ones_in_its_row(
    story_ids: Sequence[int], bpost: Reader, library: Library, now: datetime
) -> None:
    await go_to_story(bpost, story_ids[0])
    await bpost.press("*", "w", "enter")
    name = BREACH.removeprefix("Ghatal: ")
    assert last_row(bpost) == (name, 2)
    assert "Followed: “" in bpost.screen_text()
    assert "─ Followed ─" in bpost.screen_text()
    (saved,) = library.saved_searches.all()
    assert saved.name == name
    new = library.save([story(9, PLUGGED, now)], now=now).new
    await bpost.until(lambda: last_row(bpost)[1] == 3)
    await bpost.press("escape")
    bpost.go("categories")
    await bpost.press("G")
    assert rows(bpost) == [story_ids[0], story_ids[2], *new]
    assert notable(bpost.listings, Mutes(), new, [f"search:{name}"]) == new
    await bpost.press("right", "w")
    assert library.saved_searches.all() == ()
    assert "is no longer followed" in bpost.message
    await bpost.press("u")
    assert library.saved_searches.all() == (saved,)
    assert "is followed again" in bpost.message
    await bpost.press("u")
    assert library.saved_searches.all() == ()


async def test_more_like_this_reports_too_few_words(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    (number,) = library.save([story(1, "…", now)._replace(blocks=())], now=now).new
    async with reader(sample_portal.address, language="en") as bpost:
        await go_to_story(bpost, number)
        await bpost.press("*")
        assert "Too few words" in bpost.screen_text()


async def test_topics_below_a_story_link_to_their_search(story_ids: Sequence[int], bpost: Reader) -> None:
    await go_to_story(bpost, story_ids[0])
    await bpost.press("enter")
    assert "More on  Ghatal · নিজস্ব প্রতিবেদক · সেচ দপ্তর" in bpost.screen_text()
    await bpost.press(";", "f")
    assert (bpost.query, bpost.pane) == ('tag:"Ghatal"', "posts")
    assert rows(bpost) == [story_ids[0]]
    await bpost.press("backspace")
    assert (bpost.pane, bpost.query) == ("story", "")


async def test_topic_is_kept_and_muted_from_the_list_of_links(story_ids: Sequence[int], bpost: Reader, library: Library) -> None:
    await go_to_story(bpost, story_ids[0])
    await bpost.press("enter", "a", "down", "down")
    assert "Tag  w: save the search · M: mute or unmute" in bpost.screen_text()
    await bpost.press("w")
    assert [(saved.name, saved.query) for saved in library.saved_searches.all()] == [("সেচ দপ্তর", 'tag:"সেচ দপ্তর"')]
    assert last_row(bpost)[0] == "সেচ দপ্তর"
    await bpost.press("a", "G", "w")
    assert library.saved_searches.all() == ()
    await bpost.press("left")
    assert set(story_ids) <= set(rows(bpost))
    await bpost.press("enter", "a", "G", "M")
    assert "“সেচ দপ্তর” is muted" in bpost.screen_text()
    assert not set(story_ids) & (set(rows(bpost)) - {bpost.shown})
    await bpost.press("u")
    assert "“সেচ দপ্তর” is no longer muted" in bpost.screen_text()
    await bpost.press("left")
    assert set(story_ids) <= set(rows(bpost))


async def test_topic_is_followed_by_a_click(story_ids: Sequence[int], bpost: Reader) -> None:
    await go_to_story(bpost, story_ids[1])
    bpost.follow("topic:author:নিজস্ব প্রতিবেদক")
    await bpost.settle()
    assert bpost.query == 'author:"নিজস্ব প্রতিবেদক"'
    assert set(rows(bpost)) == set(story_ids)
    bpost.follow("topic:author:কেউ না")
    await bpost.settle()
    assert bpost.query == 'author:"নিজস্ব প্রতিবেদক"'
    assert bpost.opened == []
