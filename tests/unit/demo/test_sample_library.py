"""Saving the sample edition: complete, sanitized, and again on another day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bpost_tui.demo.sample_library import GAZETTE_HOME, HOME, save_sample_library
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import ListFilter, images
from bpost_tui.picture_store import PictureStore
from bpost_tui.store.library import Library
from tests.conftest import NOW

PAPERS = Paper("demo", HOME), paper_at(GAZETTE_HOME)
ROOM_BYTES = 1 << 24


def test_saved_sample_has_its_stories_categories_and_pictures(tmp_path: Path) -> None:
    save_sample_library(tmp_path, PAPERS, NOW, picture_bytes=ROOM_BYTES)
    with Library(tmp_path) as library:
        stories = [library.story(row.id) for row in library.headlines(ListFilter(), limit=50)]
        assert len(stories) == 17 and all(story.headline.full for story in stories)
        assert len(library.categories()) == 8
        pictures = [image.src for story in stories for image in images(story)]
    store = PictureStore(tmp_path, max_bytes=ROOM_BYTES)
    assert len(pictures) == 4 and all(isinstance(store.find(address), StoredPicture) for address in pictures)


def test_sample_saved_on_another_day_keeps_marks_and_age(tmp_path: Path) -> None:
    save_sample_library(tmp_path, PAPERS, NOW, picture_bytes=ROOM_BYTES)
    with Library(tmp_path) as library:
        first, *_ = library.headlines(ListFilter(), limit=50)
        library.set_mark("starred", [first.id], True, now=NOW)
    later = NOW + timedelta(days=3)
    save_sample_library(tmp_path, PAPERS, later, picture_bytes=ROOM_BYTES)
    with Library(tmp_path) as library:
        again, *others = library.headlines(ListFilter(), limit=50)
    assert (again.guid, again.starred, len(others)) == (first.guid, True, 16)
    assert later - again.published == NOW - first.published


def test_sample_read_on_an_earlier_day_is_not_listed_as_changed(tmp_path: Path) -> None:
    for day in range(3):
        now = NOW + timedelta(days=day)
        save_sample_library(tmp_path, PAPERS, now, picture_bytes=ROOM_BYTES)
        with Library(tmp_path) as library:
            library.set_tracking(True)  # as the reader's config does
            assert library.count(ListFilter(changed=True)) == 0
            for row in library.headlines(ListFilter(), limit=50):
                library.reading_log.record_opened(row.id, now=now)
                library.set_mark("read", [row.id], True, now=now)


def test_news_of_both_sample_papers_is_one_row(tmp_path: Path) -> None:
    save_sample_library(tmp_path, PAPERS, NOW, picture_bytes=ROOM_BYTES)
    with Library(tmp_path) as library:
        rows = library.headlines(ListFilter(groups_same_news=True), limit=50)
        (group,) = [row for row in rows if row.others]
        assert len(rows) == 16 and "হুগলি" in group.title
        assert [(other.paper, "উইলকিন্স" in other.title) for other in group.others] == [(PAPERS[1].key, True)]
