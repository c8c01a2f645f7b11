"""Tests of a restored session: bpost opens the last list, story and pane, and counts the new stories. It marks nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.effects.passage_effects import keep, to_passages
from tests.tui.reader_facade import Reader


def story(number: int, at: datetime, words: int = 400) -> Story:
    blocks = tuple(Paragraph((Span(f"অনুচ্ছেদ {part} " + "কথা " * 40),)) for part in range(words // 40))
    return Story(f"guid-{number}", f"খবর {number}", published=at - timedelta(hours=number), blocks=blocks, full=True)


def here(bpost: Reader) -> tuple[object, ...]:
    shown = bpost.saved.headline.guid if bpost.saved else None
    return bpost.slug, bpost.query, shown, bpost.here, bpost.posts.cursor


@pytest.mark.parametrize("size", [(40, 12), (90, 30), (140, 40)])
@pytest.mark.parametrize(
    "keys",
    [("down", "down"), ("3", "down", "enter"), ("slash", *"nodi", "enter", "enter"), ("slash", *"nodi", "enter", "down"), ("h",)],
    ids=lambda keys: "".join(key[0] for key in keys),
)
async def test_session_restores_list_story_and_pane(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with reader(sample_portal.address, size=size) as bpost:
        await bpost.press(*keys)
        before, typed = here(bpost), bpost.line.value if bpost.line.display else ""
        await bpost.press("Q")
    async with reader(sample_portal.address, size=size) as bpost:
        assert here(bpost) == before
        assert (bpost.line.value if bpost.line.display else "") == typed
        assert bpost.cursor_region.height > 0 or bpost.here != "posts"


async def test_session_restores_position_and_search(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(3)], now=now)
    async with reader(NOWHERE, offline=True, size=(80, 24)) as bpost:
        await bpost.press("down", "enter", "pagedown", "Q")
        item = bpost.story.item
        assert item > 2
    async with reader(NOWHERE, offline=True, size=(80, 24)) as bpost:
        assert bpost.pane == "story" and bpost.story.item in (item - 1, item)
        await bpost.press("q", "slash", *"খবর", "enter", "Q")
    async with reader(NOWHERE, offline=True, size=(80, 24)) as bpost:
        assert bpost.number(3) in bpost.message
        await bpost.press("escape")
        assert (bpost.query, bpost.line.display, len(bpost.posts.stories)) == ("", False, 3)


async def test_reopened_short_story_stays_unread(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(0, now, words=40)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("enter")
        assert library.headline(bpost.shown).read
        await bpost.press("m", "Q")
    for _ in range(2):
        async with reader(NOWHERE, offline=True) as bpost:
            assert (bpost.pane, bpost.story.at_end) == ("story", True)
            await bpost.settle()
            assert not library.headline(bpost.shown).read
            await bpost.press("Q")
    assert library.count(ListFilter(unread=True)) == 1


async def test_reopened_story_becomes_read_at_its_end(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(0, now, words=4000)], now=now)
    async with reader(NOWHERE, offline=True, size=(80, 24)) as bpost:
        await bpost.press("enter", "pagedown", "Q")
    async with reader(NOWHERE, offline=True, size=(80, 24)) as bpost:
        assert bpost.pane == "story" and not library.headline(bpost.shown).read
        await bpost.press("G")
        assert library.headline(bpost.shown).read


async def test_session_with_a_lost_story_opens_all_news(
    reader: ReaderFactory, library: Library, now: datetime, tmp_path: Path
) -> None:
    library.save([story(number, now) for number in range(5)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("down", "down", "enter", "Q")
    places = (tmp_path / "state" / "places.json").read_text()
    for changed in (
        places.replace("guid-2", "guid-9"),
        places.replace('"story": 3', '"story": 99'),
        "{",
        places.replace('"all"', '"gone"', 1),
        places.replace(str(tmp_path), "/elsewhere"),  # another library of the same portal
    ):
        (tmp_path / "state" / "places.json").write_text(changed)
        async with reader(NOWHERE, offline=True) as bpost:
            assert (bpost.slug, bpost.pane, bpost.posts.cursor) == ("", "posts", 0)
            assert bpost.saved is not None and bpost.saved.headline.guid == "guid-0"


async def test_session_opens_all_news_when_its_list_lost_the_story(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(5)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("down", "L")
        bpost.choose_category(bpost.slugs.index("later"))
        await bpost.settle()
        await bpost.press("Q")
        number = bpost.shown
    library.set_mark("later", [number], False, now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        assert "starred" not in bpost.slugs
        assert (bpost.slug, bpost.pane, bpost.posts.cursor) == ("", "posts", 0)


async def test_named_story_opens_instead_of_the_last_session(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(5)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("down", "down", "Q")
    number = library.find("guid-4")
    async with reader(NOWHERE, offline=True, open_story=number) as bpost:
        assert (bpost.pane, bpost.shown) == ("story", number)


async def test_first_screen_counts_new_stories_since_the_last_visit(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(3)], now=now)
    async with reader(NOWHERE, offline=True, language="en") as bpost:
        assert "since" not in bpost.message
        await bpost.press("Q")
    visit = bpost.now
    for days, when in ((0, " "), (1, " yesterday "), (5, " ")):
        library.reading_log.record_visit(visit - timedelta(days=days, minutes=1))
        library.save([story(10 + days, now)], now=visit)
        async with reader(NOWHERE, offline=True, language="en") as bpost:
            assert bpost.message.startswith("● ") and f" new since{when}" in bpost.message
            assert bpost.message in " ".join(bpost.screen_text().split())


async def test_first_refresh_counts_earlier_new_stories(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    library.save([story(0, now - timedelta(days=3))], now=now - timedelta(days=3))
    library.reading_log.record_visit(now - timedelta(days=1))
    library.save([story(1, now)], now=now - timedelta(hours=1))
    async with reader(sample_portal.address, language="en") as bpost:
        assert bpost.message == "● 11 new since yesterday 12:00"
        await bpost.press("r")
        assert bpost.message == "Nothing new"


async def test_narrow_window_shortens_the_count_of_new_stories(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.reading_log.record_visit(now - timedelta(days=1))
    library.save([story(1, now)], now=now - timedelta(hours=1))
    async with reader(NOWHERE, offline=True, language="en", size=(40, 12)) as bpost:
        assert bpost.message == "● 1 new since yesterday 12:00"
        assert "● 1 new" in bpost.screen_text() and "since" not in bpost.screen_text()


async def test_session_keeps_a_hidden_read_story_only_while_in_it(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(4)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("U", "down", "down", "enter", "m", "Q")
    async with reader(NOWHERE, offline=True) as bpost:
        assert bpost.pane == "story" and bpost.saved is not None and bpost.saved.headline.guid == "guid-2"
        await bpost.press("q", "Q")
    async with reader(NOWHERE, offline=True) as bpost:
        assert (bpost.pane, bpost.posts.cursor) == ("posts", 0)
        assert [row.guid for row in bpost.posts.stories] == ["guid-0", "guid-1", "guid-3"]
        assert bpost.saved is not None and bpost.saved.headline.guid == "guid-0"


async def test_session_at_a_passage_without_its_story_reopens_the_passages(
    reader: ReaderFactory, library: Library, now: datetime
) -> None:
    library.save([story(number, now) for number in range(3)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await keep(bpost, "kept")
        library.maintenance.prune(now + timedelta(days=400))
        await to_passages(bpost)
        await bpost.press("enter", "Q")
    async with reader(NOWHERE, offline=True) as bpost:
        assert (bpost.pane, bpost.slug) == ("story", "passages")


async def test_session_at_the_top_reopens_at_the_newest_story(reader: ReaderFactory, library: Library, now: datetime) -> None:
    library.save([story(number, now) for number in range(2, 6)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("Q")
    library.save([story(1, now)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        assert (bpost.pane, bpost.posts.cursor) == ("posts", 0)
        assert bpost.saved is not None and bpost.saved.headline.guid == "guid-1"
        await bpost.press("enter", "Q")
    library.save([story(0, now)], now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        assert (bpost.pane, bpost.posts.cursor) == ("story", 1)
        assert bpost.saved is not None and bpost.saved.headline.guid == "guid-1"
