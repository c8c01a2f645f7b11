from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.clock import to_us
from bpost_tui.errors import NotFoundError
from bpost_tui.mark_changes.field_changes import MARK_FIELDS, SERVER_MARK_FIELDS, FieldChange, Subject, SubjectKind
from bpost_tui.model.marks import MarkName, MarkState, ReadingPosition
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.lists import mark_store
from bpost_tui.store.schema.migrations import READER, STORIES, UPDATE_UNREAD_COUNTS
from bpost_tui.store.sqlite_files import OpenMode, connect, remove_files
from bpost_tui.urls import link_key
from tests.unit.store.damage import root_page, spoil_page
from tests.unit.store.older_files import as_of

MakeStory = Callable[..., Story]


def fill(folder: Path, make_story: MakeStory, now: datetime) -> tuple[int, ...]:
    with Library(folder) as library:
        new = library.save([make_story(n) for n in range(4)], now=now).new
        library.set_mark("read", new[:2], True, now=now)
        library.set_mark("starred", new[:1], True, now=now)
        library.set_mark("later", new[2:3], True, now=now)
        library.reading_log.record_opened(new[0], now=now)
        library.reading_log.save_position(new[0], 3, 0.5, now=now)
        return new


def test_marks_return_with_deleted_stories(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    remove_files(tmp_path / "stories.db")
    with Library(tmp_path) as library:
        new = library.save([make_story(n) for n in range(4)], now=now).new
        assert [(row.read, row.starred, row.later) for row in map(library.headline, new)] == [
            (True, True, False),
            (True, False, False),
            (False, False, True),
            (False, False, False),
        ]
        assert [(opened.headline.id, opened.at) for opened in library.reading_log.history(limit=9)] == [(new[0], now)]
        assert library.reading_log.position(new[0]) == ReadingPosition(3, 0.5)
        assert library.unread_count() == 2


def test_marks_follow_the_link_when_guids_change(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    remove_files(tmp_path / "stories.db")
    with Library(tmp_path) as library:
        new = library.save([make_story(n, guid=f"new-{n}") for n in range(4)], now=now).new
        assert [library.headline(story).read for story in new] == [True, True, False, False]
        assert library.set_mark("read", new[:1], False, now=now) == new[:1]
    with Library(tmp_path) as library:
        assert [library.headline(story).read for story in new] == [False, True, False, False]


def test_marks_are_restored_from_stories_db_without_reader_db(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    remove_files(tmp_path / "reader.db")
    shutil.rmtree(tmp_path / "backups", ignore_errors=True)
    with Library(tmp_path) as library:
        assert (library.unread_count(), library.count(ListFilter(starred=True)), library.count(ListFilter(later=True))) == (2, 1, 1)
        assert library.reading_log.history(limit=9) == ()


@pytest.mark.parametrize("writes", ["marks", "lists"])
def test_marks_are_copied_again_after_a_crash_between_commits(
    tmp_path: Path, make_story: MakeStory, now: datetime, writes: str
) -> None:
    new = fill(tmp_path, make_story, now)
    with Library(tmp_path) as library:
        # state after a crash between the commits of the two files
        with closing(sqlite3.connect(tmp_path / "stories.db")) as db, db:
            db.execute("DELETE FROM unread WHERE story = ?", (new[3],))
            db.execute(UPDATE_UNREAD_COUNTS)
            db.execute("UPDATE marks_stamp SET stamp = 'never reached reader.db'")
        if writes == "lists":
            library.own_lists.merge([OwnList("Trip", "Trip")], now=now)
            assert library.unread_count() == 2
        assert library.set_mark("read", new[2:3], True, now=now) == new[2:3]
        assert [row.id for row in library.headlines(ListFilter(unread=True), limit=9)] == [new[3]]
        assert library.unread_count() == 1


@pytest.mark.parametrize("many", [2, 10_000])
def test_marking_a_list_read_and_unread_restores_its_state(
    library: Library, make_story: MakeStory, now: datetime, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(mark_store, "_REINDEX_FROM", many)  # with 2, the index of links is rebuilt
    new = library.save([make_story(n) for n in range(20)], now=now).new
    library.set_mark("read", new[3:5], True, now=now)
    library.set_mark("starred", new[4:6], True, now=now)
    before = library.headlines(ListFilter(), limit=99), library.categories(), library.unread_count()
    changed = library.set_mark("read", new, True, now=now)
    assert set(changed) == {*new[:3], *new[5:]}
    assert (library.unread_count(), library.headlines(ListFilter(unread=True), limit=9)) == (0, ())
    assert {count.unread for count in library.categories()} == {0}
    assert library.maintenance.verify() == ()
    assert library.set_mark("read", changed, False, now=now) == changed
    assert (library.headlines(ListFilter(), limit=99), library.categories(), library.unread_count()) == before
    assert library.maintenance.verify() == ()


def test_marking_a_list_read_does_not_rewrite_its_stories(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    stories = [make_story(n, excerpt="খবর " * 100) for n in range(500)]
    with Library(tmp_path) as library:
        new = library.save(stories, now=now).new
        assert library.set_mark("read", new[:1], True, now=now) == new[:1]
        with closing(sqlite3.connect(tmp_path / "stories.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        library.set_mark("read", new, True, now=now)
        assert (tmp_path / "stories.db-wal").stat().st_size < 200_000


def test_story_keeps_its_marks_when_category_and_date_change(library: Library, make_story: MakeStory, now: datetime) -> None:
    other = (Category("court", "Court"),)
    new = library.save([make_story(n) for n in range(3)], now=now).new
    library.set_mark("read", new[:1], True, now=now)
    moved = [make_story(n)._replace(categories=other, published=now - timedelta(days=n + 5)) for n in range(3)]
    assert set(library.save(moved, now=now).updated) == set(new)
    assert [row.read for row in map(library.headline, new)] == [True, False, False]
    assert [row.id for row in library.headlines(ListFilter("court", unread=True), limit=9)] == list(new[1:])
    assert [(count.total, count.unread) for count in library.categories() if count.total] == [(3, 2)]
    assert library.maintenance.verify() == ()


def test_later_filter_combines_with_other_marks(library: Library, make_story: MakeStory, now: datetime) -> None:
    new = library.save([make_story(n) for n in range(6)], now=now).new
    assert set(library.set_mark("later", new[:4], True, now=now)) == set(new[:4])
    assert library.set_mark("later", new[:4], True, now=now) == ()
    library.set_mark("starred", new[1:5], True, now=now)
    library.set_mark("read", new[2:6], True, now=now)
    for list_filter, wanted in [
        (ListFilter(later=True), new[:4]),
        (ListFilter(later=True, starred=True), new[1:4]),
        (ListFilter(later=True, unread=True), new[:2]),
        (ListFilter("health", later=True, starred=True, unread=True), new[1:2]),
    ]:
        assert tuple(row.id for row in library.headlines(list_filter, limit=9)) == wanted
        assert library.count(list_filter) == len(wanted)
    assert tuple(hit.headline.id for hit in library.search.find("is:later is:starred", limit=9, now=now).hits) == new[1:4]
    assert set(library.set_mark("later", new, False, now=now)) == set(new[:4])
    assert library.headlines(ListFilter(later=True), limit=9) == ()


def test_history_lists_last_opened_stories_first(library: Library, make_story: MakeStory, now: datetime) -> None:
    new = library.save([make_story(n) for n in range(4)], now=now).new
    for minute, story in enumerate([new[2], new[0], new[3], new[2]]):
        library.reading_log.record_opened(story, now=now + timedelta(minutes=minute))
    history = library.reading_log.history(limit=9)
    assert [opened.headline.id for opened in history] == [new[2], new[3], new[0]]
    assert history[0].at == now + timedelta(minutes=3)
    assert library.reading_log.history(limit=1) == history[:1]
    with pytest.raises(NotFoundError):
        library.reading_log.record_opened(99, now=now)


def test_last_visit_separates_stories_that_came_since(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path) as library:
        assert library.reading_log.last_visit() is None
        library.save([make_story(2)], now=now)
        library.reading_log.record_visit(now)
        library.save([make_story(1), make_story(2)], now=now + timedelta(hours=1))
    with Library(tmp_path) as library:
        assert library.reading_log.last_visit() == now
        assert [row.first_seen > now for row in library.headlines(ListFilter(), limit=9)] == [True, False]


def test_old_schema_keeps_marks_and_starts_history_with_read_stories(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    new = fill(tmp_path, make_story, now)
    as_of(tmp_path / "stories.db", STORIES, 2)
    as_of(tmp_path / "reader.db", READER, 2)
    with Library(tmp_path) as library:
        assert library.notices == ()
        assert [row.read for row in map(library.headline, new)] == [True, True, False, False]
        assert {opened.headline.id for opened in library.reading_log.history(limit=9)} == set(new[:2])
        assert library.set_mark("later", new[3:], True, now=now) == new[3:]
        assert [row.id for row in library.headlines(ListFilter(later=True), limit=9)] == list(new[3:])


def test_marks_are_rescued_from_an_older_damaged_file(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    fill(tmp_path, make_story, now)
    as_of(tmp_path / "stories.db", STORIES, 2)
    as_of(tmp_path / "reader.db", READER, 2)
    spoil_page(tmp_path / "reader.db", root_page(tmp_path / "reader.db", "marks_by_link"))
    with Library(tmp_path) as library:
        library.save([make_story(9, guid="elsewhere")], now=now)
        assert (library.unread_count(), library.count(ListFilter(starred=True))) == (3, 1)


def test_mark_time_increases_when_the_clock_goes_back(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path) as library:
        (story,) = library.save([make_story(1)], now=now).new
        library.set_mark("starred", [story], True, now=now)
        library.set_mark("starred", [story], False, now=now - timedelta(hours=1))
        (exported,) = library.import_export.export([story])
        assert exported.marks.starred == MarkState(False, now + timedelta(microseconds=1))


def stamps(library: Library) -> tuple[str, str]:
    with closing(connect(library.folder, OpenMode.READ)) as db:
        return tuple(db.execute(f"SELECT stamp FROM {name}.marks_stamp").fetchone()[0] for name in ("main", "reader"))


def as_subject(library: Library, story: int) -> Subject:
    row = library.headline(story)
    return Subject(SubjectKind.STORY, row.guid, row.paper)


@pytest.mark.parametrize("reindexes_from", [0, 10_000])
@pytest.mark.parametrize("count", [1, 2, 8])
@pytest.mark.parametrize("mark", MARK_FIELDS)
def test_marks_of_one_story_and_of_all_are_set_and_removed_alike(
    library: Library,
    make_story: MakeStory,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    mark: MarkName,
    count: int,
    reindexes_from: int,
) -> None:
    monkeypatch.setattr(mark_store, "_REINDEX_FROM", reindexes_from)
    stories = sorted(library.save([make_story(number) for number in range(8)], now=now).new)
    some = stories[:count]

    def marked() -> list[int]:
        return sorted(row.id for row in library.headlines(ListFilter(), limit=99) if getattr(row, mark))

    assert library.set_mark(mark, some[:1], True, now=now) == (some[0],)
    assert library.set_mark(mark, reversed(some), True, now=now) == tuple(some[1:])
    assert marked() == some and library.unread_count() == (8 - count if mark == "read" else 8)
    before = library.revision()
    assert library.set_mark(mark, some, True, now=now) == () and library.revision() == before
    assert library.set_mark(mark, stories, False, now=now) == tuple(some)
    assert marked() == [] and library.unread_count() == 8 and library.maintenance.verify() == ()
    with closing(connect(library.folder, OpenMode.READ)) as db:
        assert db.execute("SELECT 1 FROM reader.sqlite_schema WHERE name = 'marks_by_link'").fetchone()


@pytest.mark.parametrize(
    "change",
    [
        lambda library, story, now: library.set_mark("later", [story], True, now=now),
        lambda library, story, now: library.changes.merge({as_subject(library, story): {"later": FieldChange(5, True)}}),
    ],
    ids=["here", "another machine"],
)
def test_change_of_a_mark_renews_the_stamp_of_both_files(
    library: Library, make_story: MakeStory, now: datetime, change: Callable[[Library, int, datetime], object]
) -> None:
    library.set_subscriptions((paper_at("https://thebengalpost.net"),))
    (story,) = library.save([make_story(0)], now=now).new
    before = stamps(library)
    change(library, story, now)
    one, other = stamps(library)
    assert one == other and one not in before and library.headline(story).later


def test_first_write_after_a_crash_makes_the_copy_current_also_with_marks_without_a_paper(
    library: Library, make_story: MakeStory, now: datetime
) -> None:
    (story,) = library.save([make_story(0)], now=now).new
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("INSERT INTO reader.marks (guid, paper, starred_us) VALUES (?, '', 5)", (library.headline(story).guid,))
        db.execute("UPDATE reader.marks_stamp SET stamp = 'never reached stories.db'")
    library.save([make_story(1)], now=now)
    assert library.headline(story).starred and library.maintenance.verify() == ()
    one, other = stamps(library)
    assert one == other


def test_changed_mark_is_still_to_be_sent_to_the_server(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.set_subscriptions((paper_at("https://thebengalpost.net"),))
    (story,) = library.save([make_story(0)], now=now).new
    subject = as_subject(library, story)
    synced = {"starred": FieldChange(5, True, is_synced=True), SERVER_MARK_FIELDS[1]: FieldChange(6, 1000)}
    library.changes.merge({subject: synced})
    assert library.changes.all_changes()[subject]["starred"].is_synced
    library.set_mark("starred", [story], False, now=now)
    assert not library.changes.all_changes()[subject]["starred"].is_synced


def test_story_whose_link_changes_gets_the_marks_that_arrived_for_that_link(
    library: Library, make_story: MakeStory, now: datetime
) -> None:
    (story,) = library.save([make_story(0)], now=now).new
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        query = "INSERT INTO reader.marks (guid, paper, link_key, starred_us) VALUES ('elsewhere', ?, ?, 5)"
        paper, link, key = (
            library.headline(story).paper,
            library.headline(story).link,
            link_key("https://thebengalpost.net/new.html"),
        )
        db.execute(query, (paper, key))
        query = "INSERT INTO reader.greader_items (id, paper, link, link_key, crawled_ms, updated_s) VALUES (7, ?, ?, ?, 1, 1)"
        db.execute(query, (paper, link, link_key(link)))
    before = stamps(library)
    library.save([make_story(0, link="https://thebengalpost.net/new.html")], now=now)
    assert library.headline(story).starred and library.maintenance.verify() == ()
    one, other = stamps(library)
    assert one == other and one not in before
    with closing(connect(library.folder, OpenMode.READ)) as db:
        assert db.execute("SELECT link_key FROM reader.greader_items").fetchone() == (key,), "the server's item is still found"


def test_seeing_a_read_story_again_dates_its_mark_anew(library: Library, make_story: MakeStory, now: datetime) -> None:
    (story,) = library.save([make_story(0)], now=now).new
    library.set_mark("read", [story], True, now=now)
    library.reading_log.see_changes(story, now=now + timedelta(hours=1))
    with closing(connect(library.folder, OpenMode.READ)) as db:
        assert db.execute("SELECT read_us FROM reader.marks").fetchone() == (to_us(now + timedelta(hours=1)),)
