"""Tests of stories that changed since the reader read them: sign, list, new passages, the page of changes, and undo."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.typesetting.typeset.items import Para
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

CHANGED = ListFilter(changed=True)
SIGN = "3 dead, was 2"
NEW = "The minister will visit the families on Thursday."


def version(now: datetime, dead: int, *more: str) -> Story:
    lines = [
        f"The crash near Ghatal left {dead} dead, police said.",
        *(f"Paragraph {n} of the report. " * 12 for n in range(9)),
        *more,
    ]
    text = tuple(Paragraph((Span(line),)) for line in lines)
    return Story("1", "Bus and lorry collide near Ghatal", published=now - timedelta(hours=1), blocks=text, full=True)


def save_read_and_edited(library: Library, now: datetime, *more: str, dead: int = 3) -> int:
    """Save a story that was read at `now` and edited a minute later, and return its id.

    In the edited text, the number of dead is `dead`, and the paragraphs `more` are added.
    """
    (story,) = library.save([version(now, 2)], now=now).new
    library.save([Story("2", "Another story", published=now - timedelta(hours=2), full=True)], now=now)
    library.reading_log.record_opened(story, now=now)
    library.set_mark("read", [story], True, now=now)
    library.save([version(now, dead, *more)], now=now + timedelta(minutes=1))
    return story


def barred(bpost: Reader) -> list[str]:
    """Return the paragraphs of the story on the screen with a bar at their left, which marks new text."""
    return ["".join(run.text for run in item.runs) for item in bpost.items if isinstance(item, Para) and item.bar == "mark"]


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
async def test_sign_and_list_end_when_the_story_is_opened_and_undo_restores_them(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime, size: tuple[int, int]
) -> None:
    story = save_read_and_edited(library, now, NEW)
    async with reader(sample_portal.address, language="en", size=size, offline=True) as bpost:
        assert "changed" in bpost.slugs and SIGN in bpost.screen_text()
        bpost.go("categories")
        bpost.categories.cursor = bpost.slugs.index("changed")
        await bpost.settle()
        assert [row.id for row in bpost.posts.stories] == [story]
        bpost.go("posts")
        await bpost.press("enter")
        assert library.count(CHANGED) == 0 and library.headline(story).read
        assert barred(bpost)[1:] == [NEW] and SIGN not in bpost.screen_text()
        await bpost.press("u")
        assert library.count(CHANGED) == 1 and library.headline(story).read and "listed as changed again" in bpost.screen_text()
        await bpost.press("escape")
        assert SIGN in bpost.screen_text()


async def test_opened_story_begins_with_its_first_new_passage(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    save_read_and_edited(library, now, NEW, *("Further words on the road. " * 40 for _ in range(5)), dead=2)
    async with reader(sample_portal.address, language="en", size=(100, 30), offline=True) as bpost:
        await bpost.press("enter")
        assert "changed: the text" not in bpost.screen_text()
        top = bpost.items[bpost.story.item]
        assert isinstance(top, Para) and "".join(run.text for run in top.runs) == NEW
        await bpost.reloaded()
        assert barred(bpost)[0] == NEW


async def test_story_whose_beginning_is_new_is_opened_at_its_headline(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    save_read_and_edited(library, now, NEW)
    async with reader(sample_portal.address, language="en", size=(100, 30), offline=True) as bpost:
        await bpost.press("enter")
        assert bpost.story.item == 0 and len(barred(bpost)) == 2


async def test_changes_are_compared_with_the_version_that_was_read(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    save_read_and_edited(library, now)
    library.save([version(now, 4)], now=now + timedelta(days=2))
    async with reader(sample_portal.address, language="en", size=(100, 30), offline=True) as bpost:
        await bpost.press("enter", "d")
        text = bpost.screen_text()
        assert "left 2 4 dead" in text and text.count("Change seen") == 1 and "What changed since you read it" in text


async def test_spelling_and_punctuation_have_no_bar(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime
) -> None:
    (story,) = library.save([version(now, 2, "It rained, and the road was wet.")], now=now).new
    library.reading_log.record_opened(story, now=now)
    library.set_mark("read", [story], True, now=now)
    library.save([version(now, 3, "It rained and the road was wet")], now=now + timedelta(minutes=1))
    async with reader(sample_portal.address, language="en", size=(100, 30), offline=True) as bpost:
        await bpost.press("enter")
        assert [text[:9] for text in barred(bpost)] == ["The crash"]


@pytest.mark.parametrize("kept", [0, 1, 3])
async def test_story_that_becomes_shorter_while_its_end_is_read_shows_its_new_end(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime, kept: int
) -> None:
    long = version(now, 2)
    (story,) = library.save([long], now=now).new
    async with reader(sample_portal.address, language="en", size=(80, 24), offline=True) as bpost:
        bpost.read(story)
        await bpost.settle()
        bpost.go("story")
        await bpost.press("G")
        assert bpost.story.item >= 8
        library.save([long._replace(blocks=long.blocks[:kept])], now=now + timedelta(minutes=1))
        bpost.reload()
        await bpost.settle()
        assert bpost.story.item < len(bpost.items) and bpost.story.at_end
