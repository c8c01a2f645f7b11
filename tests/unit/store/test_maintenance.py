"""Maintenance of a library."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.maintenance import PRUNE_BATCH
from tests.unit.store.damage import root_page, spoil_page

MakeStory = Callable[..., Story]


@pytest.fixture
def full(library: Library, make_story: MakeStory, now: datetime) -> Library:
    """Return a library of 2½ pruning batches of stories, an hour apart, with some marks and one edited story."""
    count = PRUNE_BATCH * 5 // 2
    library.save([make_story(n) for n in range(count)], now=now)
    numbers = [row.id for row in library.headlines(ListFilter(), limit=1000)]
    library.set_mark("read", numbers[::3], True, now=now)
    library.set_mark("starred", numbers[::50], True, now=now)
    library.set_mark("later", numbers[1::50], True, now=now)
    library.save([make_story(7, title="বদলে গেল", modified=now)], now=now)
    return library


def test_stats_count_stories_and_marks(full: Library, make_story: MakeStory) -> None:
    stats = full.maintenance.stats()
    assert (stats.stories, stats.full, stats.starred, stats.later, stats.revisions) == (250, 250, 5, 5, 1)
    assert stats.unread == full.unread_count() and stats.marked == full.maintenance.stats().stories - stats.unread + 6
    assert (stats.newest, stats.oldest) == (make_story(0).published, make_story(249).published)
    assert stats.categories == 2 and {"stories.db", "reader.db"} <= set(stats.sizes)


def test_stats_of_an_empty_library_are_zero(library: Library) -> None:
    stats = library.maintenance.stats()
    assert (stats.stories, stats.unread, stats.oldest, stats.marked) == (0, 0, None, 0)


def test_prune_removes_old_stories_except_starred_and_later(full: Library, make_story: MakeStory) -> None:
    before = make_story(20).published
    assert before
    old = [row for row in full.headlines(ListFilter(), limit=1000) if row.published < before]
    marked = {row.id for row in old if row.starred or row.later}
    assert full.maintenance.count_prunable(before) == len(old) - len(marked)
    assert full.maintenance.prune(before) == len(old) - len(marked)
    assert {row.id for row in full.headlines(ListFilter(), limit=1000) if row.published < before} == marked
    assert full.maintenance.verify() == ()
    assert full.maintenance.prune(before) == full.maintenance.count_prunable(before) == 0
    assert full.search.count("প্রতিবেদন", now=before) == full.count(ListFilter()) == 21 + len(marked)
    assert full.count(ListFilter("health")) == sum(1 for row in full.headlines(ListFilter(), limit=1000) if len(row.categories) > 1)


def test_pruned_stories_regain_their_marks_when_saved_again(full: Library, make_story: MakeStory, now: datetime) -> None:
    oldest = full.headlines(ListFilter(), limit=1000)[249 - 249 % 3]
    assert oldest.read
    full.maintenance.prune(now)
    full.save([make_story(n) for n in range(250)], now=now)
    assert full.headline(full.find(oldest.guid)).read
    assert full.maintenance.verify() == ()


def test_compact_shrinks_the_file_and_keeps_all_rows(full: Library, now: datetime) -> None:
    full.maintenance.prune(now)
    left = full.headlines(ListFilter(), limit=1000)
    before = full.maintenance.stats().sizes["stories.db"]
    full.maintenance.compact(lambda *_: None)
    assert full.maintenance.stats().sizes["stories.db"] < before / 2
    assert full.headlines(ListFilter(), limit=1000) == left and full.maintenance.verify() == ()
    assert full.search.count("খবর", now=now) == len(left)


@pytest.mark.parametrize(
    ("spoil", "reported"),
    [
        ("UPDATE lists SET unread = unread + 1 WHERE id = 0", "1 categories are miscounted"),
        ("UPDATE list_entries SET starred = 1 - starred WHERE story = 3 AND list = 0", "1 stories are listed wrongly"),
        ("UPDATE unread SET story = 9999 WHERE story = 3 AND list = 0", "stories are listed wrongly"),
        ("DELETE FROM unread WHERE story = 3 AND list <> 0", "stories are listed wrongly"),
        ("UPDATE stories SET later = 1 - later WHERE id = 4", "the marks of 1 stories"),
        ("UPDATE stories SET entry = NULL WHERE id = 5", "the search index has"),
        ("PRAGMA foreign_keys = OFF; INSERT INTO texts VALUES (9999, '[]')", "1 rows refer to missing data"),
    ],
)
def test_verify_reports_faults_without_repair(full: Library, tmp_path: Path, spoil: str, reported: str) -> None:
    assert full.maintenance.verify() == ()
    with closing(sqlite3.connect(tmp_path / "library" / "stories.db")) as db, db:
        db.executescript(spoil)
    assert any(reported in line for line in full.maintenance.verify())
    assert any(reported in line for line in full.maintenance.verify())


def test_verify_of_a_damaged_file_repairs_nothing(full: Library, tmp_path: Path) -> None:
    full.close()
    path = tmp_path / "library" / "stories.db"
    spoil_page(path, root_page(path, "stories_by_link"), bytes(4088))
    with Library(tmp_path / "library") as library:
        assert library.maintenance.verify()
        assert library.notices == () and not list(path.parent.glob("*.damaged*"))


def test_prune_continues_past_a_damaged_text(full: Library, tmp_path: Path, now: datetime) -> None:
    with closing(sqlite3.connect(tmp_path / "library" / "stories.db")) as db, db:
        db.execute("UPDATE texts SET blocks = '{' WHERE story = 10")
    assert full.maintenance.prune(now) == 240
