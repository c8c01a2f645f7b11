"""Changes of the reader's marks in the library: which are sent to other machines, and which of theirs are merged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.clock import to_us
from bpost_tui.mark_changes.field_changes import (
    IS_PRESENT,
    KEPT_PASSAGE,
    LINK,
    MUTE_FIELDS,
    NAME,
    QUERY,
    Changes,
    FieldChange,
    Subject,
    SubjectKind,
    separation_field,
)
from bpost_tui.mark_changes.marks_file import FileProgress
from bpost_tui.mark_changes.passage_value import passage_to_value
from bpost_tui.model.paper import paper_at
from bpost_tui.model.passage import Passage, QuoteSelector, passage_key
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import change_store
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import OpenMode, connect
from bpost_tui.urls import link_key

MakeStory = Callable[..., Story]
PAPER = paper_at("https://one.example")
NOW = datetime(2026, 11, 26, tzinfo=UTC)
AT_US = to_us(NOW)
OWN_FILE = FileProgress("own.jsonl", "1", 10, 2, "digest", 3)


@pytest.fixture
def marked(library: Library, make_story: MakeStory) -> Library:
    """Return a library with six stories, whose changes are sent: all changes so far have been."""
    library.set_subscriptions((PAPER,))
    library.for_paper(PAPER).save([make_story(n, guid=f"guid {n}", link=link(n)) for n in range(6)], now=NOW)
    library.changes.begin_sending(whole=True)
    library.changes.mark_sent(OWN_FILE)
    return library


def link(number: int) -> str:
    return f"https://one.example/{number}"


def story(number: int | str) -> Subject:
    return Subject(SubjectKind.STORY, f"guid {number}", PAPER.key)


def search(name: str) -> Subject:
    return Subject(SubjectKind.SEARCH, name)


def starred(*numbers: int | str, at_us: int = AT_US, on: bool = True) -> Changes:
    return {story(number): {"starred": FieldChange(at_us, on)} for number in numbers}


def star(library: Library, number: int, on: bool = True, at: datetime = NOW) -> None:
    library.set_mark("starred", [library.find(link(number))], on, now=at)


def stars(library: Library) -> set[str]:
    return {row.guid for row in library.headlines(ListFilter(starred=True), limit=99)}


def passage(quotation: str) -> Passage:
    selector = QuoteSelector(quotation, "", "", False)
    return Passage(passage_key("guid 1", selector), selector, "guid 1", PAPER.key, "", "Title", link(1), NOW, "", NOW, NOW)


# ── sending ─────────────────────────────────────────────────────────────────


def test_nothing_is_queued_before_the_first_whole_sending(library: Library, make_story: MakeStory) -> None:
    library.set_subscriptions((PAPER,))
    library.for_paper(PAPER).save([make_story(n, guid=f"guid {n}", link=link(n)) for n in range(2)], now=NOW)
    star(library, 1)
    assert not library.changes.has_unsent() and library.changes.begin_sending(whole=False) == {}
    assert library.changes.begin_sending(whole=True).keys() == library.changes.all_changes().keys() == {story(1)}
    star(library, 0)
    assert library.changes.has_unsent()


def test_changes_count_as_sent_only_after_the_file_is_written(marked: Library) -> None:
    changes = marked.changes
    star(marked, 1)
    for _ in range(2):  # a sending that was interrupted is begun again
        assert changes.has_unsent() and changes.begin_sending(whole=False).keys() == {story(1)}
    star(marked, 1, on=False, at=NOW + timedelta(seconds=1))
    star(marked, 2)
    changes.mark_sent(OWN_FILE)
    assert changes.has_unsent() and changes.begin_sending(whole=False).keys() == {story(1), story(2)}
    changes.mark_sent(OWN_FILE)
    assert not changes.has_unsent() and changes.begin_sending(whole=False) == {}
    assert changes.begin_sending(whole=True).keys() == {story(1), story(2)}


def test_rejected_changes_wait_until_they_change_again(marked: Library) -> None:
    changes = marked.changes
    star(marked, 1)
    star(marked, 2)
    changes.begin_sending(whole=False)
    changes.mark_sent(OWN_FILE, [story(1)])
    assert not changes.has_unsent() and changes.begin_sending(whole=False) == {}
    star(marked, 3)
    assert changes.begin_sending(whole=False).keys() == {story(3)}
    star(marked, 1, on=False, at=NOW + timedelta(seconds=1))
    assert changes.begin_sending(whole=False).keys() == {story(1), story(3)}
    changes.mark_sent(OWN_FILE)
    assert not changes.has_unsent()


def test_changes_that_another_machines_file_has_lost_are_queued_again(marked: Library) -> None:
    marked.changes.merge({**starred(1, 2), search("q"): {QUERY: FieldChange(AT_US, "query")}})
    assert not marked.changes.has_unsent()
    marked.changes.queue_again([story(2), search("q")])
    assert marked.changes.has_unsent() and marked.changes.begin_sending(whole=False).keys() == {story(2), search("q")}


def test_link_alone_is_no_change(marked: Library) -> None:
    marked.reading_log.record_opened(marked.find(link(1)), now=NOW)
    marked.changes.queue_again([story(1), Subject(SubjectKind.STORY, "guid 3", "")])
    assert marked.changes.begin_sending(whole=False) == {} == marked.changes.all_changes()
    star(marked, 1)
    assert marked.changes.all_changes()[story(1)] == {"starred": FieldChange(AT_US, True), LINK: FieldChange(0, link_key(link(1)))}


# ── files of other machines ─────────────────────────────────────────────────


def test_progress_of_files_is_listed_in_the_order_of_their_first_reading(library: Library) -> None:
    changes, (one, two, three) = library.changes, (OWN_FILE._replace(name=name) for name in ("one", "two", "three"))
    changes.save_progress([three, one])
    changes.save_progress([two, three._replace(valid_bytes=99, has_gap=True)], gone=["nowhere"])
    assert [*changes.file_progress().values()] == [three._replace(valid_bytes=99, has_gap=True), one, two]
    changes.save_progress([], gone=["one", "three"])
    assert changes.file_progress() == {"two": two}


# ── merging ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_new", [False, True])
def test_later_changes_are_merged_in_batches_and_queued_only_if_new(
    marked: Library, monkeypatch: pytest.MonkeyPatch, is_new: bool
) -> None:
    monkeypatch.setattr(change_store, "_MERGE_BATCH", 2)
    star(marked, 0)
    marked.changes.begin_sending(whole=False)
    marked.changes.mark_sent(OWN_FILE)
    earlier = starred(0, at_us=AT_US - 1, on=False)
    assert marked.changes.merge({**starred(1, 2, 3), **earlier, **starred(4, 5)}, is_new=is_new) == 5
    assert stars(marked) == {f"guid {n}" for n in range(6)}
    assert marked.changes.begin_sending(whole=False).keys() == (set(starred(1, 2, 3, 4, 5)) if is_new else set())
    before = marked.revision()
    assert marked.changes.merge(starred(1, 2, 3, 4, 5)) == 0 and marked.revision() == before
    star(marked, 2, on=False, at=NOW + timedelta(seconds=1))
    assert marked.changes.has_unsent()  # changes made here are queued as before
    assert marked.maintenance.verify() == ()


def test_story_is_found_by_its_link_unless_it_has_the_guid(marked: Library) -> None:
    there = {"starred": FieldChange(AT_US, True), LINK: FieldChange(0, link_key(link(1)))}
    marked.changes.merge({story("elsewhere"): there, story(2): there})
    assert stars(marked) == {"guid 1", "guid 2"}
    assert story("elsewhere") not in marked.changes.all_changes()


def test_changes_of_every_kind_are_merged_and_returned(marked: Library) -> None:
    kept = passage("words of a story")
    changes: Changes = {
        **starred(1),
        search("q"): {QUERY: FieldChange(AT_US, "query")},
        search("deleted"): {QUERY: FieldChange(AT_US, None)},
        Subject(SubjectKind.PASSAGE, kept.key): {KEPT_PASSAGE: FieldChange(AT_US, passage_to_value(kept))},
        Subject(SubjectKind.PASSAGE, "0" * 16): {KEPT_PASSAGE: FieldChange(AT_US, None)},
        Subject(SubjectKind.LIST, "k"): {NAME: FieldChange(AT_US, "Weekend"), IS_PRESENT: FieldChange(AT_US, True)},
        Subject(SubjectKind.MUTE, "cricket"): {MUTE_FIELDS[0]: FieldChange(AT_US, True)},
        Subject(SubjectKind.SEPARATION, "guid 1", PAPER.key): {separation_field("guid 2", PAPER.key): FieldChange(AT_US, True)},
    }
    assert marked.changes.merge(changes) == len(changes)
    found = marked.changes.all_changes()
    assert {subject: {name: found[subject][name] for name in fields} for subject, fields in changes.items()} == changes
    assert found.keys() == changes.keys()
    assert [each.name for each in marked.saved_searches.all()] == ["q"]
    for subject in changes:
        marked.changes.queue_again([subject])
        assert marked.changes.begin_sending(whole=False).keys() == {subject}
        marked.changes.mark_sent(OWN_FILE)


def test_new_things_of_other_machines_are_limited_and_known_ones_still_change(
    marked: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(change_store._LIMITS, SubjectKind.SEARCH, ("saved_searches", 2))
    monkeypatch.setitem(change_store._LIMITS, SubjectKind.LIST, ("own_lists", 1))

    def searches(*names: str, at_us: int = AT_US) -> Changes:
        return {search(name): {QUERY: FieldChange(at_us, f"{name} {at_us}")} for name in names}

    assert marked.changes.merge({**searches("a"), **starred(*range(5))}) == 6
    assert marked.changes.merge(searches("b", "c", "d")) == 1
    assert marked.changes.merge(searches("c", "d")) == 0
    assert marked.changes.merge(searches("c", "a", "b", at_us=AT_US + 1)) == 2
    assert {each.query for each in marked.saved_searches.all()} == {f"a {AT_US + 1}", f"b {AT_US + 1}"}
    lists = {Subject(SubjectKind.LIST, key): {NAME: FieldChange(AT_US, key), IS_PRESENT: FieldChange(AT_US, True)} for key in "xyz"}
    assert marked.changes.merge(lists) == 1 and len(marked.own_lists.all()) == 1


def test_marks_that_a_crash_left_out_of_the_lists_are_there_after_a_merge(marked: Library) -> None:
    with closing(connect(marked.folder, OpenMode.WRITE)) as db:  # as after a crash between the commits of both files
        row = ("guid 1", PAPER.key, link_key(link(1)), AT_US)
        db.execute("INSERT INTO reader.marks (guid, paper, link_key, starred_us) VALUES (?, ?, ?, ?)", row)
        db.execute("UPDATE reader.marks_stamp SET stamp = 'another'")
    marked.changes.merge(starred(2))
    assert stars(marked) == {"guid 1", "guid 2"} and marked.maintenance.verify() == ()
