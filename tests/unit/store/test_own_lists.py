"""The reader's own lists: listed, counted and searched, and kept through pruning, damage and sync."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.clock import to_us
from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.limits import MAX_LISTS
from bpost_tui.mark_changes.field_changes import IN_LIST_PREFIX, IS_PRESENT, LINK, NAME, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.marks_file import FileProgress
from bpost_tui.model.exported_story import ImportedStory
from bpost_tui.model.marks import MarkState as MarkChange
from bpost_tui.model.marks import StoryMarks
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store.library import Library

MakeStory = Callable[..., Story]
PAPER = Paper("a.test", "http://a.test")
OTHER = Paper("b.test", "http://b.test")


@pytest.fixture
def filled(library: Library, make_story: MakeStory, now: datetime) -> tuple[int, ...]:
    library.set_subscriptions([PAPER])
    return library.save([make_story(n) for n in range(6)], now=now).new


def titles(library: Library, list_filter: ListFilter) -> list[str]:
    return [row.title for row in library.headlines(list_filter, limit=50)]


def test_own_list_is_listed_counted_filtered_and_searched(library: Library, filled: tuple[int, ...], now: datetime) -> None:
    lists = library.own_lists
    key = lists.create("পরে পড়ব", now=now).key
    assert lists.set_entries(key, filled[:3], True, now=now) == tuple(sorted(filled[:3]))
    assert lists.set_entries(key, filled[:2], True, now=now) == ()
    library.set_mark("read", filled[:1], True, now=now)
    own = ListFilter(own_list=key)
    assert [row.id for row in library.headlines(own, limit=9)] == list(filled[:3])
    assert (library.count(own), library.count(own._replace(unread=True))) == (3, 2)
    assert [row.id for row in library.headlines(own._replace(unread=True), limit=9)] == list(filled[1:3])
    assert lists.count_in_lists(filled) == {key: 3}
    assert lists.count_in_lists(filled[3:]) == {}
    for query, found in (('list:"পরে পড়ব"', filled[:3]), ('-list:"পরে পড়ব"', filled[3:]), ("list:elsewhere", ())):
        assert set(library.search.story_ids(query, now=now)) == set(found), query
    assert set(library.search.story_ids("", now=now, within=own)) == set(filled[:3])
    assert lists.set_entries(key, filled[:1], False, now=now) == filled[:1]
    assert [row.id for row in library.headlines(own, limit=9)] == list(filled[1:3])
    assert library.maintenance.verify() == ()


def test_own_list_keeps_its_stories_when_renamed_or_restored(library: Library, filled: tuple[int, ...], now: datetime) -> None:
    lists = library.own_lists
    key = lists.create("Trip", now=now).key
    lists.set_entries(key, filled[:2], True, now=now)
    lists.rename(key, "Journey", now=now)
    assert lists.all() == (OwnList(key, "Journey"),)
    assert lists.find("Journey").key == key
    lists.delete(key, now=now)
    assert (lists.all(), library.count(ListFilter(own_list=key))) == ((), 0)
    with pytest.raises(NotFoundError):
        lists.set_entries(key, filled, True, now=now)
    assert lists.create("Trip", now=now).key != key  # the new list of the same name is empty
    lists.restore(key, now=now)
    assert library.count(ListFilter(own_list=key)) == 2
    assert library.maintenance.verify() == ()


def test_own_list_needs_a_unique_name_and_has_a_limit(library: Library, now: datetime) -> None:
    lists = library.own_lists
    first, other = lists.create("One", now=now), lists.create("Two", now=now)
    assert lists.create("One", now=now) == first
    with pytest.raises(UsageError):
        lists.create(" \n\x1b", now=now)
    with pytest.raises(UsageError):
        lists.rename(first.key, other.name, now=now)
    with pytest.raises(NotFoundError):
        lists.find("Oe")
    for number in range(2, MAX_LISTS):
        lists.create(f"list {number}", now=now)
    with pytest.raises(UsageError):
        lists.create("one too many", now=now)
    lists.delete(first.key, now=now)
    lists.create("another", now=now)
    lists.restore(first.key, now=now)
    all_lists = lists.all()
    assert len(all_lists) == MAX_LISTS + 1
    lists.merge([OwnList(f"imported {number}", f"imported {number}") for number in range(3)], now=now)
    assert lists.all() == all_lists


def test_story_in_an_own_list_survives_pruning(library: Library, filled: tuple[int, ...], now: datetime) -> None:
    key = library.own_lists.create("Keep", now=now).key
    library.own_lists.set_entries(key, filled[4:], True, now=now)
    later = now + timedelta(days=400)
    assert library.maintenance.count_prunable(later) == 4
    assert library.maintenance.prune(later) == 4
    assert [row.id for row in library.headlines(ListFilter(), limit=9)] == list(filled[4:])
    library.own_lists.set_entries(key, filled[4:5], False, now=now)
    assert library.maintenance.prune(later) == 1


def test_story_returning_under_another_guid_stays_in_its_own_list(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path) as library:
        library.set_subscriptions([PAPER])
        new = library.save([make_story(n) for n in range(4)], now=now).new
        key = library.own_lists.create("district", now=now).key
        library.own_lists.set_entries(key, new[:2], True, now=now)
    (tmp_path / "stories.db").unlink()
    with Library(tmp_path) as library:
        library.set_subscriptions([PAPER])
        district = (Category("district", "District"),)
        library.save([make_story(n, guid=f"new {n}")._replace(categories=district) for n in range(4)], now=now)
        assert library.count(ListFilter(own_list=key)) == 2
        assert library.count(ListFilter(category="district")) == 4
        assert library.search.count("", now=now, within=ListFilter(category="district")) == 4
        assert library.maintenance.verify() == ()


@pytest.mark.parametrize("damaged", ["reader.db", "stories.db"])
def test_own_lists_survive_damage_of_either_file(tmp_path: Path, make_story: MakeStory, now: datetime, damaged: str) -> None:
    with Library(tmp_path) as library:
        library.set_subscriptions([PAPER])
        new = library.save([make_story(n) for n in range(40)], now=now).new
        key = library.own_lists.create("Trip", now=now).key
        library.own_lists.set_entries(key, new[:3], True, now=now)
        library.own_lists.rename(key, "যাত্রা", now=now)
    whole = (tmp_path / damaged).read_bytes()
    left = whole[: 4096 if damaged == "reader.db" else len(whole) // 2]
    (tmp_path / damaged).write_bytes(left + bytes(len(whole) - len(left)))
    with Library(tmp_path) as library:
        library.set_subscriptions([PAPER])
        assert any(damaged in notice for notice in library.notices)
        assert library.own_lists.all() == (OwnList(key, "যাত্রা"),)
        library.save([make_story(n) for n in range(40)], now=now)
        assert library.count(ListFilter(own_list=key)) == 3
        assert library.maintenance.verify() == ()


def test_own_list_shows_stories_of_all_papers_or_of_one(library: Library, make_story: MakeStory, now: datetime) -> None:
    library.set_subscriptions([PAPER, OTHER])
    one = library.for_paper(PAPER).save([make_story(1)], now=now).new
    other = library.for_paper(OTHER).save([make_story(2)], now=now).new
    key = library.own_lists.create("Both", now=now).key
    library.own_lists.set_entries(key, (*one, *other), True, now=now)
    library.set_subscriptions([PAPER])  # no longer subscribed to the other paper
    own = ListFilter(own_list=key)
    assert {row.id for row in library.headlines(own, limit=9)} == {*one, *other}
    assert set(library.search.story_ids("", now=now, within=own)) == {*one, *other}
    assert [row.id for row in library.headlines(own._replace(paper=PAPER.key), limit=9)] == list(one)
    assert library.count(own._replace(paper=PAPER.key)) == 1
    assert library.count(own._replace(category="nowhere")) == 0
    in_category = own._replace(category=library.headline(one[0]).categories[0].slug)
    assert library.count(in_category) == len(library.headlines(in_category, limit=9)) > 0


def test_import_merges_own_lists_by_the_later_change(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        for library in (one, two):
            library.set_subscriptions([PAPER])
            library.save([make_story(n) for n in range(3)], now=now)
        key = one.own_lists.create("Trip", now=now).key
        numbers = [row.id for row in one.headlines(ListFilter(), limit=9)]
        one.own_lists.set_entries(key, numbers[:2], True, now=now)
        exported = one.import_export.export(numbers)
        assert [dict(each.marks.lists) for each in exported] == [{key: MarkChange(True, now)}] * 2 + [{}]
        two.import_export.merge([ImportedStory(make_story(n), each.marks) for n, each in enumerate(exported)], now=now)
        two.own_lists.merge(one.own_lists.all(), now=now)
        assert two.count(ListFilter(own_list=key)) == 2
        taken_out = StoryMarks(lists=((key, MarkChange(False, now + timedelta(minutes=1))),))
        two.import_export.merge([ImportedStory(make_story(0), taken_out)], now=now + timedelta(hours=1))
        two.import_export.merge([ImportedStory(make_story(0), exported[0].marks)], now=now + timedelta(hours=1))
        assert two.count(ListFilter(own_list=key)) == 1
        assert two.maintenance.verify() == ()


def test_own_lists_are_sent_to_and_received_from_other_machines(
    library: Library, filled: tuple[int, ...], make_story: MakeStory, now: datetime
) -> None:
    theirs = Subject(SubjectKind.STORY, library.headline(filled[0]).guid, PAPER.key)
    us = to_us(now)
    trip = Subject(SubjectKind.LIST, "Trip")
    assert library.changes.begin_sending(whole=True) == {}
    library.changes.mark_sent(FileProgress("marks-a.jsonl", "", 0, 1, "", 3))
    changes = {
        theirs: {f"{IN_LIST_PREFIX}Trip": FieldChange(us, True), LINK: FieldChange(0, "a.test/0")},
        trip: {NAME: FieldChange(us, "Journey"), IS_PRESENT: FieldChange(us, True)},
    }
    assert library.changes.merge(changes) == 2
    assert library.own_lists.all() == (OwnList("Trip", "Journey"),)
    assert library.count(ListFilter(own_list="Trip")) == 1
    assert not library.changes.has_unsent()
    library.own_lists.set_entries("Trip", filled[:1], False, now=now - timedelta(days=1))  # a change with an earlier time
    assert library.changes.merge(changes) == 0
    assert library.count(ListFilter(own_list="Trip")) == 0
    sent = library.changes.begin_sending(whole=False)
    assert sent[theirs][f"{IN_LIST_PREFIX}Trip"] == FieldChange(us + 1, False)
    library.own_lists.rename("Trip", "Way", now=now)
    library.own_lists.delete("Trip", now=now)
    assert library.changes.begin_sending(whole=False)[trip] == {
        NAME: FieldChange(us + 1, "Way"),
        IS_PRESENT: FieldChange(us + 1, False),
    }


def test_deleted_own_list_returns_with_a_later_entry(library: Library, filled: tuple[int, ...], now: datetime) -> None:
    key = library.own_lists.create("Trip", now=now).key
    library.own_lists.set_entries(key, filled[:1], True, now=now)
    library.own_lists.set_entries(key, filled[1:2], True, now=now + timedelta(minutes=2))
    deletion = {Subject(SubjectKind.LIST, key): {IS_PRESENT: FieldChange(to_us(now + timedelta(minutes=1)), False)}}
    library.changes.merge(deletion)
    assert library.count(ListFilter(own_list=key)) == 2
