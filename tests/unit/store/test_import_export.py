"""Merging libraries: the later change of each mark wins, and newer texts are never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.mark_changes.field_changes import POSITION, SERVER_MARK_FIELDS, Subject, SubjectKind
from bpost_tui.mark_changes.field_changes import FieldChange as SyncedChange
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.exported_story import ImportedStory, ImportResult
from bpost_tui.model.marks import MarkState, ReadingPosition, StoryMarks
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Revision, Story
from bpost_tui.store.import_export import merge_marks
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tests.unit.store.test_marks import stamps

MakeStory = Callable[..., Story]
MINUTES = st.integers(0, 5).map(lambda minute: NOW - timedelta(minutes=minute))
CHANGES = st.none() | st.builds(MarkState, st.booleans(), MINUTES)
MARKS = st.builds(
    StoryMarks,
    CHANGES,
    CHANGES,
    CHANGES,
    st.none() | MINUTES,
    st.none() | st.builds(ReadingPosition, st.integers(0, 3), st.just(0.5)),
    st.dictionaries(st.sampled_from("ab"), CHANGES.filter(bool), max_size=2).map(lambda lists: tuple(sorted(lists.items()))),
)


@pytest.fixture
def old(tmp_path: Path, make_story: MakeStory, now: datetime) -> Iterator[Library]:
    with Library(tmp_path) as library:
        library.save([make_story(n, modified=now - timedelta(days=1)) for n in range(3)], now=now)
        yield library


def text(words: str) -> tuple[Paragraph, ...]:
    return (Paragraph((Span(words),)),)


def test_merge_takes_a_later_version_and_keeps_ours_as_revision(old: Library, make_story: MakeStory, now: datetime) -> None:
    later = make_story(0, title="নতুন", blocks=text("নতুন কথা"), modified=now - timedelta(hours=1))
    assert old.import_export.merge([ImportedStory(later, StoryMarks())], now=now) == ImportResult(updated=1)
    row = next(row for row in old.headlines(ListFilter(), limit=9) if row.guid == later.guid)
    assert row.title == "নতুন" and len(old.revisions(row.id)) == 1
    assert old.import_export.merge([ImportedStory(later, StoryMarks())], now=now) == ImportResult()


@pytest.mark.parametrize("age", [None, timedelta(days=1), timedelta(days=2)])
def test_merge_keeps_ours_and_fills_empty_fields(
    tmp_path: Path, make_story: MakeStory, now: datetime, age: timedelta | None
) -> None:
    with Library(tmp_path) as library:
        library.save([make_story(0, author="", excerpt="", modified=now - timedelta(days=1))], now=now)
        theirs = make_story(0, title="পুরোনো", blocks=text("পুরোনো কথা"), author="তাঁরা", modified=age and now - age)
        library.import_export.merge([ImportedStory(theirs, StoryMarks())], now=now)
        saved = library.story(1)
        assert (saved.headline.title, saved.headline.author) == (make_story(0).title, "তাঁরা")
        assert saved.blocks == make_story(0).blocks
        assert library.search.find("পুরোনো", limit=3, now=now).hits == ()


def test_merge_matches_stories_by_link_with_their_marks(old: Library, make_story: MakeStory, now: datetime) -> None:
    marks = StoryMarks(read=MarkState(True, now), opened=now, position=ReadingPosition(2, 0.5))
    assert old.import_export.merge([ImportedStory(make_story(1, guid="another"), marks)], now=now) == ImportResult(marked=1)
    (opened,) = old.reading_log.history(limit=9)
    assert opened.headline.guid == make_story(1).guid and opened.headline.read
    assert old.unread_count() == 2 and old.reading_log.position(opened.headline.id) == ReadingPosition(2, 0.5)


def test_merged_marks_renew_the_stamp_that_shows_both_files_are_equal(old: Library, make_story: MakeStory, now: datetime) -> None:
    before = stamps(old)
    old.import_export.merge([ImportedStory(make_story(1), StoryMarks(starred=MarkState(True, now)))], now=now)
    one, other = stamps(old)
    assert one == other not in before


def test_merge_keeps_a_later_removal_of_a_mark(old: Library, make_story: MakeStory, now: datetime) -> None:
    old.set_mark("starred", [1], True, now=now)
    old.set_mark("starred", [1], False, now=now + timedelta(minutes=2))
    guid = old.headline(1).guid
    story = make_story(0)._replace(guid=guid)
    old.import_export.merge(
        [ImportedStory(story, StoryMarks(starred=MarkState(True, now + timedelta(minutes=1))))], now=now + timedelta(hours=1)
    )
    assert not old.headline(1).starred
    old.import_export.merge(
        [ImportedStory(story, StoryMarks(starred=MarkState(True, now + timedelta(minutes=3))))], now=now + timedelta(hours=1)
    )
    assert old.headline(1).starred and old.count(ListFilter(starred=True)) == 1


def test_merged_mark_is_still_to_be_sent_to_the_server(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path / "here") as here, Library(tmp_path / "other") as other:
        unstarred = {"starred": SyncedChange(5, False, is_synced=True), SERVER_MARK_FIELDS[1]: SyncedChange(6, -1000)}
        for library in (here, other):
            library.set_subscriptions((paper_at("https://thebengalpost.net"),))
            (story,) = library.save([make_story(0)], now=now).new
            row = library.headline(story)
            library.changes.merge({Subject(SubjectKind.STORY, row.guid, row.paper): unstarred})
        starred = StoryMarks(starred=MarkState(True, now))
        here.import_export.merge([ImportedStory(make_story(0), starred, paper=paper_at("https://thebengalpost.net"))], now=now)
        assert here.headline(story).starred
        other.changes.merge(here.changes.all_changes())
        assert other.headline(story).starred


def test_merged_reading_position_is_a_later_change(old: Library, make_story: MakeStory, now: datetime) -> None:
    story = ImportedStory(make_story(1), StoryMarks(), paper=paper_at("https://two.example"))
    old.import_export.merge([story], now=now)
    number = next(row.id for row in old.headlines(ListFilter(), limit=9) if row.guid == story.story.guid)
    old.reading_log.save_position(number, 1, 0.5, now=now + timedelta(minutes=9))

    def place() -> SyncedChange:
        (fields,) = old.changes.all_changes().values()
        return fields[POSITION]

    before = place()
    there = story._replace(marks=StoryMarks(opened=now, position=ReadingPosition(3, 0.25)))
    old.import_export.merge([there], now=now)
    assert place() == SyncedChange(before.at_us + 1, (3, 0.25))
    read = StoryMarks(MarkState(True, now), opened=now, position=ReadingPosition(3, 0.25))
    assert old.import_export.merge([story._replace(marks=read)], now=now + timedelta(days=1)) == ImportResult(marked=1)
    assert place() == SyncedChange(before.at_us + 1, (3, 0.25))


def test_later_change_wins_when_all_clocks_were_ahead() -> None:
    ours, theirs = MarkState(True, NOW + timedelta(minutes=1)), MarkState(False, NOW + timedelta(minutes=2))
    merged = merge_marks(StoryMarks(read=ours), StoryMarks(read=theirs), NOW).read
    assert merged is not None and not merged.on and ours.at < merged.at < theirs.at


def test_merge_adds_missing_revisions(old: Library, make_story: MakeStory, now: datetime) -> None:
    before = Revision(now - timedelta(days=3), "আগে", text("আগের কথা"))
    arrival = ImportedStory(
        make_story(9), StoryMarks(), (before,), updated=now - timedelta(days=2), withdrawn=now - timedelta(days=1)
    )
    for _ in range(2):
        old.import_export.merge([arrival], now=now)
        (row,) = (row for row in old.headlines(ListFilter(), limit=9) if row.guid == make_story(9).guid)
        assert (row.updated, old.revisions(row.id)) == (arrival.updated, (before,))


@given(MARKS, MARKS, MARKS)
@settings(max_examples=200, deadline=None)
def test_merging_marks_is_idempotent_and_commutative(ours: StoryMarks, theirs: StoryMarks, third: StoryMarks) -> None:
    def now(a: StoryMarks, b: StoryMarks) -> StoryMarks:
        return merge_marks(a, b, NOW)

    both = now(ours, theirs)
    assert now(ours, ours) == ours
    assert now(both, theirs) == now(both, ours) == both
    for mark in ("read", "starred", "later"):
        one, other = getattr(ours, mark), getattr(theirs, mark)
        if one is None or other is None or one.at != other.at:
            assert getattr(both, mark) == getattr(now(theirs, ours), mark)
    assert now(now(ours, theirs), third).opened == now(ours, now(theirs, third)).opened


def test_exported_library_is_imported_unchanged(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    paper, ago = paper_at("https://two.example"), timedelta(hours=3)
    marks = (
        StoryMarks(
            MarkState(True, now - ago),
            MarkState(False, now - 2 * ago),
            None,
            now - ago,
            ReadingPosition(4, 0.25),
            (("a", MarkState(True, now)),),
        ),
        StoryMarks(
            None, MarkState(True, now - ago), MarkState(True, now - 3 * ago), None, None, (("a", MarkState(False, now - ago)),)
        ),
        StoryMarks(),
        StoryMarks(MarkState(False, now - ago)),
    )
    withdrawn = now - timedelta(days=2)
    versions = tuple(Revision(now - timedelta(days=30 - n), f"আগে {n}", text(f"আগের কথা {n}")) for n in range(25))
    theirs = [ImportedStory(make_story(n, blocks=text("কথা")), each, paper=paper) for n, each in enumerate(marks)]
    theirs[3] = theirs[3]._replace(revisions=versions, withdrawn=withdrawn)
    named = [each._replace(paper=paper._replace(name="দুই")) for each in theirs]
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        assert one.import_export.merge(named, now=now) == ImportResult(new=4, marked=3)
        numbers = range(-1, 10)  # not all numbers exist
        first = one.import_export.export(numbers)
        assert tuple(each.marks for each in sorted(first, key=lambda each: each.saved.headline.guid)) == marks
        assert [len(each.revisions) for each in first if each.revisions] == [20]
        again = [
            each._replace(revisions=out.revisions) for each in named for out in first if out.saved.headline.guid == each.story.guid
        ]
        two.import_export.merge(again, now=now)
        for got, put in zip(two.import_export.export(numbers), first, strict=True):
            assert (got.marks, got.revisions, got.saved.headline) == (put.marks, put.revisions, put.saved.headline)
        assert [row.withdrawn for row in two.headlines(ListFilter(), limit=9) if row.guid == make_story(3).guid] == [withdrawn]
        assert two.for_paper(paper).fetch_log.feed_title() == "দুই" and two.maintenance.verify() == ()
