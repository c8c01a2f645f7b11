from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bpost_tui.news.model import Shelf, Story
from bpost_tui.store.library import Library
from bpost_tui.store.values import Position

MakeStory = Callable[..., Story]


def fill(folder: Path, make_story: MakeStory, now: datetime) -> tuple[int, ...]:
    with Library(folder) as library:
        new = library.save([make_story(n) for n in range(4)], now=now).new
        library.mark_read(new[:2], True, now=now)
        library.mark_starred(new[:1], True, now=now)
        library.save_position(new[0], 3, 0.5)
        return new


def drop(folder: Path, name: str) -> None:
    for suffix in ("", "-wal", "-shm"):
        (folder / (name + suffix)).unlink(missing_ok=True)


def test_marks_when_stories_are_thrown_away_come_back_with_them(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    drop(tmp_path, "stories.db")
    with Library(tmp_path) as library:
        new = library.save([make_story(n) for n in range(4)], now=now).new
        assert [(row.read, row.starred) for row in map(library.headline, new)] == [
            (True, True),
            (True, False),
            (False, False),
            (False, False),
        ]
        assert library.position(new[0]) == Position(3, 0.5)
        assert library.unread_count() == 2


def test_marks_when_stories_return_under_other_guids_follow_the_link(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    drop(tmp_path, "stories.db")
    with Library(tmp_path) as library:
        new = library.save([make_story(n, guid=f"new-{n}") for n in range(4)], now=now).new
        assert [library.headline(story).read for story in new] == [True, True, False, False]
        assert library.mark_read(new[:1], False, now=now) == new[:1]
    with Library(tmp_path) as library:
        assert [library.headline(story).read for story in new] == [False, True, False, False]


def test_marks_when_reader_file_is_thrown_away_are_gone(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    drop(tmp_path, "reader.db")
    with Library(tmp_path) as library:
        assert (library.unread_count(), library.count(Shelf(starred=True))) == (4, 0)


def test_marks_when_copy_was_not_written_are_copied_again(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    new = fill(tmp_path, make_story, now)
    with Library(tmp_path) as library:
        # as a crash between the commits of the two files leaves it
        with closing(sqlite3.connect(tmp_path / "stories.db")) as db, db:
            db.execute("UPDATE stories SET read = 1 WHERE id = ?", (new[3],))
            db.execute("UPDATE marks_stamp SET stamp = 'never reached reader.db'")
        assert library.mark_read(new[2:3], True, now=now) == new[2:3]
        assert [row.id for row in library.headlines(Shelf(unread=True), limit=9)] == [new[3]]
        assert library.unread_count() == 1
